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
from workbook_builder.saved.calculation_copy import KNOWN_ERRORS, CopiedSheet, Copy, Frozen, cell_copy, formula_cell
from workbook_builder.saved.cells import attributes_of
from workbook_builder.saved.rows import Unusual, patterns
from workbook_builder.workbook.recalculate import RecalculationRefused, computed

ATTEMPTS = 8  # each takes a tenth of a second for a plan
_PLACE = re.compile(r"\bin (.+)!([A-Z]{1,3}[0-9]{1,7})\b")
_AT = re.compile(rb"\sr\s*=\s*[\"']([A-Z]+[0-9]+)[\"']")
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
    """Put the computed values into the cells of the book, in the rows where the engine changed any."""
    kept, errors = [f"{sheet}!{at}" for sheet, at in sorted(copy.frozen)], []
    with zipfile.ZipFile(io.BytesIO(result)) as archive:
        for name, sheet in copy.sheets.items():
            prefix, answer = sheet.pieces.prefix, sheet.rows_of(archive.read(sheet.part))
            errors += [f"{name}!{at}" for at in _errors(answer, prefix)]
            left: list[str] = []
            if changed := _changed_rows(sheet, answer, left):
                book.rewrite_rows(name, sheet.pieces, changed)
            kept += [f"{name}!{at}" for at in left if (name, at) not in copy.frozen]
    return Freshness(tuple(kept), tuple(errors))


def _changed_rows(sheet: CopiedSheet, answer: bytes, left: list[str]) -> dict[int, bytes]:
    """The rows with other values than they have now, {place among the rows: bytes}; adds what has to stay to `left`.

    A row is what stands before an end tag of a row, so the copy has as many as the sheet. Rows that the engine added,
    for an array, are left out.
    """
    prefix = sheet.pieces.prefix
    end = patterns(prefix).row_end
    asked, answered = sheet.rows.split(end), answer.split(end)
    if len(asked) != len(answered):
        found = {_row_number(row, prefix): row for row in answered}
        answered = [found.get(_row_number(row, prefix), row) for row in asked]
    places = [at for at, row in enumerate(asked[:-1]) if row != answered[at]]  # behind the last are no cells
    if not places:
        return {}
    before = sheet.pieces.rows.split(end)
    rows = {at: _with_answers(before[at], prefix, _answers(asked[at], answered[at], prefix), left) for at in places}
    return {at: row for at, row in rows.items() if row != before[at]}


def _row_number(row: bytes, prefix: bytes) -> bytes:
    """The number of the last row in some bytes, b"" behind the last one."""
    tags = patterns(prefix).row_tag.findall(row)
    return tags[-1][1] if tags else b""


def _errors(part: bytes, prefix: bytes) -> list[str]:
    """The formula cells of a sheet that hold an error."""
    if b't="e"' not in part:
        return []
    cells = (attributes_of(found[1]) for found in formula_cell(prefix).finditer(part))
    return [cell.get(b"r", b"").decode() for cell in cells if cell.get(b"t") == b"e"]


def _answers(asked: bytes, answered: bytes, prefix: bytes) -> dict[bytes, Answer | None]:
    """The values of a row by cell that the engine changed; None for a formula that it took for an array."""
    before = {found[0] for found in formula_cell(prefix).finditer(asked)}
    answers: dict[bytes, Answer | None] = {}
    for cell in formula_cell(prefix).finditer(answered):
        if cell[0] not in before:
            attributes = attributes_of(cell[1])
            kind = attributes.get(b"t", b"")
            value = patterns(prefix).value.search(cell[5])
            stored = value[1] or b"" if value else b""
            is_strange = kind == b"e" and stored not in KNOWN_ERRORS
            is_array = b"array" in (cell[3] or b"") or b"cm" in attributes
            answers[attributes.get(b"r", b"")] = None if is_strange or is_array else (kind, stored)
    return answers


def _with_answers(row: bytes, prefix: bytes, answers: Mapping[bytes, Answer | None], left: list[str]) -> bytes:
    """A row with the values in its formula cells; adds the cells without an answer to `left`."""
    p, value_of = prefix, patterns(prefix).value

    def with_answer(found: re.Match[bytes]) -> bytes:
        tag, formula, _, _, rest = found.groups(b"")
        at = _AT.search(tag)
        if at is None or at[1] not in answers:
            return found[0]
        answer = answers[at[1]]
        if answer is None:
            left.append(at[1].decode())
            return found[0]
        kind, stored = answer
        look = _KIND.sub(b"", tag) + (b' t="%b"' % kind if kind else b"")
        return b"<%bc%b>%b<%bv>%b</%bv>%b</%bc>" % (p, look, formula, p, stored, p, value_of.sub(b"", rest), p)

    return formula_cell(p).sub(with_answer, row)
