"""One worksheet: its rows and cells as bytes, its frame (all the rest) as XML, and the edits on both.

The frame is the part with an empty sheetData in the place of the rows. Rows that nobody asks for stay one piece of
bytes; a row that changes is cut into cells, and its untouched cells stay as they are. Only what every spreadsheet
program writes is understood: a cell that says where it stands, no comments between cells, one prefix throughout.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from workbook_builder.saved.cells import (
    Formula,
    Value,
    attributes_of,
    cell_xml,
    clean_text,
    formula_text,
    number_text,
    plain_text,
    stored_number,
)
from workbook_builder.saved.markup import Edit, Element, MarkupFault, check, edited, with_attribute
from workbook_builder.saved.package import Package
from workbook_builder.saved.ranges import LAST_ROW, Range, cell_name, parse_range
from workbook_builder.saved.shared_formulas import give_new_masters

_SKIP = rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>"
_SHEET_DATA = re.compile(_SKIP + rb"|<((?:[^\s/>:]+:)?)sheetData(?:\s[^>]*?)?(/?)>", re.DOTALL)
_SPAN = re.compile(rb"\sspans\s*=\s*[\"'](\d+):(\d+)[\"']")
Place = tuple[int, int]  # row and column
NOT_COPIED = (b"r", b"spans", b"hidden", b"collapsed", b"outlineLevel")  # of a row to the rows that follow it


class Cell(NamedTuple):
    """A cell as it is written, and where it stands."""

    row: int
    column: int
    attributes: dict[bytes, bytes]
    body: bytes
    raw: bytes

    @property
    def style(self) -> bytes | None:
        """The index of its style, None for the default."""
        return self.attributes.get(b"s")


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
        self.row = re.compile(rb"\s*<%brow(\s[^>]*?)?(?:/>|>(.*?)</%brow\s*>)" % (p, p), re.DOTALL)
        self.cell = re.compile(rb"\s*<%bc(\s[^>]*?)?(?:/>|>(.*?)</%bc\s*>)" % (p, p), re.DOTALL)
        self.formula = re.compile(rb"<%bf(\s[^>]*?)?(?:/>|>([^<]*)</%bf\s*>)" % (p, p))
        self.value = re.compile(rb"<%bv(?:\s[^>]*?)?(?:/>|>([^<]*)</%bv\s*>)" % (p, p))
        self.text = re.compile(rb"<%bt(?:\s[^>]*?)?(?:/>|>([^<]*)</%bt\s*>)" % (p, p))
        self.phonetic = re.compile(rb"<%brPh\b.*?</%brPh\s*>" % (p, p), re.DOTALL)


patterns = functools.cache(Patterns)


class Sheet:
    """A worksheet of an open package; `store` puts it back. Raises `InputError` for one it cannot change safely."""

    def __init__(
        self, package: Package, part: str, name: str, texts: Callable[[], list[str]], *, date1904: bool = False
    ) -> None:
        self.package, self.part, self.name, self.date1904 = package, part, name, date1904
        self.texts = texts  # the shared strings, read when the first is needed
        whole = package.part(part)
        try:
            check(whole)
        except MarkupFault as fault:
            raise package.damaged(f"{part}: {fault}") from None
        opening = next((found for found in _SHEET_DATA.finditer(whole) if found[1] is not None), None)
        if opening is None:
            raise package.damaged(f"{part}: sheetData")
        self.prefix = opening[1]
        self.patterns = patterns(self.prefix)
        closing = b"</" + self.prefix + b"sheetData"
        start, end = opening.end(), opening.end()
        if not opening[2]:
            end = whole.index(closing, start)
        self._placeholder = b"<" + self.prefix + b"sheetData/>"
        after = end if opening[2] else whole.index(b">", end) + 1
        self.frame = whole[: opening.start()] + self._placeholder + whole[after:]
        self._opening = whole[opening.start() : start] if not opening[2] else b"<" + self.prefix + b"sheetData>"
        self._check_rows(whole[start:end])
        self.rows, self._tail = self._cut(whole[start:end])
        self.changed = False
        self.formulas_changed = False
        self._columns: set[int] = set()  # the outermost of those written

    def _check_rows(self, rows: bytes) -> None:
        """Refuse what no spreadsheet program writes between rows: there our patterns would be wrong."""
        if b"<!" in rows or b"<?" in rows:
            raise self.package.unusual(f"{self.part}: <!")
        mine = b"xmlns:" + self.prefix[:-1] if self.prefix else b"xmlns"
        if re.search(rb"\s" + re.escape(mine) + rb"\s*=", rows):
            raise self.package.unusual(f"{self.part}: {mine.decode()}")
        data = next((each for each in self.elements() if each.path[-1] == "sheetData"), None)
        if data is None or data.path != ("worksheet", "sheetData"):
            raise self.package.unusual(f"{self.part}: sheetData")

    def _cut(self, rows: bytes) -> tuple[dict[int, Row], bytes]:
        """The rows by number, in order, and what stands behind the last one."""
        found: dict[int, Row] = {}
        at = last = 0
        while match := self.patterns.row.match(rows, at):
            at = match.end()
            attributes = match[1] or b""
            row = attributes_of(attributes).get(b"r", b"")
            if not row.isdigit() or not last < int(row) <= LAST_ROW:
                raise self.package.unusual(f"{self.part}: row {row.decode('utf-8', 'replace')[:20]}")
            last = int(row)
            found[last] = Row(last, attributes, match[2] or b"", match[0])
        if rows[at:].strip():
            raise self.package.unusual(f"{self.part}: sheetData")
        return found, rows[at:]

    def elements(self) -> list[Element]:
        """The elements of the frame as it is now."""
        return self.package.read_elements(self.part, self.frame)

    def edit_frame(self, edits: Iterable[Edit]) -> None:
        """Change the frame; the edits are of its elements as they are now."""
        self.frame, before = edited(self.frame, edits), self.frame
        self.changed |= self.frame != before

    def cells(self, row: int) -> list[Cell]:
        """The cells of a row, from left to right."""
        return self._cut_row(self.rows[row])[0] if row in self.rows else []

    def _cut_row(self, row: Row) -> tuple[list[Cell], bytes]:
        """The cells of a row, and what stands behind the last one."""
        found: list[Cell] = []
        at = last = 0
        while match := self.patterns.cell.match(row.cells, at):
            at = match.end()
            attributes = attributes_of(match[1] or b"")
            name = attributes.get(b"r", b"").decode("utf-8", "replace")
            place = parse_range(name)
            if place is None or place.top != row.number or place.left <= last or "$" in name or ":" in name:
                raise self.package.unusual(f"{self.part}: {name[:20] or 'c'}")
            last = place.left
            found.append(Cell(row.number, last, attributes, match[2] or b"", match[0]))
        rest = row.cells[at:].strip()
        if rest and not rest.startswith(b"<" + self.prefix + b"extLst"):
            raise self.package.unusual(f"{self.part}: row {row.number}")
        return found, row.cells[at:]

    def write(self, values: Mapping[Place, Value | Formula], *, like: int | None = None) -> None:
        """Replace the values of cells by (row, column); each cell keeps its style.

        A cell that is not there yet gets the style of the same column in row `like`, else that of its row or column. A
        row that is not there yet is made as row `like`. Raises `InputError` when a cell is part of an array formula.
        """
        self._refuse_arrays(values)
        orphans: list[Cell] = []
        by_row: dict[int, dict[int, Value | Formula]] = {}
        for (number, column), value in values.items():
            by_row.setdefault(number, {})[column] = value
        looks = {cell.column: cell.style for cell in self.cells(like)} if like is not None else {}
        for number, new in by_row.items():
            row = self.rows.get(number) or self._new_row(number, like)
            old, tail = self._cut_row(row)
            raws = {cell.column: cell.raw for cell in old}
            styles = {cell.column: cell.style for cell in old}
            same = {cell.column for cell in old if cell.column in new and self._holds(cell, new[cell.column])}
            orphans += [cell for cell in old if cell.column in new.keys() - same and self.has_formula(cell)]
            for column, value in new.items():
                if column in same:
                    continue
                style = styles[column] if column in styles else looks.get(column) or self._default_style(row, column)
                if column in styles or style is not None or not (value is None or value == ""):
                    name = cell_name(number, column)
                    raws[column] = cell_xml(self.prefix, name, style, value, date1904=self.date1904)
            self._put_row(row, raws, tail)
            self.formulas_changed |= any(isinstance(value, Formula) for value in new.values())
        self._formulas_gone(orphans)

    def clear(self, area: Range) -> None:
        """Take the cells of an area away, and the rows that have no cell left."""
        rows = [number for number in self.rows if area.top <= number <= area.bottom]
        here = {number: self._cut_row(self.rows[number]) for number in rows}
        gone = [cell for cells, _ in here.values() for cell in cells if area.left <= cell.column <= area.right]
        self._refuse_arrays({(cell.row, cell.column) for cell in gone})
        for number, (cells, tail) in here.items():
            stay = {cell.column: cell.raw for cell in cells if not area.left <= cell.column <= area.right}
            if stay:
                self._put_row(self.rows[number], stay, tail)
            else:
                del self.rows[number]
                self.changed = True
        self._formulas_gone([cell for cell in gone if self.has_formula(cell)])

    def _new_row(self, number: int, like: int | None) -> Row:
        """An empty row, as high as row `like` and with the same attributes."""
        attributes = attributes_of(self.rows[like].attributes) if like is not None and like in self.rows else {}
        kept = b"".join(b' %b="%b"' % item for item in attributes.items() if item[0] not in NOT_COPIED)
        return Row(number, b' r="%d"' % number + kept, b"", b"")

    def _put_row(self, row: Row, raws: Mapping[int, bytes], tail: bytes) -> None:
        """Put a row in its place with these cells by column; spans that no longer hold are left out."""
        cells = b"".join(raws[column] for column in sorted(raws)) + tail
        attributes = row.attributes
        spans = _SPAN.search(attributes)
        if spans and raws and not int(spans[1]) <= min(raws) <= max(raws) <= int(spans[2]):
            attributes = attributes[: spans.start()] + attributes[spans.end() :]
        tag = b"<" + self.prefix + b"row"
        raw = tag + attributes + b">" + cells + b"</" + self.prefix + b"row>"
        lead = row.raw[: len(row.raw) - len(row.raw.lstrip())]
        new = Row(row.number, attributes, cells, lead + raw)
        if cells != row.cells or row.number not in self.rows:
            self.rows[row.number] = new
            self.changed = True
            self._columns |= {min(raws), max(raws)} if raws else set()

    def _default_style(self, row: Row, column: int) -> bytes | None:
        """The style of a cell that is not written: that of its row, else of its column."""
        attributes = attributes_of(row.attributes)
        if attributes.get(b"customFormat") in (b"1", b"true"):
            return attributes.get(b"s")
        for first, last, style in self._column_styles:
            if first <= column <= last:
                return style
        return None

    @functools.cached_property
    def _column_styles(self) -> list[tuple[int, int, bytes]]:
        """(first column, last column, style) of the columns that have a style."""
        found = [each.attributes for each in self.elements() if each.path == ("worksheet", "cols", "col")]
        return [(int(a["min"]), int(a["max"]), a["style"].encode()) for a in found if "style" in a]

    @functools.cached_property
    def arrays(self) -> list[Range]:
        """The ranges of array formulas and data tables: their cells only change together."""
        found = []
        for row in self.rows.values():
            if b"array" in row.cells or b"dataTable" in row.cells:
                for formula in self.patterns.formula.finditer(row.cells):
                    attributes = attributes_of(formula[1] or b"")
                    if attributes.get(b"t") in (b"array", b"dataTable"):
                        found.append(parse_range(attributes.get(b"ref", b"").decode("utf-8", "replace")))
        return [each for each in found if each]

    def _refuse_arrays(self, places: Iterable[Place]) -> None:
        if self.arrays:
            for row, column in places:
                for array in self.arrays:
                    if array.holds(row, column):
                        raise self.package.refusal(
                            "cell_in_array", sheet=self.name, cell=cell_name(row, column), array=array
                        )

    def _formulas_gone(self, cells: list[Cell]) -> None:
        """Formulas were overwritten: those that shared theirs get a new master."""
        if cells:
            self.formulas_changed = True
            give_new_masters(self, cells)

    def replace_formula(self, cell: Cell, formula: bytes) -> None:
        """Give a cell that has a formula another one, as XML; its value stays."""
        row = self.rows[cell.row]
        cells, tail = self._cut_row(row)
        raws = {each.column: each.raw for each in cells}
        raws[cell.column] = self.patterns.formula.sub(lambda _: formula, raws[cell.column], count=1)
        self._put_row(row, raws, tail)

    def store(self) -> None:
        """Put the sheet back in its package, if anything changed."""
        if not self.changed:
            return
        if self._columns or self.rows:
            self.edit_frame(self._dimension())
        rows = b"".join(self.rows[number].raw for number in sorted(self.rows)) + self._tail
        data = next(each for each in self.elements() if each.path == ("worksheet", "sheetData"))
        whole = self._opening + rows + b"</" + self.prefix + b"sheetData>"
        self.package.put(self.part, self.frame[: data.start] + whole + self.frame[data.end :])

    def _dimension(self) -> Iterator[Edit]:
        """The edit that makes the stated dimension hold every cell: the last row exactly, the columns at least."""
        for each in self.elements():
            old = parse_range(each.attributes.get("ref", "")) if each.path == ("worksheet", "dimension") else None
            if old:
                columns = {old.left, old.right, *self._columns}
                new = Range(min(self.rows), min(columns), max(self.rows), max(columns))
                new = new._replace(top=min(new.top, old.top))
                yield with_attribute(self.frame, each, "ref", str(new))

    def is_filled(self, cell: Cell) -> bool:
        """Whether a cell holds a formula or a value."""
        found = self.patterns.value.search(cell.body)
        has_value = found is not None and bool(found[1])
        return has_value or self.has_formula(cell) or (b"<" + self.prefix + b"is") in cell.body

    def has_formula(self, cell: Cell) -> bool:
        """Whether a cell holds a formula."""
        return self.patterns.formula.search(cell.body) is not None

    def _holds(self, cell: Cell, value: Value | Formula) -> bool:
        """Whether a cell holds this value already, as a plain value: then it stays as it is written."""
        formula = self.patterns.formula.search(cell.body)
        if isinstance(value, Formula):
            return formula is not None and formula_text(formula[2] or b"") == value.text
        if formula is not None:
            return False
        if value is None or value == "":
            return not self.is_filled(cell)
        kind, stored = cell.attributes.get(b"t", b"n"), self.value(cell)
        if isinstance(value, str):
            return kind in (b"s", b"inlineStr", b"str") and stored == clean_text(value)
        if isinstance(value, bool):
            return kind == b"b" and stored is value
        return kind == b"n" and stored == stored_number(number_text(value, date1904=self.date1904))

    def value(self, cell: Cell) -> str | bool | int | float | None:
        """The value that a cell stores; dates are numbers and errors texts such as "#N/A"."""
        kind = cell.attributes.get(b"t", b"n")
        if kind == b"inlineStr":
            body = self.patterns.phonetic.sub(b"", cell.body)
            return "".join(plain_text(found[1] or b"") for found in self.patterns.text.finditer(body))
        found = self.patterns.value.search(cell.body)
        if found is None or not found[1]:
            return None
        text = plain_text(found[1])
        try:
            if kind == b"s":
                return self.texts()[int(text)]
            if kind == b"b":
                return text.strip() in ("1", "true")
            return stored_number(text) if kind == b"n" else text
        except (ValueError, IndexError, OverflowError):
            raise self.package.damaged(f"{self.part}: {cell_name(cell.row, cell.column)}") from None
