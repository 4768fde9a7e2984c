"""What the manifest says stood on each sheet + what stands there now -> where every row and column went.

A sheet is found by the defined names on it, else by its title on the tab, else by its fixed texts. Its columns are
found by texts that stand on it once, its rows by comparing what is fixed in each row, as one compares two versions of a
text. So it does not matter which names were deleted, and what was put in shows.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from workbook_builder.reading.contents import Contents, Spot
from workbook_builder.reading.lines import SAME, Lines, most_votes, rising
from workbook_builder.saved.formula_text import Reference, with_references
from workbook_builder.saved.ranges import Area, Range, column_number, parse_range
from workbook_builder.workbook.manifest import SheetRecord, formula_hash, text_hash

ALIKE = 0.5  # of what is fixed on a sheet or in a row, for another one to be it or a copy of it
MOST_ROWS, MOST_BETWEEN = 5000, 2000  # of now that are compared, in all and between two rows that are certain
FORMULA = "f"
Fixed = tuple[int, str]
"""What is fixed in a cell of a row: the column of then, and the hash of its text or FORMULA."""


@dataclass(frozen=True)
class Record:
    """What stood on a sheet when the plan was made, with places as numbers; `names` by id."""

    sheet: str
    formulas: Mapping[Spot, str]
    texts: Mapping[Spot, str]
    names: Mapping[str, Range]


@dataclass
class SheetMap:
    """A sheet of the plan: its name then and now, and where its rows and columns are."""

    record: Record
    contents: Contents
    rows: Lines = SAME
    columns: Lines = SAME

    @property
    def stands(self) -> bool:
        """Whether everything on the sheet stands where it was."""
        return self.rows is SAME is self.columns

    def now(self, spot: Spot) -> Spot | None:
        """Where a cell of then is."""
        if self.stands:
            return spot
        row, column = self.rows.now(spot[0]), self.columns.now(spot[1])
        return (row, column) if row and column else None

    def then(self, spot: Spot) -> Spot | None:
        """Where a cell of now was."""
        row, column = self.rows.then(spot[0]), self.columns.then(spot[1])
        return (row, column) if row and column else None


def record_of(sheet: str, written: SheetRecord) -> Record:
    """The record of a sheet with its places as numbers; what is no place is left out."""
    names = {name: range_ for name, text in written.names.items() if (range_ := parse_range(text))}
    return Record(sheet, _spots(written.formulas), _spots(written.texts), names)


def _spots(cells: Mapping[str, str]) -> dict[Spot, str]:
    found: dict[Spot, str] = {}
    for at, text in cells.items():
        letters = at.rstrip("0123456789")
        if letters.isalpha() and letters != at:
            found[int(at[len(letters) :]), _column(letters)] = text
    return found


_column = functools.cache(column_number)


def sheets_now(
    records: Iterable[Record], contents: Mapping[str, Contents], names: Mapping[str, Area]
) -> dict[str, str]:
    """{sheet of then: sheet of now} for every sheet that is still there; `names` are the defined names by id."""
    records = list(records)
    found: dict[str, str] = {}
    for record in records:
        votes = Counter(names[name].sheet for name in record.names if name in names)
        for sheet, _ in votes.most_common():
            if sheet in contents and sheet not in found.values():
                found[record.sheet] = sheet
                break
    for record in records:
        if record.sheet not in found and record.sheet in contents and record.sheet not in found.values():
            found[record.sheet] = record.sheet
    for record in records:
        if record.sheet not in found:
            left = {sheet: likeness(record, each) for sheet, each in contents.items() if sheet not in found.values()}
            best = max(left, key=lambda sheet: left[sheet], default=None)
            if best is not None and left[best] >= ALIKE:
                found[record.sheet] = best
    return found


def likeness(record: Record, contents: Contents) -> float:
    """The part of the fixed texts of a sheet that stand on another one, wherever."""
    wanted = set(record.texts.values())
    return len(wanted.intersection(contents.hashes.values())) / len(wanted) if wanted else 0


def map_sheet(record: Record, contents: Contents, names: Mapping[str, Area]) -> SheetMap:
    """Where the rows and columns of a sheet are; `names` are those that lie on it now."""
    found = SheetMap(record, contents)
    if _stands_as_it_was(record, contents, names):
        return found
    found.columns = _columns(record, contents.hashes, names)
    found.rows = _rows(record, contents, found.columns, names)
    return found


def _stands_as_it_was(record: Record, contents: Contents, names: Mapping[str, Area]) -> bool:
    """Whether every name, text and formula that was there is in its old place."""
    if any(name not in names or names[name].range != range_ for name, range_ in record.names.items()):
        return False
    if not record.formulas.keys() <= contents.formulas.keys():
        return False
    return all(text_hash(contents.typed(spot)) == text for spot, text in record.texts.items())


def _columns(record: Record, hashes: Mapping[Spot, str], names: Mapping[str, Area]) -> Lines:
    """The columns: texts that stand on the sheet once tell, rows of headings, and names as wide as they were."""
    once = list(_once(record.texts, hashes))
    votes = [(then[1], now[1]) for then, now in once]
    before, after = _by_row(record.texts), _by_row(hashes)
    for then, now in most_votes((then[0], now[0]) for then, now in once).items():
        first, second = before[then], after[now]
        for at, other, size in _same_runs([text for _, text in first], [text for _, text in second]):
            votes += ((first[at + i][0], second[other + i][0]) for i in range(size))
    for old, new in _names(record, names):
        if old.columns == new.columns:
            votes += zip(range(old.left, old.right + 1), range(new.left, new.right + 1), strict=True)
    return Lines(most_votes(votes))


def _by_row(texts: Mapping[Spot, str]) -> dict[int, list[tuple[int, str]]]:
    """{row: (column, text) from left to right}."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in sorted(texts.items()):
        rows.setdefault(row, []).append((column, text))
    return rows


