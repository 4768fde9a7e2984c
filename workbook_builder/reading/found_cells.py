"""The maps of the sheets + the defined names that are left -> the cells of every id of the template.

A cell is found where the map says that its row and column went. A name that somebody moved on purpose, by cutting and
pasting its cells, is followed; a name that was deleted, or that means something else now, is not needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from workbook_builder.reading.contents import Contents, Spot
from workbook_builder.reading.findings import Finding
from workbook_builder.reading.sheet_maps import SheetMap
from workbook_builder.saved.ranges import Area, Range
from workbook_builder.template.blocks import Statement
from workbook_builder.workbook.layout import Layout


class Grid(NamedTuple):
    """The cells of an id, as many rows and columns as the template has; None for a cell that is gone."""

    contents: Contents
    spots: list[list[Spot | None]]

    def cells(self) -> Iterator[Spot]:
        """Every cell that is there."""
        return (spot for row in self.spots for spot in row if spot)


class FoundCells:
    """Where the ids of a plan have their cells now; what was odd about it collects in `findings`."""

    def __init__(
        self,
        layout: Layout,
        maps: Mapping[str, SheetMap],
        homes: Mapping[str, str],
        names: Mapping[str, Area],
        contents: Mapping[str, Contents],
        former: Callable[[str], str],
    ) -> None:
        """`maps` by sheet of then, `homes` {id of then: its sheet}, `names` by id of then, `contents` by sheet of now.

        `former` gives the id of then of an id of the template.
        """
        self.layout, self.maps, self.contents, self.names, self.former = layout, maps, contents, names, former
        self.homes = homes
        self.areas = layout.named()
        self.findings: list[Finding] = []
        self._statements = self._lines_of_statements()
        self._grids: dict[str, Grid | None] = {}

    def grid(self, name: str) -> Grid | None:
        """The cells of an id; None when its sheet is gone or its section is left out."""
        if name not in self._grids:
            self._grids[name] = self._find(name) if name in self.areas else None
        return self._grids[name]

    def rows_then(self, name: str) -> int:
        """How many rows an id had when the plan was made; 0 when the plan did not have it."""
        old = self.former(name)
        sheet = self.maps.get(self.homes.get(old, ""))
        return sheet.record.names[old].rows if sheet else 0

    def _lines_of_statements(self) -> dict[str, list[str]]:
        """{column of a statement: the ids of its lines}."""
        found: dict[str, list[str]] = {}
        for item in self.layout.placed_blocks():
            if isinstance(item.block, Statement):
                lines = [f"{item.chapter.id}.{line.id}" for line in item.block.lines]
                found |= {f"{item.key}.{column.id}": lines for column in item.block.columns}
        return found

    def _find(self, name: str) -> Grid | None:
        old = self.former(name)
        sheet, area = self.maps.get(self.homes.get(old, "")), self.names.get(old)
        size = (self.areas[name].rows, self.areas[name].cols)
        if sheet is None:  # its sheet is gone, or the template of then did not have it
            return self._at(area, size) if area else None
        spots = self._mapped(name, old, sheet, size)
        grid = Grid(sheet.contents, spots)
        if area is None:
            self._missed(name, grid)
            return grid
        if sheet.stands and area == Area(sheet.contents.sheet, sheet.record.names[old]):
            return grid
        here = area.sheet == sheet.contents.sheet
        if here and all(area.range.holds(*spot) for spot in grid.cells()):
            return self._completed(grid, area, size)
        if (area.range.rows, area.range.columns) == size and (moved := self._at(area, size)):
            place = Finding("read_name_moved", area.sheet, str(area.range), name)
            self.findings.append(place)
            return moved
        first = next(grid.cells(), None)
        if first is None:
            self.findings.append(Finding("read_field_gone", sheet.contents.sheet, id=name))
        else:
            self.findings.append(
                Finding("read_name_wrong", sheet.contents.sheet, _cell(first), name, particulars={"refers": str(area)})
            )
        return grid

    def _mapped(self, name: str, old: str, sheet: SheetMap, size: tuple[int, int]) -> list[list[Spot | None]]:
        """The cells as the map of their sheet gives them."""
        then = sheet.record.names[old]
        if name in self._statements:
            heads = [sheet.record.names.get(self.former(line)) for line in self._statements[name]]
            tops = [head.top if head else None for head in heads]
        else:
            tops = [then.top + i if i < then.rows else None for i in range(size[0])]
        lefts = [then.left + j if j < then.columns else None for j in range(size[1])]
        rows = [sheet.rows.now(top) if top else None for top in tops]
        columns = [sheet.columns.now(left) if left else None for left in lefts]
        return [[(row, column) if row and column else None for column in columns] for row in rows]

    def _completed(self, grid: Grid, area: Area, size: tuple[int, int]) -> Grid:
        """The grid with cells that the map does not know, where the name still has as many as there were."""
        top, left, *_ = area.range
        if (area.range.rows, area.range.columns) != size:
            return grid
        full: list[list[Spot | None]] = [[(top + i, left + j) for j in range(size[1])] for i in range(size[0])]
        agrees = all(spot in (None, full[i][j]) for i, row in enumerate(grid.spots) for j, spot in enumerate(row))
        return grid._replace(spots=full) if agrees else grid

    def _at(self, area: Area, size: tuple[int, int]) -> Grid | None:
        """The cells from the first one of an area on."""
        if area.sheet not in self.contents:
            return None
        top, left, bottom, right = area.range
        spots: list[list[Spot | None]] = [
            [(top + i, left + j) if top + i <= bottom and left + j <= right else None for j in range(size[1])]
            for i in range(size[0])
        ]
        return Grid(self.contents[area.sheet], spots)

    def _missed(self, name: str, grid: Grid) -> None:
        """Note that a name is gone."""
        first = next(grid.cells(), None)
        code = "read_name_gone" if first else "read_field_gone"
        self.findings.append(Finding(code, grid.contents.sheet, _cell(first) if first else "", name))


def _cell(spot: Spot) -> str:
    return str(Range(*spot, *spot))
