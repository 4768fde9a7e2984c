"""An Excel table of a saved workbook: as many rows as wanted, at the end of its sheet.

What ends with the table moves along: its own filter, conditional formats and validations on its columns, defined names
that cover its columns, the print area. Formulas name the columns of the table and need nothing. Charts and formulas
that give the rows as an address are in other parts and stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder.saved.cells import Formula, Value, excel_text
from workbook_builder.saved.markup import Edit, Element, edited, with_attribute, with_text, without
from workbook_builder.saved.package import Package
from workbook_builder.saved.ranges import LAST_ROW, Area, Range, cell_name, parse_range, parse_reference
from workbook_builder.saved.sheet import Sheet

FEWEST_ROWS = 2  # some engines take a column of one row for a single value
_ON_CELLS = ("conditionalFormatting", "dataValidation")


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, and its formula when every row has the same."""

    heading: str
    formula: str | None


@dataclass(frozen=True)
class Table:
    """A table: where it stands, headings and total rows included, and its columns from left to right."""

    name: str
    part: str
    sheet: str
    range: Range
    columns: tuple[Column, ...]
    header_rows: int
    total_rows: int

    @property
    def body(self) -> Range:
        """Its rows without headings and totals."""
        top, bottom = self.range.top + self.header_rows, self.range.bottom - self.total_rows
        return self.range._replace(top=top, bottom=bottom)


def read_table(package: Package, part: str, sheet: str) -> Table:
    """The table that a part describes, on the sheet of this name."""
    parsed = package.elements(part)
    root = parsed[0]
    range_ = parse_range(root.attributes.get("ref", ""))
    name = root.attributes.get("displayName", root.attributes.get("name", ""))
    counts = [root.attributes.get(key, default) for key, default in (("headerRowCount", "1"), ("totalsRowCount", "0"))]
    if root.name != "table" or range_ is None or not all(count.isdigit() for count in counts):
        raise package.damaged(part)
    formulas = {each.start: each.text for each in parsed if each.path[-1] == "calculatedColumnFormula"}
    columns = []
    for each in parsed:
        if each.path == ("table", "tableColumns", "tableColumn"):
            formula = next((text for at, text in formulas.items() if each.start < at < each.end), None)
            columns.append(Column(excel_text(each.attributes.get("name", "")), formula))
    table = Table(name, part, sheet, range_, tuple(columns), int(counts[0]), int(counts[1]))
    if len(columns) != range_.columns or table.body.rows < 1:
        raise package.damaged(part)
    return table


def resize(package: Package, table: Table, sheet: Sheet, others: Sequence[Table], rows: int) -> Table:
    """The table with this many rows; the cells of rows that went are gone, new rows are not written yet.

    Raises `InputError`, naming the cell, when something stands where the table has to grow.
    """
    body = table.body
    new = replace(table, range=table.range._replace(bottom=body.top + rows - 1))
    if rows == body.rows:
        return table
    if table.total_rows:
        where = cell_name(table.range.bottom, table.range.left)
        raise package.refusal("table_blocked", table=table.name, sheet=table.sheet, cell=where)
    if new.range.bottom > LAST_ROW:
        raise package.refusal("table_too_long", table=table.name, rows=rows)
    if rows > body.rows:
        _refuse_what_is_below(package, table, sheet, others, new.range._replace(top=body.bottom + 1))
    else:
        sheet.clear(body._replace(top=new.range.bottom + 1))
    move = _Move(body, new.range.bottom)
    sheet.edit_frame(_frame_edits(sheet, move))
    package.put(table.part, edited(package.part(table.part), _part_edits(package, table, new, move)))
    return new


def _refuse_what_is_below(package: Package, table: Table, sheet: Sheet, others: Sequence[Table], needed: Range) -> None:
    """Raise `InputError` with the first cell, merged range or table in the cells that the table needs."""
    found: list[tuple[int, int]] = []
    for number in sorted(sheet.rows):
        if needed.top <= number <= needed.bottom and not found:
            cells = sheet.cells(number)
            found += [(number, c.column) for c in cells if needed.holds(number, c.column) and sheet.is_filled(c)]
    merged = [parse_range(each.attributes.get("ref", "")) for each in sheet.elements() if each.name == "mergeCell"]
    ranges = [each for each in merged if each] + [other.range for other in others if other.sheet == table.sheet]
    found += [(each.top, each.left) for each in ranges if each.meets(needed)]
    if found:
        raise package.refusal("table_blocked", table=table.name, sheet=table.sheet, cell=cell_name(*min(found)))


