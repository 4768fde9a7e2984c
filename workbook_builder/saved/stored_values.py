"""The values behind the formulas of an edited workbook, computed on a copy and put into their cells.

Only the value of a formula cell changes, never a formula, and no other cell. Excel computes everything again when it
opens the file; until then, in previews and for programs that read values, these stand there.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from workbook_builder.saved.book import SavedBook
from workbook_builder.saved.calculation_copy import KNOWN_ERRORS, Copy, Frozen, cell_copy, formula_cell
from workbook_builder.saved.cells import attributes_of
from workbook_builder.saved.rows import Unusual, cut_rows, patterns, slice_part
from workbook_builder.workbook.recalculate import RecalculationRefused, computed

ATTEMPTS = 8  # each takes a tenth of a second for a plan
_PLACE = re.compile(r"\bin (.+)!([A-Z]{1,3}[0-9]{1,7})\b")
_KIND = re.compile(rb"\s+t\s*=\s*[\"']\w*[\"']")

Answer = tuple[bytes, bytes]
"""The kind of a value, b"" for a number, and the value as it is written; b"" for an empty one."""


@dataclass(frozen=True)
class Freshness:
    """What became of the formulas: which kept the value they had, and which hold an error, as "Sheet!B7".

    `refusal` says why no value at all could be computed; None when they could.
    """

    kept: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    refusal: str | None = None


def fresh_values(book: SavedBook, own: Collection[str] | None = None) -> Freshness:
    """Give the formula cells of an edited workbook the values that belong to its cells now.

    A formula that the engine cannot compute keeps the value that the file has for it: array formulas, links to other
    workbooks, functions it does not know. `own` names the sheets that have to be right if the workbook as a whole is
    refused, for something that somebody put on a sheet of their own; the formulas of the others then keep their values.
    """
    frozen, refusal = Frozen(), "no attempt left"
    for _ in range(ATTEMPTS):
        try:
            copy = cell_copy(book, frozen)
            result = computed(copy.content)
        except (RecalculationRefused, Unusual) as fault:
            refusal = str(fault)
            if not _freeze_more(frozen, refusal, book, own):
                break
            continue
        if unknown := set(result.unknown_functions) - frozen.words:
            frozen.words |= unknown
            continue
        return _put(book, copy, result.content)
    return Freshness(refusal=refusal)


def _freeze_more(frozen: Frozen, refusal: str, book: SavedBook, own: Collection[str] | None) -> bool:
    """Leave out what was refused; False when there is nothing left to leave out."""
    found = _PLACE.search(refusal)
    sheets = {sheet.lower(): sheet for sheet in book.sheets}
    if found and found[1].lower() in sheets and (sheets[found[1].lower()], found[2]) not in frozen.cells:
        frozen.cells.add((sheets[found[1].lower()], found[2]))
        return True
    if own is not None and frozen.only is None:
        frozen.only = frozenset(own)
        return True
    return False


def _put(book: SavedBook, copy: Copy, result: bytes) -> Freshness:
    """Put the computed values into the cells of the book, row by row where the engine changed any."""
    kept, errors = [f"{sheet}!{at}" for sheet, at in sorted(copy.frozen)], []
    with zipfile.ZipFile(io.BytesIO(result)) as archive:
        for name, (part, prefix, asked) in copy.sheets.items():
            answer = slice_part(archive.read(part)).rows
            errors += [f"{name}!{at}" for at in _errors(answer, prefix)]
            changed = _changed_rows(asked, answer, prefix)
            if changed:
                answers = _answers(b"".join(changed.values()), prefix)
                left: list[str] = []
                book.rewrite_rows(name, changed, lambda cells: _with_answers(cells, prefix, answers, left))  # noqa: B023
                kept += [f"{name}!{at}" for at in left if (name, at) not in copy.frozen]
    return Freshness(tuple(kept), tuple(errors))


def _changed_rows(asked: bytes, answer: bytes, prefix: bytes) -> dict[int, bytes]:
    """The rows that the engine changed, {number: its cells}; it may have added rows for an array."""
    if asked == answer:
        return {}
    end = patterns(prefix).row_end
    before, after = asked.split(end), answer.split(end)
    if len(before) == len(after):
        pairs = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        asked, answer = (b"".join(row + end for row in rows) for rows in zip(*pairs, strict=True))
    old_rows, new_rows = cut_rows(asked, prefix)[0], cut_rows(answer, prefix)[0]
    return {number: new_rows[number].cells for number, old in old_rows.items() if new_rows[number].cells != old.cells}


def _errors(part: bytes, prefix: bytes) -> list[str]:
    """The formula cells of a sheet that hold an error."""
    if b't="e"' not in part:
        return []
    cells = (attributes_of(found[1]) for found in formula_cell(prefix).finditer(part))
    return [cell.get(b"r", b"").decode() for cell in cells if cell.get(b"t") == b"e"]


def _answers(cells: bytes, prefix: bytes) -> dict[bytes, Answer]:
    """The computed values of a row by cell; none for a formula that the engine took for an array."""
    found: dict[bytes, Answer] = {}
    for cell in formula_cell(prefix).finditer(cells):
        attributes = attributes_of(cell[1])
        kind = attributes.get(b"t", b"")
        value = patterns(prefix).value.search(cell[5])
        stored = value[1] or b"" if value else b""
        is_strange = kind == b"e" and stored not in KNOWN_ERRORS
        if b"array" not in (cell[3] or b"") and b"cm" not in attributes and not is_strange:
            found[attributes.get(b"r", b"")] = (kind, stored)
    return found


def _with_answers(cells: bytes, prefix: bytes, answers: Mapping[bytes, Answer], left: list[str]) -> bytes:
    """The cells of a row with the values in its formula cells; adds the cells without an answer to `left`."""
    p, value_of = prefix, patterns(prefix).value

    def with_answer(found: re.Match[bytes]) -> bytes:
        tag, formula, _, _, rest = found.groups(b"")
        attributes = attributes_of(tag)
        at = attributes.get(b"r", b"")
        if at not in answers:
            left.append(at.decode())
            return found[0]
        kind, stored = answers[at]
        value = value_of.search(rest)
        if (attributes.get(b"t", b"n"), value[1] or b"" if value else b"") == (kind or b"n", stored):
            return found[0]
        look = _KIND.sub(b"", tag) + (b' t="%b"' % kind if kind else b"")
        return b"<%bc%b>%b<%bv>%b</%bv>%b</%bc>" % (p, look, formula, p, stored, p, value_of.sub(b"", rest), p)

    return formula_cell(p).sub(with_answer, cells)
