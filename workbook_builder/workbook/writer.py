"""A strict XlsxWriter: what XlsxWriter refuses with a return code or a warning, this raises.

XlsxWriter writes nothing and returns -1 or -2 for a text that is too long or a row out of range, and only warns
about a bad name or validation. Here each of those stops the build, so a plan is never quietly incomplete. Text
is always written as a string, never as a formula. Rows and columns are 0-based.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import xlsxwriter
import xlsxwriter.worksheet
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellBlankTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple

from workbook_builder.files import CREATED
from workbook_builder.workbook.styles import BASE, FIXED, Properties

Scalar = str | int | float | Decimal | dt.date | bool | None
LONGEST_TEXT = 32_767  # characters of a cell
NO_PASSWORD = ""  # protection against accident, not against people
PLAIN_CELLS = {CellBlankTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple}
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class WriterFault(RuntimeError):
    """XlsxWriter did not do what it was asked; a fault of this program or of a template."""


class Book:
    """A workbook in memory; `finish` gives its bytes. `fixed` are its named formats."""

    def __init__(self, properties: dict[str, str], fixed: Mapping[str, Properties] = FIXED) -> None:
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True, "default_date_format": "dd-mm-yyyy"})
        self._book.set_properties({**{key: xml_text(text) for key, text in properties.items()}, "created": CREATED})
        self._book.set_calc_mode("auto")
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._fixed = {name: self.format({**BASE, **look}) for name, look in fixed.items()}

    def format(self, look: Properties) -> Any:
        """The XlsxWriter format for `look`; the same look gives the same format."""
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]

    def fixed(self, name: str) -> Any:
        """One of the named formats of `styles.FIXED`."""
        return self._fixed[name]

    def sheet(self, name: str) -> Sheet:
        """A new worksheet at the end."""
        return Sheet(self, self._book.add_worksheet(name, worksheet_class=PlainWorksheet))

    def define_name(self, name: str, reference: str) -> None:
        """A defined name for the whole workbook; `reference` as in a formula, with its equals sign."""
        accepted(self._book.define_name(name, reference), f"name {name}")

    def chart(self, options: dict[str, str]) -> Any:
        """A new XlsxWriter chart, to be inserted by `Sheet.chart`."""
        return self._book.add_chart(options)

    def finish(self) -> bytes:
        """The finished .xlsx."""
        self._book.close()
        return self._buffer.getvalue()


class PlainWorksheet(xlsxwriter.worksheet.Worksheet):  # type: ignore[misc]  # XlsxWriter is untyped here
    """A worksheet for tens of thousands of cells, each given by its row and column.

    It takes formulas as they are: the template's rules have refused the functions that Excel wants prefixed and those
    that fill more cells than their own. Each cell is written in one go.
    """

    write_blank = xlsxwriter.worksheet.Worksheet._write_blank
    write_number = xlsxwriter.worksheet.Worksheet._write_number
    write_string = xlsxwriter.worksheet.Worksheet._write_string

    def write_formula(self, row: int, col: int, formula: str, look: Any = None, value: Scalar = 0) -> int:
        """Keep a formula for the cell; negative, as XlsxWriter has it, for a cell outside the sheet."""
        code: int = self._check_dimensions(row, col)
        if not code:
            self.table[row][col] = CellFormulaTuple(self._prepare_formula(formula), look, value)
        return code

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """Skip thirty searches for newer functions per formula."""
        return formula.removeprefix("=")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """The markup of a cell; XlsxWriter's own for the kinds that are rare here."""
        kind = type(cell)
        if kind not in PLAIN_CELLS or not cell.format or (kind is CellFormulaTuple and type(cell.value) is not int):
            super()._write_cell(row, col, cell)
            return
        start = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"'
        if kind is CellBlankTuple:
            self.fh.write(start + "/>")
        elif kind is CellStringTuple:
            self.fh.write(f'{start} t="s"><v>{cell.string}</v></c>')
        elif kind is CellNumberTuple:
            self.fh.write(f"{start}><v>{cell.number:.16G}</v></c>")
        else:
            self.fh.write(f"{start}><f>{self._escape_data(cell.formula)}</f><v>{cell.value}</v></c>")


