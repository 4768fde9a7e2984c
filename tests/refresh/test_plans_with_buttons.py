"""`accountplan new --xlsm`: a plan with the buttons in it is a plan as any other; a refresh leaves its macros alone."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from example_account import MAIN_ACCOUNT
from plan_of_then import Then
from vba_reader import vba_sources

from workbook_builder.cli import main
from workbook_builder.saved.book import SavedBook

MACROS = ("xl/vbaProject.bin", "customUI/customUI.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels")


@pytest.fixture(scope="module")
def plan(then: Then, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("buttons")
    words = ["new", "--config", str(then.config), "--account", MAIN_ACCOUNT, "--year", "2027", "--out", str(folder)]
    assert main([*words, "--xlsm"]) == 0
    return folder / f"Accountplan_{MAIN_ACCOUNT}_2027.xlsm"


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_is_written_as_xlsm_with_the_macros_of_the_add_in_in_its_own_language(plan):
    assert [path.name for path in plan.parent.iterdir()] == [plan.name]
    sources = vba_sources(plan.read_bytes())
    assert {"AccountplanButtons", "AccountplanLauncher", "AccountplanWords", "AccountplanTexts"} <= sources.keys()
    assert 'TEXT_LANGUAGE As String = "nl"' in sources["AccountplanTexts"]
    assert b"Onderbouwing" in parts(plan)["customUI/customUI.xml"]
    assert b"macroEnabled" in parts(plan)["[Content_Types].xml"]


def test_it_reads_as_any_plan(plan, capsys):
    assert main(["read", str(plan)]) == 0
    assert f'"account_id": "{MAIN_ACCOUNT}"' in capsys.readouterr().out


def test_a_refresh_changes_the_figures_and_keeps_the_macros_byte_for_byte(plan, then, capsys):
    before = parts(plan)
    revenue = sum(row[4] for row in SavedBook(plan.read_bytes(), plan).table_rows("tbl_src_sales"))
    assert main(["refresh", str(plan), "--config", str(then.today)]) == 0
    assert capsys.readouterr().out == f"{plan}\n"
    after = parts(plan)
    assert list(after) == list(before)
    assert {name: after[name] for name in MACROS} == {name: before[name] for name in MACROS}
    assert {name for name in after if after[name] != before[name]} <= {
        name for name in after if name.startswith(("xl/worksheets/", "xl/tables/")) or name == "xl/workbook.xml"
    }
    assert sum(row[4] for row in SavedBook(plan.read_bytes(), plan).table_rows("tbl_src_sales")) > revenue
    assert [path.suffix for path in sorted(plan.parent.iterdir())] == [".xlsm", ".bak"]
    assert b'codeName="Sheet1"' in after["xl/worksheets/sheet1.xml"]
    capsys.readouterr()
    assert main(["refresh", str(plan), "--config", str(then.today)]) == 0
    assert parts(plan) == after


def test_nobody_gets_a_second_plan_of_the_other_kind_beside_one_that_was_worked_in(plan, then, capsys):
    with zipfile.ZipFile(plan) as old:
        content = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(plan, "w") as new:
        for name, part in content.items():
            new.writestr(name, part.replace(b"2000-01-01T00:00:00Z", b"2027-03-01T09:00:00Z"))
    words = ["new", "--config", str(then.config), "--account", MAIN_ACCOUNT, "--year", "2027"]
    assert main([*words, "--out", str(plan.parent), "--lang", "en"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f"{plan} exists already and is not as this program made it any more" in said.err
