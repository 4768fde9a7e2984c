"""The selected cell -> the block of the plan that it stands in.

    macros (add_row, drill_down) -> cursor -> live_book (where names stand now), the layout (where they were made)

Where somebody inserted rows or columns the names tell where a block is now; the layout is only the first guess.
"""

from __future__ import annotations

from typing import NamedTuple

from addin.live_book import LiveBook
from addin.places import Place, around
from workbook_builder.errors import InputError
from workbook_builder.template.blocks import Checks, SourceTable, Statement, Table
from workbook_builder.template.left_out import without
from workbook_builder.template.model import Template
from workbook_builder.workbook.layout import Layout, PlacedBlock, lay_out

Found = Table | Statement | Checks


class UnderCursor(NamedTuple):
    """A block, the place of its rows in the open book, and the row in it, from 0; a total row is the last."""

    block: PlacedBlock
    section: str
    place: Place
    row: int


def layout_of(template: Template, facts: dict[str, str]) -> Layout:
    """Where everything stood when a plan with these facts was made."""
    return lay_out(without(template, facts["off"].split()), facts["language"])


def in_source(layout: Layout, at: Place) -> bool:
    """Whether a cell is in a source table, which stands last on its sheet and has any length."""
    return any(
        isinstance(item.block, SourceTable) and placed.name == at.sheet and at.row > item.top
        for placed in layout.sheets
        for section in placed.sections
        for item in section.blocks
    )


def under_cursor(live: LiveBook, layout: Layout, at: Place) -> UnderCursor | None:
    """The table, statement or list of checks that a cell stands in; None when it stands in none.

    Raises `InputError` that names what is gone when the cell stands where a block was made that has lost a name.
    """
    blocks = _blocks(layout, at.sheet)
    once = [one for one in blocks if one[1].first_row < at.row <= one[1].first_row + one[1].rows]
    lost: InputError | None = None
    for section, block in [*once, *blocks]:
        try:
            place = _place_now(live, layout, block)
        except InputError as fault:
            lost = lost or (fault if (section, block) in once else None)
            continue
        below = place.row + place.rows + block.rows - _rows_of_cells(block)  # a total row is part of it
        if place.row <= at.row < below and place.col <= at.col < place.col + place.cols:
            return UnderCursor(block, section, place, at.row - place.row)
    if lost:
        raise lost
    return None


def _blocks(layout: Layout, sheet: str) -> list[tuple[str, PlacedBlock]]:
    """The blocks of a sheet with columns, each with its section."""
    return [
        (section.section.key, block)
        for placed in layout.sheets
        if placed.name == sheet
        for section in placed.sections
        for block in section.blocks
        if isinstance(block.block, Found)
    ]


def _place_now(live: LiveBook, layout: Layout, block: PlacedBlock) -> Place:
    """Where the rows of a block stand in the open book; raises `InputError` when a name of it is gone."""
    names = [f"{block.key}.{column.id}" for column in block.columns]
    return around(live.locate(name for name in names if name in layout.names).values())


def _rows_of_cells(block: PlacedBlock) -> int:
    """The rows of a block without its total row."""
    has_total = isinstance(block.block, Table) and any(column.total for column in block.columns)
    return block.rows - has_total
