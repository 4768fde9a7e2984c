from __future__ import annotations

from pathlib import Path

import pytest
from plan_inputs import inputs
from saved_plans import PLANS, fresh
from user_content import USER_SHEET, members, with_parts

from workbook_builder.reading.additions import other_sheets
from workbook_builder.reading.contents import Contents
from workbook_builder.reading.reader import open_plan, read_content
from workbook_builder.saved.book import SavedBook
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.manifest import FACTS, MANIFEST
from workbook_builder.workbook.named_values import read_plan


def test_a_plan_that_nobody_touched_reads_as_it_is_and_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(fresh())
    template = load_template()
    plan, findings = read_content(fresh(), path, template)
    assert plan == read_plan(path, template)
    assert findings == ()


@pytest.mark.parametrize(
    "program", [pytest.param(name, marks=[pytest.mark.office] if name == "libreoffice" else []) for name in PLANS]
)
def test_a_plan_reads_the_same_whichever_program_saved_it(program):
    template = load_template()
    wanted = inputs(template, read_content(fresh(), "plan.xlsx", template).plan)
    reading = read_content(PLANS[program](), "plan.xlsx", template)
    assert inputs(template, reading.plan) == wanted
    said = {"used": [("read_sheet_own", USER_SHEET)], "renamed": [("read_sheet_own", USER_SHEET)],
            "openpyxl": [("read_no_values", "")]}.get(program, [])  # fmt: skip
    assert [(one.code, one.sheet) for one in reading.findings] == said


def test_values_that_a_program_left_out_are_computed():
    template = load_template()
    before, after = (read_content(PLANS[name](), "plan.xlsx", template).plan for name in ("fresh", "openpyxl"))
    assert before.fields["plan.profit"] is not None
    assert after.fields["plan.profit"] == before.fields["plan.profit"]
    assert after.fields["plan.light"] == before.fields["plan.light"]


def test_a_plan_whose_hidden_sheet_knows_formulas_alone_is_read_by_its_names():
    template = load_template()
    book = SavedBook(fresh(), "plan.xlsx")
    sheet = book.sheet(MANIFEST)
    sheet.write({row: {3: None, 4: None} for row in sheet.rows if row > len(FACTS)})
    reading = read_content(book.to_bytes(), "plan.xlsx", template)
    assert inputs(template, reading.plan) == inputs(template, read_content(fresh(), "plan.xlsx", template).plan)


def test_a_hidden_sheet_that_somebody_renamed_is_found(tmp_path):
    parts = members(fresh())
    workbook = parts["xl/workbook.xml"].replace(b'name="_manifest"', b'name="Blad22"')
    assert workbook != parts["xl/workbook.xml"]
    reading = read_content(with_parts(fresh(), {"xl/workbook.xml": workbook}), "plan.xlsx", load_template())
    assert reading.plan.account_id == "10021"
    assert reading.findings == ()


def test_lines_of_a_source_on_a_sheet_of_their_own_are_no_copy_of_its_sheet():
    opened = open_plan(fresh(), "plan.xlsx", load_template())
    sales = opened.cells.contents["Bron_Omzet"]
    headings = {spot: value for spot, value in sales.values.items() if spot[0] == 7}
    assert "Groepnr" in headings.values()
    lines = Contents("Achter I12", {(1, 1): "Bronregels achter H3 Accountanalyse!I12, zoals ze nu zijn", **headings})
    copied = Contents("Bron_Omzet (2)", sales.values, sales.formulas)
    opened.cells.contents = {**opened.cells.contents, lines.sheet: lines, copied.sheet: copied}
    found = other_sheets(opened.cells, opened.records, [lines.sheet, copied.sheet])
    assert {one.sheet: one.code for one in found} == {lines.sheet: "read_sheet_own", copied.sheet: "read_sheet_copy"}
