"""Every refusal is one sentence that says where, what and how to repair it; then nothing is written."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from saved_plans import fresh

from workbook_builder.template.loader import load_template

NEW = ("new", "--account", "K100")
PLAN = Path("plans") / "Accountplan_K100_2027.xlsx"


def both(desk, *words):
    """What a refused command says in Dutch and in English."""
    return desk.refused(*words, "--lang", "nl"), desk.refused(*words, "--lang", "en")


# ---- the config


def test_no_config(empty_desk):
    assert both(empty_desk, *NEW) == (
        "accountplan.toml bestaat niet: maak het met 'accountplan init EXPORT' of wijs het aan met --config.",
        "accountplan.toml does not exist: make it with 'accountplan init EXPORT' or point at it with --config.",
    )


def test_a_config_that_is_a_folder(desk):
    (desk.folder / "map").mkdir()
    assert desk.refused(*NEW, "--config", "map").startswith("map kan niet gelezen worden")


def test_an_unknown_key_in_the_config(desk):
    desk.config("[plan]", "yaer = 2027")
    dutch, english = both(desk, *NEW)
    assert dutch == "accountplan.toml: onbekende sleutel 'plan.yaer'. Bedoel je 'year'?"
    assert english == "accountplan.toml: unknown key 'plan.yaer'. Did you mean 'year'?"


def test_a_config_that_is_not_toml(desk):
    (desk.folder / "accountplan.toml").write_text("[plan\nyear = 2027\n", "utf-8")
    assert desk.refused(*NEW).startswith("accountplan.toml is geen geldige TOML (")


def test_every_fault_of_a_config_is_told_at_once(desk):
    desk.config("[plan]", "yaer = 2027", 'language = "fr"', "unit = 10", decimal=";")
    said = desk.refused(*NEW).splitlines()
    assert len(said) == 4
    assert all(line.startswith("accountplan.toml: ") for line in said)


@pytest.mark.parametrize(
    ("plan", "words", "said"),
    [
        ("unit = 1000", [], "accountplan.toml: er is geen planjaar; zet [plan] year in de config of geef --year mee."),
        ("unit = 1000", ["--year", "3027"], "Planjaar 3027 kan niet; kies een jaar van 1950 tot en met 2100."),
        ('year = 2027\nprofile = "kort"', [],
         "Config, [plan]: profiel 'kort' bestaat niet; kies uit volledig, kern."),
        ('year = 2027\nwithout = ["3.8", "9.9"]', [],
         "Config, [plan], without: paragraaf '9.9' bestaat niet of kan niet weg; schrijf een nummer uit de "
         'inhoudsopgave, zoals "3.8".'),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_made(desk, plan, words, said):
    desk.config("[plan]", *plan.splitlines())
    assert desk.refused(*NEW, *words) == said


# ---- the export


def test_an_export_that_is_not_there(desk):
    (desk.folder / "verkoop.csv").unlink()
    dutch, english = both(desk, *NEW)
    path = desk.folder / "verkoop.csv"
    assert dutch.startswith(f"Het bronbestand {path} bestaat niet: zet de export daar neer")
    assert english.startswith(f"The source file {path} does not exist: put the export there")


def test_a_column_that_is_absent(desk, headings):
    desk.config(columns={**headings, "revenue": "Netto omzet"})
    dutch, english = both(desk, *NEW)
    assert dutch.startswith("verkoop.csv, regel 1: de kolom 'Netto omzet' (voor revenue) staat er niet; wel: ")
    assert "Omzet" in dutch.split("wel: ")[1]
    assert english.startswith("verkoop.csv, line 1: there is no column 'Netto omzet' (for revenue)")


def test_a_column_that_is_there_twice(desk, rows, headings):
    rows[0] = ("Klantnummer", "Klantnaam", "Factuurdatum", "Productgroep", "Omzet", "Omzet")
    desk.export(rows)
    desk.config(columns={key: heading for key, heading in headings.items() if key != "cost"})
    dutch, english = both(desk, *NEW)
    assert dutch.startswith("verkoop.csv, regel 1: de kop 'Omzet' (voor revenue) komt meer dan één keer voor")
    assert english.startswith("verkoop.csv, line 1: the heading 'Omzet' (for revenue) occurs more than once")


def test_columns_in_another_order_are_read_by_their_heading(desk, rows):
    desk.export([tuple(reversed(row)) for row in rows])
    said = desk.run(*NEW)
    assert said.code == 0
    from workbook_builder.workbook.named_values import read_plan

    fields = read_plan(desk.folder / PLAN, load_template()).fields
    assert (fields["analysis.revenue_vv"], fields["analysis.cost_vv"]) == (0.07525, 0.04)


@pytest.mark.parametrize(("number", "near"), [("k100", "K100"), ("K10", "K100"), ("100", "K100"), ("K0100", "K100")])
def test_an_account_that_is_not_there_with_the_nearest_numbers(desk, number, near):
    dutch, english = both(desk, "new", "--account", number)
    assert dutch.startswith(f"Account '{number}' staat niet in de bronnen. Bedoel je: ")
    assert english.startswith(f"Account '{number}' is not in the sources. Did you mean: ")
    assert near in dutch.split("Bedoel je: ")[1]


def test_an_account_like_no_other(desk):
    assert desk.refused("new", "--account", "zzzzzz") == (
        "Account 'zzzzzz' staat niet in de bronnen; daar staan wel: K100, K200, K300. "
        "Controleer het nummer in de export."
    )


def test_an_account_without_history_gets_a_plan_that_says_so(desk):
    said = desk.run("new", "--account", "K300", "--lang", "en")
    assert said.code == 0
    assert "K300 has no sales lines in 2024-2026; the plan was made with an empty history." in said.err
    assert (desk.folder / said.out.strip()).is_file()


def test_an_export_without_any_line_in_the_years_asked(desk):
    dutch, english = both(desk, *NEW, "--year", "2040")
    assert dutch.startswith("verkoop.csv heeft geen bruikbare regels in 2037-2040 (wel in 2019-2026); kies een ander")
    assert english.startswith("verkoop.csv has no usable lines in 2037-2040 (it has in 2019-2026); choose another")


@pytest.mark.parametrize("amount", ["12,5x", "1.2.3,4", "twaalf", "1,2,3", "=1+1"])
def test_a_number_that_cannot_be_read_with_its_line_and_column(desk, rows, amount):
    rows[4] = ("K200", "Slagerij De Wit", "20-03-2026", "Kruiden", amount, "30,00")
    desk.export(rows)
    dutch, english = both(desk, *NEW)
    assert dutch.startswith(f"verkoop.csv, regel 5, kolom 'Omzet': '{amount}' is geen getal met ',' als decimaalteken")
    assert english.startswith(f"verkoop.csv, line 5, column 'Omzet': '{amount}' is no number with ',' as decimal sign")


@pytest.mark.parametrize("date", ["31-02-2026", "2026-03-20", "03/20/2026", "morgen"])
def test_a_date_that_cannot_be_read_with_its_line_and_column(desk, rows, date):
    rows[4] = ("K200", "Slagerij De Wit", date, "Kruiden", "80,00", "30,00")
    desk.export(rows)
    dutch, english = both(desk, *NEW)
    assert dutch.startswith(f"verkoop.csv, regel 5, kolom 'Factuurdatum': '{date}' is geen datum in de vorm ")
    assert english.startswith(f"verkoop.csv, line 5, column 'Factuurdatum': '{date}' is no date in the form ")


def test_more_than_ten_faults_are_counted(desk, rows):
    desk.export([*rows, *[("K100", "x", "15-01-2026", "Meel", "fout", "1,00")] * 25])
    said = desk.refused(*NEW).splitlines()
    assert len(said) == 11
    assert [line.split(":")[0] for line in said[:2]] == [
        "verkoop.csv, regel 7, kolom 'Omzet'",
        "verkoop.csv, regel 8, kolom 'Omzet'",
    ]
    assert said[-1].startswith("… en nog 15 ")


# ---- init


def test_init_refuses_an_ambiguous_decimal_sign_until_it_is_given(desk, rows):
    whole = [rows[0], *[(*row[:4], "1.234", "1.234") for row in rows[1:]]]
    desk.export(whole)
    (desk.folder / "accountplan.toml").unlink()
    dutch, english = both(desk, "init", "verkoop.csv")
    assert dutch.startswith(
        "verkoop.csv: '1.234' kan twee getallen zijn en niets in het bestand zegt welk: kies met --decimal"
    )
    assert english.startswith(
        "verkoop.csv: '1.234' can be two numbers and nothing in the file says which: choose with --decimal"
    )
    assert desk.run("init", "verkoop.csv", "--decimal", ",").code == 0
    assert 'decimal = ","' in (desk.folder / "accountplan.toml").read_text("utf-8")


def test_init_refuses_an_ambiguous_date_order_until_it_is_given(desk, rows):
    desk.export([rows[0], *[(*row[:2], "03/04/2026", *row[3:]) for row in rows[1:]]])
    (desk.folder / "accountplan.toml").unlink()
    dutch, english = both(desk, "init", "verkoop.csv")
    assert dutch.startswith("verkoop.csv: '03/04/2026' kan twee data zijn en niets in het bestand zegt welke")
    assert english.startswith("verkoop.csv: '03/04/2026' can be two dates and nothing in the file says which")
    assert desk.run("init", "verkoop.csv", "--date-format", "%d/%m/%Y").code == 0
    assert 'date_format = "%d/%m/%Y"' in (desk.folder / "accountplan.toml").read_text("utf-8")


def test_init_never_overwrites_a_config(desk):
    assert both(desk, "init", "verkoop.csv") == (
        "accountplan.toml bestaat al; verplaats het of geef --out een andere naam.",
        "accountplan.toml exists already; move it or give --out another name.",
    )


def test_init_of_an_export_that_is_not_there(desk):
    assert desk.refused("init", "weg.csv", "--out", "x.toml").startswith(
        "weg.csv is geen bestand: geef de naam van de export"
    )


def test_init_of_a_file_that_is_no_sales_export(empty_desk):
    empty_desk.export([("Naam", "Kleur"), ("Jan", "rood"), ("Piet", "blauw")])
    assert empty_desk.refused("init", "verkoop.csv").startswith("verkoop.csv")


# ---- the output


def test_a_plan_that_is_open_in_excel(desk):
    (desk.folder / "plans").mkdir()
    (desk.folder / "plans" / f"~${PLAN.name}").write_bytes(b"")
    assert both(desk, *NEW) == (
        f"{PLAN} staat open in Excel; sluit het bestand daar en probeer het opnieuw (staat het nergens open, verwijder "
        f"dan ~${PLAN.name}).",
        f"{PLAN} is open in Excel; close it there and try again (if it is open nowhere, remove ~${PLAN.name}).",
    )


def test_a_folder_that_is_a_file(desk):
    (desk.folder / "plans").write_text("geen map", "utf-8")
    dutch, english = both(desk, *NEW)
    assert dutch.startswith(f"{PLAN} kan niet worden geschreven (")
    assert english.startswith(f"{PLAN} cannot be written (")


def test_a_folder_that_may_not_be_written(desk, monkeypatch):
    """As `os` reports it; root may write everywhere, so the refusal is made here."""

    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    (desk.folder / "plans").mkdir()
    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert desk.refused(*NEW).startswith(f"{PLAN} kan niet worden geschreven (Permission denied)")


def test_a_plan_in_which_somebody_worked_is_left_as_it_is(desk):
    """A copy of a plan whose date of modification changed, as Excel changes it when somebody saves."""
    path = desk.folder / desk.run(*NEW).out.strip()
    book = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(book, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b">2000-01-01T00:00:00Z<", b">2027-02-03T04:05:06Z<"))
    path.write_bytes(book.getvalue())
    dutch, english = both(desk, *NEW)
    assert dutch.startswith(f"{PLAN} bestaat al en is niet meer zoals dit programma het maakte")
    assert english.startswith(f"{PLAN} exists already and is not as this program made it any more")


def test_a_plan_that_nobody_touched_is_made_anew(desk, rows):
    first = (desk.folder / desk.run(*NEW).out.strip()).read_bytes()
    desk.export([*rows, ("K100", "Bakkerij Jansen", "29-12-2026", "Suiker", "1,00", "0,50")])
    said = desk.run(*NEW)
    assert said.code == 0
    assert (desk.folder / said.out.strip()).read_bytes() != first


# ---- workbooks


def bomb(path: Path) -> None:
    """A workbook whose first sheet unpacks to 600 MB of spaces."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "xl/workbook.xml",
            '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            '<sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(150):
                sheet.write(b" " * (4 << 20))