class Sheet:
    """One worksheet of a `Book`."""

    def __init__(self, book: Book, worksheet: Any) -> None:
        self.book = book
        self.raw = worksheet
        self.written: dict[tuple[int, int], Scalar] = {}
        """{(row, column): value} of every cell with a value that is no formula."""

    def value(self, row: int, col: int, value: Scalar, look: Any) -> None:
        """A typed value; None writes the format alone."""
        sheet = self.raw
        if value is None or value == "":
            code = sheet.write_blank(row, col, None, look)
        elif isinstance(value, str):
            code = sheet.write_string(row, col, xml_text(value), look)
        elif isinstance(value, bool):
            code = sheet.write_boolean(row, col, value, look)
        elif isinstance(value, dt.date):
            code = sheet.write_datetime(row, col, value, look)
        else:
            code = sheet.write_number(row, col, float(value), look)
        accepted(code, f"{sheet.name} row {row + 1}")
        if value is not None and value != "":
            self.written[row, col] = value

    def column_look(self, col: int, width: float, look: Any) -> None:
        """The format of every cell of a column in which nothing is written, and its width in characters."""
        accepted(self.raw.set_column(col, col, width, look), f"column {col}")

    def formula(self, row: int, col: int, formula: str, look: Any, value: Scalar = 0) -> None:
        """A formula (English, commas); its value is computed after the build, unless it is given."""
        accepted(self.raw.write_formula(row, col, formula, look, value), formula)

    def link(self, row: int, col: int, sheet: str, text: str, look: Any) -> None:
        """A link to the top of another sheet, or to a cell of it ("Sheet!A1" already quoted)."""
        accepted(self.raw.write_url(row, col, f"internal:{sheet}", look, text), f"link {sheet}")
        self.written[row, col] = text

    def footer(self, text: str) -> None:
        """The footer of every page, with Excel's codes (&L, &P …)."""
        accepted(self.raw.set_footer(xml_text(text)), "footer")

    def validation(self, row: int, col: int, rows: int, cols: int, rule: dict[str, Any]) -> None:
        """A data validation over a rectangle."""
        accepted(self.raw.data_validation(row, col, row + rows - 1, col + cols - 1, rule), f"validation {rule}")

    def condition(self, row: int, col: int, rows: int, cols: int, rule: dict[str, Any]) -> None:
        """A conditional format over a rectangle."""
        accepted(self.raw.conditional_format(row, col, row + rows - 1, col + cols - 1, rule), f"condition {rule}")

    def table(self, row: int, col: int, rows: int, cols: int, options: dict[str, Any]) -> None:
        """An Excel table over cells that are written already; `rows` without the header."""
        accepted(self.raw.add_table(row, col, row + rows, col + cols - 1, options), f"table {options['name']}")

    def chart(self, row: int, col: int, chart: Any, description: str) -> None:
        """A chart with its top left corner in a cell and a text for who cannot see it."""
        options = {"description": description, "object_position": 2}
        accepted(self.raw.insert_chart(row, col, chart, options), "chart")


def xml_text(text: str) -> str:
    """`text` as a workbook can hold it: line ends as Excel's, and U+FFFD for characters that XML has no place for."""
    return NOT_IN_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def accepted(code: Any, what: str) -> None:
    """Raise `WriterFault` for a return code of XlsxWriter that says it wrote nothing."""
    if isinstance(code, int) and code < 0:
        raise WriterFault(f"XlsxWriter refused (code {code}): {what[:200]}")


@contextmanager
def strict_warnings() -> Iterator[None]:
    """Within this block every warning of XlsxWriter is an exception."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
