"""What people put where a plan has no place for it: beside and between its cells, over formulas, on other sheets.

The plan cannot carry it, so a finding does: where it stands, and what was typed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from workbook_builder.reading.contents import Contents, Spot
from workbook_builder.reading.findings import Finding
from workbook_builder.reading.found_cells import FoundCells
from workbook_builder.reading.sheet_maps import ALIKE, Record, SheetMap, likeness, map_sheet
from workbook_builder.saved.ranges import Range, cell_name
from workbook_builder.saved.tables import Table
from workbook_builder.workbook.manifest import text_hash

COLUMN_DOTS = 2  # in the id of a column: chapter.block.column


def beside_the_plan(cells: FoundCells, tables: Iterable[Table]) -> Iterator[Finding]:
    """A finding for each row of a sheet of the plan with something in it that is not the plan's."""
    known: dict[str, set[Spot]] = {sheet.contents.sheet: set() for sheet in cells.maps.values()}
    for name in cells.areas.keys() - cells.layout.tables.keys():
        if grid := cells.grid(name):
            known.setdefault(grid.contents.sheet, set()).update(grid.cells())
    for sheet in cells.maps.values():
        here = known[sheet.contents.sheet]
        here |= {now for then in sheet.record.texts if (now := sheet.now(then))}
        here |= {now for then in sheet.record.formulas if (now := sheet.now(then))}
        ranges = [table.range for table in tables if table.sheet == sheet.contents.sheet]
        yield from _others(sheet, here, ranges)


def _others(sheet: SheetMap, known: set[Spot], tables: list[Range]) -> Iterator[Finding]:
    contents = sheet.contents
    rows: dict[int, list[Spot]] = {}
    for spot in contents.values.keys() | contents.formulas.keys():
        if spot not in known and not any(range_.holds(*spot) for range_ in tables):
            rows.setdefault(spot[0], []).append(spot)
    for row in sorted(rows):
        spots = sorted(rows[row])
        code = "read_row_added" if sheet.rows.is_put_in(row) else "read_cells_added"
        where = Range(row, spots[0][1], row, spots[-1][1])
        yield Finding(code, contents.sheet, str(where), values=tuple(shown(contents, spot) for spot in spots))


def shown(contents: Contents, spot: Spot) -> Any:
    """What somebody typed into a cell: its formula, else its value."""
    return "=" + contents.formulas[spot] if spot in contents.formulas else contents.values.get(spot)


def over_the_plan(cells: FoundCells) -> Iterator[Finding]:
    """A finding for each value that stands where a formula or a fixed text was."""
    ids: dict[tuple[str, Spot], tuple[str, int | None]] = {}
    for sheet in cells.maps.values():
        contents = sheet.contents
        for then in sheet.record.formulas:
            now = sheet.now(then)
            if now and now not in contents.formulas and now in contents.values:
                ids = ids or ids_by_cell(cells)
                name, row = ids.get((contents.sheet, now), ("", None))
                values = (contents.values[now],)
                yield Finding("read_formula_overwritten", contents.sheet, cell_name(*now), name, row=row, values=values)
        for then, text in sheet.record.texts.items():
            now = sheet.now(then)
            value = contents.typed(now) if now else None
            if now and value is not None and text_hash(value) != text:
                yield Finding("read_text_changed", contents.sheet, cell_name(*now), values=(value,))


def ids_by_cell(cells: FoundCells) -> dict[tuple[str, Spot], tuple[str, int | None]]:
    """{(sheet, cell): the id that has it, and the row in its table}; a field or a line before a whole column."""
    found: dict[tuple[str, Spot], tuple[str, int | None]] = {}
    for name in sorted(cells.areas, key=lambda name: name.count(".")):
        grid = None if name in cells.layout.tables else cells.grid(name)
        for number, row in enumerate(grid.spots if grid else (), 1):
            for spot in row:
                if grid and spot:
                    is_column = name.count(".") == COLUMN_DOTS
                    found.setdefault((grid.contents.sheet, spot), (name, number if is_column else None))
    return found


def _has_more_than_headings(record: Record, contents: Contents) -> bool:
    """Whether a sheet has what stands besides the headings of a table too: with these alone it only lists its rows."""
    rows = Counter(row for row, _ in record.texts)
    headings = max(rows, key=lambda row: rows[row], default=0)
    rest = {spot: text for spot, text in record.texts.items() if spot[0] != headings}
    return not rest or likeness(replace(record, texts=rest), contents) >= ALIKE


def other_sheets(cells: FoundCells, records: Mapping[str, Record], own: Iterable[str]) -> Iterator[Finding]:
    """A finding for each sheet that is not of the plan; of a copy, one for each cell that holds something else."""
    ids: dict[tuple[str, Spot], tuple[str, int | None]] = {}
    for name in own:
        contents = cells.contents[name]
        alike = {home: likeness(records[home], contents) for home in cells.maps}
        home = max(alike, key=lambda each: alike[each], default="")
        if not home or alike[home] < ALIKE or not _has_more_than_headings(records[home], contents):
            yield Finding("read_sheet_own", name, particulars={"count": len(contents.values)})
            continue
        original, copy = cells.maps[home], map_sheet(records[home], contents, {})
        yield Finding("read_sheet_copy", name, particulars={"original": original.contents.sheet})
        ids = ids or ids_by_cell(cells)
        for (sheet, spot), (one, row) in ids.items():
            then = original.then(spot) if sheet == original.contents.sheet else None
            here = copy.now(then) if then and spot not in original.contents.formulas else None
            value = contents.values.get(here) if here else None
            if here and value is not None and value != original.contents.values.get(spot):
                values = (shown(contents, here),)
                yield Finding("read_copy_differs", name, cell_name(*here), one, row=row, values=values)
