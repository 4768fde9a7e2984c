from __future__ import annotations

import json
from pathlib import Path

import pytest
from example_account import EXAMPLE
from workbook_cells import read_cells

from workbook_builder.cli import main, message_language


def test_from_export_to_plan_to_json_with_three_commands(desk):
    (desk.folder / "accountplan.toml").unlink()
    made = desk.run("init", "verkoop.csv")
    assert (made.code, made.out) == (0, "accountplan.toml\n")
    plan = desk.run("new", "--account", "K100", "--year", "2027")
    assert plan.code == 0
    assert plan.out.splitlines()[-1] == str(Path("plans") / "Accountplan_K100_2027.xlsx")
    read = desk.run("read", plan.out.splitlines()[-1])
    document = json.loads(read.out)
    assert (document["account_id"], document["account_name"]) == ("K100", "Bakkerij Jansen")
    # in thousands: 75.25 of 2026, 250.50 of 2025, 100.00 of 2024; margins 35.25, 100.25 and 40.00
    fields = document["fields"]
    assert [fields[f"analysis.revenue_{year}"] for year in ("vv", "zz", "qq")] == [0.07525, 0.2505, 0.1]
    assert [fields[f"analysis.cost_{year}"] for year in ("vv", "zz", "qq")] == [0.04, 0.15025, 0.06]
    assert [round(fields[f"analysis.margin_{year}"], 9) for year in ("vv", "zz", "qq")] == [0.03525, 0.10025, 0.04]


def test_the_example_makes_a_plan_in_both_languages(desk):
    for language, sheet in (("nl", "Doelstellingen"), ("en", "Objectives")):
        out = desk.folder / language
        said = desk.run("new", "--config", EXAMPLE, "--account", "10021", "--language", language, "--out", out)
        path = out / "Accountplan_10021_2027.xlsx"
        assert (said.code, said.out) == (0, f"{path}\n")
        import openpyxl

        assert any(sheet in title for title in openpyxl.load_workbook(path, read_only=True).sheetnames)


def test_read_gives_the_agreed_document(desk):
    path = desk.run("new", "--account", "K100").out.strip()
    document = json.loads(desk.run("read", path).out)
    assert list(document) == ["account_id", "account_name", "plan_year", "language", "unit", "fields", "tables"]
    assert (document["plan_year"], document["language"], document["unit"]) == (2027, "nl", 1000)
    fields, tables = document["fields"], document["tables"]
    assert {f"analysis.{kind}_{year}" for kind in ("revenue", "cost", "margin") for year in ("vv", "zz", "qq")} <= set(
        fields
    )
    assert {"budget.account_profit", "account.culture"} <= set(fields)
    assert fields["account.culture"] is None
    assert fields["plan.year"] == 2027
    assert fields["plan.status"] == "draft"
    assert fields["plan.reference_date"] == "2026-12-28"
    # groups in the order of their revenue over the three years: Meel 350.50, Suiker 75.25, and the rest
    for year in ("vv", "zz", "qq"):
        rows = tables[f"analysis.sales_{year}"]
        assert [row["product_group"] for row in rows] == ["Meel", "Suiker", "Overig / niet ingedeeld"]
        assert {"product_group", "revenue", "cost", "margin", "margin_pct"} <= set(rows[0])
    assert [row["revenue"] for row in tables["analysis.sales_zz"]] == [0.2505, 0, 0]
    assert len(tables["targets.months"]) == 12
    assert len(tables["targets.weeks"]) in (53, 54)
    assert all(isinstance(row["target"], int | float) for row in tables["targets.months"])


def test_a_second_plan_of_the_same_data_is_the_same_file(desk):
    paths = [Path(desk.run("new", "--account", "K100", "--out", folder).out.strip()) for folder in ("a", "b")]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_options_go_before_the_config(desk):
    desk.config("[plan]", "year = 2027", 'language = "nl"', "unit = 1")
    said = desk.run("new", "--account", "K100", "--year", "2026", "--language", "en", "--out", "uit")
    document = json.loads(desk.run("read", said.out.strip()).out)
    assert (document["plan_year"], document["language"], document["unit"]) == (2026, "en", 1)
    assert document["fields"]["analysis.revenue_vv"] == 250.5
    assert document["fields"]["analysis.revenue_zz"] == 100


