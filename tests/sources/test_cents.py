from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.sources.aggregate import MonthSum
from workbook_builder.sources.cents import in_cents, merged

amounts = st.decimals(min_value=-(10**6), max_value=10**6, places=4)


def month_sum(group, year, month, revenue, cost=None, account="1"):
    missing = int(cost is None)
    return MonthSum(account, group, year, month, Decimal(revenue), cost, None, 1, missing, 0, 0, 0, None, None)


month_sums = st.lists(
    st.builds(
        month_sum,
        st.sampled_from(["A", "B", "C", None]),
        st.integers(2023, 2024),
        st.integers(1, 12),
        amounts,
        st.none() | amounts,
    ),
    max_size=40,
).map(merged)


def rounded_once(amount: Decimal) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(month_sums)
def test_months_of_a_group_add_up_to_its_year_rounded_once(sums):
    exact, given_out = defaultdict(Decimal), defaultdict(Decimal)
    for each in sums:
        exact[each.product_group, each.year] += each.revenue
    for row in in_cents(sums):
        if not row.is_rounding:
            given_out[row.product_group, row.year] += row.revenue
    assert {key: rounded_once(amount) for key, amount in exact.items()} == dict(given_out)


@given(month_sums)
def test_all_rows_add_up_to_the_account_rounded_once_at_every_month_of_the_year(sums):
    rows = in_cents(sums)
    for year in {each.year for each in sums}:
        for month in range(1, 13):
            for value in ("revenue", "cost"):
                exact = sum(getattr(each, value) or 0 for each in sums if each.year == year and each.month <= month)
                shown = sum(getattr(row, value) or 0 for row in rows if row.year == year and row.month <= month)
                assert shown == rounded_once(exact)


@given(month_sums)
def test_a_cost_is_missing_only_where_no_line_has_one(sums):
    missing = {(each.product_group, each.year, each.month) for each in sums if each.cost is None}
    shown = {
        (row.product_group, row.year, row.month) for row in in_cents(sums) if row.cost is None and not row.is_rounding
    }
    assert shown == missing


def test_rounding_is_half_away_from_zero_and_rows_are_sorted():
    sums = [month_sum("B", 2024, 2, "0.005"), month_sum("A", 2024, 2, "0.005"), month_sum("A", 2023, 1, "-0.005")]
    assert [(row.year, row.product_group, row.revenue, row.is_rounding) for row in in_cents(sums)] == [
        (2023, "A", Decimal("-0.01"), False),
        (2024, "A", Decimal("0.01"), False),
        (2024, "B", Decimal("0.01"), False),
        (2024, None, Decimal("-0.01"), True),
    ]


def test_sums_of_several_debtor_numbers_become_one_row():
    one = month_sum("A", 2024, 1, "1.5", Decimal(1))
    other = month_sum("A", 2024, 1, "2.5", None, account="2")
    (both,) = merged([one, other])
    assert (both.revenue, both.cost, both.lines, both.lines_without_cost) == (4, 1, 2, 1)
