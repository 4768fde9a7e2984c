"""Template -> where everything stands: the only place that counts rows.

`lay_out` walks the chapters once and gives every id its area (sheet, first cell, size), every block its rows,
and every sheet its grid. It knows no values: the structure of a workbook depends on template, language and
profile alone; only source tables have a length that comes from the data. Rows and columns are 0-based.
"""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from workbook_builder.errors import Problem, TemplateError, raise_if
from workbook_builder.template.blocks import (
    Absent,
    Block,
    Chart,
    Checks,
    Completeness,
    Form,
    Index,
    Lists,
    Note,
    SectionCounts,
    SourceTable,
    Statement,
    Table,
)
from workbook_builder.template.fields import Column, FormField
from workbook_builder.template.model import Chapter, Section, Template
from workbook_builder.template.section_counts import counted_sections
from workbook_builder.workbook.grids import FORM_APPLIES, GRIDS, KEY, MAIN, Grid, place_columns

HEAD_ROWS = 4  # title, subtitle, status and an empty row: frozen, and repeated on paper
APPLIES = "applies"
"""The last part of the id of the cell beside an input that says which value applies."""

INDEX_SLOTS = {"title": MAIN, "filled": MAIN + 3}  # titles run on over the two slots between
COMPLETENESS_SLOTS = {"title": MAIN, "filled": MAIN + 1}
COUNTS_SLOTS = {"title": MAIN, "count": MAIN + 3}
LISTS_OF_SECTIONS = {Index: INDEX_SLOTS, Completeness: COMPLETENESS_SLOTS, SectionCounts: COUNTS_SLOTS}
"""The parts of the lists of sections that the program makes, each with its slot."""


class Area(NamedTuple):
    """A rectangle of cells and what its rows and columns stand for.

    `down` and `across` name the axis that runs over the rows and the columns ("" when there is only one);
    plain rows of a table carry the table's own id, so that only the table itself can line up with them.
    """

    sheet: str
    row: int
    col: int
    rows: int = 1
    cols: int = 1
    block: str = ""
    down: str = ""
    across: str = ""


@dataclass(frozen=True)
class PlacedBlock:
    """A block with its first row, its rows of cells, and the slot of each of its columns."""

    block: Block
    chapter: Chapter
    key: str  # chapter.block
    top: int
    rows: int
    slots: Mapping[str, int]
    columns: tuple[Column, ...] = ()

    @functools.cached_property
    def first_row(self) -> int:
        """The first row of cells below the headings, and below the example of a table."""
        if isinstance(self.block, Form | Note | Absent | Chart | Index | Completeness | SectionCounts):
            return self.top
        return self.top + (2 if isinstance(self.block, Table) and self.block.example else 1)


@dataclass(frozen=True)
class PlacedSection:
    """A section with the row of its band, and its blocks."""

    section: Section
    top: int
    blocks: tuple[PlacedBlock, ...]


@dataclass(frozen=True)
class PlacedSheet:
    """A chapter with its sheet name, grid and sections; `end` is the first row below everything.

    What the others read of sections that are left out stands on a sheet of its own per chapter, which is `unseen`.
    """

    chapter: Chapter
    name: str
    grid: Grid
    sections: tuple[PlacedSection, ...]
    end: int
    unseen: bool = False


