"""The overview of checked plans: a workbook to sort and to open plans from, and `accountplan check` that writes it."""

from __future__ import annotations

import json

import openpyxl
import pytest
from edited_book import overwritten
from saved_plans import fresh

from workbook_builder.checking.check import check_plans, plans_in
from workbook_builder.checking.overview import write_overview
from workbook_builder.cli import main
from workbook_builder.errors import InputError


@pytest.fixture
def folder(tmp_path):
    plans = tmp_path / "plannen"
    plans.mkdir()
    (plans / "goed.xlsx").write_bytes(fresh())
    (plans / "fout.xlsx").write_bytes(overwritten(fresh(), {("Start", "D12"): 5.0, ("Bron_Omzet", "F9"): 3.0}))
    return plans


def test_every_plan_and_every_finding_has_a_line_with_a_link_that_reads_the_path_beside_it(folder, tmp_path):
    found = check_plans(plans_in([folder]))
    book = openpyxl.load_workbook(write_overview(found, tmp_path / "overzicht.xlsx", "nl"))
    plans, findings = book["Plannen"], book["Bevindingen"]
    assert plans.tables["tbl_plans"].ref == "A4:K6"
    assert plans.tables["tbl_plans"].autoFilter is not None
    assert [[cell.value for cell in row[:3]] for row in plans["A5:C6"]] == [
        ['=HYPERLINK(B5,"openen")', "plannen/fout.xlsx", "Machinefabriek Zwanerloo B.V."],
        ['=HYPERLINK(B6,"openen")', "plannen/goed.xlsx", "Machinefabriek Zwanerloo B.V."],
    ]
    assert plans["F6"].value == pytest.approx(358340, abs=1)
    assert [plans["I5"].value, plans["I6"].value] == [found[0].count("error"), 0]
    count = sum(len(one.findings) for one in found)
    assert count > 1
    assert findings.tables["tbl_findings"].ref == f"A4:G{4 + count}"
    assert findings["A5"].value == '=HYPERLINK(B5&IF(D5="","","#\'"&D5&"\'!"&IF(E5="","A1",E5)),"openen")'


def test_an_older_overview_gives_way_and_any_other_file_does_not(folder, tmp_path):
    out = folder / "overzicht.xlsx"
    write_overview(check_plans(plans_in([folder])), out, "nl")
    assert out not in plans_in([folder])
    write_overview(check_plans(plans_in([folder])), out, "nl")
    plan = (folder / "goed.xlsx").read_bytes()
    for other in ("goed.xlsx", "overzicht.csv"):
        (folder / "overzicht.csv").write_text("x")
        with pytest.raises(InputError):
            write_overview([], folder / other, "nl")
    assert (folder / "goed.xlsx").read_bytes() == plan


def test_the_command_ends_with_1_when_something_is_wrong_and_with_0_when_nothing_is(folder, tmp_path, capsys):
    assert main(["check", str(folder / "goed.xlsx")]) == 0
    assert "Niets gevonden" in capsys.readouterr().out
    out = tmp_path / "overzicht.xlsx"
    assert main(["check", str(folder / "goed.xlsx"), str(folder / "fout.xlsx"), "--out", str(out), "--lang", "en"]) == 1
    shown = capsys.readouterr()
    assert "ERROR" in shown.out
    assert shown.err.strip() == str(out)
    assert main(["check", str(folder / "fout.xlsx"), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [one["plan_year"] for one in document] == [2027]
    assert main(["check", str(folder / "goed.xlsx"), "--out", str(folder / "goed.xlsx")]) == 2
    assert (folder / "goed.xlsx").read_bytes() == fresh()


def test_the_stored_words_of_the_links_are_what_another_program_computes(folder, tmp_path):
    out = write_overview(check_plans(plans_in([folder])), tmp_path / "overzicht.xlsx", "nl")
    stored = openpyxl.load_workbook(out, data_only=True)["Plannen"]["A5"].value
    assert stored == "openen"
