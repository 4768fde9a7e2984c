"""Real sales sets, both flavours: every figure equals what independent SQL gave, to the cent."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

import pytest
from sales_exports import config_text

from workbook_builder.sources.config import load_config
from workbook_builder.sources.figures import load_portfolio

DUTCH = {
    "account_id": "Klantnummer",
    "account_name": "Klantnaam",
    "date": "Factuurdatum",
    "invoice_no": "Ordernummer",
    "product": "Artikelomschrijving",
    "product_group": "Productgroep",
    "quantity": "Aantal",
    "revenue": "Omzet",
    "cost": "Kostprijs",
}
ENGLISH = {
    "account_id": "account_id",
    "account_name": "account_name",
    "date": "date",
    "invoice_no": "doc_no",
    "product": "product",
    "product_group": "product_group",
    "quantity": "qty",
    "revenue": "revenue",
    "cost": "cost",
}
NL = {"encoding": "cp1252", "date_format": "%d-%m-%Y"}
AS_IS = {"delimiter": ",", "decimal": ".", "date_format": "%Y-%m-%d"}
SETS = [
    ("northwind", "nl/transacties.csv", DUTCH, NL),
    ("northwind", "as-is/transactions.csv", ENGLISH, AS_IS),
    ("adventureworks", "nl/transacties.csv.gz", DUTCH, NL),
    ("adventureworks", "as-is/transactions.csv.gz", ENGLISH, AS_IS),
]


def money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def added(amounts) -> Decimal | None:
    present = [amount for amount in amounts if amount is not None]
    return sum(present, Decimal(0)) if present else None


@pytest.mark.parametrize(("name", "file", "columns", "settings"), SETS)
def test_every_figure_equals_the_independent_sql_to_the_cent(shared, tmp_path, name, file, columns, settings):
    folder = shared / "data" / name
    expected = json.loads((folder / f"expected-{name}.json").read_text("utf-8"))
    config = tmp_path / "accountplan.toml"
    config.write_text(config_text(str(folder / file), columns, **settings), "utf-8")
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
