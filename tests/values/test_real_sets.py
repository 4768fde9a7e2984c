"""Two real sales sets in two flavours: the finished plans hold the figures of independent SQL, cell for cell the same.

The sets are not part of the project: set ACCOUNTPLAN_SHARED to the folder that holds data/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from made_exports import plan_of
from real_sets import FLAVOURS, export_of, shared_folder
from workbook_cells import read_cells

from workbook_builder.saved.book import SavedBook
from workbook_builder.saved.ranges import cell_name
from workbook_builder.sources.config import load_config
from workbook_builder.sources.figures import load_portfolio
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.named_values import read_plan
from workbook_builder.workbook.renderer import render

PLAN_YEAR = {"northwind": 1999, "adventureworks": 2014}
PERIODS = {"vv": -1, "zz": -2, "qq": -3}
ACCOUNTS = [
    *[("northwind", account) for account in ("QUICK", "REGGC", "KOENE")],
    *[("adventureworks", account) for account in ("AW00000697", "AW00000613", "AW00000599")],
]
CENT = Decimal("0.01")
OWN_PARTICULARS = ("settings.sources.file", "settings.sources.sha256", "log.last_hash")
OWN_COLUMNS = ("file", "size", "sha256", "previous")  # of the table log.runs


@pytest.fixture(scope="module")
def data() -> Path:
    """The folder that holds data/."""
    folder = shared_folder()
    if not (folder / "data").is_dir():
        pytest.skip(f"{folder / 'data'} is not there: set ACCOUNTPLAN_SHARED to the folder that holds data/")
    return folder


@pytest.fixture(scope="module")
def books(data, tmp_path_factory) -> dict[tuple[str, str, str], Path]:
    """{(set, account, flavour): the finished plan}."""
    template, made = load_template(), {}
    folder = tmp_path_factory.mktemp("sets")
    for name, year in PLAN_YEAR.items():
        for flavour, (_, columns, settings) in FLAVOURS.items():
            found = export_of(data, name, flavour)
            lines = [f"path = {json.dumps(str(found))}", *(f"{key} = {json.dumps(v)}" for key, v in settings.items())]
            config = folder / f"{name}-{flavour}.toml"
            pairs = [f"{ours} = {json.dumps(heading)}" for ours, heading in columns.items()]
            config.write_text("\n".join(["[sources.sales]", *lines, "[sources.sales.columns]", *pairs]), "utf-8")
            portfolio = load_portfolio(load_config(config))
            for own_set, account in ACCOUNTS:
                if own_set == name:
                    path = folder / f"{name}-{account}-{flavour}.xlsx"
                    path.write_bytes(render(template, plan_of(portfolio, account, year=year)))
                    made[name, account, flavour] = path
    return made


@pytest.fixture(scope="module")
def expected(data):
    """(set, account) -> what independent SQL counted."""
    counted = {
        (name, account["account_id"]): account
        for name in PLAN_YEAR
        for account in json.loads((data / "data" / name / f"expected-{name}.json").read_text("utf-8"))["accounts"]
    }
    assert set(counted) == set(ACCOUNTS)
    return counted


def euros(value: float | None) -> Decimal | None:
    """A figure in EUR x 1,000 as EUR and cents; a missing one stays missing."""
    return None if value is None else (Decimal(repr(value)) * 1000).quantize(CENT, ROUND_HALF_UP)


def amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize(("name", "account"), ACCOUNTS)
def test_the_plan_holds_the_totals_of_independent_sql_to_the_cent(books, expected, name, account, flavour):
    fields = read_plan(books[name, account, flavour], load_template()).fields
    by_year = {each["year"]: each for each in expected[name, account]["by_year"]}
    for period, offset in PERIODS.items():
        nothing = {"revenue": "0", "cost": "0"}
        year = by_year.get(PLAN_YEAR[name] + offset, nothing)
        revenue, cost = amount(year["revenue"]), amount(year["cost"])
        margin = None if cost is None else revenue - cost
        assert [euros(fields[f"analysis.{what}_{period}"]) for what in ("revenue", "cost", "margin")] == [
            revenue,
            cost,
            margin,
        ]


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize(("name", "account"), ACCOUNTS)
def test_the_plan_holds_every_group_of_independent_sql_to_the_cent(books, expected, name, account, flavour):
    plan = read_plan(books[name, account, flavour], load_template())
    found, wanted = {}, {}
    for period, offset in PERIODS.items():
        year = PLAN_YEAR[name] + offset
        for row in plan.tables[f"analysis.sales_{period}"]:
            if row["revenue"]:
                figures = (euros(row["revenue"]), euros(row["cost"]), euros(row["margin"]), round(row["quantity"], 4))
                found[year, row["product_group"]] = figures
        for each in expected[name, account]["by_group_year"]:
            if each["year"] == year:
                money = (amount(each["revenue"]), amount(each["cost"]), amount(each["margin"]))
                wanted[year, each["product_group"]] = (*money, float(each["qty"]))
    assert wanted != {}
    assert found == wanted


def cells_of_the_log(path: Path) -> Iterator[tuple[str, str]]:
    """The cells of the log that tell of the file itself: its name, size and hash, and the hash of the line above."""
    table = SavedBook(path.read_bytes(), path.name).table("tbl_log")
    block = load_template().block("log.runs")
    for offset, column in enumerate(block.columns):
        if column.id in OWN_COLUMNS:
            for row in range(table.body.top, table.body.bottom + 1):
                yield table.sheet, cell_name(row, table.body.left + offset)


@pytest.mark.parametrize(("name", "account"), ACCOUNTS)
def test_both_flavours_give_the_same_plan_cell_for_cell(books, name, account):
    dutch, as_is = (read_cells(books[name, account, flavour]) for flavour in FLAVOURS)
    own = {(sheet, at) for each in OWN_PARTICULARS for sheet, rows in [dutch.place(each)] for row in rows for at in row}
    own |= set(cells_of_the_log(books[name, account, "nl"]))
    assert dutch.names == as_is.names
    differ = [
        f"{sheet}!{at}: {dutch.sheets[sheet].get(at)} and {as_is.sheets[sheet].get(at)}"
        for sheet in dutch.sheets
        for at in dutch.sheets[sheet].keys() | as_is.sheets[sheet].keys()
        if (sheet, at) not in own and dutch.sheets[sheet].get(at) != as_is.sheets[sheet].get(at)
    ]
    assert differ == []
