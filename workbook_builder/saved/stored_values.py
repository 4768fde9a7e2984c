"""The values behind the formulas of an edited workbook, computed on a copy and put into their cells.

Only the value of a formula cell changes, never a formula, and no other cell. Excel computes everything again when it
opens the file; until then, in previews and for programs that read values, these stand there.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection
from dataclasses import dataclass

from workbook_builder.saved.book import SavedBook
from workbook_builder.saved.calculation_copy import KNOWN_ERRORS, Frozen, cell_copy, formula_cell
from workbook_builder.saved.cells import attributes_of
from workbook_builder.saved.sheet import Sheet, patterns
from workbook_builder.workbook.recalculate import Computed, RecalculationRefused, computed

ATTEMPTS = 8  # each takes a tenth of a second for a plan
_PLACE = re.compile(r"\bin (.+)!([A-Z]{1,3}[0-9]{1,7})\b")
_KIND = re.compile(rb"\s+t\s*=\s*[\"']\w*[\"']")

Answer = tuple[bytes, bytes]
"""The kind of a value, b"" for a number, and the value as it is written; b"" for an empty one."""


@dataclass(frozen=True)
class Freshness:
    """What became of the formulas: how many have a new value, which kept the one they had, which hold an error.

    Cells are given as "Sheet!B7". `refusal` says why no value at all could be computed; None when they could.
    """

    computed: int
    kept: tuple[str, ...]
    errors: tuple[str, ...]
    refusal: str | None = None


def fresh_values(book: SavedBook, own: Collection[str] | None = None) -> Freshness:
    """Give the formula cells of an edited workbook the values that belong to its cells now.

    A formula that the engine cannot compute keeps the value that the file has for it: array formulas, links to other
    workbooks, functions it does not know. `own` names the sheets that have to be right if the workbook as a whole is
    refused, for something that somebody put on a sheet of their own; the formulas of the others then keep their values.
    """
    frozen, refusal = Frozen(), None
    for _ in range(ATTEMPTS):
        copy, places, held = cell_copy(book, frozen)
        try:
            result = computed(copy)
        except RecalculationRefused as fault:
            refusal = str(fault)
            if not _freeze_more(frozen, refusal, book, own):
                break
            continue
        if unknown := set(result.unknown_functions) - frozen.words:
            frozen.words |= unknown
            continue
        return _put(book, result, places, held)
    return Freshness(0, tuple(_all_formulas(book)), (), refusal)


def _freeze_more(frozen: Frozen, refusal: str, book: SavedBook, own: Collection[str] | None) -> bool:
    """Leave out what the engine refused; False when there is nothing left to leave out."""
    found = _PLACE.search(refusal)
    sheets = {sheet.lower(): sheet for sheet in book.sheets}
    if found and found[1].lower() in sheets and (sheets[found[1].lower()], found[2]) not in frozen.cells:
        frozen.cells.add((sheets[found[1].lower()], found[2]))
        return True
    if own is not None and frozen.only is None:
        frozen.only = frozenset(own)
        return True
    return False


def _put(book: SavedBook, result: Computed, places: dict[str, str], held: set[tuple[str, str]]) -> Freshness:
    """Put the computed values into the cells of the book."""
    count, kept, errors = 0, [f"{sheet}!{at}" for sheet, at in sorted(held)], []
    with zipfile.ZipFile(io.BytesIO(result.content)) as archive:
        for name, place in places.items():
            sheet = book.sheet(name)
            answers = _answers(archive.read(place), sheet)
            done, left, wrong = _put_in_sheet(sheet, answers)
            count += done
            kept += [f"{name}!{at}" for at in left if (name, at) not in held]
            errors += [f"{name}!{at}" for at in wrong]
    return Freshness(count, tuple(kept), tuple(errors))


def _answers(part: bytes, sheet: Sheet) -> dict[bytes, Answer]:
    """The computed values by cell; none for a formula that the engine took for an array."""
    found: dict[bytes, Answer] = {}
    for cell in formula_cell(sheet.prefix).finditer(part):
        attributes = attributes_of(cell[1])
        kind = attributes.get(b"t", b"")
        value = patterns(sheet.prefix).value.search(cell[5])
        stored = value[1] or b"" if value else b""
        is_error = kind == b"e" and stored not in KNOWN_ERRORS
        if b"array" not in (cell[3] or b"") and b"cm" not in attributes and not is_error:
            found[attributes.get(b"r", b"")] = (kind, stored)
    return found


def _put_in_sheet(sheet: Sheet, answers: dict[bytes, Answer]) -> tuple[int, list[str], list[str]]:
    """(how many cells have an answer, the formula cells without one, those with an error)."""
    done, left, wrong = 0, [], []
    pattern, p = formula_cell(sheet.prefix), sheet.prefix

    def with_answer(found: re.Match[bytes]) -> bytes:
        nonlocal done
        tag, formula, _, _, rest = found.groups(b"")
        at = attributes_of(tag).get(b"r", b"")
        if at not in answers:
            left.append(at.decode())
            return found[0]
        kind, stored = answers[at]
        done += 1
        if kind == b"e":
            wrong.append(at.decode())
        value = sheet.patterns.value.search(rest)
        old = attributes_of(tag).get(b"t", b"n"), value[1] or b"" if value else b""
        if old == (kind or b"n", stored):
            return found[0]
        look = _KIND.sub(b"", tag) + (b' t="%b"' % kind if kind else b"")
        behind = sheet.patterns.value.sub(b"", rest)
        return b"<%bc%b>%b<%bv>%b</%bv>%b</%bc>" % (p, look, formula, p, stored, p, behind, p)

    for row in list(sheet.rows.values()):
        cells = pattern.sub(with_answer, row.cells)
        if cells != row.cells:
            sheet.put_row(row, cells)
    return done, left, wrong


def _all_formulas(book: SavedBook) -> list[str]:
    """Every formula cell, as "Sheet!B7"."""
    return [
        f"{name}!{attributes_of(found[1]).get(b'r', b'').decode()}"
        for name in book.worksheets()
        for row in book.sheet(name).rows.values()
        for found in formula_cell(book.sheet(name).prefix).finditer(row.cells)
    ]
