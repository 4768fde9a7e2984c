"""What the source tables of a plan add up to when they are written, so that a figure changed by hand is seen.

The table `settings.written` shows these numbers beside what its formulas find in the tables now. The check number
adds up the other figures and, so that a move is seen too, amounts times month and group; it means nothing by itself.
The formulas of its column `check_now` count the same, in `chapters/mapping.toml`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from workbook_builder.log import exact
from workbook_builder.plan import Row

WRITTEN = "settings.written"
FIRST_DAY = dt.date(1899, 12, 30)  # of Excel's calendar: a date is a number of days


class Control(NamedTuple):
    """How a source table is added up: its counted column, its amount, and the products of its check number."""

    table: str
    counted: str
    amount: str | None
    check: tuple[tuple[str, ...], ...]


CONTROLS = {
    "table_sales": Control(
        "src_sales.rows",
        "year",
        "revenue",
        (
            ("cost",), ("quantity",), ("lines",), ("lines_without_cost",), ("year",),
            ("revenue", "year"), ("revenue", "month"), ("revenue", "group_no"),
            ("cost", "year"), ("cost", "month"), ("cost", "group_no"),
        ),
    ),
    "table_costs": Control(
        "src_costs.rows",
        "year",
        "amount",
        (
            ("hours",), ("year",), ("amount", "year"), ("amount", "month"), ("amount", "kind_no"),
            ("hours", "month"), ("hours", "kind_no"),
        ),
    ),
    "table_quotations": Control(
        "src_quotations.rows",
        "date",
        "amount",
        (
            ("date",), ("year",), ("decided_on",), ("decided",), ("days",),
            ("amount", "year"), ("amount", "group_no"), ("amount", "decided"),
        ),
    ),
    "table_activities": Control("src_activities.rows", "date", None, (("date",), ("year",))),
}  # fmt: skip


def control_lines(tables: Mapping[str, Sequence[Row]]) -> list[Row]:
    """The lines of `settings.written` for these source tables, by line id."""
    return [
        {
            "line": line,
            "rows_written": sum(row.get(control.counted) is not None for row in tables[control.table]),
            "amount_written": _sum(tables[control.table], (control.amount,)) if control.amount else None,
            "check_written": sum((_sum(tables[control.table], columns) for columns in control.check), Decimal(0)),
        }
        for line, control in CONTROLS.items()
    ]


def _sum(rows: Sequence[Row], columns: tuple[str, ...]) -> Decimal:
    """The sum over the rows of the product of some columns; an empty cell counts as 0."""
    total = Decimal(0)
    for row in rows:
        product = Decimal(1)
        for column in columns:
            product *= _number(row.get(column))
        total += product
    return total


def _number(value: Any) -> Decimal:
    """A value as a spreadsheet counts it."""
    if isinstance(value, dt.date):
        return Decimal((dt.date(value.year, value.month, value.day) - FIRST_DAY).days)
    return exact(value)
