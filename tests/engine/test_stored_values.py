from __future__ import annotations

import pytest
from example_account import openpyxl_book, xml_parts

from workbook_builder.workbook.recalculate import RecalculationFault, with_stored_values
from workbook_builder.workbook.writer import Book


def made(*formulas: str) -> bytes:
    """A workbook with 2 and 3 in A1 and A2 and the formulas below each other in column B."""
    book = Book({"title": "Proef"})
    sheet = book.sheet("Blad")
    plain = book.fixed("plain")
    sheet.value(0, 0, 2, plain)
    sheet.value(1, 0, 3, plain)
    for row, formula in enumerate(formulas):
        sheet.formula(row, 1, formula, plain)
    return book.finish()


def stored(book: bytes) -> list:
    import io

    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(book), data_only=True)["Blad"]
    return [sheet.cell(row, 2).value for row in range(1, sheet.max_row + 1)]


def test_a_formula_keeps_its_text_and_gets_its_value():
    done = with_stored_values(made("=A1*A2", "=SUM(A1:A2)", '=IF(A1>1,"ja","nee")'))
    assert stored(done) == [6, 5, "ja"]
    assert openpyxl_book(done)["Blad"]["B1"].value == "=A1*A2"


def test_excel_still_recalculates_when_it_opens_the_file():
    assert 'fullCalcOnLoad="1"' in xml_parts(with_stored_values(made("=A1+1")))["xl/workbook.xml"]


def test_nothing_but_the_values_changes():
    before, after = made("=A1*A2"), with_stored_values(made("=A1*A2"))
    old, new = xml_parts(before), xml_parts(after)
    assert {name for name in old if old[name] != new[name]} <= {"xl/worksheets/sheet1.xml"}
    assert old.keys() == new.keys()


def test_the_same_workbook_gives_the_same_bytes():
    assert with_stored_values(made("=A1*A2")) == with_stored_values(made("=A1*A2"))


@pytest.mark.parametrize("formula", ["=NOSUCH(A1)", "=ALS(A1,1,2)"])
def test_a_function_that_nobody_knows_is_a_fault(formula):
    with pytest.raises(RecalculationFault, match=r"unknown functions"):
        with_stored_values(made(formula))


@pytest.mark.parametrize("formula", ["=A1/0", "=MATCH(9,A1:A2,0)", '=A1+"x"', "=SUM(Nergens!A1)"])
def test_a_cell_with_an_error_is_a_fault(formula):
    with pytest.raises(RecalculationFault, match=r"error"):
        with_stored_values(made("=A1", formula))