@dataclass
class Layout:
    """Every sheet in order, those that nobody sees at the end, and the area of every id."""

    template: Template
    language: str
    sheets: list[PlacedSheet] = field(default_factory=list)
    areas: dict[str, Area] = field(default_factory=dict)
    totals: dict[str, str] = field(default_factory=dict)
    """{column id: id of its total}."""
    headings: dict[str, Area] = field(default_factory=dict)
    """{column id: the cells of its heading}."""
    tables: dict[str, Area] = field(default_factory=dict)
    """{table id: its rows, from its first slot to its last on paper}; formulas name columns, people the table."""

    names: list[str] = field(default_factory=list)
    """The ids that are defined names in the workbook too: all but columns of sources, choices, and single cells."""

    def add(self, name: str, area: Area, problems: list[Problem], *, named: bool = True) -> None:
        """Give `name` its area, and a defined name if `named`; a name that is taken becomes a problem."""
        if named:
            self.names.append(name)
        if name in self.areas:
            problems.append(Problem("name_twice", place=area.block, name=name))
        self.areas[name] = area

    def named(self) -> dict[str, Area]:
        """{defined name: its cells} of the workbook: every table, and every id that is a name."""
        return {**self.tables, **{name: self.areas[name] for name in self.names}}

    def typed_into(self) -> Iterator[Area]:
        """The cells that hold the values of inputs and sources; elsewhere stands a formula or a part of the form."""
        for item in self.placed_blocks():
            block, chapter = item.block, item.chapter.id
            if isinstance(block, Form):
                yield from (self.areas[f"{chapter}.{one.id}"] for one in block.fields if one.role != "calculated")
            elif isinstance(block, Table | SourceTable):
                columns = [column for column in block.columns if column.role != "calculated" and not column.key]
                yield from (self.areas[f"{item.key}.{column.id}"] for column in columns if column.look != "gantt")
            elif isinstance(block, Statement):
                for line in block.lines:
                    typed = [column for column in block.columns if column.id in (*line.inputs, *line.sourced)]
                    yield from (self.areas[f"{chapter}.{line.id}.{column.id}"] for column in typed)

    @property
    def shown(self) -> list[PlacedSheet]:
        """The sheets that people see."""
        return [sheet for sheet in self.sheets if not sheet.unseen]

    def placed_blocks(self) -> list[PlacedBlock]:
        """Every block of every sheet, in order."""
        return [block for sheet in self.sheets for section in sheet.sections for block in section.blocks]


def lay_out(template: Template, language: str, source_rows: Mapping[str, int] | None = None) -> Layout:
    """The places of everything in the workbook, for source tables of `source_rows` rows ({chapter.block: n}).

    Raises `TemplateError` for an id that is used twice and for columns that do not fit their grid.
    """
    layout = Layout(template, language)
    problems: list[Problem] = []
    for unseen in (False, True):
        for chapter in template.chapters:
            sheet = _lay_out_chapter(layout, chapter, source_rows or {}, problems, unseen=unseen)
            if sheet.sections:  # of a chapter that is left out whole there is no sheet
                layout.sheets.append(sheet)
    raise_if(problems, TemplateError)
    return layout


def sheet_name(template: Template, language: str, chapter: Chapter) -> str:
    """The name on the tab: the second text of the chapter."""
    return template.help(language, f"chapters.{chapter.id}")


def unseen_sheet(chapter_id: str) -> str:
    """The name of the sheet with what is left of the sections of a chapter that a plan leaves out."""
    return f"_{chapter_id}"


def _lay_out_chapter(
    layout: Layout, chapter: Chapter, source_rows: Mapping[str, int], problems: list[Problem], *, unseen: bool
) -> PlacedSheet:
    grid = GRIDS[chapter.grid]
    name = unseen_sheet(chapter.id) if unseen else sheet_name(layout.template, layout.language, chapter)
    row = HEAD_ROWS
    sections = []
    for section in chapter.sections:
        if (section.key in layout.template.off) != unseen or (unseen and not section.blocks):
            continue
        at = row + 2  # band and hint
        placed: list[PlacedBlock] = []
        for block in section.blocks:
            rows = source_rows.get(f"{chapter.id}.{block.id}", 0) if isinstance(block, SourceTable) else None
            beside = isinstance(block, Chart) and block.beside and placed
            item = _place(layout, chapter, grid, block, placed[-1].top if beside else at, rows, problems)
            _name_areas(layout, name, item, problems)
            placed.append(item)
            at = max(at, item.first_row + item.rows + 1)
        sections.append(PlacedSection(section, row, tuple(placed)))
        row = at + (not section.blocks)
    return PlacedSheet(chapter, name, grid, tuple(sections), row, unseen)


