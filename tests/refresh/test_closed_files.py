from __future__ import annotations

import csv
import datetime as dt
import functools
import getpass
import hashlib
import io
import re
import zipfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from compare import differences, error_cells
from example_account import MAIN_ACCOUNT
from office import recalculated
from plan_of_then import TYPED_FIELDS, TYPED_ROWS, Then, expected_plan, flat, unequal
from user_content import replaced, with_parts, with_user_content
from workbook_cells import read_cells

from workbook_builder import __version__
from workbook_builder.cli import main
from workbook_builder.errors import InputError
from workbook_builder.files import backups
from workbook_builder.log import log_fault
from workbook_builder.outcome import Outcome
from workbook_builder.plan import Plan
from workbook_builder.refresh_files import refresh_files
from workbook_builder.registered import config_for
from workbook_builder.saved.book import SavedBook
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.named_values import read_plan
from workbook_builder.workbook.renderer import render

TEMPLATE = load_template()
NEW_GROUP = "Lagers en aandrijftechniek"
CHANGED = {  # the sheets in which cells without a formula change
    "Start", "H1 Account", "H2 Accountteam", "H3 Accountanalyse", "Bron_Omzet", "Bron_Offertes", "Bron_Bezoeken",
    "Koppeling", "Logboek",
}  # fmt: skip


@pytest.fixture
def plan(old_plan: bytes, tmp_path: Path) -> Path:
    """The plan of then, alone in a folder."""
    path = tmp_path / "plan" / "plan.xlsx"
    path.parent.mkdir()
    path.write_bytes(old_plan)
    return path


@pytest.fixture
def typed_plan(then: Then, tmp_path: Path) -> Path:
    """The plan of then as somebody typed in it, where it makes no difference which program saved it."""
    path = tmp_path / "plan" / "plan.xlsx"
    path.parent.mkdir()
    path.write_bytes(then.plan.read_bytes())
    return path


@dataclass(frozen=True)
class Refresh:
    """A plan of then that was refreshed once, and what it was before."""

    path: Path
    before: bytes
    after: bytes
    outcome: Outcome

    @functools.cached_property
    def old(self) -> Plan:
        (self.path.parent / "old.xlsx").write_bytes(self.before)
        return read_plan(self.path.parent / "old.xlsx", TEMPLATE)

    @functools.cached_property
    def new(self) -> Plan:
        return read_plan(self.path, TEMPLATE)


@pytest.fixture(scope="session")
def done(old_plan: bytes, then: Then, tmp_path_factory: pytest.TempPathFactory) -> Refresh:
    """The plan of then after a refresh; the tests that use it leave the file as it is."""
    path = tmp_path_factory.mktemp("refreshed") / "plan.xlsx"
    path.write_bytes(old_plan)
    outcome = refreshed(path, then.today)
    return Refresh(path, old_plan, path.read_bytes(), outcome)


