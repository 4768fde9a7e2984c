"""The open book as `workbook_builder.drill` reads it: each sheet and each source table once, when it is asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from addin.cell_values import FIRST_DAY
from addin.live_book import LiveBook
from addin.places import Place
from workbook_builder.drill.evaluate import Scalar, SourceRows, Unknown
from workbook_builder.errors import InputError
from workbook_builder.template.blocks import SourceTable
from workbook_builder.workbook.layout import Layout, table_name

MOST = Place("", 1, 1, 3000, 200)  # cells of a sheet that are read: a stray format can make a sheet endless


class LiveCells:
    """Values, formulas and source tables of an open plan; nothing is written."""

    def __init__(self, live: LiveBook, layout: Layout) -> None:
        self.live = live
        self._sources = {
            table_name(sheet.chapter.id): sheet.name
            for sheet in layout.sheets
            for section in sheet.sections
            for item in section.blocks
            if isinstance(item.block, SourceTable)
        }
        self._sheets: dict[str, tuple[Place, list[list[Any]], list[list[Any]]]] = {}
        self._tables: dict[str, SourceRows] = {}

    def value(self, sheet: str, row: int, col: int) -> Scalar:
        """The value of a cell; None when it is empty or an error. Raises `Unknown` beyond what is read."""
        if row > MOST.rows or col > MOST.cols:
            raise Unknown(sheet)
        place, values, _ = self._read(sheet)
        inside = place.row <= row < place.row + place.rows and place.col <= col < place.col + place.cols
        return stored(values[row - place.row][col - place.col]) if inside else None

    def formula(self, sheet: str, row: int, col: int) -> str | None:
        """The formula of a cell, None when it has none."""
        place, _, formulas = self._read(sheet)
        inside = place.row <= row < place.row + place.rows and place.col <= col < place.col + place.cols
        text = formulas[row - place.row][col - place.col] if inside else None
        return text if isinstance(text, str) and text.startswith("=") else None

    def source(self, table: str) -> SourceRows:
        """A source table; raises `Unknown` for a table that is none."""
        if table not in self._sources:
            raise Unknown(table)
        if table not in self._tables:
            place = self._place(table)
            headings, *rows = self.live.read_table(table, place.sheet)
            dates = [
                str(heading) for at, heading in enumerate(headings) if any(isinstance(row[at], dt.date) for row in rows)
            ]
            self._tables[table] = SourceRows(
                table, place.sheet, place.row + 1, tuple(map(str, headings)),
                [[stored(value) for value in row] for row in rows], tuple(dates),
            )  # fmt: skip
        return self._tables[table]

    def _place(self, table: str) -> Place:
        try:
            return self.live.table_place(table, self._sources[table])
        except InputError:  # somebody renamed the sheet: look on all of them
            return self.live.table_place(table)

    def _read(self, sheet: str) -> tuple[Place, list[list[Any]], list[list[Any]]]:
        if sheet not in self._sheets:
            self._sheets[sheet] = self.live.contents(sheet, MOST)
        return self._sheets[sheet]


def stored(value: Any) -> Scalar:
    """A value as a cell stores it: a date is its serial number, every number a float."""
    if isinstance(value, dt.datetime):
        return float((value.replace(tzinfo=None) - FIRST_DAY) / dt.timedelta(days=1))
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if value == "":
        return None
    return value if isinstance(value, str | float | bool) or value is None else str(value)
