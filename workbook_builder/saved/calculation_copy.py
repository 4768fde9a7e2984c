"""A saved workbook -> a small one with the same cells, formulas, names and tables, for the engine to compute.

The engine refuses a whole workbook for one thing it does not know, and people put anything in theirs. The copy holds
only what formulas need. A formula that the engine cannot compute is frozen: it stands there as the value it has.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from workbook_builder.saved.book import Name, SavedBook
from workbook_builder.saved.cells import attributes_of, formula_text
from workbook_builder.saved.markup import NAMESPACES, escape
from workbook_builder.saved.package import write_zip
from workbook_builder.saved.ranges import Area
from workbook_builder.saved.rows import Slices, patterns
from workbook_builder.saved.tables import Table

MAIN, STRICT = NAMESPACES[""][:2]
RELATIONS, CONTENT_TYPES = NAMESPACES[""][2:]
OFFICE = NAMESPACES["r:"][0]
KNOWN_ERRORS = (b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!")
_OTHER_BOOK = re.compile(r"(?:^|[^\w.\]])\[\d+\]")  # [1]Sheet1!A1, and not a column table[2024]
_SUSPECT = (b"array", b"dataTable", b't="e"', b"t='e'", b"m=")  # without cm, vm, these and [1], nothing is frozen
_BRACKET = re.compile(rb"\[\d")
_LETTERS = bytes(ord("a") if chr(byte) in "abcdefghijklmnopqrstuvwxyz_" else byte for byte in range(256))
_DOTTED = re.compile(rb"[\w\\?\x80-\xff]+\.[\w.\\?\x80-\xff]+")
_COLUMN = re.compile(rb"[\w.\\\x80-\xff]+\[[^\[\]#'@]*\]")
_QUOTE = re.compile(rb"(\"|&quot;)")
_METADATA = re.compile(rb"\s[cv]m\s*=\s*[\"']\d+[\"']")
_CELL_METADATA = re.compile(rb"<(?:[^\s/>:]+:)?c\s[^>]*?\s[cv]m\s*=[^>]*>")
_ERROR = re.compile(rb"(<(?:[^\s/>:]+:)?c\s[^>]*?\st\s*=\s*[\"']e[\"'][^>]*>\s*<(?:[^\s/>:]+:)?v>)([^<]*)")


@dataclass
class Frozen:
    """Which formulas stand in the copy as values: those with these words, these cells, and all of other sheets.

    `only` names the sheets that are computed, None for all; the others are left out of the copy, so formulas that
    name them are frozen too.
    """

    words: set[str] = field(default_factory=set)
    cells: set[tuple[str, str]] = field(default_factory=set)
    only: frozenset[str] | None = None

    def pattern(self, sheets: list[str]) -> re.Pattern[str] | None:
        """What a formula must not hold to be computed."""
        words = [rf"(?<![\w.]){re.escape(word)}(?![\w.])" for word in sorted(self.words)]
        gone = [sheet for sheet in sheets if self.only is not None and sheet not in self.only]
        names = [re.escape(name) + "!" for sheet in gone for name in (sheet, "'" + sheet.replace("'", "''") + "'")]
        return re.compile("|".join(words + names), re.IGNORECASE) if words or names else None


@dataclass(frozen=True)
class Copy:
    """The copy, its sheets by name, and the cells that are frozen, as (sheet, name)."""

    content: bytes
    sheets: dict[str, CopiedSheet]
    frozen: frozenset[tuple[str, str]]


class CopiedSheet(NamedTuple):
    """A sheet of the copy: its part, the pieces of the sheet it was made of, and the rows that it has."""

    part: str
    pieces: Slices
    rows: bytes

    def rows_of(self, part: bytes) -> bytes:
        """The rows of the part of this sheet after its values were computed; nothing else in it changes."""
        tag = b"<" + self.pieces.prefix + b"sheetData>"
        return part[part.index(tag) + len(tag) : part.rindex(b"</" + tag[1:])]


@functools.cache
def formula_cell(prefix: bytes) -> re.Pattern[bytes]:
    """A cell with a formula: its attributes, the formula, the attributes and text of that, and the rest."""
    p = re.escape(prefix)
    formula = rb"\s*<%bf(\s[^>]*?)?(?:/>|>([^<]*)</%bf\s*>)" % (p, p)
    return re.compile(rb"<%bc(\s[^>]*?)>(%b)(.*?)</%bc\s*>" % (p, formula, p), re.DOTALL)


def cell_copy(book: SavedBook, frozen: Frozen) -> Copy:
    """The cells, formulas, names and tables of a book as it is now."""
    sheets = book.worksheets()
    pieces = {sheet: book.slices(sheet) for sheet in sheets if frozen.only is None or sheet in frozen.only}
    used = _used_names(book.all_names(), [each.rows for each in pieces.values()])
    usable = [name for name in used if _is_usable(name)]
    unusable = {name.name for name in used} - {name.name for name in usable}
    refused = Frozen(frozen.words | unusable, frozen.cells, frozen.only).pattern(sheets)
    columns = {name: cells for table in book.tables.values() for name, cells in _columns(table)}
    parts: dict[str, bytes] = {}
    copied: dict[str, CopiedSheet] = {}
    held: set[tuple[str, str]] = set()
    for number, sheet in enumerate(sheets, 1):
        part = f"xl/worksheets/sheet{number}.xml"
        if sheet not in pieces:
            parts[part] = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode()
            continue
        rows, cells = _frozen_rows(pieces[sheet], refused, {at for name, at in frozen.cells if name == sheet})
        rows = lean(rows, pieces[sheet].prefix, columns)
        held |= {(sheet, at) for at in cells}
        tables = [table for table in book.tables.values() if table.sheet == sheet]
        parts[part] = _sheet_part(pieces[sheet], rows, len(tables))
        copied[sheet] = CopiedSheet(part, pieces[sheet], rows)
        links = {f"rId{i}": ("table", f"../tables/table{number}_{i}.xml") for i in range(1, len(tables) + 1)}
        if tables:
            parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = _relations(links)
        for i, table in enumerate(tables, 1):
            parts[f"xl/tables/table{number}_{i}.xml"] = _table_part(table, number * 1000 + i)
    strings = book.shared_strings()
    if strings is not None:
        parts["xl/sharedStrings.xml"] = strings.replace(STRICT.encode(), MAIN.encode(), 1)
    return Copy(write_zip(_around(book, sheets, usable, parts)), copied, frozenset(held))


def _used_names(names: Sequence[Name], rows: list[bytes]) -> list[Name]:
    """The names that a formula may use: a plan's own formulas use none of its thousand, and each costs the engine time.

    Left out are Excel's own, and names that have two small letters on both sides of a dot, as ours have, and stand in
    no cell and no other name.
    """
    words: set[bytes] = set()
    for text in (*rows, *(name.refers.encode() for name in names if "." in name.refers)):
        if b"aa.aa" in text.translate(_LETTERS):
            words.update(_DOTTED.findall(text.lower()))
    return [
        name
        for name in names
        if not name.name.startswith("_xlnm") and (not _is_ours(name.name) or name.name.lower().encode() in words)
    ]


def _is_ours(name: str) -> bool:
    """Whether a name has two small letters on both sides of a dot."""
    return name.isascii() and b"aa.aa" in name.encode().translate(_LETTERS)


def lean(rows: bytes, prefix: bytes, columns: Mapping[bytes, bytes]) -> bytes:
    """The rows without empty cells, and with cells for the columns of tables: the engine then needs half the time.

    `columns` gives the cells of `table[column]`. Only a whole column by the plain name of its table becomes cells, in
    formulas and not in their texts; anything else stays as it is written.
    """
    rows = re.sub(rb"<%bc\s[^>/]*/>" % re.escape(prefix), b"", rows)

    def with_cells(found: re.Match[bytes]) -> bytes:
        pieces = _QUOTE.split(found[2])  # a piece between two quotes is a text
        for at in range(0, len(pieces), 4):
            pieces[at] = _COLUMN.sub(lambda each: columns.get(each[0], each[0]), pieces[at])
        return found[1] + b"".join(pieces)

    if b"[" not in rows:
        return rows
    return re.sub(rb"(<%bf(?:\s[^>]*)?>)([^<\[]*\[[^<]*)" % re.escape(prefix), with_cells, rows)


def _columns(table: Table) -> Iterator[tuple[bytes, bytes]]:
    """How a formula names each column of a table, and the cells of it."""
    for at, column in enumerate(table.columns, table.range.left):
        cells = Area(table.sheet, table.body._replace(left=at, right=at))
        yield escape(f"{table.name}[{column.heading}]").encode(), escape(str(cells)).encode()


def _is_usable(name: Name) -> bool:
    """Whether the engine takes a name: no column of a table, no other workbook, no macro."""
    macro = {name.attributes.get(key) for key in ("function", "vbProcedure", "xlm")} & {"1", "true"}
    return bool(name.refers) and "[" not in name.refers and not macro


def _frozen_rows(pieces: Slices, refused: re.Pattern[str] | None, cells: set[str]) -> tuple[bytes, set[str]]:
    """The rows of a sheet with some formulas as values, and the names of those cells."""
    suspect = any(word in pieces.rows for word in _SUSPECT) or _BRACKET.search(pieces.rows)
    if refused is None and not cells and not suspect:
        return pieces.rows, set()
    frozen: set[str] = set()
    masters: set[bytes] = set()  # the numbers of shared formulas that are frozen; the first cell has the text
    p, value_of = pieces.prefix, patterns(pieces.prefix).value

    def keep_or_freeze(found: re.Match[bytes]) -> bytes:
        tag, _, attributes, raw, rest = found.groups(b"")
        at, kind, text = attributes_of(tag).get(b"r", b""), attributes_of(attributes), formula_text(raw)
        shared = kind.get(b"si", b"") if kind.get(b"t") == b"shared" else None
        if not (
            at.decode() in cells
            or kind.get(b"t") in (b"array", b"dataTable")
            or shared in masters
            or _METADATA.search(tag)
            or _OTHER_BOOK.search(text)
            or (refused is not None and refused.search(text))
        ):
            return found[0]
        frozen.add(at.decode())
        if shared is not None:
            masters.add(shared)
        value = value_of.search(rest)
        if value is None or not value[1]:
            return b'<%bc r="%b"/>' % (p, at)
        return b'<%bc r="%b" t="%b"><%bv>%b</%bv></%bc>' % (
            p,
            at,
            attributes_of(tag).get(b"t", b"n"),
            p,
            value[1],
            p,
            p,
        )

    rows = formula_cell(p).sub(keep_or_freeze, pieces.rows)
    rows = _CELL_METADATA.sub(lambda found: _METADATA.sub(b"", found[0]), rows)
    return _ERROR.sub(lambda found: found[1] + (found[2] if found[2] in KNOWN_ERRORS else b"#N/A"), rows), frozen


def _sheet_part(pieces: Slices, rows: bytes, tables: int) -> bytes:
    """A worksheet with nothing but rows and tables."""
    root, p = pieces.root.replace(STRICT.encode(), MAIN.encode(), 1), pieces.prefix
    parts = [root, b"<%bsheetData>" % p, rows, b"</%bsheetData>" % p]
    if tables:
        links = "".join(f'<{p.decode()}tablePart r:id="rId{i}"/>' for i in range(1, tables + 1)).encode()
        parts.append(b'<%btableParts xmlns:r="%b" count="%d">' % (p, OFFICE.encode(), tables))
        parts += [links, b"</%btableParts>" % p]
    name = root[1:].split(None, 1)[0].rstrip(b">")
    return b"".join([*parts, b"</" + name + b">"])


def _table_part(table: Table, number: int) -> bytes:
    """A table with its name, range and headings."""
    columns = "".join(
        f'<tableColumn id="{i}" name="{_quoted(column.heading)}"/>' for i, column in enumerate(table.columns, 1)
    )
    name = _quoted(table.name)
    counts = f'headerRowCount="{table.header_rows}" totalsRowCount="{table.total_rows}"'
    return (
        f'<table xmlns="{MAIN}" id="{number}" name="{name}" displayName="{name}" ref="{table.range}" {counts}>'
        f'<tableColumns count="{len(table.columns)}">{columns}</tableColumns></table>'
    ).encode()


def _around(book: SavedBook, sheets: list[str], names: list[Name], parts: dict[str, bytes]) -> dict[str, bytes]:
    """All parts of the copy: those given, and what makes a workbook of them."""
    types = "".join(
        f'<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
        f'{_content_type(part)}+xml"/>'
        for part in ("xl/workbook.xml", *parts)
        if not part.endswith(".rels")
    )
    links = {f"rId{i}": ("worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(sheets) + 1)}
    if "xl/sharedStrings.xml" in parts:
        links["rId0"] = ("sharedStrings", "sharedStrings.xml")
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return {
        "[Content_Types].xml": f'<Types xmlns="{CONTENT_TYPES}"><Default Extension="rels" ContentType="{rels}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'.encode(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/_rels/workbook.xml.rels": _relations(links),
        "xl/workbook.xml": _workbook_part(book, sheets, names),
        **parts,
    }


def _workbook_part(book: SavedBook, sheets: list[str], names: list[Name]) -> bytes:
    tabs = "".join(f'<sheet name="{_quoted(name)}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(sheets, 1))
    defined = "".join(
        f'<definedName name="{_quoted(each.name)}"{_scope(each, sheets)}>{escape(each.refers)}</definedName>'
        for each in names
        if each.sheet is None or each.sheet in sheets
    )
    dates = '<workbookPr date1904="1"/>' if book.date1904 else ""
    all_names = f"<definedNames>{defined}</definedNames>" if defined else ""
    head = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{dates}'
    return f"{head}<sheets>{tabs}</sheets>{all_names}</workbook>".encode()


def _scope(name: Name, sheets: list[str]) -> str:
    return "" if name.sheet is None else f' localSheetId="{sheets.index(name.sheet)}"'


def _relations(links: dict[str, tuple[str, str]]) -> bytes:
    """A part with relationships, {id: (kind, target)}."""
    each = "".join(
        f'<Relationship Id="{id_}" Type="{OFFICE}/{kind}" Target="{target}"/>' for id_, (kind, target) in links.items()
    )
    return f'<Relationships xmlns="{RELATIONS}">{each}</Relationships>'.encode()


def _content_type(part: str) -> str:
    kinds = {"xl/workbook.xml": "sheet.main", "xl/sharedStrings.xml": "sharedStrings"}
    return kinds.get(part) or ("table" if part.startswith("xl/tables/") else "worksheet")


def _quoted(text: str) -> str:
    """A text as the value of an attribute."""
    return escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
