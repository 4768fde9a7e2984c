"""The button that gives the table under the cursor one more row: the next prepared row that nobody uses yet.

    macros -> add_row -> cursor (which table), live_book (what is typed in it)

A plan has spare rows, with their formulas, lists and checks, and everything that adds up a table counts them already.
So nothing is inserted: the references of other sheets, the ids by which the plan is read back and refreshed, and the
list of formulas by which an overwritten one is found stay right. A table that is full says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from addin.cursor import UnderCursor, in_source, layout_of, under_cursor
from addin.live_book import LiveBook
from addin.places import Place
from workbook_builder.errors import InputError, Problem, say
from workbook_builder.template.blocks import Table
from workbook_builder.template.fields import Column
from workbook_builder.template.left_out import refuse_left_out, without
from workbook_builder.template.loader import load_template
from workbook_builder.template.model import Template
from workbook_builder.workbook.layout import Layout


def add_row(live: LiveBook) -> None:
    """Put the cursor in the next free row of the table it is in, and say which that is.

    In a table whose rows follow those of another (a contact in 1.9) it goes to the table where such a row begins.
    Raises `InputError` outside a table, for a table whose rows are fixed or come from a source, and for a full one.
    """
    facts = live.facts()
    template = without(load_template(), facts["off"].split())
    layout = layout_of(template, facts)
    key = _table_here(live, layout)
    refuse_left_out(template, template.off, (key,), live.book.name)
    table = template.block(key)
    start = _main(table) if isinstance(table, Table) else None
    if not isinstance(table, Table) or start is None:
        raise InputError(Problem("row_not_typed"))
    if start.role != "input":
        raise InputError(Problem("row_from_source"))
    names = [name for name in _typed_with(template, key, table) if name in layout.names]
    found = live.read_many(names)
    used = [
        any(_is_typed(template, facts["language"], name, rows[at]) for name, rows in found.items() if at < len(rows))
        for at in range(len(found[f"{key}.{start.id}"]))
    ]
    title = template.text(facts["language"], f"{key}.{start.id}")
    said = {"table": title, "place": _section(layout, key), "rows": len(used)}
    row = _next_free(used)
    if row is None:
        raise InputError(Problem("table_full", **said))
    place = live.locate([f"{key}.{start.id}"])[f"{key}.{start.id}"]
    live.select(place.sheet, Place(place.sheet, place.row + row, place.col).address)
    live.alert(say("row_ready", facts["language"], row=row + 1, **said))


def _table_here(live: LiveBook, layout: Layout) -> str:
    """The id of the table in which a new row begins, for the table under the cursor."""
    at = live.selection()
    if at is None:
        raise InputError(Problem("row_no_table"))
    if in_source(layout, at):
        raise InputError(Problem("row_from_source"))
    found = under_cursor(live, layout, at)
    if found is None:
        raise InputError(Problem("row_no_table"))
    return _owner(layout.template, found)


def _owner(template: Template, found: UnderCursor) -> str:
    """The id of the table that names the rows of this one; raises `InputError` when nobody can add to them."""
    block = found.block.block
    if not isinstance(block, Table):
        raise InputError(Problem("row_fixed"))
    if block.axis is None:
        return found.block.key
    labels = template.axes[block.axis].labels
    if labels in ("text", "years"):
        raise InputError(Problem("row_fixed"))
    return labels.rpartition(".")[0] or next(key for key, _ in _over(template, block.axis))


def _over(template: Template, axis: str) -> Iterator[tuple[str, Table]]:
    """Every table that repeats over an axis."""
    for key, block in template.blocks():
        if isinstance(block, Table) and block.axis == axis:
            yield key, block


def _main(table: Table) -> Column | None:
    """The column with the main text of a row; None in a table in which nobody types."""
    if all(column.role != "input" for column in table.columns):
        return None
    return next((column for column in table.columns if column.wide), None)


def _typed_with(template: Template, key: str, table: Table) -> list[str]:
    """The ids of the columns that a row is used by: those that people or a source fill, in every table of the axis."""
    tables = list(_over(template, table.axis)) if table.axis else [(key, table)]
    return [
        f"{name}.{column.id}"
        for name, one in tables
        for column in one.columns
        if not column.key and not column.over and (column.role == "input" or (column.role == "sourced" and name == key))
    ]


def _is_typed(template: Template, language: str, name: str, cells: list[Any]) -> bool:
    """Whether a cell of a column holds something else than it was given at the start."""
    key, _, column_id = name.rpartition(".")
    block = template.block(key)
    column = next(one for one in block.columns if one.id == column_id) if isinstance(block, Table) else None
    default = column.default if column else None
    if column and column.list and isinstance(default, str):
        default = template.label(language, column.list, default)
    return any(value not in (None, "", default) for value in cells)


def _next_free(used: list[bool]) -> int | None:
    """The first row behind the last one in use, else the first that is free; None when there is none."""
    behind = len(used) - used[::-1].index(True) if True in used else 0
    if behind < len(used):
        return behind
    return used.index(False) if False in used else None


def _section(layout: Layout, key: str) -> str:
    """Where a table stands, in the words of the index: the number of its section, or its sheet."""
    for sheet in layout.sheets:
        for section in sheet.sections:
            if any(block.key == key for block in section.blocks):
                return section.section.key if sheet.chapter.number else sheet.name
    return key
