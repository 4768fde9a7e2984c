"""What the checks Q1 to Q10 of the workbook need to know about one account's lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from workbook_builder.sources.aggregate import MonthSum
from workbook_builder.sources.cents import cents
from workbook_builder.sources.findings import ControlRow, Finding

PEAK = 3  # a month above this many times the median month is worth a look
ZERO = Decimal(0)

Month = tuple[int, int]  # year, month


@dataclass(frozen=True)
class Quality:
    """Facts about one account's used sales lines; amounts in EUR, unrounded.

    `lines_low_margin` and `lines_high_margin` count lines with a margin under -20% or above 95%, lines with cost 0
    apart in `lines_with_zero_cost`. `margin_difference` is revenue - cost - the delivered margin, None when there is
    no delivered margin. `control_rows_off` counts the total rows in the file that are not the sum of the rows above
    them.
    """

    revenue_without_group: Decimal
    duplicates: int
    equal_lines: int
    lines_by_year: dict[int, int]
    lines_without_cost: int
    lines_with_zero_cost: int
    lines_low_margin: int
    lines_high_margin: int
    margin_difference: Decimal | None
    months_without_revenue: tuple[Month, ...]
    peak_months: tuple[Month, ...]
    control_rows_off: int
    credits: dict[Month, Decimal]
    """The credited lines per month, below zero."""

    def lines_outside(self, first_year: int, last_year: int) -> int:
        """The used lines dated before `first_year` or after `last_year`."""
        return sum(lines for year, lines in self.lines_by_year.items() if not first_year <= year <= last_year)

    def early_credits(self, year: int) -> Decimal:
        """What was credited in January and February of `year`, at or below zero: often on the year before."""
        return sum((self.credits.get((year, month), ZERO) for month in (1, 2)), ZERO)


def assess(sums: Sequence[MonthSum], findings: Iterable[Finding], control_rows: Sequence[ControlRow]) -> Quality:
    """The quality of one account's lines, from its exact month sums and the findings about its rows."""
    without_group = [each for each in sums if each.product_group is None]
    differences = [each.margin_difference for each in sums if each.margin_difference is not None]
    lines_by_year: dict[int, int] = {}
    revenue: dict[Month, Decimal] = {}
    credited: dict[Month, Decimal] = {}
    for each in sums:
        lines_by_year[each.year] = lines_by_year.get(each.year, 0) + each.lines
        month = each.year, each.month
        revenue[month] = revenue.get(month, ZERO) + each.revenue
        credited[month] = credited.get(month, ZERO) + (each.credits or ZERO)
    middle = median(revenue.values()) if revenue else ZERO
    return Quality(
        revenue_without_group=sum((each.revenue for each in without_group), ZERO),
        duplicates=sum(finding.reason == "duplicate" for finding in findings if finding.kind == "sales"),
        equal_lines=sum(int(finding.text) for finding in findings if finding.reason == "equal_lines"),
        lines_by_year=dict(sorted(lines_by_year.items())),
        lines_without_cost=sum(each.lines_without_cost for each in sums),
        lines_with_zero_cost=sum(each.lines_with_zero_cost for each in sums),
        lines_low_margin=sum(each.lines_low_margin for each in sums),
        lines_high_margin=sum(each.lines_high_margin for each in sums),
        margin_difference=sum(differences, ZERO) if differences else None,
        months_without_revenue=_gaps(revenue),
        peak_months=tuple(month for month, amount in sorted(revenue.items()) if amount > PEAK * middle > 0),
        control_rows_off=sum(row.difference is not None and cents(row.difference) != 0 for row in control_rows),
        credits=credited,
    )


def _gaps(revenue: dict[Month, Decimal]) -> tuple[Month, ...]:
    """The months without revenue between the first and the last month that has some."""
    filled = [year * 12 + month - 1 for (year, month), amount in revenue.items() if amount]
    if not filled:
        return ()
    span = range(min(filled), max(filled))
    return tuple((number // 12, number % 12 + 1) for number in span if number not in set(filled))
