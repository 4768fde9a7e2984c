"""The cells of every id -> their values, as a plan is read from them (`workbook.named_values.Values`).

What people typed is taken as they meant it, where that is certain; a finding says how. What a formula or a source put
there is taken as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbook_builder.reading.contents import Contents, Spot
from workbook_builder.reading.findings import Finding
from workbook_builder.reading.found_cells import FoundCells
from workbook_builder.reading.typed import Choices, as_typed
from workbook_builder.saved.ranges import Range, cell_name
from workbook_builder.saved.tables import Table as SavedTable
from workbook_builder.template.blocks import Form, SourceTable, Statement, Table
from workbook_builder.template.fields import FieldBase
from workbook_builder.template.model import Template
from workbook_builder.workbook.layout import sheet_name, table_name


class FoundValues:
    """The values of a plan by id; findings about them collect in `findings`."""

    def __init__(self, cells: FoundCells, tables: dict[str, SavedTable], language: str, choices: Choices) -> None:
        """`tables` are the Excel tables of the workbook by name in lower case."""
        self.cells, self.tables, self.language, self.choices = cells, tables, language, choices
        self.template = cells.layout.template
        self.fields = fields_by_name(self.template)
        self.findings: list[Finding] = []

    def block(self, name: str) -> list[list[Any]]:
        """The values of an id, row by row; none when it is not there."""
        grid = self.cells.grid(name)
        if grid is None:
            return []
        fields = self.fields.get(name, ())
        return [
            [self._value(name, grid.contents, spot, fields[i] if len(fields) > 1 else fields[0] if fields else None, i)
             for spot in row]
            for i, row in enumerate(grid.spots)
        ]  # fmt: skip

    def _value(self, name: str, contents: Contents, spot: Spot | None, one: FieldBase | None, i: int) -> Any:
        if spot is None:
            return None
        value = contents.values.get(spot)
        if one is None or one.role != "input":
            return None if spot in contents.errors else value
        if spot in contents.formulas:
            self._note("read_formula_in_input" if value is not None else "read_formula_without_value", name, contents,
                       spot, i, "=" + contents.formulas[spot])  # fmt: skip
        if spot in contents.errors:
            self._note("read_error_value", name, contents, spot, i, value)
            return None
        typed = as_typed(value, one, self.language, self.choices)
        if typed.code:
            self._note(typed.code, name, contents, spot, i, value)
        return typed.value

    def _note(self, code: str, name: str, contents: Contents, spot: Spot, i: int, value: Any) -> None:
        row = i + 1 if name.count(".") == 2 else None
        self.findings.append(Finding(code, contents.sheet, cell_name(*spot), name, row=row, values=(value,)))

    def table(self, name: str) -> list[list[Any]]:
        """The rows of a source table, its columns in the order of the template; none when nothing is left of it."""
        block, key = next(
            (item.block, item.key)
            for item in self.cells.layout.placed_blocks()
            if isinstance(item.block, SourceTable) and table_name(item.chapter.id) == name
        )
        assert isinstance(block, SourceTable)
        wanted = [self.template.text(self.language, f"{key}.{column.id}") for column in block.columns]
        table = self.tables.get(name.lower())
        if table is None or table.sheet not in self.cells.contents:
            return self._no_table(key, len(wanted))
        contents = self.cells.contents[table.sheet]
        headings = [column.heading for column in table.columns]
        left = table.range.left
        if headings[: len(wanted)] == wanted:
            places: list[int | None] = [left + i for i in range(len(wanted))]
        else:
            places = [left + headings.index(one) if one in headings else None for one in wanted]
            gone = [one for one in wanted if one not in headings]
            if gone:
                cell = str(table.range)
                self.findings.append(Finding("read_table_columns", table.sheet, cell, key, values=tuple(gone)))
        return [
            [contents.values.get((row, place)) if place else None for place in places]
            for row in range(table.body.top, table.body.bottom + 1)
        ]

    def _no_table(self, key: str, width: int) -> list[list[Any]]:
        """The rows of a source table that somebody turned into plain cells: those below its old headings."""
        item = next(item for item in self.cells.layout.placed_blocks() if item.key == key)
        home = sheet_name(self.template, self.language, item.chapter)
        sheet = self.cells.maps.get(home)
        head = sheet.now((item.top + 1, min(item.slots.values()) + 1)) if sheet else None
        if sheet is None or head is None:
            return []
        rows, (row, left) = [], head
        while any(sheet.contents.values.get((row + 1, left + i)) is not None for i in range(width)):
            row += 1
            rows.append([sheet.contents.values.get((row, left + i)) for i in range(width)])
        where = str(Range(head[0], left, max(row, head[0]), left + width - 1))
        self.findings.append(Finding("read_table_gone", sheet.contents.sheet, where, key))
        return rows


def fields_by_name(template: Template) -> dict[str, Sequence[FieldBase | None]]:
    """{id: its field}; of a column of a statement the field of each line, None where the line leaves it empty."""
    found: dict[str, Sequence[FieldBase | None]] = {}
    for chapter in template.chapters:
        for _, block in chapter.blocks():
            key = f"{chapter.id}.{block.id}"
            if isinstance(block, Form):
                found |= {f"{chapter.id}.{one.id}": (one,) for one in block.fields}
            elif isinstance(block, Table):
                found |= {f"{key}.{column.id}": (column,) for column in block.columns}
            elif isinstance(block, Statement):
                for column in block.columns:
                    found[f"{key}.{column.id}"] = [block.cell(line, column) for line in block.lines]
    return found