def _place(
    layout: Layout,
    chapter: Chapter,
    grid: Grid,
    block: Block,
    row: int,
    source_rows: int | None,
    problems: list[Problem],
) -> PlacedBlock:
    template, key = layout.template, f"{chapter.id}.{block.id}"
    slots: dict[str, int] | None = {}
    columns: tuple[Column, ...] = ()
    if isinstance(block, Table | SourceTable | Checks):
        columns = block.columns
        slots = place_columns(grid, columns, template.axes)
    elif isinstance(block, Statement):
        columns = block.columns
        slots = place_columns(grid, columns, template.axes, start=MAIN + 2)
    if isinstance(block, SourceTable) and slots and max(slots.values()) - min(slots.values()) >= len(slots):
        problems.append(Problem("source_columns_apart", place=key, grid=chapter.grid))
    if slots is None:
        problems.append(Problem("block_too_wide", place=key, grid=chapter.grid))
        slots = {}
    return PlacedBlock(
        block, chapter, key, row, _height(template, layout.language, chapter, block, source_rows), slots, columns
    )


def note_lines(template: Template, language: str, chapter: Chapter, note: Note) -> list[str]:
    """The text of a note in lines that fit beside the margin of its sheet, one to a row."""
    room = int(sum(GRIDS[chapter.grid].widths[MAIN:]))
    parts = template.text(language, f"{chapter.id}.{note.id}").split("\n")
    return [line for part in parts for line in textwrap.wrap(part, room)]


def _height(template: Template, language: str, chapter: Chapter, block: Block, source_rows: int | None) -> int:
    """Rows of cells of a block, its total row included and its heading not."""
    if isinstance(block, Form):
        left, right = split_form(chapter, block)
        return max(len(left), len(right))
    if isinstance(block, Table):
        return template.rows(f"{chapter.id}.{block.id}") + bool(any(column.total for column in block.columns))
    if isinstance(block, SourceTable):
        return max(2, source_rows or 0)  # some engines take a column of one row for a single value
    if isinstance(block, Statement):
        return len(block.lines)
    if isinstance(block, Checks):
        return len(block.checks)
    if isinstance(block, Chart):
        return block.rows
    if isinstance(block, Index):
        return len(index_lines(template))
    if isinstance(block, Completeness):
        return len(measured_chapters(template))
    if isinstance(block, SectionCounts):
        return len(counted_sections(template, block.id))
    if isinstance(block, Lists):
        return list_places(template, GRIDS[chapter.grid])[1]
    return len(note_lines(template, language, chapter, block)) if isinstance(block, Note) else 1


def split_form(chapter: Chapter, form: Form) -> tuple[list[FormField], list[FormField]]:
    """The short fields (left) and the long texts (right) of a form, where the grid has room at the right."""
    if GRIDS[chapter.grid].form_right is None:
        return list(form.fields), []
    return [f for f in form.fields if not f.is_long], [f for f in form.fields if f.is_long]


def table_name(chapter_id: str) -> str:
    """The name of the Excel table on a source sheet."""
    return f"tbl_{chapter_id}"


def index_lines(template: Template) -> list[tuple[Chapter, Section | None]]:
    """The lines of the index on the first sheet: every other chapter, and below a numbered one its sections."""
    lines: list[tuple[Chapter, Section | None]] = []
    for chapter in template.chapters:
        if chapter.tab != "start":
            lines.append((chapter, None))
            lines += [(chapter, section) for section in chapter.sections if chapter.number]
    return lines


def measured_chapters(template: Template) -> list[Chapter]:
    """The numbered chapters with a section that says what makes it complete."""
    return [chapter for chapter in template.chapters if chapter.number and any(s.expects for s in chapter.sections)]


def _name_areas(layout: Layout, sheet: str, item: PlacedBlock, problems: list[Problem]) -> None:
    block, chapter = item.block, item.chapter
    if isinstance(block, Form):
        left, right = split_form(chapter, block)
        grid = GRIDS[chapter.grid]
        _, right_value = grid.form_right or (0, 0)
        for col, fields in ((grid.form_value, left), (right_value, right)):
            for offset, one in enumerate(fields):
                area = Area(sheet, item.top + offset, col, block=item.key)
                layout.add(f"{chapter.id}.{one.id}", area, problems)
                if one.falls_back:
                    beside = area._replace(col=FORM_APPLIES)
                    layout.add(f"{chapter.id}.{one.id}.{APPLIES}", beside, problems)
    elif isinstance(block, Table):
        _name_table(layout, sheet, item, block, problems)
    elif isinstance(block, Statement):
        _name_statement(layout, sheet, item, block, problems)
    elif isinstance(block, Checks | SourceTable):
        for column in item.columns:
            area = Area(sheet, item.first_row, item.slots.get(column.id, 0), item.rows, block=item.key, down=item.key)
            layout.add(f"{item.key}.{column.id}", area, problems, named=isinstance(block, Checks))
    elif isinstance(block, Lists):
        _name_lists(layout, sheet, item, problems)
    elif isinstance(block, Index | Completeness | SectionCounts):
        for part, col in LISTS_OF_SECTIONS[type(block)].items():
            area = Area(sheet, item.top, col, item.rows, block=item.key)
            layout.add(f"{item.key}.{part}", area, problems, named=False)
    if isinstance(block, Table | Statement | Checks):
        areas = [layout.areas[f"{item.key}.{column.id}"] for column in item.columns if not column.helper]
        first = min(area.col for area in areas)
        end = max(area.col + area.cols for area in areas)
        layout.tables[item.key] = areas[0]._replace(col=first, cols=end - first)