def test_a_plan_of_another_folder_reads_the_export_beside_its_config(desk, monkeypatch, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elders")
    monkeypatch.chdir(elsewhere)
    said = desk.run("new", "--config", desk.folder / "accountplan.toml", "--account", "K200")
    assert said.code == 0
    assert (elsewhere / "plans" / "Accountplan_K200_2027.xlsx").is_file()


def test_init_writes_a_config_that_is_told_on_stderr(desk):
    said = desk.run("init", "verkoop.csv", "--out", "nieuw.toml", "--lang", "en", "--language", "en")
    assert (said.code, said.out) == (0, "nieuw.toml\n")
    assert said.err.splitlines()[-1] == (
        "nieuw.toml written. Look it over and then make a plan: accountplan new --account NUMBER"
    )
    text = (desk.folder / "nieuw.toml").read_text("utf-8")
    for line in (
        'language = "en"',
        'delimiter = ";"',
        'decimal = ","',
        'date_format = "%d-%m-%Y"',
        'revenue = "Omzet"',
    ):
        assert line in text


@pytest.mark.parametrize(
    ("words", "config", "expected"),
    [
        (["new"], None, "nl"),
        (["new"], "en", "en"),
        (["new", "--lang", "nl"], "en", "nl"),
        (["new", "--lang=en"], "nl", "en"),
        (["--lang", "en", "new"], None, "en"),
        (["new", "--lang", "fr"], None, "nl"),
        (["new", "--lang"], None, "nl"),
        (["new", "--config", "weg.toml"], "en", "nl"),
    ],
)
def test_messages_speak_the_language_asked_then_that_of_the_config_then_dutch(empty_desk, words, config, expected):
    if config:
        (empty_desk.folder / "accountplan.toml").write_text(f'[plan]\nlanguage = "{config}"\n', "utf-8")
    assert message_language(words) == expected


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([], [], "Account 'K101' staat niet in de bronnen. Bedoel je: K100"),
        ([], ["--lang", "en"], "Account 'K101' is not in the sources. Did you mean: K100"),
        (["--lang", "en"], [], "Account 'K101' is not in the sources. Did you mean: K100"),
    ],
)
def test_a_refusal_speaks_the_language_asked(desk, before, after, said):
    assert desk.refused(*before, "new", "--account", "K101", *after).startswith(said)


def test_a_refusal_speaks_the_language_of_the_config(desk):
    desk.config("[plan]", "year = 2027", 'language = "en"')
    assert desk.refused("new", "--account", "K101").startswith("Account 'K101' is not in the sources.")


@pytest.mark.parametrize(
    "words",
    [[], ["nieuw"], ["new"], ["new", "--account"], ["new", "--account", "K100", "--year", "twee"], ["read"],
     ["new", "--account", "K100", "--onbekend"], ["init", "verkoop.csv", "--decimal", ";"], ["template"]],
)  # fmt: skip
@pytest.mark.parametrize(
    ("language", "start"), [("nl", "De opdracht is niet compleet"), ("en", "The command is incomplete")]
)
def test_a_command_that_cannot_be_understood_is_refused(desk, words, language, start):
    assert desk.refused(*words, "--lang", language).startswith(start)


@pytest.mark.parametrize("command", [[], ["init"], ["new"], ["read"], ["template"], ["template", "check"]])
@pytest.mark.parametrize(("language", "usage"), [("nl", "gebruik: accountplan"), ("en", "usage: accountplan")])
def test_help_is_in_the_language_asked(desk, command, language, usage):
    with pytest.raises(SystemExit) as left:
        main([*command, "--lang", language, "--help"] if command else [f"--lang={language}", "--help"])
    assert left.value.code == 0
    assert desk.capture.readouterr().out.startswith(usage)


def test_the_version_is_told(desk):
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert desk.capture.readouterr().out.startswith("accountplan 0.")


@pytest.mark.parametrize(
    ("words", "start"), [([], "Sjabloon accountplan 1.0.0 is in orde: {sheets} bladen, "),
                         (["--lang", "en"], "Template accountplan 1.0.0 is in order: {sheets} sheets, ")],
)  # fmt: skip
def test_a_template_without_a_fault_is_said_to_be_good(desk, words, start):
    from workbook_builder.template.loader import load_template

    said = desk.run("template", "check", *words)
    assert (said.code, said.out) == (0, "")
    assert said.err.startswith(start.format(sheets=len(load_template().chapters)))


def test_a_template_with_faults_is_refused_with_each_of_them(desk):
    from example_account import edit, template_copy

    folder = template_copy(desk.folder)
    edit(folder / "chapters" / "start.toml", "formula = '${account.name}'", "formula = 'SOM(A1)'")
    edit(folder / "texts" / "en.toml", "coc_no = ", "koc_no = ")
    assert "account.coc_no" in desk.refused("template", "check", folder)
    edit(folder / "texts" / "en.toml", "koc_no = ", "coc_no = ")
    said = desk.refused("template", "check", folder, "--lang", "en").splitlines()
    assert said == [
        "plan.account: SOM is a Dutch function name; write SUM.",
        "plan.account: 'A1' is a cell address or a bare name; refer with ${name}.",
    ]


