"""A saved workbook, open for edits: values by defined name or address, rows of a table, and the bytes to write.

    book = SavedBook(path.read_bytes(), path)
    book.set_table_rows("tbl_src_sales", rows)
    book.set_cells("account.name", [["Zwanerloo"]])
    new = book.to_bytes()

Names and tables are found through the relationships of the file, so it does not matter who saved it last. Every edit
is checked before it is made; after a refusal the book is to be thrown away.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from workbook_builder.saved.calculation import ask_for_calculation, forget_chain
from workbook_builder.saved.cells import Value, excel_text
from workbook_builder.saved.markup import Element, check, edited, with_text
from workbook_builder.saved.package import Package
from workbook_builder.saved.ranges import Area, parse_range, parse_reference
from workbook_builder.saved.rows import Slices, patterns, slice_part
from workbook_builder.saved.sheet import Sheet
from workbook_builder.saved.tables import FEWEST_ROWS, Table, moved_names, read_table, resize, row_values

DEFINED_NAME = ("workbook", "definedNames", "definedName")
Stored = str | bool | int | float | None
"""A value as a cell stores it: a date is a number of days, an error a text such as "#N/A"."""


class Name(NamedTuple):
    """A defined name: of the whole workbook or of one sheet, what it refers to, and its attributes as written."""

    name: str
    sheet: str | None
    refers: str
    attributes: Mapping[str, str]


class DefinedNames(NamedTuple):
    """The defined names of a workbook as it is now.

    `moved` are those that ended with a table that has other rows now, and what they refer to.
    """

    every: tuple[Name, ...]
    by_name: dict[str, str]
    moved: dict[Element, str]


class SavedBook:
    """An .xlsx in memory; `file` names it in messages. Raises `InputError` for one that is damaged or hostile."""

    def __init__(self, content: bytes, file: object) -> None:
        self.package = Package(content, file)
        documents = [link.target for link in self.package.links("") if link.kind == "officeDocument"]
        if not documents:
            raise self.package.damaged("officeDocument")
        self._workbook = documents[0]
        parsed = self.package.elements(self._workbook)
        properties = next((each.attributes for each in parsed if each.path == ("workbook", "workbookPr")), {})
        self.date1904 = properties.get("date1904") in ("1", "true")
        self._links = {link.id: link for link in self.package.links(self._workbook)}
        self.sheets = self._find_sheets(parsed)
        self._open: dict[str, Sheet] = {}
        self._defined: DefinedNames | None = None  # until a table has other rows, or the names are written
        self._resized: list[tuple[Table, Table]] = []  # tables before and after, of which the names have to follow

    def _find_sheets(self, parsed: Sequence[Element]) -> dict[str, str]:
        """{name on the tab: part} of every sheet, in order; a chart sheet has its part too."""
        sheets: dict[str, str] = {}
        for each in parsed:
            if each.path == ("workbook", "sheets", "sheet"):
                link = self._links.get(each.attributes.get("r:id", ""))
                name = each.attributes.get("name", "")
                if link is None or link.target not in self.package or name in sheets:
                    raise self.package.damaged(f"sheet {name[:31]}")
                sheets[name] = link.target
        return sheets

    def names(self) -> dict[str, str]:
        """{defined name of the whole workbook, in lower case: what it refers to}."""
        return self._defined_names().by_name

    @functools.cached_property
    def tables(self) -> dict[str, Table]:
        """{name in lower case: table} of every table on every sheet."""
        found: dict[str, Table] = {}
        for sheet, part in self.sheets.items():
            for link in self.package.links(part):
                if link.kind == "table":
                    table = read_table(self.package, link.target, sheet)
                    found[table.name.lower()] = table
        return found

    @functools.cached_property
    def _texts(self) -> list[str]:
        """The shared strings, each without its looks."""
        part = self.shared_strings()
        if part is None:
            return []
        try:
            root = ElementTree.fromstring(part)
        except ElementTree.ParseError as fault:
            raise self.package.damaged(f"sharedStrings: {fault}") from None
        return [_text(item) for item in root]

    def worksheets(self) -> list[str]:
        """The names of the sheets that have cells."""
        kinds = {link.target: link.kind for link in self._links.values()}
        return [name for name, part in self.sheets.items() if kinds.get(part) == "worksheet"]

    def shared_strings(self) -> bytes | None:
        """The part with the shared strings, None when there is none."""
        part = next((link.target for link in self._links.values() if link.kind == "sharedStrings"), None)
        return self.package.part(part) if part is not None and part in self.package else None

    def area(self, where: str | Area) -> Area:
        """The cells of a defined name; an area of a sheet stays what it is.

        Raises `InputError` that names the name or sheet when the user has removed it.
        """
        if isinstance(where, Area):
            if where.sheet not in self.sheets:
                raise self.package.refusal("sheet_gone", sheet=where.sheet)
            return where
        text = self.names().get(where.lower())
        if text is None:
            raise self.package.refusal("name_gone", name=where)
        area = parse_reference(text)
        if area is None or area.sheet not in self.sheets:
            raise self.package.refusal("name_lost", name=where, refers=text)
        return area

    def at(self, sheet: str, cells: str) -> Area:
        """The area of some cells ("B7:C9") of a sheet."""
        range_ = parse_range(cells)
        if range_ is None:
            raise ValueError(f"{cells} is no range")
        return self.area(Area(sheet, range_))

    def table(self, name: str) -> Table:
        """The table of this name; raises `InputError` when it is gone."""
        if name.lower() not in self.tables:
            raise self.package.refusal("table_gone", table=name)
        return self.tables[name.lower()]

    def sheet(self, name: str) -> Sheet:
        """An open worksheet, for edits."""
        if name not in self._open:
            texts = lambda: self._texts  # noqa: E731  # read when the first shared string is
            self._open[name] = Sheet(self.package, self.sheets[name], name, texts, date1904=self.date1904)
        return self._open[name]

    def slices(self, name: str) -> Slices:
        """The pieces of a worksheet with its rows as they are now; raises `Unusual` for one we cannot read."""
        opened = self._open.get(name)
        pieces = slice_part(self.package.part(self.sheets[name]))
        return pieces._replace(rows=opened.all_rows()) if opened else pieces

    def rewrite_rows(self, name: str, pieces: Slices, changed: Mapping[int, bytes]) -> None:
        """Give rows of a worksheet other bytes, {place among its rows: bytes}, which change nothing but values.

        `pieces` are those of the sheet as it is now. Raises `MarkupFault` for bytes that are no rows.
        """
        prefix, end = pieces.prefix, patterns(pieces.prefix).row_end
        new = b"".join([row + end for row in changed.values()])
        check(pieces.root + new + b"</" + prefix + b"worksheet>")
        if name in self._open:
            self._open[name].replace_rows(new)
            return
        rows = pieces.rows.split(end)
        for at, row in changed.items():
            rows[at] = row
        around = pieces.head + pieces.opening, b"</" + prefix + b"sheetData>" + pieces.tail
        self.package.put(self.sheets[name], end.join(rows).join(around), is_checked=True)

    def values(self, where: str | Area) -> list[list[Stored]]:
        """The stored values of a name or area, row by row; edits are seen."""
        area = self.area(where)
        sheet, (top, left, bottom, right) = self.sheet(area.sheet), area.range
        rows: list[list[Stored]] = []
        for number in range(top, bottom + 1):
            found = {cell.column: sheet.value(cell) for cell in sheet.cells(number) if left <= cell.column <= right}
            rows.append([found.get(column) for column in range(left, right + 1)])
        return rows

    def table_rows(self, name: str) -> list[list[Stored]]:
        """The stored values of a table, row by row, without headings and totals."""
        table = self.table(name)
        return self.values(Area(table.sheet, table.body))

    def set_cells(self, where: str | Area, values: Sequence[Sequence[Value]]) -> None:
        """Replace the values of a name or area, row by row; every cell keeps its style.

        None and "" leave an empty cell with its style. Raises `ValueError` when the values do not have the size of the
        area, and `InputError` for a part of an array formula or a text that is too long.
        """
        area = self.area(where)
        if len(values) != area.range.rows or any(len(row) != area.range.columns for row in values):
            raise ValueError(f"{area}: values of another size")
        top, left = area.range.top, area.range.left
        cells = {top + i: dict(enumerate(row, left)) for i, row in enumerate(values)}
        self.sheet(area.sheet).write(cells)

    def set_table_rows(
        self,
        name: str,
        rows: Sequence[Sequence[Value]],
        columns: Sequence[str] | None = None,
        heights: Sequence[float | None] | None = None,
    ) -> None:
        """Give a table exactly these rows, at least two; new rows look as the last one does.

        `columns` are the headings that the values of a row belong to, from the left; without them a row has a value
        for every column that has no formula. `heights` are those of the rows, in points, None for one line; a row that
        stays as it is keeps its own. Raises `InputError` when the headings are others, when somebody added a column
        without a formula to the table, and when something stands where the table has to grow.
        """
        table = self.table(name)
        width = self._value_columns(table, columns)
        if any(len(row) != width for row in rows):
            raise ValueError(f"{name}: rows of another length than {width}")
        count = max(FEWEST_ROWS, len(rows))
        sheet = self.sheet(table.sheet)
        new = resize(self.package, table, sheet, list(self.tables.values()), count)
        filled = [*rows, *[[None] * width] * (count - len(rows))]
        cells = {number: row_values(new, row) for number, row in enumerate(filled, new.body.top)}
        before = {number: sheet.rows.get(number) for number in cells}
        sheet.write(cells, like=min(table.body.bottom, new.body.bottom))
        for number, points in zip(cells, heights or (), strict=False):
            if sheet.rows.get(number) is not before[number]:
                sheet.set_height(number, points)
        if new != table:
            self.tables[name.lower()] = new
            self._resized.append((table, new))
            self._defined = None

    def _value_columns(self, table: Table, columns: Sequence[str] | None) -> int:
        """How many columns take a value; the others, at the right, have a formula."""
        formulas = [column.formula is not None for column in table.columns]
        width = len(columns) if columns is not None else (formulas.index(True) if True in formulas else len(formulas))
        found = [column.heading for column in table.columns[:width]]
        if columns is not None and found != list(columns):
            wrong = [heading for heading, other in zip(columns, [*found, *columns], strict=False) if heading != other]
            raise self.package.refusal("table_columns", table=table.name, sheet=table.sheet, column=wrong[0])
        for column in table.columns[width:]:
            if column.formula is None:
                raise self.package.refusal(
                    "table_own_column", table=table.name, sheet=table.sheet, column=column.heading
                )
        return width

    def all_names(self) -> Sequence[Name]:
        """Every defined name, those of one sheet and Excel's own too; those that end with a table have moved along."""
        return self._defined_names().every

    def _defined_names(self) -> DefinedNames:
        if self._defined is None:
            self._defined = self._read_names()
        return self._defined

    def _read_names(self) -> DefinedNames:
        elements = [each for each in self.package.elements(self._workbook) if each.path == DEFINED_NAME]
        sheets = list(self.sheets)
        moved = moved_names(elements, {name: i for i, name in enumerate(sheets)}, self._resized)
        every = []
        for each in elements:
            local = each.attributes.get("localSheetId")
            if local is None or (local.isdigit() and int(local) < len(sheets)):
                sheet = None if local is None else sheets[int(local)]
                every.append(Name(each.attributes.get("name", ""), sheet, moved.get(each, each.text), each.attributes))
        by_name = {each.name.lower(): each.refers for each in every if each.sheet is None}
        return DefinedNames(tuple(every), by_name, moved)

    def to_bytes(self) -> bytes:
        """The edited file; the old one, byte for byte, when every edit wrote what stood there already."""
        for sheet in self._open.values():
            sheet.store()
        if self.package.changed:
            part, parsed = self.package.part(self._workbook), self.package.elements(self._workbook)
            names = [with_text(each, refers) for each, refers in self._defined_names().moved.items()]
            self.package.put(self._workbook, edited(part, [*names, *ask_for_calculation(parsed)]))
            self._resized.clear()
            self._defined = None
            if any(sheet.formulas_changed for sheet in self._open.values()):
                forget_chain(self.package, self._workbook)
        return self.package.to_bytes()


def _text(item: ElementTree.Element) -> str:
    """The text of a shared string: its own or that of its runs, not how Japanese is pronounced."""
    if len(item) == 1 and item[0].text and "_x" not in item[0].text:
        return item[0].text
    pieces = [run.findtext("{*}t", "") if run.tag.endswith("}r") else run.text or "" for run in item
              if run.tag.endswith(("}t", "}r"))]  # fmt: skip
    return excel_text("".join(pieces))
