"""An open plan whose budget is adopted: what it holds -> the approval -> its cells in Excel.

LiveBook --> Plan (only what an approval reads) --> approve.approval --> one write, into rows that are still empty
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from addin.live_book import LiveBook
from addin.places import Rows
from workbook_builder.approve import BY, FROZEN, ON, REASON, STATEMENT, STATUS, VERSIONS, Approval
from workbook_builder.plan import Plan, Row
from workbook_builder.template.blocks import Table
from workbook_builder.template.left_out import refuse_left_out
from workbook_builder.template.model import Template
from workbook_builder.workbook.named_values import plan_in

MONTHS = f"{STATEMENT}.month"
FIELDS = (STATUS, "plan.version", BY, ON, REASON)
NO_AMOUNT = "?"  # for a month that is empty or an error: Excel tells neither from the other


class _Values:
    """The cells that an approval reads, as the reader of plans asks for them; every other id is empty."""

    def __init__(self, cells: Mapping[str, Rows]) -> None:
        self.cells = cells

    def block(self, name: str) -> list[list[Any]]:
        """The rows of an id."""
        return [list(row) for row in self.cells.get(name, ())]

    def table(self, name: str) -> list[list[Any]]:
        """None: an approval reads no source table."""
        return []


def columns(template: Template, key: str) -> list[str]:
    """The ids of the columns of a table that an approval writes."""
    table = template.block(key)
    assert isinstance(table, Table)
    return [f"{key}.{column.id}" for column in table.columns if column.role == "sourced" and not column.key]


def read(live: LiveBook, template: Template) -> tuple[Plan, dict[str, Rows]]:
    """What the open plan holds of what an approval reads, and the cells it read."""
    facts = live.facts()
    refuse_left_out(template, facts["off"].split(), (VERSIONS, FROZEN), live.book.name)
    cells = live.read_many([*FIELDS, MONTHS, *columns(template, VERSIONS), *columns(template, FROZEN)])
    shown = {**cells, MONTHS: [[NO_AMOUNT if value is None else value for value in row] for row in cells[MONTHS]]}
    return plan_in(_Values(shown), facts, template, live.book.name), cells


def contents(template: Template, language: str, found: Approval, cells: Mapping[str, Rows]) -> dict[str, Rows]:
    """The cells of every id that an approval writes: what stands there already, and the new version."""
    written: dict[str, Rows] = {name: [[value]] for name, value in found.fields.items()}
    written[STATUS] = [[template.label(language, "plan_status", str(found.fields[STATUS]))]]
    for key, first, rows in ((VERSIONS, found.version, [found.row]), (FROZEN, found.first_line, found.lines)):
        for name in columns(template, key):
            column = [list(row) for row in cells[name]]
            for at, row in enumerate(rows, first - 1):
                column[at] = _cells(row, name.rsplit(".", 1)[1], column[at])
            written[name] = column
    return written


def _cells(row: Row, column: str, before: list[Any]) -> list[Any]:
    value = row[column]
    if any(cell not in (None, "") for cell in before):
        raise ValueError(f"something stands where the version has to go: {column}")
    return list(value) if isinstance(value, list) else [value]
