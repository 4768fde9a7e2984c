"""What the old plan held of the years that the new one shows too: to tie the new plan to the old one.

The formulas of `rollover.opening` set it against the sources of now, so a refresh keeps the comparison true. Months
that were not fully booked in the old plan may differ; a difference in the others is a correction.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from workbook_builder.log import SALES, exact
from workbook_builder.plan import Plan, Row, Value
from workbook_builder.template.model import Template

OPENING, CLOSED_UNTIL = "rollover.opening", "rollover.closed_until"
CENT = Decimal("0.01")


def opening(template: Template, old: Plan, year: int) -> tuple[list[Row], dict[str, Value]]:
    """(the rows of `rollover.opening`, its field) of a plan for `year`; a year that the old plan lacks is empty."""
    until = closed_until(old)
    first = min(map(_year, old.tables.get(SALES, ())), default=0)
    rows: list[Row] = []
    for offset in template.axes["history"].offsets:
        at = year + offset
        if until is None or not first <= at <= old.year:
            rows.append({})
            continue
        lines = [row for row in old.tables.get(SALES, ()) if _year(row) == at]
        booked = [row for row in lines if at < until.year or (at == until.year and _month(row) <= until.month)]
        rows.append({"then": _revenue(lines), "closed_then": _revenue(booked)})
    return rows, {CLOSED_UNTIL: until}


def closed_until(old: Plan) -> dt.date | None:
    """The last day of the last month that was complete in the old plan; None when it had no sales at all."""
    last = old.fields.get("settings.last_date")
    if not isinstance(last, dt.date):
        return None
    if last.day == calendar.monthrange(last.year, last.month)[1]:
        return dt.date(last.year, last.month, last.day)
    return dt.date(last.year, last.month, 1) - dt.timedelta(days=1)


def _revenue(rows: Sequence[Row]) -> Decimal:
    """In EUR and cents."""
    return sum((exact(row.get("revenue")) for row in rows), Decimal(0)).quantize(CENT)


def _year(row: Row) -> int:
    return int(exact(row.get("year")))


def _month(row: Row) -> int:
    return int(exact(row.get("month")))
