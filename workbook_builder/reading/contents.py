"""A worksheet of a saved workbook -> what stands in its cells: values and formulas by place."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from workbook_builder.saved.book import SavedBook, Stored
from workbook_builder.saved.cells import attributes_of, formula_text
from workbook_builder.saved.formula_text import filled
from workbook_builder.saved.rows import Cell
from workbook_builder.saved.sheet import Sheet
from workbook_builder.workbook.manifest import text_hash

Spot = tuple[int, int]
"""Row and column of a cell, from 1."""


@dataclass
class Contents:
    """The filled cells of a worksheet. A formula cell is in `values` too, with the value that it stores, if any."""

    sheet: str
    values: dict[Spot, Stored] = field(default_factory=dict)
    formulas: dict[Spot, str] = field(default_factory=dict)
    """Without equals sign; one that cells share is spelled out for each."""
    errors: set[Spot] = field(default_factory=set)
    unvalued: int = 0
    """How many formulas store no value at all: a program that does not calculate has saved the file."""

    @functools.cached_property
    def hashes(self) -> dict[Spot, str]:
        """{cell: the hash of its text or number} of the cells without a formula, as the manifest keeps them."""
        return {spot: text_hash(value) for spot, value in self.values.items() if spot not in self.formulas}

    def typed(self, spot: Spot) -> Stored:
        """The value of a cell that holds no formula, else None."""
        return None if spot in self.formulas else self.values.get(spot)


def contents_of(book: SavedBook, name: str) -> Contents:
    """What stands on a worksheet."""
    sheet, found = book.sheet(name), Contents(name)
    shared: dict[bytes, tuple[Spot, str]] = {}
    later: list[tuple[Spot, bytes]] = []
    for number in sheet.rows:
        for cell in sheet.cells(number):
            if not cell.stored and not cell.body:
                continue
            spot = (number, cell.column)
            if cell.body and (index := _take_formula(sheet, cell, found, shared)):
                later.append((spot, index))
            value = sheet.value(cell)
            if value is None and spot in found.formulas and cell.kind != b"str":
                found.unvalued += 1
            if value is not None and value != "":
                found.values[spot] = value
                if cell.kind == b"e":
                    found.errors.add(spot)
    for (row, column), index in later:
        if index in shared:  # a master may stand below the cells that share it
            (top, left), text = shared[index]
            found.formulas[row, column] = filled(text, row - top, column - left)
        else:
            found.formulas[row, column] = "#REF!"
    return found


def _take_formula(sheet: Sheet, cell: Cell, found: Contents, shared: dict[bytes, tuple[Spot, str]]) -> bytes | None:
    """Note the formula of a cell; gives the number of the shared formula of which the text stands elsewhere."""
    formula = sheet.patterns.formula.search(cell.body)
    if formula is None:
        return None
    attributes = attributes_of(formula[1]) if formula[1] else {}
    text = formula_text(formula[2] or b"")
    index = attributes.get(b"si") if attributes.get(b"t") == b"shared" else None
    if index is not None and not text:
        return index
    if index is not None:
        shared[index] = ((cell.row, cell.column), text)
    found.formulas[cell.row, cell.column] = text
    return None
