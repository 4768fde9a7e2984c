"""Real sales sets, both flavours: every figure equals what independent SQL gave, to the cent."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

import pytest
from real_sets import FLAVOURS, SETS, export_of
from sales_exports import config_text

from workbook_builder.sources.config import load_config
from workbook_builder.sources.figures import load_portfolio


def money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def added(amounts) -> Decimal | None:
    present = [amount for amount in amounts if amount is not None]
    return sum(present, Decimal(0)) if present else None


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("name", SETS)
def test_every_figure_equals_the_independent_sql_to_the_cent(shared, tmp_path, name, flavour):
    expected = json.loads((shared / "data" / name / f"expected-{name}.json").read_text("utf-8"))
    _, columns, settings = FLAVOURS[flavour]
    config = tmp_path / "accountplan.toml"
    config.write_text(config_text(str(export_of(shared, name, flavour)), columns, **settings), "utf-8")
    read = load_portfolio(load_config(config))
    assert len(read.account_ids) == expected["totals"]["accounts"]
    assert read.imports["sales"].used.rows == expected["totals"]["n_rows"]
    assert str(read.last_date) == expected["totals"]["last_date"]
    for account in expected["accounts"]:
        figures = read.account(account["account_id"])
        assert figures.account_name == account["account_name"]
        assert figures.control_total == Decimal(account["revenue_unrounded"])
        for year in account["by_year"]:
            rows = [row for row in figures.sales if row.year == year["year"]]
            assert added(row.revenue for row in rows) == Decimal(year["revenue"])
            assert added(row.cost for row in rows) == money(year["cost"])
            assert sum(row.lines for row in rows) == year["n_rows"]
            control = figures.control_by_year[year["year"]].quantize(Decimal("0.01"), ROUND_HALF_UP)
            assert control == Decimal(year["revenue"])
        groups = defaultdict(list)
        for row in figures.sales:
            if not row.is_rounding:
                groups[row.product_group, row.year].append(row)
        assert {
            key: (
                added(row.revenue for row in rows),
                added(row.cost for row in rows),
                sum(row.quantity for row in rows),
            )
            for key, rows in groups.items()
        } == {
            (each["product_group"], each["year"]): (money(each["revenue"]), money(each["cost"]), money(each["qty"]))
            for each in account["by_group_year"]
        }
