"""Sheets, cells, names and tables of the LibreOffice engine (see `office_engine.py`)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlwings as xw
from office_link import OfficeError
from round_trips import crossing
from xlwings import base_classes as base

if TYPE_CHECKING:
    from office_engine import Book

LAST_COL = 16_384
CELLS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+)(?::\$?([A-Z]{1,3})\$?([0-9]+))?", re.IGNORECASE)
ROWS = re.compile(r"\$?([0-9]+):\$?([0-9]+)")
Box = tuple[int, int, int, int]  # first row, first column, last row, last column, 1-based


class Sheets(base.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    api = property(lambda self: self)

    @property
    @crossing("find")
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.ask("active"))

    @crossing("find")
    def __call__(self, key: Any) -> Sheet:
        for number, name in enumerate(self.book.ask("sheets"), 1):
            if key == number or (isinstance(key, str) and key.lower() == name.lower()):
                return Sheet(self.book, name)
        raise KeyError(key)

    @crossing("find")
    def __len__(self) -> int:
        return len(self.book.ask("sheets"))

    @crossing("find")
    def _all(self) -> list[Sheet]:
        return [Sheet(self.book, name) for name in self.book.ask("sheets")]

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self._all())

    @crossing("write")
    def add(self, before: Any = None, after: Any = None, name: str | None = None) -> Sheet:
        names = self.book.ask("sheets")
        place = after or before or Sheet(self.book, self.book.ask("active"))
        new = name or next(text for text in map("Sheet{}".format, range(1, 999)) if text not in names)
        self.book.ask("add_sheet", new, names.index(place._name) + bool(after))
        self.book.ask("activate", new)
        return Sheet(self.book, new)


class Sheet(base.Sheet):
    def __init__(self, book: Book, name: str) -> None:
        self._book, self._name = book, name

    api = property(lambda self: self)

    def ask(self, name: str, *args: Any) -> Any:
        return self._book.ask(name, self._name, *args)

    @property
    @crossing("find")
    def name(self) -> str:
        return self._name

    @name.setter
    @crossing("write")
    def name(self, value: str) -> None:
        self.ask("rename_sheet", value)
        self._name = value

    @property
    @crossing("find")
    def book(self) -> Book:
        return self._book

    @property
    @crossing("find")
    def index(self) -> int:
        return self._book.ask("sheets").index(self._name) + 1

    @property
    @crossing("find")
    def visible(self) -> bool:
        return bool(self.ask("visible"))

    @visible.setter
    @crossing("write")
    def visible(self, value: bool) -> None:
        self.ask("visible", bool(value))

    @property
    @crossing("find")
    def tables(self) -> Tables:
        return Tables(self)

    @property
    @crossing("find")
    def used_range(self) -> Range:
        return Range(self, self.ask("used"))

    @crossing("find")
    def range(self, first: Any, last: Any = None) -> Range:
        """Cells by address, (row, column), name or names; from the first to the last when two are given."""
        boxes = self._boxes(first)
        if last is not None:
            corners = boxes + self._boxes(last)
            start, end = (
                [min(box[i] for box in corners) for i in (0, 1)],
                [max(box[i] for box in corners) for i in (2, 3)],
            )
            boxes = [(start[0], start[1], end[0], end[1])]
        return Range(self, *boxes)

    def _boxes(self, what: Any) -> list[Box]:
        if isinstance(what, Range):
            return what.boxes
        if isinstance(what, tuple):
            row, col, rows, cols = what if len(what) == 4 else (*what, 1, 1)
            return [(row, col, row + rows - 1, col + cols - 1)]
        return [self._box(part.strip()) for part in what.split(",")]

    def _box(self, text: str) -> Box:
        if match := ROWS.fullmatch(text):
            return int(match[1]), 1, int(match[2]), LAST_COL
        if match := CELLS.fullmatch(text):
            first = (int(match[2]), xw.utils.column_to_number(match[1].upper()))
            last = (int(match[4]), xw.utils.column_to_number(match[3].upper())) if match[3] else first
            return (*first, *last)
        place = self._book.ask("place", text)
        if place is None:
            for name, (sheet, (row, col, last_row, last_col)) in self._book.ask("tables").items():
                if name.lower() == text.lower():
                    place = name, sheet, (row + 1, col, last_row, last_col)
        if place is None or place[1] != self._name:
            raise OfficeError("com_error", f"'{text}' is no range of sheet {self._name}")
        return place[2]  # type: ignore[no-any-return]

    @crossing("call")
    def activate(self) -> None:
        self._book.ask("activate", self._name)

    select = activate

    @crossing("call")
    def autofit(self, axis: Any = None) -> None:
        self.ask("fit_columns")

    @crossing("write")
    def delete(self) -> None:
        self.ask("delete_sheet")


class Range(base.Range):
    """One box of cells, or several; `box` is the first."""

    def __init__(self, sheet: Sheet, *boxes: Box) -> None:
        self._sheet, self.boxes, self.box = sheet, list(boxes), boxes[0]
        self.options: dict[str, Any] = {}

    api = property(lambda self: self)

    @functools.cached_property
    @crossing("find")
    def _coords(self) -> tuple[Any, ...]:
        row, col, last_row, last_col = self.box
        return self._sheet, row, col, last_row - row + 1, last_col - col + 1

    sheet = property(lambda self: self._coords[0])
    row = property(lambda self: self._coords[1])
    column = property(lambda self: self._coords[2])
    shape = property(lambda self: self._coords[3:])

    def __len__(self) -> int:
        rows, cols = self._coords[3:]
        return int(rows * cols)

    @crossing("find")
    def __call__(self, row: int, col: int | None = None) -> Range:
        if col is None:
            row, col = (number + 1 for number in divmod(row - 1, self.box[3] - self.box[1] + 1))
        at = self.box[0] + row - 1, self.box[1] + col - 1
        return Range(self._sheet, (*at, *at))

    @property
    @crossing("find")
    def address(self) -> str:
        return ",".join(self._address(box, "$", "$") for box in self.boxes)

    @crossing("find")
    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        return self._address(self.box, "$" * row_absolute, "$" * col_absolute)

    @staticmethod
    def _address(box: Box, row: str, col: str) -> str:
        first, last = (f"{col}{xw.utils.col_name(c)}{row}{r}" for r, c in (box[:2], box[2:]))
        return first if first == last else f"{first}:{last}"

    @property
    @crossing("read")
    def raw_value(self) -> Any:
        rows = self._sheet.ask("values", self.box)
        return rows[0][0] if self.box[:2] == self.box[2:] else rows

    @raw_value.setter
    @crossing("write")
    def raw_value(self, data: Any) -> None:
        row, col, last_row, last_col = self.box
        if not isinstance(data, list | tuple):
            data = [[data] * (last_col - col + 1)] * (last_row - row + 1)
        assert (len(data), len(data[0])) == (last_row - row + 1, last_col - col + 1), "Excel would write #N/A here"
        # the helper knows no classes of this project
        rows = [[str(value) if isinstance(value, str) else value for value in row] for row in data]
        self._sheet.ask("set_values", self.box, rows)

    @property
    @crossing("read")
    def formula(self) -> Any:
        rows = self._sheet.ask("formulas", self.box)
        return rows[0][0] if self.box[:2] == self.box[2:] else tuple(map(tuple, rows))

    @formula.setter
    @crossing("write")
    def formula(self, value: Any) -> None:
        if isinstance(value, str):
            self._sheet.ask("set_formulas", (*self.box[:2], *self.box[:2]), [[value]])
            if self.box[2] > self.box[0]:
                self._sheet.ask("fill", self.box, 1, False)
        else:
            self._sheet.ask("set_formulas", self.box, value)

    @property
    @crossing("read")
    def number_format(self) -> str:
        return str(self._sheet.ask("number_format", self.box))

    @number_format.setter
    @crossing("write")
    def number_format(self, value: str) -> None:
        self._sheet.ask("number_format", self.box, value)

    @crossing("write")
    def clear_contents(self) -> None:
        self._sheet.ask("clear", self.box)

    @crossing("write")
    def autofill(self, destination: Any, type_: str) -> None:
        """Fill down; `fill_formats` leaves the contents of the rows below as they are."""
        assert destination.impl.box[:2] == self.box[:2], "the destination holds the origin"
        self._sheet.ask("fill", destination.impl.box, self.box[2] - self.box[0] + 1, type_ == "fill_formats")

    @crossing("write")
    def insert(self, shift: Any = None, copy_origin: Any = None) -> None:
        self._sheet.ask("insert", self.box)

    @crossing("call")
    def select(self) -> None:
        self._sheet.ask("select", self.box)

    @crossing("call")
    def to_pdf(self, path: str, quality: Any = None) -> None:
        if not Path(path).parent.is_dir():  # LibreOffice would make the folder
            raise OfficeError("com_error", f"Document not saved: {path}")
        self._sheet.ask("pdf", self.box, path)


class Names(base.Names):
    def __init__(self, book: Book) -> None:
        self.book = book

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(name, Name(self.book, name)) for name in self.book.ask("names")]

    @crossing("find")
    def __call__(self, key: str) -> Name:
        place = self.book.ask("place", key)
        if place is None:
            raise KeyError(key)
        return Name(self.book, place[0])

    @crossing("find")
    def contains(self, key: str) -> bool:
        return self.book.ask("place", key) is not None


class Name(base.Name):
    def __init__(self, book: Book, name: str) -> None:
        self.book, self._name = book, name

    api = property(lambda self: self)

    @property
    @crossing("find")
    def name(self) -> str:
        return self._name

    @property
    @crossing("find")
    def refers_to(self) -> str:
        return str(self.book.ask("name_content", self._name))

    @refers_to.setter
    @crossing("write")
    def refers_to(self, value: str) -> None:
        self.book.ask("point_name", self._name, value)

    @property
    @crossing("find")
    def refers_to_range(self) -> Range:
        _, sheet, box = self.book.ask("place", self._name)
        if sheet is None:
            raise OfficeError("com_error", f"{self._name} refers to no cells")
        return Range(Sheet(self.book, sheet), box)

    @crossing("write")
    def delete(self) -> None:
        self.book.ask("delete_name", self._name)


class Tables(base.Tables):
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    api = property(lambda self: self)

    def _here(self) -> list[str]:
        tables = self.sheet._book.ask("tables")
        return [name for name, (sheet, _) in tables.items() if sheet == self.sheet._name]

    @crossing("find")
    def __call__(self, key: Any) -> Table:
        for number, name in enumerate(self._here(), 1):
            if key == number or (isinstance(key, str) and key.lower() == name.lower()):
                return Table(self.sheet, name)
        raise KeyError(key)

    @crossing("find")
    def __len__(self) -> int:
        return len(self._here())

    @crossing("find")
    def _all(self) -> list[Table]:
        return [Table(self.sheet, name) for name in self._here()]

    def __iter__(self) -> Iterator[Table]:
        return iter(self._all())

    @crossing("find")
    def __contains__(self, key: str) -> bool:
        return key.lower() in map(str.lower, self._here())


class Table(base.Table):
    def __init__(self, sheet: Sheet, name: str) -> None:
        self._sheet, self._name = sheet, name

    api = property(lambda self: self)

    def _box(self) -> Box:
        return self._sheet._book.ask("tables")[self._name][1]  # type: ignore[no-any-return]

    @property
    @crossing("find")
    def name(self) -> str:
        return self._name

    @property
    @crossing("find")
    def parent(self) -> Sheet:
        return self._sheet

    @property
    @crossing("find")
    def range(self) -> Range:
        return Range(self._sheet, self._box())

    @property
    @crossing("find")
    def show_totals(self) -> bool:
        """LibreOffice keeps no total row of a table."""
        return False

    @property
    @crossing("find")
    def header_row_range(self) -> Range:
        row, col, _, last_col = self._box()
        return Range(self._sheet, (row, col, row, last_col))

    @property
    @crossing("find")
    def data_body_range(self) -> Range:
        row, col, last_row, last_col = self._box()
        return Range(self._sheet, (row + 1, col, last_row, last_col))

    @crossing("write")
    def resize(self, range: Any) -> None:
        self._sheet.ask("resize_table", self._name, range.impl.box)
