"""References as Excel writes them: "$B$8:$J$342", "'H2 Accountteam'!$B$8". Rows and columns count from 1."""

from __future__ import annotations

import re
from typing import NamedTuple

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

_CELL = r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})"
_RANGE = re.compile(rf"{_CELL}(?::{_CELL})?")
_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\[\](),;:\s]+))!([A-Z0-9$:]+)")


class Range(NamedTuple):
    """A rectangle of cells; a cell is a range of one."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.bottom - self.top + 1

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return self.right - self.left + 1

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def meets(self, other: Range) -> bool:
        """Whether the two have a cell in common."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    def __str__(self) -> str:
        first, last = cell_name(self.top, self.left), cell_name(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"

    @property
    def absolute(self) -> str:
        """The reference with dollar signs, as in defined names."""
        return re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", str(self))


class Area(NamedTuple):
    """A range on a sheet."""

    sheet: str
    range: Range

    def __str__(self) -> str:
        name = self.sheet.replace("'", "''")
        return f"'{name}'!{self.range.absolute}"


def parse_range(text: str) -> Range | None:
    """The range that "B8" or "$B$8:$J$342" means; None for whole rows or columns, lists, and everything else."""
    found = _RANGE.fullmatch(text)
    if not found:
        return None
    left, top = column_number(found[1]), int(found[2])
    right, bottom = (column_number(found[3]), int(found[4])) if found[3] else (left, top)
    range_ = Range(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
    return range_ if range_.bottom <= LAST_ROW and range_.right <= LAST_COLUMN else None


def parse_reference(text: str) -> Area | None:
    """The area that "'H2 Accountteam'!$B$8:$J$17" means; None for what is not one plain range on one sheet."""
    found = _REFERENCE.fullmatch(text.strip())
    range_ = parse_range(found[3]) if found else None
    if not found or range_ is None:
        return None
    return Area(found[1].replace("''", "'") if found[1] else found[2], range_)


def column_number(letters: str) -> int:
    """The number of a column: A is 1, XFD is 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column: 1 is A, 16384 is XFD."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def cell_name(row: int, column: int) -> str:
    """The name of a cell, such as "B8"."""
    return f"{column_letters(column)}{row}"
