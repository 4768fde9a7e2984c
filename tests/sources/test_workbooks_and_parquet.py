from __future__ import annotations

import datetime
import zipfile
from decimal import Decimal

import duckdb
import pytest
import xlsxwriter
from sales_exports import HEADINGS

from workbook_builder.errors import InputError
from workbook_builder.sources.cell_text import as_text
from workbook_builder.sources.config import Source
from workbook_builder.sources.figures import load_portfolio
from workbook_builder.sources.importer import import_source

ROWS = [
    (10001, "Café Zoë", datetime.datetime(2024, 12, 31), "Kaas", 1234.56, 1000),
    ("10001", "Café Zoë", datetime.datetime(2025, 1, 1, 23, 59), "Kaas", -50.0, "-40,00"),
    ("00123", "Jansen & Zn.", "29-02-2024", "Brood", 0, None),
]


def write_workbook(path, rows=ROWS, above=0, name="Blad1"):
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        book.add_worksheet("Leeg") if name != "Blad1" else None
        sheet = book.add_worksheet(name)
        sheet.write_row(above, 0, list(HEADINGS.values()))
        for number, row in enumerate(rows, above + 1):
            for column, value in enumerate(row):
                if isinstance(value, datetime.datetime):
                    sheet.write_datetime(number, column, value, day)
                elif isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(number, column, value, None, "#N/A" if "NA()" in value else 0)
                else:
                    sheet.write(number, column, value)
    return path


def workbook_source(path, **settings) -> Source:
    return Source(path=path, format="xlsx", date_format="%d-%m-%Y", columns=HEADINGS, **settings)


def test_typed_cells_of_a_workbook_are_read_like_the_csv(tmp_path):
    result = import_source(workbook_source(write_workbook(tmp_path / "a.xlsx")), "sales")
    assert result.by_account_year == {
        ("10001", 2024): Decimal("1234.56"),
        ("10001", 2025): Decimal(-50),
        ("00123", 2024): Decimal(0),
    }
    assert [row.cost for row in result.rows] == [1000, -40, None]


def test_the_sheet_and_the_row_of_the_headings_are_those_of_the_config(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", [*ROWS, (1, "A", "x", "K", 1, 1)], above=3, name="Omzet 2024")
    with pytest.raises(InputError) as caught:
        import_source(workbook_source(path, sheet="Omzet 2024", header_row=4), "sales")
    assert caught.value.problems[0].particulars["line"] == 8
    with pytest.raises(InputError) as caught:
        import_source(workbook_source(path, sheet="Omzet"), "sales")
    assert caught.value.problems[0].code == "xlsx_sheet_absent"


def test_an_error_cell_is_unreadable_and_never_empty(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", [(1, "A", "01-01-2024", "K", "=NA()", 1)])
    with pytest.raises(InputError) as caught:
        import_source(workbook_source(path), "sales")
    assert [(each.code, each.particulars["text"]) for each in caught.value.problems] == [("number_unreadable", "#N/A")]


def test_a_formula_that_was_never_calculated_is_unreadable(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(list(HEADINGS.values()))
    book.active.append(["1", "A", "01-01-2024", "K", "=1+1", 1])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError) as caught:
        import_source(workbook_source(tmp_path / "a.xlsx"), "sales")
    assert caught.value.problems[0].particulars["text"] == "#FORMULA?"


def test_a_cell_far_outside_the_table_is_a_refusal_and_no_crash(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Klantnummer")
        sheet.write(1048575, 16383, "x")
    with pytest.raises(InputError) as caught:
        import_source(workbook_source(tmp_path / "a.xlsx"), "sales")
    assert caught.value.problems[0].code == "xlsx_sheet_too_far"


def test_a_bomb_is_refused_by_its_directory(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"A" * 20_000_000)
    with pytest.raises(InputError) as caught:
        import_source(workbook_source(tmp_path / "a.xlsx"), "sales")
    assert caught.value.problems[0].code == "xlsx_too_large"


@pytest.mark.parametrize("content", [b"", b"<html>", b"PK\x03\x04 cut short", b"\xd0\xcf\x11\xe0 old or encrypted"])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(InputError) as caught:
        import_source(workbook_source(tmp_path / "a.xlsx"), "sales")
    assert caught.value.problems[0].code == "xlsx_damaged"


def test_parquet_is_read_exactly_with_its_types(tmp_path, export):
    path = tmp_path / "sales[1].parquet"
    duckdb.execute(
        "COPY (SELECT '00123' AS Klantnummer, 'A' AS Klantnaam, DATE '2024-12-31' AS Factuurdatum, 'K' AS Productgroep,"
        " 1234.5600::DECIMAL(18,4) AS Omzet, 0.1::DOUBLE AS Kostprijs) TO '" + str(tmp_path / "a.parquet") + "'"
    )
    (tmp_path / "a.parquet").rename(path)
    config = export(path.read_bytes(), file="sales[1].parquet", format="parquet")
    (row,) = load_portfolio(config).account("00123").sales
    assert (row.revenue, row.cost, row.year, row.month) == (Decimal("1234.56"), Decimal("0.10"), 2024, 12)


def test_a_file_that_is_no_parquet_is_refused(export):
    with pytest.raises(InputError) as caught:
        load_portfolio(export("Klantnummer;", format="parquet"))
    assert caught.value.problems[0].code == "parquet_damaged"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (10001.0, "10001"),
        (1e20, "100000000000000000000"),
        (1e-7, "0,0000001"),
        (0.1, "0,1"),
        (float("nan"), "nan"),
        (Decimal("12.500"), "12,5"),
        (datetime.date(2024, 1, 31), "31-01-2024"),
        (datetime.datetime(2024, 1, 31, 23, 59), "31-01-2024"),
        (datetime.timedelta(hours=7.5), "7:30"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_typed_cell_is_written_in_the_dialect_of_the_config(tmp_path, value, text):
    assert as_text(value, workbook_source(tmp_path)) == text
