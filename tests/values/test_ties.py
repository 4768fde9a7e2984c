"""The checks find what they are there for: a figure that no longer ties to its source, and a fault in an export."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from by_id import addresses, value
from compare import differences
from edited_book import overwritten
from made_exports import COLUMNS, made_portfolio, plan_of
from office import recalculated
from workbook_cells import ErrorValue, read_cells

from workbook_builder.sources.config import load_config
from workbook_builder.sources.figures import load_portfolio
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import render

EXAMPLE = Path(__file__).parents[2] / "examples" / "groothandel" / "accountplan.toml"
RED, AMBER, GREEN = "ROOD", "ORANJE", "GROEN"

# What is overwritten: {id: how far from its value}; then the checks that must speak. A plan in EUR x 1,000 tolerates
# half of its unit: 0.5, or EUR 500 where a check counts in euros.
TIES: dict[str, tuple[dict[str, float], set[str], str]] = {
    "nothing is changed": ({}, set(), GREEN),
    "an amount of the source is off by 1,000 euros": ({"source": 1000}, {"R1", "R3b", "R17"}, RED),
    "an amount of the source is 1,000 euros short": ({"source": -1000}, {"R1", "R3b", "R17"}, RED),
    "an amount of the source is off by less than a euro": ({"source": 0.99}, {"R17"}, AMBER),
    "an amount of the source is off by more than a euro": ({"source": 1.01}, {"R1", "R3b", "R17"}, RED),
    "two years of the source are off by opposite amounts": (
        {"source": 1000, "source a year before": -1000},
        {"R1", "R3b", "R17"},
        RED,
    ),
    "a year of the history is too high": ({"analysis.history_revenue.year:4": 2}, {"R2"}, RED),
    "two years of the history are off by opposite amounts": (
        {"analysis.history_revenue.year:3": 2, "analysis.history_revenue.year:4": -2},
        {"R2"},
        RED,
    ),
    "last year's revenue in the budget is too low": ({"budget.gross_revenue.vv": -2}, {"R2"}, RED),
    "a product group is too high": ({"analysis.sales_vv.revenue:1": 2}, {"R3", "R8"}, RED),
    "the revenue of a debtor number is off by more than a euro": ({"settings.debtors.revenue:1": -1.01}, {"R3b"}, RED),
    "a product group two years back is too low": ({"analysis.sales_qq.revenue:1": -2}, {"R3"}, RED),
    "a first month of a group is typed over, for which the second makes up": (
        {"targets.by_group.target:1": 2},
        set(),
        GREEN,
    ),
    "the last month of a group is too high": ({"targets.by_group.target:12": 2}, {"R4"}, RED),
    "a month is too low": ({"targets.months.target:6": -2}, {"R4"}, RED),
    "a week is too high": ({"targets.weeks.target:20": 2}, {"R4"}, RED),
    "a week is too low": ({"targets.weeks.target:20": -2}, {"R4"}, RED),
    "a month of the budget is too low": ({"budget.gross_revenue.month:3": -2}, {"R4"}, RED),
    "the goal in the summary is too low": ({"summary.summary_revenue.xx": -2}, {"R4"}, RED),
    "a month of a direct cost is too high": ({"budget.travel.month:3": -2}, {"R5"}, RED),
    "a budget of direct costs is not what the statement took": ({"budget.other.month:1": 2}, {"R5"}, RED),
    "the account profit of 6.4 is just past the tolerance": ({"budget.year_account_profit.xx": 0.0011}, {"R6"}, RED),
    "the account profit of 8.3 is just past the tolerance": ({"summary.summary_profit.xx": -0.0011}, {"R6"}, RED),
    "the account profit of 8.3 is within the tolerance": ({"summary.summary_profit.xx": -0.0009}, set(), GREEN),
    "the rows of a source do not add up": ({"settings.sources.rows_used:1": -1}, {"Q2"}, RED),
}


def fired(cells: Any) -> set[str]:
    """The codes of the checks whose result is 1."""
    template = load_template()
    codes, results = (value(template, cells, f"checks.list.{column}") for column in ("code", "result"))
    assert set(results) <= {0, 1}
    return {code for code, result in zip(codes, results, strict=True) if result}


@pytest.fixture(scope="module")
def main_plan() -> bytes:
    return render(load_template(), plan_of(load_portfolio(load_config(EXAMPLE)), "10021"))


@pytest.fixture(scope="module")
def edited(main_plan):
    """(what is changed) -> the cells of the plan with that change, as LibreOffice computes them."""
    cells, template = read_cells(main_plan), load_template()

    def place(name: str) -> tuple[str, str]:
        if name.startswith("source"):
            year = 2026 if name == "source" else 2025
            sheet = next(each for each in cells.sheets if each == "Bron_Omzet")
            row = next(at[1:] for at, cell in cells.sheets[sheet].items() if at[0] == "D" and cell.value == year)
            return sheet, f"F{row}"
        sheet, found = addresses(template, cells, name)
        return sheet, found[0]

    books = {}
    for what, (changes, _, _) in TIES.items():
        numbers = {place(name): cells.value(*place(name)) + change for name, change in changes.items()}
        books[what] = overwritten(main_plan, numbers)
    sheet, found = addresses(template, cells, "targets.months.cumulative:1")
    books["error"] = overwritten(main_plan, {(sheet, found[0]): ErrorValue("#N/A")})
    return recalculated(books)


@pytest.mark.office
@pytest.mark.parametrize("what", TIES)
def test_a_figure_that_no_longer_ties_fires_its_check_and_the_light(edited, what):
    _, checks, light = TIES[what]
    assert (fired(edited[what]), edited[what].one("plan.light")) == (checks, light)


@pytest.mark.office
def test_an_error_value_in_a_chapter_turns_the_light_red(edited):
    assert "R12" in fired(edited["error"])
    assert edited["error"].one("plan.light") == RED


@pytest.mark.office
def test_an_unchanged_copy_still_agrees_with_its_stored_values(main_plan, edited):
    assert differences(read_cells(main_plan), edited["nothing is changed"].value) == []


def month_end(year: int, month: int) -> dt.date:
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


def regular(first_year: int = 2023) -> list[list[Any]]:
    """Every month to the end of 2026 one line of group A: 1,000 for 600, margin 400."""
    months = [(year, month) for year in range(first_year, 2027) for month in range(1, 13)]
    return [[month_end(year, month), "A", 1, "1000.00", "600.00", "400.00"] for year, month in months]


def with_line(*changes: Any) -> list[list[Any]]:
    """The regular lines and one more of 15 June 2026; a change is (place in the line, value)."""
    line = [dt.date(2026, 6, 15), "A", 1, "900.00", "540.00", "360.00"]
    for at, changed in changes:
        line[at] = changed
    return [*regular(), line]


DATE, GROUP, REVENUE, COST, MARGIN = 0, 1, 3, 4, 5
EXPORTS: dict[str, tuple[list[list[Any]], set[str], str]] = {
    "a regular export": (with_line(), set(), GREEN),
    "a line without an amount": (with_line((REVENUE, ""), (MARGIN, "")), {"Q3"}, RED),
    "a line without a date": (with_line((DATE, "")), {"Q3"}, RED),
    "a date out of every range": (with_line((DATE, "1066-10-14")), {"Q3"}, RED),
    "a line without a product group, 0.99 % of revenue": (
        with_line((GROUP, ""), (REVENUE, "480.00"), (COST, "288.00"), (MARGIN, "192.00")),
        {"Q4"},
        AMBER,
    ),
    "a line without a product group, 1.84 % of revenue": (with_line((GROUP, "")), {"Q4", "Q4b"}, RED),
    "a year without sales": (regular(first_year=2025), {"Q5"}, AMBER),
    "a line that stands there twice": ([*with_line(), with_line()[-1]], {"Q6"}, RED),
    "a date before the years of the plan": ([[dt.date(2022, 12, 31), *regular()[0][1:]], *regular()], {"Q7"}, AMBER),
    "a line without cost": (with_line((COST, ""), (MARGIN, "")), {"Q8"}, AMBER),
    "a cost of nothing": (with_line((COST, "0.00"), (MARGIN, "900.00")), {"Q8"}, AMBER),
    "a margin below -20 %": (with_line((COST, "1090.00"), (MARGIN, "-190.00")), {"Q8"}, AMBER),
    "a margin of exactly -20 %": (with_line((COST, "1080.00"), (MARGIN, "-180.00")), set(), GREEN),
    "a delivered margin that is 1.01 euros off": (with_line((MARGIN, "361.01")), {"Q9"}, AMBER),
    "a delivered margin that is 0.99 euros off": (with_line((MARGIN, "360.99")), set(), GREEN),
    "a month without sales": ([line for line in regular() if line[DATE] != month_end(2025, 5)], {"Q10"}, AMBER),
    "a month of more than three times the median": (
        with_line((REVENUE, "2000.01"), (COST, "1200.00"), (MARGIN, "800.01")),
        {"Q10"},
        AMBER,
    ),
    "a month of exactly three times the median": (
        with_line((REVENUE, "2000.00"), (COST, "1200.00"), (MARGIN, "800.00")),
        set(),
        GREEN,
    ),
}
WITH_MARGIN = {**COLUMNS, "sales": (*COLUMNS["sales"], "margin")}


@pytest.mark.parametrize("what", EXPORTS)
def test_a_fault_in_an_export_fires_its_check_and_the_light(tmp_path, what):
    lines, checks, light = EXPORTS[what]
    portfolio = made_portfolio(tmp_path, WITH_MARGIN, sales=lines)
    cells = read_cells(render(load_template(), plan_of(portfolio, last_date=dt.date(2026, 12, 31))))
    assert (fired(cells), cells.one("plan.light")) == (checks, light)
