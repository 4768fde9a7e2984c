"""Where something stands in an open workbook, in Excel's own terms: sheet, first row and column, size; 1-based.

Pure functions between what the program asks for (defined names) and the few bulk reads and writes that Excel is
given: boxes around places, neighbours joined into one box.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

Key = TypeVar("Key")
Rows = list[list[Any]]
ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+)(?::\$?([A-Z]{1,3})\$?([0-9]+))?")
REFERENCE = re.compile(rf"=(?:'((?:[^']|'')+)'|([^'!#\[\](),]+))!({ADDRESS.pattern})")
LONGEST_SHEET_NAME, NOT_IN_SHEET_NAME, NAMELESS = 31, str.maketrans("[]:*?/\\", "-------"), "Accountplan"
LONGEST_REFERENCE = 255  # characters that Excel's Range takes and gives


class Place(NamedTuple):
    """A rectangle of cells on a sheet."""

    sheet: str
    row: int
    col: int
    rows: int = 1
    cols: int = 1

    @classmethod
    def parse(cls, sheet: str, address: str) -> Place:
        """The place of an address such as "$B$8:$J$400"; raises `ValueError` for anything else."""
        match = ADDRESS.fullmatch(address)
        if not match:
            raise ValueError(f"{address!r} is no address of cells")
        row, col = int(match[2]), column_number(match[1])
        if not match[3]:
            return cls(sheet, row, col)
        return cls(sheet, row, col, int(match[4]) - row + 1, column_number(match[3]) - col + 1)

    @classmethod
    def of_reference(cls, reference: str) -> Place | None:
        """The place of "='H1 Account'!$D$10"; None for "=#REF!$D$10" and whatever else is no cells of one sheet."""
        match = REFERENCE.fullmatch(reference)
        return cls.parse((match[1] or match[2]).replace("''", "'"), match[3]) if match else None

    @property
    def address(self) -> str:
        """As in Excel, without dollar signs: "B8" or "B8:J400"."""
        first = f"{column_letters(self.col)}{self.row}"
        last = f"{column_letters(self.col + self.cols - 1)}{self.row + self.rows - 1}"
        return first if first == last else f"{first}:{last}"

    def cut(self, whole: Place, values: Rows) -> Rows:
        """The part of `values`, which fill `whole`, that fills this place."""
        top, left = self.row - whole.row, self.col - whole.col
        return [row[left : left + self.cols] for row in values[top : top + self.rows]]


def column_letters(number: int) -> str:
    """The letters of a column, from 1: 28 is "AB"."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def around(places: Iterable[Place]) -> Place:
    """The smallest place that holds all of these, which are on one sheet."""
    every = list(places)
    row, col = min(place.row for place in every), min(place.col for place in every)
    end = max(place.row + place.rows for place in every), max(place.col + place.cols for place in every)
    return Place(every[0].sheet, row, col, end[0] - row, end[1] - col)


def each_cell(place: Place, rows: Rows) -> Iterator[tuple[Place, Any]]:
    """Each cell of a place with its value."""
    for down, row in enumerate(rows):
        for right, value in enumerate(row):
            yield Place(place.sheet, place.row + down, place.col + right), value


def by_sheet(places: Mapping[Key, Place]) -> dict[str, dict[Key, Place]]:
    """The places per sheet, under their own keys."""
    sheets: dict[str, dict[Key, Place]] = {}
    for name, place in places.items():
        sheets.setdefault(place.sheet, {})[name] = place
    return sheets


def joined(writes: Iterable[tuple[Place, Rows]]) -> list[tuple[Place, Rows]]:
    """The same cells and values in as few rectangles as neighbours allow; nothing between them is touched."""
    return _joined_down(_joined_across(list(writes)))


def _joined_across(writes: list[tuple[Place, Rows]]) -> list[tuple[Place, Rows]]:
    """Join places of the same rows whose columns follow each other."""
    result: list[tuple[Place, Rows]] = []
    for place, rows in sorted(writes, key=lambda one: (one[0].sheet, one[0].row, one[0].rows, one[0].col)):
        if result:
            before, values = result[-1]
            if before[:2] == place[:2] and before.rows == place.rows and before.col + before.cols == place.col:
                wider = before._replace(cols=before.cols + place.cols)
                result[-1] = wider, [[*left, *right] for left, right in zip(values, rows, strict=True)]
                continue
        result.append((place, rows))
    return result


def _joined_down(writes: list[tuple[Place, Rows]]) -> list[tuple[Place, Rows]]:
    """Join places of the same columns whose rows follow each other."""
    result: list[tuple[Place, Rows]] = []
    for place, rows in sorted(writes, key=lambda one: (one[0].sheet, one[0].col, one[0].cols, one[0].row)):
        if result:
            before, values = result[-1]
            same = before.sheet == place.sheet and (before.col, before.cols) == (place.col, place.cols)
            if same and before.row + before.rows == place.row:
                result[-1] = before._replace(rows=before.rows + place.rows), [*values, *rows]
                continue
        result.append((place, rows))
    return result


def widened(writes: Iterable[tuple[Place, Rows]], between: Callable[[Place], Rows | None]) -> list[tuple[Place, Rows]]:
    """The same cells and values in fewer rectangles, each around some of the first.

    `between` gives the rows of one cell that may be written along, None for a cell that may not.
    """
    result = list(writes)
    for one, other in itertools.combinations(result, 2):
        if one[0].sheet == other[0].sheet and (both := _spanned(one, other, between)):
            return widened([*(each for each in result if each is not one and each is not other), both], between)
    return result


def _spanned(
    one: tuple[Place, Rows], other: tuple[Place, Rows], between: Callable[[Place], Rows | None]
) -> tuple[Place, Rows] | None:
    """The rectangle around two, with its rows; None when there is a cell in it that may not be written along."""
    whole = around([one[0], other[0]])
    given = {cell: value for place, rows in (one, other) for cell, value in each_cell(place, rows)}
    rows: Rows = []
    for down in range(whole.rows):
        rows.append([])
        for right in range(whole.cols):
            cell = Place(whole.sheet, whole.row + down, whole.col + right)
            if cell in given:
                rows[-1].append(given[cell])
            elif (found := between(cell)) is not None:
                rows[-1].extend(found[0])
            else:
                return None
    return whole, rows


def references(names: Iterable[str]) -> list[list[str]]:
    """The names in groups that, with commas between, Excel still takes as one reference.

    A group also keeps what Excel answers short enough: an address such as "$AB$1000:$AD$1059" per name.
    """
    most = LONGEST_REFERENCE // len("$AB$1000:$AD$1059,")
    groups: list[list[str]] = []
    for name in names:
        if groups and len(groups[-1]) < most and len(",".join([*groups[-1], name])) <= LONGEST_REFERENCE:
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups


def free_sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes and that is not among `taken` (case folded): a number behind it where needed."""
    base = name.translate(NOT_IN_SHEET_NAME).strip("' ")[:LONGEST_SHEET_NAME] or NAMELESS
    number, wanted = 1, base
    while wanted.casefold() in taken:
        number += 1
        wanted = f"{base[: LONGEST_SHEET_NAME - len(str(number)) - 1]} {number}"
    return wanted