def _same_runs(before: Sequence[Any], after: Sequence[Any]) -> list[tuple[int, int, int]]:
    """Where two sequences run together: (start in the first, start in the second, length)."""
    return [
        (run.a, run.b, run.size) for run in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    ]


def _once(then: Mapping[Spot, Any], now: Mapping[Spot, Any]) -> Iterator[tuple[Spot, Spot]]:
    """The places then and now of every text that stands there once."""
    before, after = Counter(then.values()), Counter(now.values())
    places = {text: spot for spot, text in now.items() if after[text] == 1}
    return ((spot, places[text]) for spot, text in then.items() if before[text] == 1 and text in places)


def _names(record: Record, names: Mapping[str, Area]) -> Iterator[tuple[Range, Range]]:
    return ((range_, names[name].range) for name, range_ in record.names.items() if name in names)


def _rows(record: Record, contents: Contents, columns: Lines, names: Mapping[str, Area]) -> Lines:
    """The rows: those that match in a comparison of what is fixed in them, and between those what names tell."""
    before: dict[int, set[Fixed]] = {}
    for spot, text in [*record.texts.items(), *((spot, FORMULA) for spot in record.formulas)]:
        before.setdefault(spot[0], set()).add((spot[1], text))
    after: dict[int, set[Fixed]] = {}
    known = {each for row in before.values() for each in row}
    for spot, text in [*contents.hashes.items(), *((spot, FORMULA) for spot in contents.formulas)]:
        old = columns.then(spot[1])
        if old and (old, text) in known and (spot[0] in after or len(after) < MOST_ROWS):
            after.setdefault(spot[0], set()).add((old, text))
    signatures = {frozenset(row) for row in before.values()}
    first = {row: frozenset(here) for row, here in before.items()}
    second = {row: nearest for row, here in after.items() if (nearest := _nearest(here, signatures))}
    certain = rising({then[0]: now[0] for then, now in _once(_as_spots(first), _as_spots(second))})
    told = [
        (old.top + i, new.top + i)
        for old, new in _names(record, names)
        if old.rows == new.rows
        for i in range(old.rows)
    ]
    rows = Lines({**_between_anchors(certain, first, second), **certain})
    return rows.with_certain(most_votes(pair for pair in told if rows.now(pair[0]) is None))


def _as_spots(rows: Mapping[int, frozenset[Fixed]]) -> dict[Spot, frozenset[Fixed]]:
    return {(row, 0): fixed for row, fixed in rows.items()}


def _between_anchors(
    certain: Mapping[int, int], first: Mapping[int, frozenset[Fixed]], second: Mapping[int, frozenset[Fixed]]
) -> dict[int, int]:
    """The rows that match between rows that are certain, where the number of rows is another than it was."""
    ends = [(0, 0), *certain.items(), (max(first, default=0) + 1, max(second, default=0) + 1)]
    found: dict[int, int] = {}
    for (then, now), (next_then, next_now) in pairwise(ends):
        if next_then - then != next_now - now < MOST_BETWEEN:
            before = [first.get(row) for row in range(then + 1, next_then)]
            after = [second.get(row) for row in range(now + 1, next_now)]
            for at, other, size in _same_runs(before, after):
                found |= {then + 1 + at + i: now + 1 + other + i for i in range(size) if before[at + i] is not None}
    return found


