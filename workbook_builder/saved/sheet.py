"""One worksheet: its rows and cells as bytes, its frame (all the rest) as XML, and the edits on both.

The frame is the part with an empty sheetData in the place of the rows. Rows that nobody asks for stay one piece of
bytes; a row that changes is cut into cells, and its untouched cells stay as they are.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

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
from workbook_builder.saved.ranges import Range, cell_name, parse_range
from workbook_builder.saved.rows import Cell, Row, Unusual, cut_cells, cut_rows, patterns, slice_part, with_cells
from workbook_builder.saved.shared_formulas import give_new_masters

_HEIGHT = re.compile(rb"\s(?:ht|customHeight)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_SPAN = re.compile(rb"\sspans\s*=\s*[\"'](\d+):(\d+)[\"']")
SHEET_DATA = ("worksheet", "sheetData")
NOT_COPIED = (b"r", b"spans", b"hidden", b"collapsed", b"outlineLevel")  # of a row to the rows that follow it


class Sheet:
    """A worksheet of an open package; `store` puts it back. Raises `InputError` for one it cannot change safely."""

    def __init__(
        self, package: Package, part: str, name: str, texts: Callable[[], list[str]], *, date1904: bool = False
    ) -> None:
        self.package, self.part, self.name, self.date1904 = package, part, name, date1904
        self._read_texts = texts
        try:
            check(package.part(part))
            pieces = slice_part(package.part(part))
            self.rows, self._behind = cut_rows(pieces.rows, pieces.prefix)
        except MarkupFault as fault:
            raise package.damaged(f"{part}: {fault}") from None
        except Unusual as fault:
            raise package.unusual(f"{part}: {fault}") from None
        self.prefix, self._opening, self.root = pieces.prefix, pieces.opening, pieces.root
        self.patterns = patterns(self.prefix)
        self.frame = pieces.head + b"<" + self.prefix + b"sheetData/>" + pieces.tail
        if not any(each.path == SHEET_DATA for each in self.elements()):
            raise package.unusual(f"{part}: sheetData")
        self.changed = False
        self.formulas_changed = False
        self._cuts: dict[int, tuple[Row, list[Cell], bytes]] = {}
        self._columns: set[int] = set()  # the outermost of those written

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
        before = self._cuts.get(row.number)
        if before and before[0] is row:
            return before[1], before[2]
        try:
            found, tail = cut_cells(row, self.prefix)
        except Unusual as fault:
            raise self.package.unusual(f"{self.part}: {fault}") from None
        self._cuts[row.number] = (row, found, tail)
        return found, tail

    def write(self, values: Mapping[int, Mapping[int, Value | Formula]], *, like: int | None = None) -> None:
        """Replace the values of cells, {row: {column: value}}; each cell keeps its style.

        A cell that is not there yet gets the style of the same column in row `like`, else that of its row or column; in
        a row that has some of the cells, one that would stay empty is not made: programs that leave such cells out do
        not show them. A row that is not there yet is made as row `like`. Raises `InputError` when a cell is part of an
        array formula.
        """
        orphans: list[Cell] = []
        looks = {cell.column: cell.style for cell in self.cells(like)} if like is not None else {}
        for number, new in values.items():
            self._refuse_arrays(number, new)
            row = self.rows.get(number) or self._new_row(number, like)
            old, tail = self._cut_row(row)
            raws = {cell.column: cell.raw for cell in old}
            for cell in old:
                if cell.column in new and not self._holds(cell, new[cell.column]):
                    raws[cell.column] = self._xml(number, cell.column, cell.style, new[cell.column])
                    if self.has_formula(cell):
                        orphans.append(cell)
            is_new = not raws.keys() & new.keys()
            for column in new.keys() - raws.keys():
                style = looks.get(column) or self._default_style(row, column) or b""
                if (style and is_new) or not (new[column] is None or new[column] == ""):
                    raws[column] = self._xml(number, column, style, new[column])
            self._put_row(row, raws, tail)
        self._formulas_gone(orphans)

    def _xml(self, row: int, column: int, style: bytes, value: Value | Formula) -> bytes:
        self.formulas_changed |= isinstance(value, Formula)
        return cell_xml(self.prefix, cell_name(row, column), style, value, date1904=self.date1904)

    def clear(self, area: Range) -> None:
        """Take the cells of an area away, and the rows that have no cell left."""
        rows = [number for number in self.rows if area.top <= number <= area.bottom]
        here = {number: self._cut_row(self.rows[number]) for number in rows}
        gone = [cell for cells, _ in here.values() for cell in cells if area.left <= cell.column <= area.right]
        for cell in gone:
            self._refuse_arrays(cell.row, [cell.column])
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
        cells = b"".join([raws[column] for column in sorted(raws)]) + tail
        if cells == row.cells and row.number in self.rows:
            return
        self._columns |= {min(raws), max(raws)} if raws else set()
        attributes = row.attributes
        spans = _SPAN.search(attributes)
        if spans and raws and not int(spans[1]) <= min(raws) <= max(raws) <= int(spans[2]):
            attributes = attributes[: spans.start()] + attributes[spans.end() :]
        self.put_row(row._replace(attributes=attributes), cells)

    def set_height(self, number: int, points: float | None) -> None:
        """Make a row this high; None leaves it to the spreadsheet program."""
        row = self.rows.get(number)
        if row is not None:
            height = b"" if points is None else b' ht="%b" customHeight="1"' % f"{points:g}".encode()
            attributes = _HEIGHT.sub(b"", row.attributes) + height
            if attributes != row.attributes:
                self.rows[number] = with_cells(row._replace(attributes=attributes), row.cells, self.prefix)
                self.changed = True

    def put_row(self, row: Row, cells: bytes) -> None:
        """Put a row in its place with these cells, as XML, which stand in the order of their columns."""
        if cells != row.cells or row.number not in self.rows:
            self.rows[row.number] = with_cells(row, cells, self.prefix)
            self.changed = True

    def replace_rows(self, rows: bytes) -> None:
        """Put rows, as XML, in the place of those with their numbers."""
        self.rows |= cut_rows(rows, self.prefix)[0]
        self.changed = True

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
    def texts(self) -> list[str]:
        """The shared strings, read when the first is needed."""
        return self._read_texts()

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

    def _refuse_arrays(self, row: int, columns: Iterable[int]) -> None:
        for array in self.arrays:
            for column in columns:
                if array.holds(row, column):
                    cell = cell_name(row, column)
                    raise self.package.refusal("cell_in_array", sheet=self.name, cell=cell, array=array)

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
        if self.rows:
            self.edit_frame(self._dimension())
        data = next(each for each in self.elements() if each.path == SHEET_DATA)
        whole = self._opening + self.all_rows() + b"</" + self.prefix + b"sheetData>"
        self.package.put(self.part, self.frame[: data.start] + whole + self.frame[data.end :])

    def all_rows(self) -> bytes:
        """The rows as they are now."""
        return b"".join([self.rows[number].raw for number in sorted(self.rows)]) + self._behind

    def _dimension(self) -> Iterator[Edit]:
        """The edit that makes the stated dimension hold every cell: the last row exactly, the columns at least."""
        for each in self.elements():
            old = parse_range(each.attributes.get("ref", "")) if each.path == ("worksheet", "dimension") else None
            if old:
                columns = {old.left, old.right, *self._columns}
                new = Range(min(self.rows), min(columns), max(self.rows), max(columns))
                new = new._replace(top=min(new.top, old.top))
                yield with_attribute(each, "ref", str(new))

    def is_filled(self, cell: Cell) -> bool:
        """Whether a cell holds a formula or a value."""
        return bool(self._stored(cell)) or self.has_formula(cell) or cell.kind == b"inlineStr"

    def has_formula(self, cell: Cell) -> bool:
        """Whether a cell holds a formula."""
        return bool(cell.body) and self.patterns.formula.search(cell.body) is not None

    def _stored(self, cell: Cell) -> bytes:
        """The content of the value element of a cell as it is written, b"" without one."""
        if not cell.body:
            return cell.stored
        found = self.patterns.value.search(cell.body)
        return found[1] or b"" if found else b""

    def _holds(self, cell: Cell, value: Value | Formula) -> bool:
        """Whether a cell holds this value already, as a plain value: then it stays as it is written."""
        if isinstance(value, Formula):
            formula = self.patterns.formula.search(cell.body)
            return formula is not None and formula_text(formula[2] or b"") == value.text
        if self.has_formula(cell):
            return False
        if value is None or value == "":
            return not self.is_filled(cell)
        if isinstance(value, str):
            stored = self.value(cell) if cell.kind in (b"s", b"inlineStr", b"str") else None
            return stored == value or stored == clean_text(value)
        if isinstance(value, bool):
            return cell.kind == b"b" and self.value(cell) is value
        if cell.kind not in (b"", b"n"):
            return False
        stored = self.value(cell)
        return stored == value or stored == float(number_text(value, date1904=self.date1904))

    def value(self, cell: Cell) -> str | bool | int | float | None:
        """The value that a cell stores; dates are numbers and errors texts such as "#N/A"."""
        kind = cell.kind
        if kind == b"inlineStr":
            body = self.patterns.phonetic.sub(b"", cell.body)
            return "".join(plain_text(found[1] or b"") for found in self.patterns.text.finditer(body))
        stored = self._stored(cell)
        if not stored:
            return None
        try:
            if kind == b"s":
                return self.texts[int(stored)]
            if kind in (b"", b"n"):
                return stored_number(stored.decode())
            if kind == b"b":
                return stored.strip() in (b"1", b"true")
            return plain_text(stored)
        except (ValueError, IndexError, OverflowError):
            raise self.package.damaged(f"{self.part}: {cell_name(cell.row, cell.column)}") from None
