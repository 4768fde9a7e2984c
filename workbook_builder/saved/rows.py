"""The bytes of a worksheet, cut into what stands before its rows, the rows, and their cells; nothing is parsed twice.

Patterns find the pieces. That is exact for a part that is well-formed XML and, between its rows, only holds what every
spreadsheet program writes: a row and a cell say where they stand, there are no comments, and the prefix is one
throughout. Anything else raises `Unusual`.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from workbook_builder.saved.ranges import LAST_COLUMN, LAST_ROW, column_number

_SKIP = rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>"
_ROOT = re.compile(_SKIP + rb"|(<(?:[^\s/>:]+:)?worksheet(?:\s(?:[^\"'>]|\"[^\"]*\"|'[^']*')*)?>)", re.DOTALL)
_SHEET_DATA = re.compile(_SKIP + rb"|<((?:[^\s/>:]+:)?)sheetData(?:\s[^>]*?)?(/?)>", re.DOTALL)
_STYLE, _KIND = re.compile(rb"\ss\s*=\s*[\"'](\d+)[\"']"), re.compile(rb"\st\s*=\s*[\"'](\w+)[\"']")


class Unusual(Exception):
    """A sheet that may be sound and that we do not know how to read; the place in a few words."""


class Cell(NamedTuple):
    """A cell as it is written, and where it stands."""

    row: int
    column: int
    style: bytes  # the index of its style, b"" for the default
    kind: bytes  # what its value is: b"" or b"n", b"s", b"inlineStr", b"str", b"b", b"e" or b"d"
    stored: bytes  # its value as it is written, b"" for none
    body: bytes  # everything in it, b"" when that is the value alone
    raw: bytes


class Row(NamedTuple):
    """A row as it is written; `raw` begins with the white space in front of it."""

    number: int
    attributes: bytes
    cells: bytes
    raw: bytes


class Patterns:
    """How rows, cells and their contents look with the prefix of a sheet."""

    def __init__(self, prefix: bytes) -> None:
        p = re.escape(prefix)
        self.row_tag = re.compile(rb"\s*<%brow(\s(?:[^>]*?\s)?r\s*=\s*[\"'](\d{1,7})[\"'][^>]*?)(/?)>" % p)
        self.row_end = b"</" + prefix + b"row>"
        place = rb"r\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']"
        self.cell = re.compile(rb"(\s*<%bc(\s(?:[^>]*?\s)?%b[^>]*?)(?:/>|>(.*?)</%bc\s*>))" % (p, place, p), re.DOTALL)
        # the same for a cell as nearly every program writes it: faster, and it takes the cell apart
        value = rb"<%bv>([^<]*)</%bv></%bc>|(.*?)</%bc>" % (p, p, p, p)
        tag = rb'<%bc r="([A-Z]{1,3})(\d{1,7})"(?: s="(\d+)")?(?: t="(\w+)")?' % p
        self.plain_cell = re.compile(rb"(%b(?:/>|>(?:%b)))" % (tag, value), re.DOTALL)
        self.formula = re.compile(rb"<%bf(\s[^>]*?)?(?:/>|>([^<]*)</%bf\s*>)" % (p, p))
        self.value = re.compile(rb"<%bv(?:\s[^>]*?)?(?:/>|>([^<]*)</%bv\s*>)" % (p, p))
        self.text = re.compile(rb"<%bt(?:\s[^>]*?)?(?:/>|>([^<]*)</%bt\s*>)" % (p, p))
        self.phonetic = re.compile(rb"<%brPh\b.*?</%brPh\s*>" % (p, p), re.DOTALL)


patterns = functools.cache(Patterns)


@functools.cache
def _column(letters: bytes) -> int:
    return column_number(letters.decode())


class Slices(NamedTuple):
    """A worksheet in pieces: its root tag, what stands before the rows, the rows with their tags, and what follows."""

    root: bytes
    prefix: bytes
    head: bytes
    opening: bytes
    rows: bytes
    tail: bytes


def slice_part(part: bytes) -> Slices:
    """The pieces of a worksheet; an empty sheetData is opened."""
    root = next((found[1] for found in _ROOT.finditer(part) if found[1]), None)
    opening = next((found for found in _SHEET_DATA.finditer(part) if found[1] is not None), None)
    if root is None or opening is None:
        raise Unusual("sheetData")
    prefix, start = opening[1], opening.end()
    if opening[2]:
        return Slices(root, prefix, part[: opening.start()], b"<" + prefix + b"sheetData>", b"", part[start:])
    end = part.find(b"</" + prefix + b"sheetData", start)
    rows = part[start:end]
    mine = b"xmlns:" + prefix[:-1] if prefix else b"xmlns"
    bound_anew = mine in rows and re.search(rb"\s" + re.escape(mine) + rb"\s*=", rows)
    if end < 0 or b"<!" in rows or (b"?" in rows and b"<?" in rows) or bound_anew:
        raise Unusual("sheetData")
    behind = part[part.index(b">", end) + 1 :]
    return Slices(root, prefix, part[: opening.start()], part[opening.start() : start], rows, behind)


def cut_rows(rows: bytes, prefix: bytes) -> tuple[dict[int, Row], bytes]:
    """The rows by number, in order, and what stands behind the last one."""
    looks = patterns(prefix)
    found: dict[int, Row] = {}
    last = 0
    *pieces, rest = rows.split(looks.row_end)
    for piece in pieces:
        at, empty = 0, True
        while empty:  # rows without cells may stand in front, each an empty element
            tag = looks.row_tag.match(piece, at)
            if tag is None or not last < int(tag[2]) <= LAST_ROW:
                raise Unusual(f"row {last} +")
            start, at, last, empty = at, tag.end(), int(tag[2]), bool(tag[3])
            cells = b"" if empty else piece[at:]
            found[last] = Row(last, tag[1], cells, tag[0] if empty else piece[start:] + looks.row_end)
    at = 0
    while tag := looks.row_tag.match(rest, at):
        if not last < int(tag[2]) <= LAST_ROW or not tag[3]:
            raise Unusual(f"row {last} +")
        at, last = tag.end(), int(tag[2])
        found[last] = Row(last, tag[1], b"", tag[0])
    if rest[at:].strip():
        raise Unusual("sheetData")
    return found, rest[at:]


def cut_cells(row: Row, prefix: bytes) -> tuple[list[Cell], bytes]:
    """The cells of a row, from left to right, and what stands behind the last one."""
    looks, number, content = patterns(prefix), row.number, row.cells
    pieces = looks.plain_cell.findall(content)
    whole = b"".join([piece[0] for piece in pieces])
    if len(whole) < len(content):
        pieces = [_take_apart(*piece) for piece in looks.cell.findall(content)]
        whole = b"".join([piece[0] for piece in pieces])
    found: list[Cell] = []
    last, place = 0, str(number).encode()
    for raw, letters, digits, style, kind, stored, body in pieces:
        column = _column(letters)
        if digits != place or not last < column <= LAST_COLUMN:
            raise Unusual((letters + digits).decode())
        last = column
        found.append(Cell(number, column, style, kind, stored, body, raw))
    tail = content[len(whole) :]
    rest = tail.strip()
    if not content.startswith(whole) or (rest and not rest.startswith(b"<" + prefix + b"extLst")):
        raise Unusual(f"row {number}")
    return found, tail


def _take_apart(raw: bytes, tag: bytes, letters: bytes, digits: bytes, body: bytes) -> tuple[bytes, ...]:
    """A cell written in any way, in the pieces of a plain one."""
    style, kind = _STYLE.search(tag), _KIND.search(tag)
    return raw, letters, digits, style[1] if style else b"", kind[1] if kind else b"", b"", body


def with_cells(row: Row, cells: bytes, prefix: bytes) -> Row:
    """The row with other cells, as XML, which stand in the order of their columns."""
    lead = row.raw[: len(row.raw) - len(row.raw.lstrip())]
    tag = lead + b"<" + prefix + b"row" + row.attributes + b">"
    return row._replace(cells=cells, raw=tag + cells + patterns(prefix).row_end)