def _name_table(layout: Layout, sheet: str, item: PlacedBlock, table: Table, problems: list[Problem]) -> None:
    rows = layout.template.rows(item.key)
    for column in table.columns:
        cols = layout.template.span(column)
        slot = item.slots.get(column.id, 0)
        down = table.axis or item.key
        area = Area(sheet, item.first_row, slot, rows, cols, item.key, down, column.over or "")
        layout.add(f"{item.key}.{column.id}", area, problems)
        layout.headings[f"{item.key}.{column.id}"] = area._replace(row=item.top, rows=1, down="")
        if column.total:
            total = f"{item.chapter.id}.{column.total_id}" if column.total_id else f"{item.key}.{column.id}.total"
            area = Area(sheet, item.first_row + rows, slot, 1, cols, item.key, "", column.over or "")
            layout.add(total, area, problems, named=bool(column.total_id))
            layout.totals[f"{item.key}.{column.id}"] = total


def _name_statement(
    layout: Layout, sheet: str, item: PlacedBlock, statement: Statement, problems: list[Problem]
) -> None:
    for column in statement.columns:
        cols = layout.template.span(column)
        slot, across = item.slots.get(column.id, 0), column.over or ""
        whole = Area(sheet, item.first_row, slot, item.rows, cols, item.key, item.key, across)
        layout.add(f"{item.key}.{column.id}", whole, problems)
        layout.headings[f"{item.key}.{column.id}"] = whole._replace(row=item.top, rows=1, down="")
        for offset, line in enumerate(statement.lines):
            area = Area(sheet, item.first_row + offset, slot, 1, cols, item.key, "", across)
            name = f"{item.chapter.id}.{line.id}"
            if column.id == statement.headline:
                layout.add(name, area, problems)
            layout.add(f"{name}.{column.id}", area, problems, named=False)


def _name_lists(layout: Layout, sheet: str, item: PlacedBlock, problems: list[Problem]) -> None:
    """Each list is a column under its title; its scores, if any, stand in the column after it."""
    places, _ = list_places(layout.template, GRIDS[item.chapter.grid])
    for list_id, choices in layout.template.lists.items():
        row, col = item.first_row + places[list_id][0], places[list_id][1]
        area = Area(sheet, row, col, len(choices.items), block=item.key, down=item.key)
        layout.add(f"lists.{list_id}", area, problems)
        for offset, choice in enumerate(choices.items):
            cell = Area(sheet, row + offset, col, block=item.key)
            layout.add(f"lists.{list_id}.{choice}", cell, problems, named=False)
        if choices.scores:
            layout.add(f"lists.{list_id}.scores", area._replace(col=col + 1), problems)


def list_places(template: Template, grid: Grid) -> tuple[dict[str, tuple[int, int]], int]:
    """({list id: (row below the first, slot)}, rows in all): lists side by side, in bands as wide as the grid.

    Every band has a row for the titles, the first one in the row of the block's heading.
    """
    places: dict[str, tuple[int, int]] = {}
    top, slot, tallest = 0, KEY, 0
    for list_id, choices in template.lists.items():
        width = 2 if choices.scores else 1
        if slot + width > grid.last + 1:
            top, slot, tallest = top + tallest + 2, KEY, 0
        places[list_id] = (top, slot)
        slot += width
        tallest = max(tallest, len(choices.items))
    return places, top + tallest
