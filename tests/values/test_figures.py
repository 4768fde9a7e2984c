"""The figures of the example wholesaler against a plain count of its export, read back from the finished plan."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from made_exports import plan_of

from workbook_builder.sources.config import load_config
from workbook_builder.sources.figures import load_portfolio
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.named_values import read_plan
from workbook_builder.workbook.renderer import render

EXAMPLE = Path(__file__).parents[2] / "examples" / "groothandel"
MAIN_ACCOUNT, WITHOUT_COST, LOSING, LEADING_ZEROS = "10021", "10077", "10092", "00834"
YEARS = {"vv": "2026", "zz": "2025", "qq": "2024"}
CENT = Decimal("0.01")
CASES = [
    *((MAIN_ACCOUNT, unit) for unit in (1, 1000, 10**6)),
    *((WITHOUT_COST, 1000), (LOSING, 1), (LEADING_ZEROS, 10**6)),
]


def number(text: str) -> Decimal | None:
    return Decimal(text.replace(",", ".")) if text else None


@pytest.fixture(scope="module")
def counted():
    """{account: {year: {group: [revenue, cost, quantity]}}}; a cost is None as soon as one line has none."""
    totals = defaultdict(lambda: defaultdict(lambda: defaultdict(lambda: [Decimal(0), Decimal(0), Decimal(0)])))
    with (EXAMPLE / "verkoopregels.csv").open(encoding="cp1252", newline="") as file:
        for line in csv.DictReader(file, delimiter=";"):
            total = totals[line["Klantnummer"]][line["Factuurdatum"][-4:]][line["Productgroep"]]
            cost = number(line["Kostprijs"])
            total[0] += number(line["Omzet"])
            total[1] = None if total[1] is None or cost is None else total[1] + cost
            total[2] += number(line["Aantal"])
    return totals


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """{(account, unit): the plan as it is read back from its file}."""
    template, portfolio = load_template(), load_portfolio(load_config(EXAMPLE / "accountplan.toml"))
    plans = {}
    for account, unit in CASES:
        path = tmp_path_factory.mktemp("plan") / "plan.xlsx"
        path.write_bytes(render(template, plan_of(portfolio, account, unit=unit)))
        plans[account, unit] = read_plan(path, template)
    return plans


def in_cents(value: float | None, unit: int) -> Decimal | None:
    """A figure of the plan in EUR; it must lie on a whole cent."""
    if value is None:
        return None
    euros = Decimal(repr(value)) * unit
    assert abs(euros - euros.quantize(CENT, ROUND_HALF_UP)) < Decimal("0.000001")
    return euros.quantize(CENT, ROUND_HALF_UP)


def less(revenue: Decimal, cost: Decimal | None) -> Decimal | None:
    return None if cost is None else revenue - cost


def added(amounts: list[Decimal | None]) -> Decimal | None:
    return None if None in amounts else sum(amounts, Decimal(0))


@pytest.mark.parametrize(("account", "unit"), CASES)
@pytest.mark.parametrize("period", YEARS)
def test_every_group_of_a_year_equals_a_plain_count_to_the_cent(counted, read, account, unit, period):
    expected = {
        group: (revenue, cost, less(revenue, cost), quantity)
        for group, (revenue, cost, quantity) in counted[account][YEARS[period]].items()
    }
    found = {
        row["product_group"]: (
            in_cents(row["revenue"], unit),
            in_cents(row["cost"], unit),
            in_cents(row["margin"], unit),
            Decimal(repr(row["quantity"])).quantize(CENT),
        )
        for row in read[account, unit].tables[f"analysis.sales_{period}"]
        if row["revenue"]
    }
    assert expected != {}
    assert found == expected


@pytest.mark.parametrize(("account", "unit"), CASES)
@pytest.mark.parametrize("period", YEARS)
def test_every_total_of_a_year_equals_a_plain_count_to_the_cent(counted, read, account, unit, period):
    groups = counted[account][YEARS[period]].values()
    revenue = sum((group[0] for group in groups), Decimal(0))
    cost = added([group[1] for group in groups])
    fields = read[account, unit].fields
    found = [in_cents(fields[f"analysis.{what}_{period}"], unit) for what in ("revenue", "cost", "margin")]
    assert found == [revenue, cost, less(revenue, cost)]


@pytest.mark.parametrize("account", [MAIN_ACCOUNT, WITHOUT_COST, LOSING, LEADING_ZEROS])
def test_groups_stand_in_order_of_their_revenue_over_three_years(counted, read, account):
    revenue: dict[str, Decimal] = defaultdict(Decimal)
    for year in YEARS.values():
        for group, (amount, _, _) in counted[account][year].items():
            revenue[group] += amount
    plan = next(plan for (each, _), plan in read.items() if each == account)
    rows = [row["product_group"] for row in plan.tables["analysis.sales_vv"]]
    assert [row for row in rows[:-1] if row] == sorted(revenue, key=lambda group: -revenue[group])
    for period in ("zz", "qq"):
        shown = [row["product_group"] for row in plan.tables[f"analysis.sales_{period}"]]
        assert shown == rows[: len(shown)]


def test_the_example_has_what_these_tests_are_about(counted):
    assert all(cost is None for year in counted[WITHOUT_COST].values() for _, cost, _ in year.values())
    assert any(cost > revenue > 0 for year in counted[LOSING].values() for revenue, cost, _ in year.values())
    assert len(counted[MAIN_ACCOUNT]["2026"]) > 3
