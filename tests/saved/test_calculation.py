"""After an edit Excel computes everything; its list of formula cells stays while the formulas stay."""

from __future__ import annotations

import re

import pytest
from saved_plans import SALES, SALES_SHEET
from user_content import USER_SHEET, members, sheet_part, with_parts

from workbook_builder.saved.book import SavedBook

CHAIN = "xl/calcChain.xml"


def edited(content: bytes) -> bytes:
    book = SavedBook(content, "plan.xlsx")
    book.set_cells("account.name", [["Nieuw"]])
    return book.to_bytes()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<calcPr calcId="191029"/>', '<calcPr calcId="191029" fullCalcOnLoad="1"/>'),
        ('<calcPr fullCalcOnLoad="1"/>', '<calcPr fullCalcOnLoad="1"/>'),
        ('<calcPr fullCalcOnLoad="true" calcMode="manual"/>', '<calcPr fullCalcOnLoad="true" calcMode="manual"/>'),
        ("<calcPr fullCalcOnLoad='0'/>", '<calcPr fullCalcOnLoad="1"/>'),
        ("<calcPr></calcPr>", '<calcPr fullCalcOnLoad="1"></calcPr>'),
        ("", '<calcPr fullCalcOnLoad="1"/>'),
    ],
)
def test_excel_computes_everything_when_it_opens_the_file(plan, before, after):
    text = members(plan)["xl/workbook.xml"].replace(b'<calcPr calcId="124519"/>', before.encode())
    found = members(edited(with_parts(plan, {"xl/workbook.xml": text})))["xl/workbook.xml"].decode()
    assert f"</definedNames>{after}</workbook>" in found


def test_other_settings_of_excel_keep_their_place(plan):
    text = members(plan)["xl/workbook.xml"].replace(
        b'<calcPr calcId="124519"/>', b'<oleSize ref="A1"/><extLst><ext uri="{x}"/></extLst>'
    )
    found = members(edited(with_parts(plan, {"xl/workbook.xml": text})))["xl/workbook.xml"].decode()
    assert '</definedNames><calcPr fullCalcOnLoad="1"/><oleSize ref="A1"/><extLst>' in found


def test_the_list_of_formula_cells_stays_when_values_change(plan):
    book = SavedBook(plan, "plan.xlsx")
    book.set_table_rows(SALES, book.table_rows(SALES)[:20])
    after = members(book.to_bytes())
    assert after[CHAIN] == members(plan)[CHAIN]


@pytest.mark.parametrize("rows", [335, 5])
def test_it_goes_when_a_formula_went_that_it_names(plan, rows):
    part = sheet_part(plan, SALES_SHEET)
    typed = re.sub(rb'<c r="F20" s="(\d+)">.*?</c>', rb'<c r="F20" s="\1"><f>1+1</f><v>2</v></c>', members(plan)[part])
    mine = with_parts(plan, {part: typed})
    book = SavedBook(mine, "plan.xlsx")
    book.set_table_rows(SALES, SavedBook(plan, "plan.xlsx").table_rows(SALES)[:rows])
    after = members(book.to_bytes())
    assert members(mine).keys() - after.keys() == {CHAIN}
    assert b"calcChain" not in after["[Content_Types].xml"] + after["xl/_rels/workbook.xml.rels"]
    assert after["xl/_rels/workbook.xml.rels"] == re.sub(
        rb'<Relationship Id="rId902"[^>]*/>', b"", members(plan)["xl/_rels/workbook.xml.rels"]
    )


def test_it_goes_when_a_shared_formula_is_overwritten(plan):
    book = SavedBook(plan, "plan.xlsx")
    book.set_cells(book.at(USER_SHEET, "D4"), [[1]])
    assert CHAIN not in members(book.to_bytes())
