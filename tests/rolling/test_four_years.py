"""The example account rolled over three times, through files: four years of plans, each the one from the other."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from by_id import value
from compare import differences, error_cells
from example_account import EXAMPLE, MAIN_ACCOUNT, portfolio
from office import recalculated
from saved_plans import excel_check
from workbook_cells import Cells, read_cells

from examples.fill_example import typed
from workbook_builder.checking.check import check_content
from workbook_builder.log import log_fault
from workbook_builder.plan import Plan
from workbook_builder.prefill import fresh_plan
from workbook_builder.reading.reader import read_tolerantly
from workbook_builder.rolling.files import RolledFile, Wanted, roll_over_files
from workbook_builder.rolling.report import Report
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import render

TEMPLATE = load_template()
FIRST = 2025  # the plan year of the first of the four
LANGUAGES = {2026: "nl", 2027: "en", 2028: "nl"}
WHEN = dt.datetime(2026, 11, 2, 9, 30)
SOURCES = ("src_sales.rows", "src_costs.rows", "src_quotations.rows", "src_activities.rows")
FIGURES = ("analysis.revenue_vv", "analysis.sales_vv.revenue", "analysis.history_margin.year", "analysis.cost_vv",
           "budget.direct_costs_plan.last_year", "settings.control.imported")  # fmt: skip


@dataclass(frozen=True)
class Rolled:
    """A plan that was rolled over: its file, what it holds, its cells, and what became of the values before it."""

    path: Path
    plan: Plan
    cells: Cells
    report: Report


def fresh(year: int, language: str) -> Plan:
    figures = portfolio().account(MAIN_ACCOUNT)
    return fresh_plan(TEMPLATE, figures, year=year, language=language, unit=1000, last_date=portfolio().last_date)


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Rolled]:
    folder = tmp_path_factory.mktemp("years")
    path = folder / f"Accountplan_{MAIN_ACCOUNT}_{FIRST}.xlsx"
    path.write_bytes(render(TEMPLATE, fresh(FIRST, "nl").with_typed(**typed())))
    made: dict[int, Rolled] = {}
    for year, language in LANGUAGES.items():
        before = hashlib.sha256(path.read_bytes()).hexdigest()
        [result] = roll_over_files([path], EXAMPLE, Wanted(year, language), when=WHEN)
        assert isinstance(result, RolledFile), [each.text("en") for each in result.problems]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == before
        assert result.report
        [path] = result.files
        plan, findings = read_tolerantly(path, TEMPLATE)
        assert findings == ()
        made[year] = Rolled(path, plan, read_cells(path), result.report)
    return made


@pytest.mark.parametrize("year", LANGUAGES)
def test_each_plan_is_of_the_next_year_and_in_the_language_that_was_asked_for(years, year):
    assert (years[year].plan.year, years[year].plan.language) == (year, LANGUAGES[year])
    assert years[year].path.name == f"Accountplan_{MAIN_ACCOUNT}_{year}.xlsx"


@pytest.mark.parametrize("year", [2027])
def test_the_figures_of_each_year_are_those_of_a_fresh_plan(years, year):
    plan = fresh(year, LANGUAGES[year])
    cells = read_cells(render(TEMPLATE, plan))
    for name in FIGURES:
        assert value(TEMPLATE, years[year].cells, name) == value(TEMPLATE, cells, name)
    assert all(len(years[year].plan.tables[key]) == len(plan.tables[key]) for key in SOURCES)


@pytest.mark.parametrize("year", LANGUAGES)
def test_every_value_moved_along_was_kept_or_is_named_on_the_sheet(years, year):
    plan, report = years[year].plan, years[year].report
    counts = {name: plan.fields[f"rollover.{name}"] for name in ("found", "carried", "archived", "named", "lost")}
    assert counts["found"] == len(report.fates) == counts["carried"] + counts["archived"] + counts["named"]
    assert counts["lost"] == 0
    assert len(plan.tables["not_carried.values"]) == counts["archived"] + counts["named"]
    assert sum(row["found"] or 0 for row in plan.tables["rollover.sections"]) == counts["found"]


def test_the_history_holds_every_year_with_its_budget_and_what_came_of_it(years):
    for year in LANGUAGES:
        lines = years[year].plan.tables["history.plans"]
        budget = [line for line in lines if line["kind"] == "budget"]
        assert {line["plan_year"] for line in lines} == set(range(FIRST, year))
        assert [line["plan_year"] for line in budget if line["item_id"] == "A"] == list(range(FIRST, year))
    last = years[2028].plan.tables["history.plans"]
    first_year = next(line for line in last if line["kind"] == "budget" and line["plan_year"] == FIRST)
    assert first_year["recorded"] == pytest.approx(value(TEMPLATE, years[2026].cells, "budget.gross_revenue.vv"))


def test_how_near_a_budget_came_is_known_when_its_year_is_over(years):
    assert value(TEMPLATE, years[2026].cells, "history.years.accuracy:5") != ""
    assert value(TEMPLATE, years[2027].cells, "history.years.accuracy:5") == "", "2026 is booked until October"
    assert value(TEMPLATE, years[2028].cells, "history.years.accuracy:3") == pytest.approx(
        value(TEMPLATE, years[2026].cells, "history.years.accuracy:5")
    )


@pytest.mark.parametrize("year", LANGUAGES)
def test_the_new_plan_ties_to_the_old_one(years, year):
    for check in ("R18", "R19", "R20", "R21"):
        assert value(TEMPLATE, years[year].cells, f"checks.list.result:{check}") == 0
    assert log_fault(years[year].plan) is None


def test_the_check_of_finance_finds_nothing_to_repair(years):
    path = years[2028].path
    found = check_content(path.read_bytes(), path, TEMPLATE)
    assert [each for each in found.findings if each.level == "error" and each.code != "check_own_error"] == []


def test_excel_has_nothing_to_repair_in_any_of_them(years, tmp_path):
    for year, made in years.items():
        assert excel_check(made.path.read_bytes(), tmp_path) in (None, []), year


@pytest.mark.office
def test_no_engine_contradicts_a_stored_value_and_no_cell_is_an_error(years):
    office = recalculated({str(year): made.path.read_bytes() for year, made in years.items()})
    for year, made in years.items():
        assert [str(each) for each in differences(made.cells, office[str(year)].value)] == []
        assert error_cells(made.cells) + error_cells(office[str(year)]) == []