def test_notes_for_the_user_never_reach_stdout(desk, rows):
    rows[3] = ("K100", "Bakkerij Jansen", "28-12-2026", "Suiker", "75,25", "")
    desk.export(rows)
    said = desk.run("new", "--account", "K100")
    assert said.out.splitlines() == [str(Path("plans") / "Accountplan_K100_2027.xlsx")]
    assert "1 " in said.err
    assert "n.b." in said.err
    document = json.loads(desk.run("read", said.out.strip()).out)
    assert document["fields"]["analysis.margin_vv"] is None  # one line lacks a cost: not 100 %
    assert document["fields"]["analysis.margin_zz"] is not None


def test_read_shows_every_row_that_holds_something_and_no_other(desk):
    from workbook_builder.plan import Plan
    from workbook_builder.template.loader import load_template
    from workbook_builder.workbook.renderer import build

    tables = {"account.dmu": [{}, {"role": "decider"}, {"contact": "J. de Boer"}]}  # a role without a name counts
    (desk.folder / "plan.xlsx").write_bytes(build(load_template(), Plan("1", "n", 2027, "nl", 1000, {}, tables)))
    document = json.loads(desk.run("read", "plan.xlsx").out)
    assert [(row["no"], row["role"], row["contact"]) for row in document["tables"]["account.dmu"]] == [
        (2, "decider", None),
        (3, None, "J. de Boer"),
    ]
    assert document["tables"]["analysis.wishes"] == []


def test_every_table_that_read_gives_is_a_defined_name_over_its_rows(desk):
    import openpyxl

    path = desk.folder / desk.run("new", "--account", "K100").out.strip()
    tables = json.loads(desk.run("read", path).out)["tables"]
    book = openpyxl.load_workbook(path)
    excel_tables = {table for sheet in book.worksheets for table in sheet.tables}
    for table in tables:
        assert table in book.defined_names or f"tbl_{table.split('.')[0]}" in excel_tables
    for table, rows in (("targets.months", 12), ("targets.weeks", 54), ("analysis.sales_vv", 16)):
        ((sheet, reference),) = book.defined_names[table].destinations
        assert len(book[sheet][reference.replace("$", "")]) == rows


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_missing_figure_is_null_wherever_it_stands(desk, rows, language):
    desk.export([(*row[:5], "") if at else row for at, row in enumerate(rows)])
    path = desk.run("new", "--account", "K100", "--language", language).out.strip()
    document = json.loads(desk.run("read", path).out)
    fields = document["fields"]
    for name in ("plan.margin", "plan.profit", "analysis.margin_vv", "budget.gross_margin", "budget.account_profit",
                 "budget.year_account_profit", "summary.summary_profit", "analysis.history_margin"):  # fmt: skip
        assert fields[name] in (None, [None] * 4), name
    assert {"n.b.", "n/a"}.isdisjoint(json.dumps(document["tables"]["budget.statement"]).split('"'))


def test_a_cost_column_of_nothing_but_zeros_is_no_cost(desk, rows):
    desk.export([(*row[:5], "0,00") if at else row for at, row in enumerate(rows)])
    said = desk.run("new", "--account", "K100")
    assert "zonder kostprijs" in said.err
    fields = json.loads(desk.run("read", said.out.strip()).out)["fields"]
    assert (fields["analysis.cost_vv"], fields["analysis.margin_vv"], fields["plan.margin"]) == (None, None, None)


def test_a_customer_who_only_bought_in_the_plan_year_has_its_groups_named(desk, rows):
    desk.export([*rows, ("K400", "Nieuw", "02-02-2027", "Zout", "10,00", "5,00"),
                 ("K400", "Nieuw", "02-02-2027", "Peper", "30,00", "5,00")])  # fmt: skip
    document = json.loads(desk.run("read", desk.run("new", "--account", "K400").out.strip()).out)
    groups = [row["product_group"] for row in document["tables"]["analysis.sales_vv"]]
    assert groups == ["Peper", "Zout", "Overig / niet ingedeeld"]


def test_the_year_before_says_up_to_which_month_while_it_is_not_over(desk, rows):
    def headings(row):
        desk.export([*rows[:3], row])
        cells = read_cells(desk.folder / desk.run("new", "--account", "K100").out.strip())
        return [cell.value for sheet in ("Start", "H8 Kort") for cell in cells.sheets[sheet].values()]

    october = ("K100", "Bakkerij Jansen", "28-10-2026", "Suiker", "75,25", "40,00")
    assert headings(october).count("2026 t/m okt") == 2
    assert "2026 t/m okt" not in headings((*october[:2], "28-12-2026", *october[3:]))


def test_the_language_of_the_config_counts_however_the_config_is_named(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text('[plan]\nlanguage = "en"\n', "utf-8")
    assert message_language(["new", f"--config={path}"]) == "en"
    assert message_language(["new", "--config", str(path)]) == "en"
    assert message_language(["new", "--config", str(path), "--lang=nl"]) == "nl"
