"""Formulas that share their text with a cell that is overwritten get a text of their own.

Excel stores a formula that was filled down once, in the first cell, its master; the other cells only name its number.
Without the master Excel calls the file damaged. The next cell of the group becomes the master, its formula moved along
by openpyxl's translator, which is loaded for this rare case alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbook_builder.saved.cells import attributes_of, formula_text
from workbook_builder.saved.markup import escape
from workbook_builder.saved.ranges import Range, cell_name

if TYPE_CHECKING:
    from workbook_builder.saved.rows import Cell
    from workbook_builder.saved.sheet import Sheet


def give_new_masters(sheet: Sheet, gone: Sequence[Cell]) -> None:
    """Give every group of which the master is among the cells `gone` a new one; the sheet no longer holds those."""
    for cell in gone:
        formula = sheet.patterns.formula.search(cell.body)
        if formula and formula[2] and attributes_of(formula[1] or b"").get(b"t") == b"shared":
            _adopt(sheet, cell, attributes_of(formula[1])[b"si"], formula_text(formula[2]))


def _adopt(sheet: Sheet, old: Cell, index: bytes, text: str) -> None:
    """Make the first cell that still shares formula `index` its master."""
    from openpyxl.formula.translate import Translator

    rest = _sharing(sheet, index)
    if not rest:
        return
    first = rest[0]
    columns = [cell.column for cell in rest]
    range_ = Range(first.row, min(columns), max(cell.row for cell in rest), max(columns))
    moved = Translator(f"={text}", origin=cell_name(old.row, old.column)).translate_formula(
        cell_name(first.row, first.column)
    )
    p = sheet.prefix.decode()
    master = f'<{p}f t="shared" ref="{range_}" si="{index.decode()}">{escape(moved[1:])}</{p}f>'
    sheet.replace_formula(first, master.encode())


def _sharing(sheet: Sheet, index: bytes) -> list[Cell]:
    """The cells that name shared formula `index`, in order."""
    found = []
    for number in sorted(sheet.rows):
        if b"shared" in sheet.rows[number].cells:
            for cell in sheet.cells(number):
                formula = sheet.patterns.formula.search(cell.body)
                attributes = attributes_of(formula[1] or b"") if formula else {}
                if attributes.get(b"t") == b"shared" and attributes.get(b"si") == index:
                    found.append(cell)
    return found