@pytest.fixture(scope="module")
def bomb_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("bom") / "bom.xlsx"
    bomb(path)
    return path


def test_an_xlsx_export_that_is_a_bomb(desk, bomb_file):
    os.link(bomb_file, desk.folder / "verkoop.xlsx")
    desk.config(path="verkoop.xlsx", format="xlsx")
    dutch, english = both(desk, *NEW)
    assert dutch.startswith("verkoop.xlsx wordt uitgepakt ")
    assert english.startswith("verkoop.xlsx unpacks to ")
    assert desk.refused("init", "verkoop.xlsx", "--out", "x.toml").startswith("verkoop.xlsx wordt uitgepakt ")


def test_a_plan_to_read_that_is_a_bomb(desk, bomb_file):
    os.link(bomb_file, desk.folder / "plan.xlsx")
    dutch, english = both(desk, "read", "plan.xlsx")
    assert dutch.startswith("plan.xlsx is uitgepakt te groot voor een accountplan")
    assert english.startswith("plan.xlsx is too large when unpacked for an account plan")


def test_a_plan_to_read_that_is_not_there(desk):
    assert both(desk, "read", "weg.xlsx") == (
        "weg.xlsx is geen bestand; controleer de naam van het plan.",
        "weg.xlsx is no file; check the name of the plan.",
    )


