from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from example_account import openpyxl_book, xml_parts

from workbook_builder.workbook.writer import Book, Sheet, WriterFault, strict_warnings


@pytest.fixture
def book():
    return Book({"title": "Proef"})


@pytest.fixture
def sheet(book) -> Sheet:
    return book.sheet("Blad")


@pytest.fixture
def plain(book):
    return book.fixed("plain")


def test_a_text_of_32767_characters_is_written_whole(book, sheet, plain):
    sheet.value(0, 0, "é" * 32_767, plain)
    assert len(openpyxl_book(book.finish())["Blad"]["A1"].value) == 32_767


def test_a_longer_text_is_an_exception_and_not_a_silent_gap(sheet, plain):
    with pytest.raises(WriterFault):
        sheet.value(0, 0, "é" * 32_768, plain)


@pytest.mark.parametrize(("row", "col"), [(1_048_576, 0), (0, 16_384), (-1, 0)])
@pytest.mark.parametrize("value", ["text", 1, Decimal("1.5"), dt.date(2026, 1, 1), True, None])
def test_a_cell_outside_the_sheet_is_an_exception(sheet, plain, row, col, value):
    with pytest.raises(WriterFault):
        sheet.value(row, col, value, plain)


def test_a_formula_outside_the_sheet_is_an_exception(sheet, plain):
    with pytest.raises(WriterFault):
        sheet.formula(1_048_576, 0, "=1+1", plain)


def test_a_list_of_choices_over_255_characters_is_an_exception(sheet):
    with pytest.raises((WriterFault, UserWarning)), strict_warnings():
        sheet.validation(0, 0, 1, 1, {"validate": "list", "source": ["keuze"] * 50})


def test_a_message_over_255_characters_is_an_exception(sheet):
    with pytest.raises((WriterFault, UserWarning)), strict_warnings():
        sheet.validation(0, 0, 1, 1, {"validate": "any", "input_title": "x", "input_message": "y" * 256})


@pytest.mark.parametrize("name", ["FY2026", "R1", "1x", "a b", "A1"])
def test_a_name_that_excel_refuses_is_an_exception(book, sheet, name):
    with pytest.raises((WriterFault, UserWarning)), strict_warnings():
        book.define_name(name, "=Blad!$A$1")


@pytest.mark.parametrize("name", ["x" * 32, "a/b", "a[b]", "'a"])
def test_a_sheet_name_that_excel_refuses_is_an_exception(book, name):
    with pytest.raises(Exception, match=r"[Ss]heet ?name"):
        book.sheet(name)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_a_number_that_is_not_one_is_an_exception(sheet, plain, value):
    with pytest.raises((TypeError, ValueError)):
        sheet.value(0, 0, value, plain)


@pytest.mark.parametrize("text", ["=1+1", "+31 6 1234", "-10,50", "@jansen", "{=1}", "=", "http://x.nl", "mailto:a@b"])
def test_text_stays_text_whatever_it_starts_with(book, sheet, plain, text):
    sheet.value(0, 0, text, plain)
    parts = xml_parts(book.finish())
    assert '<c r="A1" s="' in parts["xl/worksheets/sheet1.xml"]
    assert 't="s"' in parts["xl/worksheets/sheet1.xml"]
    assert "<f>" not in parts["xl/worksheets/sheet1.xml"]
    assert "<hyperlink" not in parts["xl/worksheets/sheet1.xml"]
    assert f"<t>{text}</t>" in parts["xl/sharedStrings.xml"]


def test_values_keep_their_type(book, sheet, plain):
    dated = book.format({"num_format": "dd-mm-yyyy"})
    written = ["tekst", 12, Decimal("12.34"), 0.1, True, dt.date(2026, 2, 28), None, ""]
    for row, value in enumerate(written):
        sheet.value(row, 0, value, dated if isinstance(value, dt.date) else plain)
    found = [row[0] for row in openpyxl_book(book.finish())["Blad"].iter_rows(max_row=8, max_col=1, values_only=True)]
    assert found == ["tekst", 12, 12.34, 0.1, True, dt.datetime(2026, 2, 28), None, None]


def test_the_same_look_is_one_format(book):
    assert book.format({"bold": True, "align": "left"}) is book.format({"align": "left", "bold": True})
    assert book.format({"bold": True}) is not book.format({"bold": False})


def test_the_same_workbook_is_the_same_bytes(plain):
    def made() -> bytes:
        book = Book({"title": "Proef"})
        book.sheet("Blad").value(0, 0, "x", book.fixed("plain"))
        return book.finish()

    assert made() == made()
