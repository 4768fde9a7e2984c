"""Exact month sums to whole cents that still add up: each year is the exact sum, rounded once.

Rounding every month by itself would put a year a few cents off. So a month gets what the rounded running total grew
by (cumulative rounding), half away from zero; and because rounded product groups need not add up to the rounded
account, each month may have one row without a group that carries the difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import groupby
from operator import attrgetter
from typing import Any

from workbook_builder.sources.aggregate import MonthSum

CENT = Decimal("0.01")
PRECISION = 60  # digits in exact sums: DECIMAL(38,18) added many times over
ZERO = Decimal(0)


@dataclass(frozen=True)
class SalesMonth:
    """Sales of one product group in one month: EUR in whole cents, quantity exact to four decimals.

    `cost` is None when no line has a cost. `is_rounding` marks the row without lines that carries the cents by which
    rounded groups miss the rounded account.
    """

    year: int
    month: int
    product_group: str | None
    revenue: Decimal
    cost: Decimal | None
    quantity: Decimal | None
    lines: int
    lines_without_cost: int
    is_rounding: bool = False


def cents(amount: Decimal) -> Decimal:
    """`amount` in whole cents, rounded half away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def in_cents(sums: Iterable[MonthSum]) -> tuple[SalesMonth, ...]:
    """The months of one account in whole cents, sorted by year, month and product group, rounding rows last.

    For every product group and year, and for every year as a whole, the rows add up to the exact sum rounded once.
    """
    with localcontext(prec=PRECISION):
        rows: list[SalesMonth] = []
        for _, year in groupby(sorted(sums, key=attrgetter("year")), key=attrgetter("year")):
            rows += _year_in_cents(list(year))
    return tuple(sorted(rows, key=_order))


def _order(row: SalesMonth) -> tuple[int, int, bool, bool, str]:
    """Chronological, then by group; no group after the groups, the rounding row last."""
    return row.year, row.month, row.is_rounding, row.product_group is None, row.product_group or ""


def _year_in_cents(sums: Sequence[MonthSum]) -> list[SalesMonth]:
    """One year of one account: the rows of its groups, and a rounding row in each month that needs one."""
    groups: dict[str | None, list[MonthSum]] = defaultdict(list)
    for each in sums:
        groups[each.product_group].append(each)
    rows = [row for months in groups.values() for row in _group_in_cents(sorted(months, key=attrgetter("month")))]
    return rows + _rounding_rows(sums, rows)


def _group_in_cents(months: Sequence[MonthSum]) -> list[SalesMonth]:
    """The months of one product group in one year by cumulative rounding."""
    revenue = cost = ZERO
    rows = []
    for each in months:
        before, cost_before = cents(revenue), cents(cost)
        revenue += each.revenue
        cost += each.cost or ZERO
        rows.append(
            SalesMonth(
                each.year,
                each.month,
                each.product_group,
                cents(revenue) - before,
                None if each.cost is None else cents(cost) - cost_before,
                None if each.quantity is None else round(each.quantity, 4),
                each.lines,
                each.lines_without_cost,
            )
        )
    return rows


def _rounding_rows(sums: Sequence[MonthSum], rows: Sequence[SalesMonth]) -> list[SalesMonth]:
    """For each month the cents by which the rows so far miss the rounded running total of the account."""
    revenue = cost = given = cost_given = ZERO
    rounding = []
    for month in sorted({each.month for each in sums}):
        revenue += sum((each.revenue for each in sums if each.month == month), ZERO)
        cost += sum((each.cost or ZERO for each in sums if each.month == month), ZERO)
        given += sum((row.revenue for row in rows if row.month == month), ZERO)
        cost_given += sum((row.cost or ZERO for row in rows if row.month == month), ZERO)
        missed, cost_missed = cents(revenue) - given, cents(cost) - cost_given
        if missed or cost_missed:
            rounding.append(
                SalesMonth(sums[0].year, month, None, missed, cost_missed or None, None, 0, 0, is_rounding=True)
            )
        given += missed
        cost_given += cost_missed
    return rounding


def without_empty_costs(sums: list[MonthSum]) -> list[MonthSum]:
    """The sums of an account; a cost column that holds nothing but zeros is taken for what it is: no cost at all."""
    if any(each.cost for each in sums):
        return sums
    return [
        each._replace(
            cost=None,
            lines_without_cost=each.lines_without_cost + each.lines_with_zero_cost,
            lines_with_zero_cost=0,
        )
        for each in sums
    ]


def merged(sums: Iterable[MonthSum]) -> list[MonthSum]:
    """The sums of several debtor numbers as those of one account: one row per group, year and month."""
    found: dict[tuple[str | None, int, int], MonthSum] = {}
    with localcontext(prec=PRECISION):
        for each in sums:
            key = each.product_group, each.year, each.month
            found[key] = _added(found[key], each) if key in found else each
    return list(found.values())


def _added(one: MonthSum, other: MonthSum) -> MonthSum:
    """Two month sums of the same group and month as one; a value is None only where it is None in both."""
    keys = ("account_id", "product_group", "year", "month")
    added: dict[str, Any] = {
        name: _plus(getattr(one, name), getattr(other, name)) for name in MonthSum._fields if name not in keys
    }
    return one._replace(**added)


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The sum of what is not missing."""
    if one is None or other is None:
        return other if one is None else one
    return one + other
