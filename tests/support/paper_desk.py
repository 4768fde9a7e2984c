"""An open workbook without a spreadsheet program behind it: `office_host.Desk` in memory, for what needs no figures.

It answers what a refresh asks, so a whole refresh takes a fraction of a second instead of some seconds, and a thousand
of them can be tried. Nothing is calculated: a formula keeps the value that was stored with it.
"""

from __future__ import annotations

import copy
import datetime as dt
import functools
import io
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
from office_link import OfficeError
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.cell import column_index_from_string, get_column_letter, range_boundaries

Box = tuple[int, int, int, int]
FIRST_DAY = dt.datetime(1899, 12, 30)
REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]+\$?[0-9]+(?::\$?[A-Z]+\$?[0-9]+)?)")


class PaperBook:
    """What is in a workbook: constants and stored values by sheet and cell, formulas, names, tables, protection."""

    def __init__(self, content: bytes) -> None:
        formulas = openpyxl.load_workbook(io.BytesIO(content))
        stored = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        self.values: dict[str, dict[tuple[int, int], Any]] = {}
        self.formulas: dict[str, dict[tuple[int, int], str]] = {}
        self.dates: dict[str, set[tuple[int, int]]] = {}
        self.date_columns: dict[str, set[int]] = {}
        self.tables: dict[str, tuple[str, Box]] = {}
        self.protected: dict[str, bool] = {}
        for sheet in formulas:
            self.values[sheet.title] = {
                (cell.row, cell.column): (cell.value,) if cell.data_type == "e" else _serial(cell.value)
                for row in stored[sheet.title].iter_rows() for cell in row if cell.value is not None
            }  # fmt: skip
            self.dates[sheet.title] = {
                (cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.is_date
            }
            self.date_columns[sheet.title] = {
                column_index_from_string(letters) for letters, column in sheet.column_dimensions.items()
                if is_date_format(column.number_format)
            }  # fmt: skip
            self.formulas[sheet.title] = {
                (cell.row, cell.column): str(cell.value)
                for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
            }  # fmt: skip
            self.tables |= {name: (sheet.title, _box(area)) for name, area in sheet.tables.items()}
            self.protected[sheet.title] = sheet.protection.sheet
        self.names = {name.lower(): (name, defined.attr_text) for name, defined in formulas.defined_names.items()}

    def same_as(self, other: PaperBook) -> bool:
        """Whether nothing at all differs."""
        return self.__dict__ == other.__dict__

    def copy(self) -> PaperBook:
        """One of its own."""
        return copy.deepcopy(self)

    def constants(self) -> dict[str, dict[str, Any]]:
        """{sheet: {address: what was written there}} without formulas; a date is its serial number."""
        return {
            sheet: {f"{get_column_letter(col)}{row}": value for (row, col), value in cells.items()
                    if (row, col) not in self.formulas[sheet]}
            for sheet, cells in self.values.items()
        }  # fmt: skip


@functools.cache
def paper_book(content: bytes) -> PaperBook:
    """The workbook, read once: not to be changed, take a `copy`."""
    return PaperBook(content)


class PaperLink:
    """Stands in for `OfficeLink`; `ask` names one of its own methods."""

    def __init__(self) -> None:
        self.process = SimpleNamespace(pid=-1)
        self.books: list[PaperBook] = []

    def ask(self, name: str, *args: Any) -> Any:
        """The answer; raises `OfficeError`."""
        return getattr(self, name)(*args)

    def stop(self) -> None:
        """Nothing to end."""

    def open(self, path: str) -> int:
        """The number of the book."""
        self.books.append(paper_book(Path(path).read_bytes()).copy())
        return len(self.books) - 1

    def close(self, book: int) -> None:
        """The number stays taken."""

    def automatic(self, book: int, on: bool) -> None:
        """Nothing calculates."""

    def calculate(self, book: int) -> None:
        """Nothing calculates."""

    def sheets(self, book: int) -> list[str]:
        return list(self.books[book].values)

    def active(self, book: int) -> str:
        return next(iter(self.books[book].values))

    def used(self, book: int, sheet: str) -> Box:
        """From the first to the last cell with anything in it."""
        cells = {*self.books[book].values[sheet], *self.books[book].formulas[sheet]} or {(1, 1)}
        rows, cols = zip(*cells, strict=True)
        return min(rows), min(cols), max(rows), max(cols)

    def protected(self, book: int, sheet: str) -> bool:
        return self.books[book].protected[sheet]

    def protect(self, book: int, sheet: str, password: str) -> None:
        self.books[book].protected[sheet] = True

    def unprotect(self, book: int, sheet: str, password: str) -> None:
        self.books[book].protected[sheet] = False

    def values(self, book: int, sheet: str, box: Box) -> list[list[Any]]:
        one = self.books[book]
        rows = _rows(box, {**dict.fromkeys(one.formulas[sheet], ""), **one.values[sheet]}, None)
        for row, cells in enumerate(rows, box[0]):
            for col, value in enumerate(cells, box[1]):
                is_date = (row, col) in one.dates[sheet] or col in one.date_columns[sheet]
                if is_date and isinstance(value, int | float):
                    cells[col - box[1]] = FIRST_DAY + dt.timedelta(days=value)
        return rows

    def formulas(self, book: int, sheet: str, box: Box) -> list[list[Any]]:
        """Formulas; a constant as its text."""
        constants = {at: str(value) for at, value in self.books[book].values[sheet].items()}
        return _rows(box, {**constants, **self.books[book].formulas[sheet]}, "")

    def set_values(self, book: int, sheet: str, box: Box, rows: list[list[Any]]) -> None:
        """Write constants; an apostrophe before a text is not kept."""
        self._check(book, sheet)
        one = self.books[book]
        for down, row in enumerate(rows, box[0]):
            for right, value in enumerate(row, box[1]):
                one.formulas[sheet].pop((down, right), None)
                one.values[sheet].pop((down, right), None)
                if value not in ("", None):
                    text = value[1:] if isinstance(value, str) and value.startswith("'") else value
                    one.values[sheet][down, right] = text

    def place(self, book: int, name: str) -> tuple[str, str | None, Box | None] | None:
        if name.lower() not in self.books[book].names:
            return None
        one, refers_to = self.books[book].names[name.lower()]
        match = REFERENCE.fullmatch(refers_to)
        return (one, (match[1] or match[2]).replace("''", "'"), _box(match[3])) if match else (one, None, None)

    def name_content(self, book: int, name: str) -> str:
        return f"={self.books[book].names[name.lower()][1]}"

    def tables(self, book: int) -> dict[str, tuple[str, Box]]:
        return dict(self.books[book].tables)

    def resize_table(self, book: int, sheet: str, table: str, box: Box) -> None:
        """Give a table another last row; its formulas are not filled down."""
        self._check(book, sheet)
        self.books[book].tables[table] = sheet, box

    def _check(self, book: int, sheet: str) -> None:
        if self.books[book].protected[sheet]:
            raise OfficeError("ProtectedSheet", sheet)


def _serial(value: Any) -> Any:
    return (value - FIRST_DAY) / dt.timedelta(days=1) if isinstance(value, dt.datetime) else value


def _box(address: str) -> Box:
    left, top, right, bottom = range_boundaries(address)
    return top, left, bottom, right


def _rows(box: Box, cells: dict[tuple[int, int], Any], empty: Any) -> list[list[Any]]:
    top, left, bottom, right = box
    return [[cells.get((row, col), empty) for col in range(left, right + 1)] for row in range(top, bottom + 1)]
