"""A saved workbook -> a small one with the same cells, formulas, names and tables, for the engine to compute.

The engine refuses a whole workbook for one thing it does not know, and people put anything in theirs. The copy holds
only what formulas need. A formula that the engine cannot compute is frozen: it stands there as the value it has.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from workbook_builder.saved.book import Name, SavedBook
from workbook_builder.saved.cells import attributes_of, formula_text
from workbook_builder.saved.markup import NAMESPACES, escape
from workbook_builder.saved.package import write_zip
from workbook_builder.saved.sheet import Sheet
from workbook_builder.saved.tables import Table

MAIN, STRICT = NAMESPACES[""][:2]
RELATIONS, CONTENT_TYPES = NAMESPACES[""][2:]
OFFICE = NAMESPACES["r:"][0]
KNOWN_ERRORS = (b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!")
_OTHER_BOOK = re.compile(r"(?:^|[^\w.\]])\[\d+\]")  # [1]Sheet1!A1, and not a column table[2024]
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


class FormulaCell:
    """Where a formula cell of a sheet has its pieces: the tag, the formula, its attributes and text, and the rest."""

    def __init__(self, prefix: bytes) -> None:
        p = re.escape(prefix)
        formula = rb"\s*<%bf(\s[^>]*?)?(?:/>|>([^<]*)</%bf\s*>)" % (p, p)
        self.pattern = re.compile(rb"<%bc(\s[^>]*?)>(%b)(.*?)</%bc\s*>" % (p, formula, p), re.DOTALL)


formula_cell = functools.cache(lambda prefix: FormulaCell(prefix).pattern)


def cell_copy(book: SavedBook, frozen: Frozen) -> tuple[bytes, dict[str, str], set[tuple[str, str]]]:
    """(the copy, {sheet: its part in the copy}, the cells that are frozen as (sheet, name))."""
    sheets = book.worksheets()
    names = [name for name in book.all_names() if not name.name.startswith("_xlnm")]
    usable = [name for name in names if _is_usable(name)]
    unusable = {name.name for name in names} - {name.name for name in usable}
    refused = Frozen(frozen.words | unusable, frozen.cells, frozen.only).pattern(sheets)
    parts: dict[str, bytes] = {}
    places, held = {}, set()
    for number, sheet in enumerate(sheets, 1):
        places[sheet] = f"xl/worksheets/sheet{number}.xml"
        tables = [table for table in book.tables.values() if table.sheet == sheet]
        computed = frozen.only is None or sheet in frozen.only
        rows = b""
        if computed:
            rows, cells = _frozen_rows(book.sheet(sheet), refused, {at for name, at in frozen.cells if name == sheet})
            held |= {(sheet, at) for at in cells}
        parts[places[sheet]] = _sheet_part(book.sheet(sheet), rows, len(tables) if computed else 0)
        if tables and computed:
            parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = _relations(
                {f"rId{i}": ("table", f"../tables/table{number}_{i}.xml") for i in range(1, len(tables) + 1)}
            )
            for i, table in enumerate(tables, 1):
                parts[f"xl/tables/table{number}_{i}.xml"] = _table_part(table, number * 1000 + i)
    strings = book.shared_strings()
    if strings is not None:
        parts["xl/sharedStrings.xml"] = strings.replace(STRICT.encode(), MAIN.encode(), 1)
    return write_zip(_around(book, sheets, usable, parts)), places, held


def _is_usable(name: Name) -> bool:
    """Whether the engine takes a name: no column of a table, no other workbook, no macro."""
    macro = {name.attributes.get(key) for key in ("function", "vbProcedure", "xlm")} & {"1", "true"}
    return bool(name.refers) and "[" not in name.refers and not macro


def _frozen_rows(sheet: Sheet, refused: re.Pattern[str] | None, cells: set[str]) -> tuple[bytes, set[str]]:
    """The rows of a sheet with some formulas as values, and the names of those cells."""
    frozen: set[str] = set()
    masters: set[bytes] = set()  # the numbers of shared formulas that are frozen; the first cell has the text

    def keep_or_freeze(found: re.Match[bytes]) -> bytes:
        tag, _, attributes, raw, rest = found.groups(b"")
        if not attributes and not cells and refused is None and b"[" not in raw and not _METADATA.search(tag):
            return found[0]
        at = attributes_of(tag).get(b"r", b"").decode()
        kind = attributes_of(attributes)
        text = formula_text(raw)
        shared = kind.get(b"t") == b"shared"
        if not (
            at in cells
            or kind.get(b"t") in (b"array", b"dataTable")
            or _METADATA.search(tag)
            or (shared and kind.get(b"si", b"") in masters)
            or (refused is not None and refused.search(text))
            or _OTHER_BOOK.search(text)
        ):
            return found[0]
        frozen.add(at)
        if shared:
            masters.add(kind.get(b"si", b""))
        value = sheet.patterns.value.search(rest)
        p = sheet.prefix
        if value is None or not value[1]:
            return b'<%bc r="%b"/>' % (p, at.encode())
        t = attributes_of(tag).get(b"t", b"n")
        return b'<%bc r="%b" t="%b"><%bv>%b</%bv></%bc>' % (p, at.encode(), t, p, value[1], p, p)

    whole = b"".join(sheet.rows[number].raw for number in sorted(sheet.rows))
    whole = formula_cell(sheet.prefix).sub(keep_or_freeze, whole)
    whole = _CELL_METADATA.sub(lambda found: _METADATA.sub(b"", found[0]), whole)
    return _ERROR.sub(lambda found: found[1] + (found[2] if found[2] in KNOWN_ERRORS else b"#N/A"), whole), frozen


def _sheet_part(sheet: Sheet, rows: bytes, tables: int) -> bytes:
    """A worksheet with nothing but rows and tables."""
    root, p = sheet.elements()[0], sheet.prefix
    tag = sheet.frame[root.start : root.inner].replace(STRICT.encode(), MAIN.encode(), 1)
    pieces = [tag, b"<%bsheetData>" % p, rows, b"</%bsheetData>" % p]
    if tables:
        links = "".join(f'<{p.decode()}tablePart r:id="rId{i}"/>' for i in range(1, tables + 1)).encode()
        pieces.append(b'<%btableParts xmlns:r="%b" count="%d">' % (p, OFFICE.encode(), tables))
        pieces += [links, b"</%btableParts>" % p]
    return b"".join([*pieces, b"</%bworksheet>" % root.prefix])


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
