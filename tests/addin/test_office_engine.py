from __future__ import annotations

import datetime as dt
import subprocess

import pytest
import xlwings as xw
from office_link import OfficeError
from round_trips import TRIPS, TripFault
from workbook_cells import read_cells

pytestmark = pytest.mark.office


def small(workbook):
    """Sheet 'Blad 1' with numbers and a total, sheet 'Twee' with a table whose last column is calculated."""
    first, second = workbook.add_worksheet("Blad 1"), workbook.add_worksheet("Twee")
    first.write_column("A1", [1.5, 2, 3])
    first.write_formula("A4", "=SUM(A1:A3)*factor", value=-1)
    first.write_formula("A5", '=IF(A4>0,"ja; nee","x!y")', value="?")
    first.write_formula("A6", "=1/0", value=0)
    first.write_datetime("B1", dt.datetime(2026, 12, 31), workbook.add_format({"num_format": "dd-mm-yyyy"}))
    first.write_boolean("B2", True)
    first.write_string("B3", "0123")
    first.write_number("B4", 10)
    workbook.define_name("factor", "='Blad 1'!$B$4")
    workbook.define_name("block.one", "='Blad 1'!$A$1:$A$3")
    columns = [
        {"header": "Nr"},
        {"header": "Bedrag"},
        {"header": "Dubbel", "formula": "=tblBedrag[[#This Row],[Bedrag]]*2"},
    ]
    second.add_table("B2:D4", {"name": "tblBedrag", "columns": columns, "data": [[1, 10], [2, 20]]})
    second.write_formula("F1", "=SUM(tblBedrag[Dubbel])", value=0)


@pytest.fixture
def two_sheets(new_book) -> xw.Book:
    return new_book(small)


def test_values_come_as_excel_hands_them_out(two_sheets):
    sheet = two_sheets.sheets["blad 1"]
    assert sheet.range("A1:A6").options(ndim=2).value == [[1.5], [2.0], [3.0], [65.0], ["ja; nee"], [None]]
    assert sheet.range("A6").options(err_to_str=True).value == "#DIV/0!"
    assert sheet.range("B1:B5").value == [dt.datetime(2026, 12, 31), True, "0123", 10.0, None]
    assert sheet.used_range.address == "$A$1:$B$6"


def test_formulas_are_spelled_as_in_excel(two_sheets):
    sheet = two_sheets.sheets["Blad 1"]
    assert sheet.range("A4:A5").formula == (("=SUM(A1:A3)*factor",), ('=IF(A4>0,"ja; nee","x!y")',))
    sheet.range("C1").formula = "=IF('Blad 1'!A1>1,SUM(Twee!C3,Twee!C4),0)"
    assert sheet.range("C1").value == 30
    assert sheet.range("C1").formula == "=IF('Blad 1'!A1>1,SUM(Twee!C3,Twee!C4),0)"


def test_a_text_is_read_as_if_typed_unless_an_apostrophe_stands_before_it(two_sheets):
    cells = two_sheets.sheets["Blad 1"].range("D1:D6")
    cells.raw_value = [["0123"], ["'0123"], ["=1+1"], ["'=1+1"], ["''s-Hertogenbosch"], ["Amsterdam"]]
    assert cells.value == [123.0, "0123", 2.0, "=1+1", "'s-Hertogenbosch", "Amsterdam"]


def test_a_name_knows_its_cells_and_several_names_have_one_address(two_sheets):
    assert two_sheets.names["factor"].refers_to == "='Blad 1'!$B$4"
    assert two_sheets.names["factor"].refers_to_range.address == "$B$4"
    assert two_sheets.sheets["Blad 1"].range("block.one,factor").address == "$A$1:$A$3,$B$4"
    assert "weg" not in two_sheets.names
    with pytest.raises(OfficeError, match="no range of sheet Twee"):
        two_sheets.sheets["Twee"].range("block.one,factor")


def test_a_table_grows_with_its_formulas_and_shrinks(two_sheets):
    sheet = two_sheets.sheets["Twee"]
    table = sheet.tables["tblBedrag"]
    assert sheet.range("F1").value == 60
    table.resize(sheet.range("B2:D6"))
    sheet.range("B5:C6").raw_value = [[3, 30], [4, 40]]
    assert sheet.range("D6").formula == "=tblBedrag[[#This Row],[Bedrag]]*2"
    assert sheet.range("F1").value == 200
    table.resize(sheet.range("B2:D4"))
    assert sheet.range("F1").value == 60
    assert table.range.address == "$B$2:$D$4"


def test_a_protected_sheet_refuses_locked_cells_and_another_table_size(book):
    sheet = book.sheets["Bron_Omzet"]
    with pytest.raises(OfficeError, match="ProtectedSheet"):
        sheet.range("F8").raw_value = 1
    with pytest.raises(OfficeError, match="ProtectedSheet"):
        sheet.tables["tbl_src_sales"].resize(sheet.range("B7:J10"))
    assert sheet.range("F8").value == 16214.36


def test_an_input_cell_of_a_protected_sheet_takes_a_value(book):
    book.sheets["Start"].range("plan.reference_date").raw_value = 46022
    assert book.sheets["Start"].range("plan.reference_date").value == dt.datetime(2025, 12, 31)


def test_manual_calculation_waits_and_automatic_calculation_catches_up(office, two_sheets):
    sheet = two_sheets.sheets["Blad 1"]
    office.calculation = "manual"
    try:
        sheet.range("A1").raw_value = 100
        assert sheet.range("A4").value == 65
    finally:
        office.calculation = "automatic"
    assert sheet.range("A4").value == 1050


def test_a_sheet_prints_to_pdf(book, tmp_path):
    path = tmp_path / "kort.pdf"
    book.sheets["H8 Kort"].used_range.to_pdf(str(path))
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    assert "Sterk verkort accountplan" in text
    assert "Machinefabriek Zwanerloo B.V." in text


def test_a_saved_book_is_a_workbook_and_the_opened_file_stays_as_it_was(office, plan_file, tmp_path):
    before = plan_file.read_bytes()
    book = office.books.open(str(plan_file))
    book.sheets["Start"].range("plan.version").raw_value = "'0.2"
    book.save(str(tmp_path / "saved.xlsx"))
    book.close()
    assert "0.2" in [cell.value for cell in read_cells(tmp_path / "saved.xlsx").sheets["Start"].values()]
    assert plan_file.read_bytes() == before


def test_the_full_name_of_a_book_is_not_to_be_used(book):
    with pytest.raises(AssertionError, match="never use it"):
        _ = book.fullname


def test_every_question_to_the_application_is_counted(office, two_sheets):
    with TRIPS.counted() as trips:
        sheet = two_sheets.sheets["Blad 1"]
        sheet.range("A1:A3").raw_value = [[1], [2], [3]]
        office.screen_updating = False
        office.screen_updating = True
    assert trips.made == [
        ("find", "Book.sheets"),
        ("find", "Sheets.__call__"),
        ("find", "Sheet.range"),
        ("write", "Range.raw_value"),
        ("setting", "App._set"),
        ("setting", "App._set"),
    ]


def test_a_trip_can_be_refused_or_lose_its_answer(two_sheets):
    sheet = two_sheets.sheets["Blad 1"]
    cells = sheet.range("A1")
    with TRIPS.failing(1), pytest.raises(TripFault):
        cells.raw_value = 7
    assert cells.value == 1.5
    with TRIPS.failing(1, after=True), pytest.raises(TripFault):
        cells.raw_value = 7
    assert cells.value == 7
