"""Stored values against the values of another engine, formula cell by formula cell."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workbook_cells import Cells, ErrorValue, Stored

EMPTY = Stored(None, None)


@dataclass(frozen=True)
class Difference:
    """A formula cell on which two engines disagree."""

    sheet: str
    at: str
    formula: str
    stored: Any
    other: Any

    def __str__(self) -> str:
        return f"{self.sheet}!{self.at}: stored {self.stored!r}, other engine {self.other!r}, ={self.formula}"


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal: numbers to 1e-9 relative or 1e-6 absolute, an empty text as an empty cell."""
    if left in ("", None) or right in ("", None):
        return left in ("", None) and right in ("", None)
    if isinstance(left, int | float) and isinstance(right, int | float):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-6)
    return type(left) is type(right) and left == right


def differences(stored: Cells, other: Callable[[str, str], Any]) -> list[Difference]:
    """Every formula cell whose stored value is not what `other(sheet, address)` gives."""
    found = []
    for sheet, at, cell in stored.formulas():
        value = other(sheet, at)
        if not same(cell.value, value):
            found.append(Difference(sheet, at, cell.formula or "", cell.value, value))
    return found


def unlike(cells: Cells, other: Cells) -> list[str]:
    """Every cell of the sheets of one workbook that has another formula or value in the other, with both."""
    found = []
    for sheet, here in cells.sheets.items():
        there = other.sheets.get(sheet, {})
        for at in here.keys() | there.keys():
            one, two = here.get(at, EMPTY), there.get(at, EMPTY)
            if one.formula != two.formula or not same(one.value, two.value):
                found.append(f"{sheet}!{at}: {one} and {two}")
    return found


def error_cells(cells: Cells) -> list[str]:
    """Where a workbook shows an error, as "sheet!address #error"."""
    return [
        f"{sheet}!{at} {cell.value}"
        for sheet, each in cells.sheets.items()
        for at, cell in each.items()
        if isinstance(cell.value, ErrorValue)
    ]