@pytest.mark.parametrize("content", [b"", b"geen zip", b"PK\x03\x04 en dan niets"])
def test_a_plan_to_read_that_is_damaged(desk, content):
    (desk.folder / "plan.xlsx").write_bytes(content)
    assert desk.refused("read", "plan.xlsx").startswith("plan.xlsx is beschadigd of geen .xlsx (")


def test_a_plan_to_read_that_is_cut_off(desk):
    book = fresh()
    (desk.folder / "plan.xlsx").write_bytes(book[: len(book) // 2])
    assert desk.refused("read", "plan.xlsx").startswith("plan.xlsx is beschadigd of geen .xlsx (")


def test_a_plan_to_read_that_is_a_folder(desk):
    (desk.folder / "plan.xlsx").mkdir()
    assert desk.refused("read", "plan.xlsx").startswith("plan.xlsx is geen bestand")


def test_a_plan_to_read_with_a_broken_part(desk):
    book = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(fresh())) as old, zipfile.ZipFile(book, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name)[:-20] if name == "xl/worksheets/sheet3.xml" else old.read(name))
    (desk.folder / "plan.xlsx").write_bytes(book.getvalue())
    assert desk.refused("read", "plan.xlsx").startswith("plan.xlsx is beschadigd of geen .xlsx (")


