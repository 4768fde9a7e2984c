"""The example's exports as they were on 30 June 2026 and as they are, and a plan of then in which somebody typed."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compare import same
from example_account import EXAMPLE, MAIN_ACCOUNT, YEAR

from workbook_builder.create import create_plan
from workbook_builder.plan import Plan
from workbook_builder.prefill import fresh_plan
from workbook_builder.refresh import group_rows
from workbook_builder.saved.book import SavedBook
from workbook_builder.sources.config import load_config
from workbook_builder.sources.figures import load_portfolio
from workbook_builder.template.loader import load_template

CUT = dt.date(2026, 7, 1)
TYPED_FIELDS = {"plan.version": "0.4", "plan.signed_by": "Petra S.", "account.customer_revenue": 12.5}
TYPED_ROWS = {  # {column: {row: what was typed}}
    "goals.revenue.own_target": {1: 401, 2: 302.5, 5: 33},
    "analysis.sales_vv.own_forecast": {2: 17},
    "strategy.product_mix.note": {3: "Eerst de proef afwachten"},
    "account.contacts.function": {1: "Zoals zij het zelf noemt"},
    "team.members.hourly_rate": {1: 99},
    "actions.list.action": {1: "Offerte jaarcontract uitbrengen"},
}


@dataclass(frozen=True)
class Then:
    """The exports and the plan of then, and where the exports of today are."""

    config: Path
    today: Path
    plan: Path


def rewritten(path: Path, keep: Callable[[dict[str, str]], bool]) -> None:
    """Leave lines out of an export."""
    with path.open(encoding="cp1252", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(row for row in rows if keep(row))


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d-%m-%Y").date()


def make_then(folder: Path) -> Then:
    """Sales and visits to the end of June, without the best selling group, the last contact and the last employee."""
    for name in ("then", "today"):
        shutil.copytree(EXAMPLE.parent, folder / name)
    old = folder / "then"
    first = "Lagers en aandrijftechniek"
    rewritten(
        old / "verkoopregels.csv",
        lambda row: (
            day(row["Factuurdatum"]) < CUT and (row["Klantnummer"] != MAIN_ACCOUNT or row["Productgroep"] != first)
        ),
    )
    rewritten(old / "bezoeken.csv", lambda row: day(row["Datum"]) < CUT)
    with (old / "contacten.csv").open(encoding="cp1252", newline="") as file:
        numbers = [
            row["Contactnummer"] for row in csv.DictReader(file, delimiter=";") if row["Klantnummer"] == MAIN_ACCOUNT
        ]
    rewritten(old / "contacten.csv", lambda row: row["Contactnummer"] != numbers[-1])
    with (old / "team.csv").open(encoding="cp1252", newline="") as file:
        names = [row["Medewerker"] for row in csv.DictReader(file, delimiter=";")]
    rewritten(old / "team.csv", lambda row: row["Medewerker"] != names[-1])
    config = old / "accountplan.toml"
    created = create_plan(config, MAIN_ACCOUNT, year=YEAR, out=folder / "plans")
    book = SavedBook(created.path.read_bytes(), created.path)
    for name, value in TYPED_FIELDS.items():
        book.set_cells(name, [[value]])
    for name, rows in TYPED_ROWS.items():
        values: list[list[Any]] = [list(row) for row in book.values(name)]
        for number, value in rows.items():
            values[number - 1] = [value]
        book.set_cells(name, values)
    created.path.write_bytes(book.to_bytes())
    return Then(config, folder / "today" / "accountplan.toml", created.path)


def expected_plan(then: Then, old: Plan) -> Plan:
    """A fresh plan of today with the groups where the old plan has them, and everything that was typed."""
    config = load_config(then.today)
    portfolio = load_portfolio(config, MAIN_ACCOUNT)
    fresh = fresh_plan(
        load_template(),
        portfolio.account(MAIN_ACCOUNT),
        year=old.year,
        language=old.language,
        unit=old.unit,
        last_date=portfolio.last_date,
        mapped=config.sources.sales.columns,
        groups=group_rows(load_template(), old),
    )
    tables: dict[str, list[dict[str, Any]]] = {}
    for name, rows in TYPED_ROWS.items():
        table, column = name.rsplit(".", 1)
        tables.setdefault(table, []).extend({"row": number, column: value} for number, value in rows.items())
    return fresh.with_typed(TYPED_FIELDS, tables)


def flat(plan: Plan) -> dict[str, Any]:
    """Every value of a plan by id, row and column; empty ones left out."""
    found: dict[str, Any] = {}
    for name, value in plan.fields.items():
        found |= {f"{name}:{j}": one for j, one in enumerate(value)} if isinstance(value, list) else {name: value}
    for table, rows in plan.tables.items():
        for number, row in enumerate(rows, 1):
            for column, value in row.items():
                each = value if isinstance(value, list) else [value]
                found |= {f"{table}.{column}:{number}:{j}": one for j, one in enumerate(each)}
    return {name: value for name, value in found.items() if value not in (None, "")}


def unequal(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    pairs = {name: (left.get(name), right.get(name)) for name in sorted({*left, *right})}
    return {name: pair for name, pair in pairs.items() if not same(*pair)}
