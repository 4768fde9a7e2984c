"""A workbook as it is stored -> what `workbook_builder.drill` asks of it, without a spreadsheet program."""

from __future__ import annotations

from example_account import openpyxl_book
from workbook_cells import Cells as StoredCells
from workbook_cells import letters, position, read_cells

from workbook_builder.drill.evaluate import Scalar, SourceRows, Unknown
from workbook_builder.drill.tree import Cells


class StoredBook:
    """Stored values and formulas; a source table is any Excel table."""

    def __init__(self, content: bytes) -> None:
        self.cells: StoredCells = read_cells(content)
        self.sources: dict[str, SourceRows] = {}
        for sheet in openpyxl_book(content):
            for table in sheet.tables.values():
                (left, top), (right, bottom) = map(position, table.ref.split(":"))
                headings, *rows = [
                    [self.value(sheet.title, row, col) for col in range(left, right + 1)]
                    for row in range(top, bottom + 1)
                ]
                self.sources[table.name] = SourceRows(table.name, sheet.title, top + 1, tuple(map(str, headings)), rows)

    def value(self, sheet: str, row: int, col: int) -> Scalar:
        value = self.cells.value(sheet, f"{letters(col)}{row}")
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    def formula(self, sheet: str, row: int, col: int) -> str | None:
        cell = self.cells.sheets[sheet].get(f"{letters(col)}{row}")
        return f"={cell.formula}" if cell and cell.formula else None

    def source(self, table: str) -> SourceRows:
        if table not in self.sources:
            raise Unknown(table)
        return self.sources[table]

    def cell(self, name: str) -> Cells:
        """The single cell of a defined name."""
        sheet, [[at]] = self.cells.place(name)
        return self.at(sheet, at)

    def at(self, sheet: str, at: str) -> Cells:
        """The cell of an address such as "D8"."""
        col, row = position(at)
        return Cells(sheet, row, col)