def test_a_workbook_that_is_no_plan(desk):
    import openpyxl

    openpyxl.Workbook().save(desk.folder / "anders.xlsx")
    dutch, english = both(desk, "read", "anders.xlsx")
    assert dutch.startswith("anders.xlsx is geen accountplan van dit programma")
    assert english.startswith("anders.xlsx is not an account plan of this program")


def test_a_plan_of_another_version_of_the_template(desk):
    book = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(fresh())) as old, zipfile.ZipFile(book, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b">1.0.0<", b">9.0.0<"))
    (desk.folder / "plan.xlsx").write_bytes(book.getvalue())
    dutch, _ = both(desk, "read", "plan.xlsx")
    assert dutch.startswith("plan.xlsx is gemaakt met sjabloon 9.0.0 en dit programma leest 1.0.0")


@pytest.mark.parametrize(
    ("words", "where"),
    [(["toon"], " ('toon')"), (["new"], " (--account)"), (["new", "--account", "K100", "--year", "x"], " (--year)")],
)
def test_a_command_that_is_not_understood_is_refused_in_one_language(desk, words, where):
    command = "accountplan new" if words[0] == "new" else "accountplan"
    assert both(desk, *words) == (
        f"De opdracht is niet compleet of niet bekend{where}; zie '{command} --help'.",
        f"The command is incomplete or unknown{where}; see '{command} --help'.",
    )