@pytest.fixture(scope="module")
def expected(then: Then, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every value of a fresh plan with the same inputs."""
    path = tmp_path_factory.mktemp("expected") / "fresh.xlsx"
    path.write_bytes(render(TEMPLATE, expected_plan(then, read_plan(then.plan, TEMPLATE))))
    return flat(read_plan(path, TEMPLATE))


def refreshed(path: Path, config: Path) -> Outcome:
    (result,) = refresh_files([path], config)
    assert [problem.text("en") for problem in result.problems] == []
    return result


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_figure_is_that_of_a_fresh_plan_with_the_same_inputs(done, expected):
    after = flat(done.new)
    log = {name for name in {*after, *expected} if name.startswith("log.")}
    own = {name: expected[name] for name in expected.keys() - log}
    assert len(own) > 3000
    assert unequal({name: after[name] for name in after.keys() - log}, own) == {}


def test_the_new_group_stands_below_the_others_and_nothing_typed_moved(done):
    names = [[row["product_group"] for row in each.tables["analysis.sales_vv"]] for each in (done.old, done.new)]
    assert names[1][:8] == names[0][:8]
    assert (names[0][8], names[1][8]) == (None, NEW_GROUP)
    assert "refresh_groups_added" in [note.code for note in done.outcome.notes]
    assert {name: done.new.fields[name] for name in TYPED_FIELDS} == TYPED_FIELDS
    for name, rows in TYPED_ROWS.items():
        table, column = name.rsplit(".", 1)
        assert {number: done.new.tables[table][number - 1][column] for number in rows} == rows


def test_the_log_has_the_lines_of_both_runs(then, done):
    old, book = done.old.tables["log.runs"], done.new
    new = book.tables["log.runs"][len(old) :]
    assert book.tables["log.runs"][: len(old)] == old
    assert {(row["run"], row["version"]) for row in new} == {(2, __version__)}
    assert {row["date"] for row in new} <= {dt.date.today(), dt.date.today() - dt.timedelta(days=1)}
    assert {row["user"] for row in new} == {getpass.getuser()}
    files = {row["kind"]: row for row in new if row["sha256"]}
    sales = then.today.parent / "verkoopregels.csv"
    assert files["Omzet"]["file"] == str(sales)
    assert files["Omzet"]["size"] == sales.stat().st_size
    assert files["Omzet"]["sha256"] == hashlib.sha256(sales.read_bytes()).hexdigest()
    assert len(files) == 7
    wrong = [row["severity"] for row in book.tables["checks.list"] if row["result"]]
    assert {(row["red"], row["amber"]) for row in new} == {(wrong.count("error"), wrong.count("warning"))}
    assert log_fault(book) is None


def test_the_log_says_by_how_much_the_totals_moved(then, done):
    """Counted in the exports themselves: revenue and cost of the account per year, rounded once."""
    last = {row["file"]: row for row in done.new.tables["log.runs"] if row["run"] == 2}
    before, after = (counted(config.parent / "verkoopregels.csv") for config in (then.config, then.today))
    assert before["2026"] != after["2026"]
    for year in ("2023", "2024", "2025", "2026"):
        line = last[f"Omzet en kostprijs {year}"]
        moved = (line["revenue_before"], line["revenue_after"], line["cost_before"], line["cost_after"])
        expected = (before[year][0], after[year][0], before[year][1], after[year][1])
        assert moved == tuple(map(float, expected)), year


def counted(sales: Path) -> dict[str, list[Decimal]]:
    """{year: [revenue, cost]} of the account in an export."""
    totals: dict[str, list[Decimal]] = {}
    with sales.open(encoding="cp1252", newline="") as file:
        for line in csv.DictReader(file, delimiter=";"):
            if line["Klantnummer"] == MAIN_ACCOUNT:
                total = totals.setdefault(line["Factuurdatum"][-4:], [Decimal(0), Decimal(0)])
                for at, name in enumerate(("Omzet", "Kostprijs")):
                    total[at] += Decimal(line[name].replace(",", "."))
    return {year: [each.quantize(Decimal("0.01"), ROUND_HALF_UP) for each in total] for year, total in totals.items()}


def test_nothing_but_the_cells_of_the_sources_and_stored_values_changes(done):
    before, after = done.before, done.after
    old, new = read_cells(io.BytesIO(before)), read_cells(io.BytesIO(after))
    assert old.sheets.keys() == new.sheets.keys()
    changed = set()
    for sheet, cells in old.sheets.items():
        for at in cells.keys() | new.sheets[sheet].keys():
            one, other = cells.get(at), new.sheets[sheet].get(at)
            formulas = {each.formula for each in (one, other) if each}
            if sheet not in ("Bron_Omzet", "Bron_Bezoeken"):
                assert len(formulas) == 1, f"{sheet}!{at}"
            if formulas == {None} and (one and one.value) != (other and other.value):
                changed.add(sheet)
    assert changed == CHANGED
    parts, others = members(before), members(after)
    assert parts.keys() == others.keys()
    book = SavedBook(before, "plan.xlsx")
    free = {book.sheets[sheet] for sheet in CHANGED} | {table.part for table in book.tables.values()}
    free.add("xl/workbook.xml")  # the print areas of the source sheets
    assert {name for name in parts if _without_values(parts[name]) != _without_values(others[name])} <= free


def _without_values(part: bytes) -> bytes:
    """A part without the values behind its formulas."""
    cell = rb"(<c\s[^>]*?)( t=\"\w+\")?>(<f[^>]*?(?:/>|>[^<]*</f>))(<v>[^<]*</v>|<v/>)?</c>"
    return re.sub(cell, rb"\1>\3</c>", part)


def test_the_second_refresh_leaves_the_file_as_it_is(then, done):
    seen = done.path.stat().st_mtime_ns
    result = refreshed(done.path, then.today)
    assert (done.path.read_bytes(), done.path.stat().st_mtime_ns) == (done.after, seen)
    assert (result.backup, [note.code for note in result.notes]) == (None, ["refresh_nothing_new"])


def test_the_old_plan_is_the_backup(done):
    assert backups(done.path) == [done.outcome.backup]
    assert backups(done.path)[0].read_bytes() == done.before


def test_libreoffice_computes_what_the_refreshed_plan_stores(done):
    stored = read_cells(done.after)
    office = recalculated({"plan": done.after})["plan"]
    assert error_cells(stored) == []
    assert [str(each) for each in differences(stored, office.value)] == []


def without(path: Path, pattern: str, instead: str = "") -> None:
    """Take something out of workbook.xml."""
    parts = members(path.read_bytes())
    part = parts["xl/workbook.xml"].decode()
    assert re.search(pattern, part)
    parts["xl/workbook.xml"] = re.sub(pattern, instead, part).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def refusal(path: Path, config: Path | None) -> list[str]:
    """The codes of the problems; the file and its folder stay as they were."""
    content, names = path.read_bytes(), sorted(path.parent.iterdir())
    (result,) = refresh_files([path], config)
    assert (path.read_bytes(), sorted(path.parent.iterdir())) == (content, names)
    for problem in result.problems:
        assert problem.text("nl") != problem.text("en")
    return [problem.code for problem in result.problems]


def test_a_name_that_somebody_deleted_is_named(then, plan):
    without(plan, r'<definedName[^>]*name="goals.revenue.own_target"[^>]*>[^<]*</definedName>')
    assert refusal(plan, then.today) == ["name_gone"]


def test_a_name_whose_rows_somebody_deleted_is_named_also_when_a_refresh_does_not_need_it(then, plan):
    without(plan, r'(<definedName[^>]*name="review.figures.frozen"[^>]*>)[^<]*', r"\1#REF!")
    assert refusal(plan, then.today) == ["name_lost"]


def test_a_source_that_is_not_there_refuses(then, typed_plan, tmp_path):
    config = tmp_path / "other.toml"
    config.write_text(then.today.read_text("utf-8").replace("verkoopregels.csv", "verdwenen.csv"), "utf-8")
    assert refusal(typed_plan, config) == ["source_absent"]


def test_the_sources_of_another_business_refuse(then, typed_plan, tmp_path):
    for name in ("verkoopregels.csv", "accountplan.toml"):
        content = (then.today.parent / name).read_text("cp1252" if name.endswith("csv") else "utf-8")
        if name.endswith("csv"):
            content = "\n".join(line for line in content.splitlines() if not line.startswith(f"{MAIN_ACCOUNT};"))
        else:
            content = content.split("# Stamgegevens")[0]
        (tmp_path / name).write_text(content, "cp1252" if name.endswith("csv") else "utf-8")
    assert refusal(typed_plan, tmp_path / "accountplan.toml") == ["refresh_unknown_customer"]


def test_an_export_that_is_cut_short_refuses_and_says_how_to_go_on(then, typed_plan, tmp_path):
    lines = (then.today.parent / "verkoopregels.csv").read_text("cp1252").splitlines()
    own = [line for line in lines if line.startswith(f"{MAIN_ACCOUNT};")]
    (tmp_path / "verkoopregels.csv").write_text("\n".join([lines[0], *own[-200:]]), "cp1252")
    text = then.today.read_text("utf-8").replace('path = "', f'path = "{then.today.parent.as_posix()}/')
    text = text.replace(f'path = "{then.today.parent.as_posix()}/verkoop', 'path = "verkoop')
    (tmp_path / "accountplan.toml").write_text(text, "utf-8")
    assert refusal(typed_plan, tmp_path / "accountplan.toml") == ["refresh_few_rows"]
    (tmp_path / "accountplan.toml").write_text(f"{text}\n[refresh]\nleast_rows = 0.01\n", "utf-8")
    assert refreshed(typed_plan, tmp_path / "accountplan.toml").backup is not None


def test_of_several_plans_the_good_ones_are_refreshed_and_the_exit_code_says_that_one_was_not(
    then, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    paths = [tmp_path / f"{number}.xlsx" for number in range(3)]
    for path in paths:
        path.write_bytes(then.plan.read_bytes())
    paths[1].write_bytes(b"no workbook")
    code = main(["refresh", *map(str, paths), "--config", str(then.today), "--lang", "en"])
    said = capsys.readouterr()
    assert code == 2
    assert sorted(said.out.split()) == [str(paths[0]), str(paths[2])]
    assert f"{paths[1]} is damaged" in said.err
    assert f"{paths[0]}: refreshed; revenue 2026 from " in said.err
    assert [len(backups(path)) for path in paths] == [1, 0, 1]


def test_plans_refreshed_side_by_side_are_the_same_as_one_refreshed_alone(then, tmp_path):
    alone, *side = [tmp_path / f"{number}.xlsx" for number in range(3)]
    for path in (alone, *side):
        path.write_bytes(then.plan.read_bytes())
    when = dt.datetime(2026, 12, 1, 9, 0)
    refresh_files([alone], then.today, when=when)
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        results = refresh_files(side, then.today, executor=executor, when=when)
    assert [result.problems for result in results] == [(), ()]
    assert {path.read_bytes() for path in side} == {alone.read_bytes()}


def test_the_config_is_the_one_given_else_the_registered_one_else_the_one_beside_the_plan(
    then, typed_plan, tmp_path, monkeypatch, capsys
):
    for variable in ("XDG_CONFIG_HOME", "APPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "settings"))
    assert refusal(typed_plan, None) == ["refresh_no_config", "refresh_made_from"]
    beside = typed_plan.parent / "accountplan.toml"
    beside.write_text("[plan]\n", "utf-8")
    assert config_for(typed_plan) == beside
    assert main(["use", str(then.today)]) == 0
    assert capsys.readouterr().out.strip().endswith("config.txt")
    assert config_for(typed_plan) == then.today
    assert config_for(typed_plan, tmp_path / "given.toml") == tmp_path / "given.toml"
    gone = tmp_path / "gone.toml"
    gone.write_bytes(then.today.read_bytes())
    assert main(["use", str(gone)]) == 0
    gone.unlink()
    with pytest.raises(InputError, match=r"gone\.toml.*accountplan use"):
        config_for(typed_plan)  # not the one beside it without a word: its figures may be others


def test_a_path_that_somebody_typed_in_the_workbook_is_not_followed(then, typed_plan, tmp_path, monkeypatch):
    for variable in ("XDG_CONFIG_HOME", "APPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "settings"))
    book = SavedBook(typed_plan.read_bytes(), typed_plan)
    book.set_cells("plan.signed_by", [[str(then.today)]])
    book.set_cells("settings.sources.file", [[str(then.today)], ["a\n\x7fb.csv"], *[[None]] * 5])
    typed_plan.write_bytes(book.to_bytes())
    assert refusal(typed_plan, None) == ["refresh_no_config", "refresh_made_from"]
    (result,) = refresh_files([typed_plan])
    hint = result.problems[1].text("en")
    assert str(then.today)[:40] in hint
    assert "a\ufffd\ufffdb.csv" in hint, "what would move the cursor of a terminal is not shown"


def test_formulas_that_only_excel_can_compute_and_formulas_with_an_error_are_named(then, typed_plan):
    book = SavedBook(then.plan.read_bytes(), typed_plan)
    (first, *_, last), sheet = book.table("tbl_src_sales").body, "Bron_Omzet"
    content = with_user_content(then.plan.read_bytes(), sheet, f"F{first}:F{last}")
    cells = "".join(f'<row r="{20 + i}"><c r="D{20 + i}"><f>{formula}</f><v>7</v></c></row>'
                    for i, formula in enumerate(["MIJNFUNCTIE(1)", *["1/0"] * 7]))  # fmt: skip
    own = replaced(members(content)["xl/worksheets/sheet901.xml"], "</sheetData>", f"{cells}</sheetData>")
    typed_plan.write_bytes(with_parts(content, {"xl/worksheets/sheet901.xml": own}))
    notes = {note.code: note.text("nl") for note in refreshed(typed_plan, then.today).notes}
    assert notes["refresh_kept"].endswith("1 formule(s) kan alleen Excel berekenen; tot Excel het plan opent, tonen ze "
                                          "hun oude waarde: Mijn blad!D20.")  # fmt: skip
    cells = ", ".join(f"Mijn blad!D{row}" for row in range(21, 26))
    assert notes["refresh_errors"].endswith(f"7 formule(s) geven een foutwaarde; kijk ze na in Excel: {cells} ….")
