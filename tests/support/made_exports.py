"""Made-up exports of one account, written where a test can read them, and the figures and plans made of them.

Every line is a plain row of the columns named here; amounts are written as given, with a decimal point.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbook_builder.plan import Plan
from workbook_builder.prefill import fresh_plan
from workbook_builder.sources.config import load_config
from workbook_builder.sources.figures import Portfolio, load_portfolio
from workbook_builder.template.loader import load_template

ACCOUNT = "90001"
COLUMNS = {
    "sales": ("date", "product_group", "quantity", "revenue", "cost"),
    "costs": ("date", "kind", "employee", "hours", "amount"),
    "quotations": (
        "quotation_no", "date", "product_group", "amount", "outcome", "decided_on", "lost_reason", "competitor",
    ),
    "team": ("employee", "hourly_rate", "available_hours"),
    "contacts": ("contact_id", "name", "function"),
    "activities": ("date", "type", "employee", "contact_id"),
}  # fmt: skip
FOR_EVERYONE = ("team",)  # sources without an account number

Rows = Iterable[Sequence[Any]]


def made_portfolio(folder: Path, columns: Mapping[str, tuple[str, ...]] = COLUMNS, **sources: Rows) -> Portfolio:
    """The figures read from exports with these rows, by kind of source; all rows are of `ACCOUNT`.

    A row may stop before the last columns.
    """
    config = ["[plan]"]
    for kind, rows in sources.items():
        own = () if kind in FOR_EVERYONE else ("account_id",)
        headings = (*own, *columns[kind])
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(headings)
            for row in rows:
                cells = [*([ACCOUNT] if own else []), *row]
                writer.writerow(cells + [""] * (len(headings) - len(cells)))
        config += [f"[sources.{kind}]", f'path = "{kind}.csv"', 'decimal = "."', f"[sources.{kind}.columns]"]
        config += [f'{heading} = "{heading}"' for heading in headings]
    path = folder / "accountplan.toml"
    path.write_text("\n".join(config) + "\n", "utf-8")
    return load_portfolio(load_config(path))


def plan_of(
    portfolio: Portfolio,
    account: str = ACCOUNT,
    *,
    year: int = 2027,
    language: str = "nl",
    unit: int = 1000,
    last_date: dt.date | None = None,
) -> Plan:
    """A fresh plan of one account; `last_date` stands in for the last date of the whole export."""
    return fresh_plan(
        load_template(),
        portfolio.account(account),
        year=year,
        language=language,
        unit=unit,
        last_date=last_date or portfolio.last_date,
    )


def many_groups() -> list[tuple[str, str, str, str, str]]:
    """Sales of 2024 to 2027 in 19 groups: amounts of four decimals, credit notes, a group that loses money.

    Group n sells (20 - n) x 1,000.1234 and a euro more each year, at 80 % cost, group 3 at 130 %; every year 321.9876
    of group 2 is credited and 250.5550 is sold without a group.
    """
    lines = []
    for year in (2024, 2025, 2026, 2027):
        for group in range(1, 20):
            revenue = (20 - group) * 1000.1234 + year - 2024
            cost = revenue * (1.3 if group == 3 else 0.8)
            month = 1 if year == 2027 else (group * 5) % 12 + 1
            lines.append((f"{year}-{month:02}-1{group % 9}", f"Groep {group:02}", "4", f"{revenue:.4f}", f"{cost:.4f}"))
        lines.append((f"{year}-01-20", "Groep 02", "-1", "-321.9876", "-257.5901"))
        lines.append((f"{year}-01-21", "", "1", "250.5550", "200.4440"))
    return lines