@dataclass(frozen=True)
class _Move:
    """The end of the body of a table goes to another row."""

    body: Range
    bottom: int

    def of(self, range_: Range) -> Range | None:
        """Where a range ends now, if it covers columns of the table and ended with it; None when no row is left."""
        within = self.body.left <= range_.left and range_.right <= self.body.right
        if not within or range_.bottom > self.body.bottom or range_.bottom < self.body.top:
            return range_
        to_the_end = range_.bottom == self.body.bottom and range_.top < self.body.bottom  # its last cell alone stays
        bottom = self.bottom if to_the_end else min(range_.bottom, self.bottom)
        return range_._replace(bottom=bottom) if range_.top <= bottom else None

    def of_all(self, ranges: str) -> str:
        """The ranges of a list with spaces between them, moved."""
        moved = []
        for text in ranges.split():
            old = parse_range(text)
            new = self.of(old) if old else None
            moved += [text] if not old else [str(new)] if new else []
        return " ".join(moved)


def _frame_edits(sheet: Sheet, move: _Move) -> Iterator[Edit]:
    """The edits of conditional formats and validations on columns of the table, those of Excel 2010 and later too."""
    parsed = sheet.elements()
    validations = [each for each in parsed if each.path == ("worksheet", "dataValidations", "dataValidation")]
    left = len(validations)
    for each in parsed:
        if each.name in _ON_CELLS and "sqref" in each.attributes:
            ranges = move.of_all(each.attributes["sqref"])
            left -= each in validations and not ranges
            if left or each not in validations:
                changed = ranges != each.attributes["sqref"]
                if changed:
                    yield with_attribute(each, "sqref", ranges) if ranges else without(each)
        elif each.name == "xm:sqref" and (ranges := move.of_all(each.text)) and ranges != each.text:
            yield with_text(each, ranges)
    around = next((each for each in parsed if each.name == "dataValidations"), None)
    if around and left < len(validations):
        yield with_attribute(around, "count", str(left)) if left else without(around)


def _part_edits(package: Package, old: Table, new: Table, move: _Move) -> Iterator[Edit]:
    """The edits of the part of the table: its own range, its filter, and what it was sorted by."""
    for each in package.elements(old.part):
        ref = parse_range(each.attributes.get("ref", ""))
        if each.path in (("table",), ("table", "autoFilter")):
            yield with_attribute(each, "ref", str(new.range))
        elif each.name in ("sortState", "sortCondition") and ref and (moved := move.of(ref)):
            yield with_attribute(each, "ref", str(moved))


def moved_names(
    names: Sequence[Element], indexes: Mapping[str, int], resized: Sequence[tuple[Table, Table]]
) -> dict[Element, str]:
    """{defined name that ends with a resized table: what it refers to now}; a print area stays as far below as it was.

    `indexes` gives the place of each sheet among the tabs, `resized` each table before and after.
    """
    by_sheet: dict[str, list[tuple[Table, Table]]] = {}
    for old, new in resized:
        by_sheet.setdefault(old.sheet.lower(), []).append((old, new))
    quoted = [sheet.replace("'", "''") for sheet in by_sheet]
    starts = tuple([f"{sheet}!" for sheet in by_sheet] + [f"'{sheet}'!" for sheet in quoted])
    found: dict[Element, str] = {}
    for each in names if resized else ():
        area = parse_reference(each.text) if each.text.lower().lstrip().startswith(starts) else None
        if area is None or area.sheet.lower() not in by_sheet:
            continue
        moved = area.range
        for old, new in by_sheet[area.sheet.lower()]:
            if each.attributes.get("name") != "_xlnm.Print_Area":
                moved = _Move(old.body, new.body.bottom).of(moved) or moved
            elif each.attributes.get("localSheetId") == str(indexes[old.sheet]) and moved.bottom >= old.range.bottom:
                moved = moved._replace(bottom=moved.bottom + new.range.bottom - old.range.bottom)
        if moved != area.range:
            found[each] = str(Area(area.sheet, moved))
    return found


def row_values(table: Table, row: Sequence[Value]) -> dict[int, Value | Formula]:
    """The cells of a row by column: its values, and the formulas of the columns at the right of them."""
    values: list[Value | Formula] = list(row)
    values += [Formula(column.formula or "") for column in table.columns[len(row) :]]
    return dict(enumerate(values, table.range.left))