def _nearest(row: set[Fixed], signatures: Collection[frozenset[Fixed]]) -> frozenset[Fixed] | None:
    """What was fixed in the row of then that a row of now looks like most; None when it looks like no row."""
    same = frozenset(row)
    if same in signatures:
        return same
    best, most = None, 0
    for signature in signatures:
        common = len(signature & row)
        if common > most and common >= ALIKE * len(signature):
            best, most = signature, common
    return best


def with_key_rows(maps: Mapping[str, SheetMap], keys: Mapping[str, str], names: Mapping[str, Area]) -> None:
    """Let the keys of tables tell their rows, wherever somebody moved them; `keys` are {key column: its sheet of then}.

    A key that is a fixed text goes by its text, one that is a formula by the cell that it names.
    """
    by_now = {sheet.contents.sheet: sheet for sheet in maps.values()}
    for name, home in keys.items():
        sheet = maps.get(home)
        range_ = sheet.record.names.get(name) if sheet else None
        if sheet is None or range_ is None or sheet.rows is SAME:
            continue
        column = sheet.columns.now(range_.left)
        prints = {_print(sheet.record, (row, range_.left)): row for row in range(range_.top, range_.bottom + 1)}
        prints.pop("", None)
        if column is None or not prints:
            continue
        exact: dict[int, int] = {}
        for now in _around(sheet, range_, names.get(name)):
            row = prints.get(_print_now(sheet, (now, column), by_now))
            if row is not None and (row not in exact or sheet.rows.now(row) == now):
                exact[row] = now
        left = [row for row in range(range_.top, range_.bottom + 1) if row not in exact]
        for row in left:  # somebody typed over the key, or cleared it
            place = sheet.rows.now(row)
            if place is not None and place not in exact.values():
                exact[row] = place
        sheet.rows = sheet.rows.with_exact(exact, range(range_.top, range_.bottom + 1))


def _around(sheet: SheetMap, range_: Range, area: Area | None) -> range:
    """The rows of now in which the rows of a table can be."""
    found = [now for row in range(range_.top - 1, range_.bottom + 2) if (now := sheet.rows.now(row))]
    if area and area.sheet == sheet.contents.sheet:
        found += [area.range.top, area.range.bottom]
    return range(min(found), max(found) + 1) if found else range(0)


def _print(record: Record, spot: Spot) -> str:
    """By what a key of then is known: the hash of its formula or of its text."""
    return record.formulas.get(spot) or record.texts.get(spot, "")


def _print_now(sheet: SheetMap, spot: Spot, by_now: Mapping[str, SheetMap]) -> str:
    formula = sheet.contents.formulas.get(spot)
    if formula is not None:
        return formula_hash(as_it_was(formula, sheet, by_now))
    value = sheet.contents.values.get(spot)
    return "" if value is None else text_hash(value)


def as_it_was(formula: str, home: SheetMap, by_now: Mapping[str, SheetMap], *, wider: bool = False) -> str:
    """The formula of now with the cells of then, "#REF!" for cells that were not there.

    `wider` lets a range run on over rows and columns beside it that are gone, as it did before somebody took them out.
    """

    def was(one: Reference) -> Reference | None:
        sheet = by_now.get(one.sheet) if one.sheet else home
        if sheet is None:
            return one
        top, left = sheet.rows.then(one.top), sheet.columns.then(one.left)
        bottom, right = sheet.rows.then(one.bottom), sheet.columns.then(one.right)
        if not (top and left and bottom and right):
            return None
        if wider and one.is_range:
            top, bottom = _wider(sheet.rows, top, bottom)
            left, right = _wider(sheet.columns, left, right)
        name = sheet.record.sheet if one.sheet else ""
        return one._replace(sheet=name, top=top, left=left, bottom=bottom, right=right)

    return with_references(formula, was)


def _wider(lines: Lines, first: int, last: int) -> tuple[int, int]:
    while first > 1 and lines.now(first - 1) is None:
        first -= 1
    while last - first < 1000 and lines.now(last + 1) is None:
        last += 1
    return first, last
