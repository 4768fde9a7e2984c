from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_exports import ACCOUNT, made_portfolio

from workbook_builder import __version__
from workbook_builder.log import CheckResult, Run, changed_sources, line_hash, log_fault, year_totals
from workbook_builder.plan import Plan
from workbook_builder.prefill import GroupRows, fresh_plan
from workbook_builder.refresh import Refresh, group_rows, refreshed, with_result
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.named_values import read_plan
from workbook_builder.workbook.renderer import render

TEMPLATE = load_template()
BEFORE = [("2025-03-10", "Kaas", "1", "100.00", "60.00"), ("2026-02-10", "Boter", "1", "50.00", "30.00")]
LATER = [*BEFORE, ("2026-05-20", "Boter", "1", "900.00", "500.00")]
LAST = [*LATER, ("2027-01-07", "Kaas", "1", "10.00", "")]
PEOPLE = [("C1", "Anna Smit", "Inkoper")]
RUN = Run(dt.datetime(2026, 6, 1, 8, 30, 5, 999), "petra", {"sales": Path("/exports/juni/verkoop.csv")})
PlanFrom = Callable[..., Plan]


@pytest.fixture
def plan_from(tmp_path: Path) -> PlanFrom:
    """A function that makes the plan of some sales lines and other sources."""
    numbers = iter(range(100))

    def make(sales: Any, groups: GroupRows | None = None, language: str = "nl", **others: Any) -> Plan:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        portfolio = made_portfolio(folder, sales=sales, **others)
        figures, last = portfolio.account(ACCOUNT), portfolio.last_date
        plan = fresh_plan(TEMPLATE, figures, year=2027, language=language, unit=1000, last_date=last, groups=groups)
        return plan.with_typed({"settings.scale_top": 5}, {})

    return make


def refresh(plan_from: PlanFrom, plan: Plan, sales: Any, run: Run = RUN, **others: Any) -> Refresh:
    fresh = plan_from(sales, group_rows(TEMPLATE, plan), plan.language, **others)
    return with_result(refreshed(TEMPLATE, plan, fresh, run), CheckResult(red=1, amber=3))


def applied(plan: Plan, change: Refresh) -> Plan:
    done = plan.with_typed(change.fields, change.tables)
    return dataclasses.replace(done, tables={**done.tables, **change.sources})


def lines(plan: Plan) -> list[dict[str, Any]]:
    """The lines of the log without their empty cells and without the hash."""
    rows = plan.tables["log.runs"]
    return [{name: value for name, value in row.items() if value is not None and name != "previous"} for row in rows]


@pytest.fixture
def refreshed_twice(plan_from: PlanFrom) -> Plan:
    """A plan of which the figures were filled three times."""
    plan = plan_from(BEFORE)
    for sales in (LATER, LAST):
        plan = applied(plan, refresh(plan_from, plan, sales))
    return plan


def changed(plan: Plan, number: int, **cells: Any) -> Plan:
    """The plan with other cells in a line of the log, from 1."""
    rows = [dict(row) for row in plan.tables["log.runs"]]
    rows[number - 1].update(cells)
    return dataclasses.replace(plan, tables={**plan.tables, "log.runs": rows})


def with_rows(plan: Plan, rows: Any) -> Plan:
    return dataclasses.replace(plan, tables={**plan.tables, "log.runs": list(rows)})


def fault(plan: Plan) -> tuple[str, dict[str, Any]] | None:
    found = log_fault(plan)
    return None if found is None else (found.code, dict(found.particulars))


def test_a_new_plan_starts_with_its_totals_and_files_and_without_a_time(plan_from):
    plan = plan_from(BEFORE, contacts=PEOPLE)
    first = {"run": 1, "version": __version__}
    digests = [row["sha256"] for row in plan.tables["settings.sources"]]
    sizes = [row["size"] for row in lines(plan)[2:]]
    files = [{"rows_excluded": 0, "rows_to_check": 0, "size": sizes[at], "sha256": digests[at]} for at in (0, 1)]
    assert lines(plan) == [
        {**first, "file": "Omzet en kostprijs 2025", "kind": "Totaal", "revenue_after": 100, "cost_after": 60},
        {**first, "file": "Omzet en kostprijs 2026", "kind": "Totaal", "revenue_after": 50, "cost_after": 30},
        {**first, **files[0], "file": "sales.csv", "kind": "Omzet", "rows_used": 2},
        {**first, **files[1], "file": "contacts.csv", "kind": "Contacten", "rows_used": 1},
    ]


def test_the_same_sources_give_the_same_first_lines_whoever_makes_the_plan(plan_from, monkeypatch):
    plans = []
    for user in ("petra", "quinten"):
        monkeypatch.setenv("LOGNAME", user)
        plans.append(plan_from(BEFORE))
    assert plans[0].tables["log.runs"] == plans[1].tables["log.runs"]
    assert plans[0].fields == plans[1].fields


def test_a_refresh_adds_who_when_from_which_file_and_what_moved(plan_from):
    plan = plan_from(BEFORE, contacts=PEOPLE)
    change = refresh(plan_from, plan, LATER, contacts=PEOPLE)
    after = applied(plan, change)
    assert after.tables["log.runs"][:4] == plan.tables["log.runs"]
    every = {"run": 2, "date": dt.date(2026, 6, 1), "time": "08:30:05", "user": "petra", "version": __version__,
             "red": 1, "amber": 3}  # fmt: skip
    totals = lines(after)[4:6]
    assert totals == [
        {**every, "file": "Omzet en kostprijs 2025", "kind": "Totaal", "revenue_before": 100, "revenue_after": 100,
         "cost_before": 60, "cost_after": 60},
        {**every, "file": "Omzet en kostprijs 2026", "kind": "Totaal", "revenue_before": 50, "revenue_after": 950,
         "cost_before": 30, "cost_after": 530},
    ]  # fmt: skip
    sales, contacts = lines(after)[6:]
    assert (sales["file"], sales["rows_used"]) == (str(Path("/exports/juni/verkoop.csv")), 3)
    assert (contacts["file"], contacts["kind"], contacts["rows_used"]) == ("contacts.csv", "Contacten", 1)
    assert every.items() <= sales.items()


def test_a_cost_that_is_not_known_is_missing_and_a_year_that_was_not_there_was_nothing(refreshed_twice):
    year = next(row for row in lines(refreshed_twice) if row["run"] == 3 and row["file"].endswith("2027"))
    assert (year["revenue_before"], year["revenue_after"], year["cost_before"]) == (0, 10, 0)
    assert "cost_after" not in year


def test_every_line_carries_the_hash_of_the_line_before(refreshed_twice):
    rows = refreshed_twice.tables["log.runs"]
    assert len(rows) == (2 + 1) + (2 + 1) + (3 + 1)
    assert rows[0]["previous"] is None
    assert [row["previous"] for row in rows[1:]] == [line_hash(row) for row in rows[:-1]]
    assert refreshed_twice.fields["log.last_hash"] == line_hash(rows[-1])
    assert refreshed_twice.fields["log.lines"] == len(rows)
    assert log_fault(refreshed_twice) is None


def test_the_hash_is_the_first_half_of_a_sha_256_that_anybody_can_compute():
    row = {"run": 2, "date": dt.date(2026, 6, 1), "file": "x.csv", "revenue_after": 950.5, "sha256": None}
    text = "date=2026-06-01\nfile=x.csv\nrevenue_after=950.5\nrun=2"
    assert line_hash(row) == hashlib.sha256(text.encode()).hexdigest()[:32]


@pytest.mark.parametrize("number", range(1, 11))
@pytest.mark.parametrize("cells", [{"revenue_after": 1}, {"user": "iemand anders"}, {"rows_used": 99}])
def test_a_line_that_was_changed_is_named(refreshed_twice, number, cells):
    run = refreshed_twice.tables["log.runs"][number - 1]["run"]
    found = fault(changed(refreshed_twice, number, **cells))
    assert found == ("log_line_changed", {"line": number, "run": run})


def test_of_two_changed_lines_the_first_is_named(refreshed_twice):
    plan = changed(changed(refreshed_twice, 8, rows_used=1), 5, rows_used=1)
    assert fault(plan) == ("log_line_changed", {"line": 5, "run": 2})


def test_lines_that_are_gone_are_said_to_be(refreshed_twice):
    rows = list(refreshed_twice.tables["log.runs"])
    assert fault(with_rows(refreshed_twice, rows[2:])) == ("log_start_gone", {})
    assert fault(with_rows(refreshed_twice, rows[:4] + rows[6:])) == ("log_line_changed", {"line": 4, "run": 2})
    assert fault(with_rows(refreshed_twice, rows[:-2])) == ("log_end_gone", {"lines": 8, "written": 10})
    assert fault(with_rows(refreshed_twice, [])) == ("log_end_gone", {"lines": 0, "written": 10})


def test_a_line_that_somebody_added_is_named(refreshed_twice):
    rows = list(refreshed_twice.tables["log.runs"])
    assert fault(with_rows(refreshed_twice, [*rows, rows[-1]])) == ("log_line_changed", {"line": 10, "run": 3})
    assert fault(with_rows(refreshed_twice, [rows[0], *rows])) == ("log_line_changed", {"line": 1, "run": 1})


def test_the_next_refresh_says_that_a_line_was_changed_and_covers_nothing_up(plan_from, refreshed_twice):
    plan = changed(refreshed_twice, 10, rows_used=99)
    change = refresh(plan_from, plan, LATER)
    assert "log_line_changed" in [note.code for note in change.notes]
    assert change.fields["log.broken_line"] == 10
    after = applied(plan, change)
    assert fault(after) == ("log_line_changed", {"line": 10, "run": 3})
    assert applied(after, refresh(plan_from, after, BEFORE)).fields["log.broken_line"] == 10


def test_a_log_outlives_the_file_and_its_language(plan_from, tmp_path):
    plan = plan_from(BEFORE, language="en")
    plan = applied(plan, refresh(plan_from, plan, LATER))
    (tmp_path / "plan.xlsx").write_bytes(render(TEMPLATE, plan))
    read = read_plan(tmp_path / "plan.xlsx", TEMPLATE)
    assert log_fault(read) is None
    assert [row["file"] for row in read.tables["log.runs"]][:1] == ["Revenue and cost 2025"]
    assert log_fault(changed(read, 3, size=1)) is not None


def test_a_source_that_is_another_file_now_is_named(plan_from):
    plan = plan_from(BEFORE, contacts=PEOPLE)
    assert changed_sources(plan, plan_from(BEFORE, contacts=PEOPLE)) == []
    assert changed_sources(plan, plan_from(LATER, contacts=PEOPLE)) == ["Omzet"]
    assert changed_sources(plan, plan_from(BEFORE)) == ["Contacten"]


def test_another_file_with_the_same_figures_is_logged(plan_from):
    plan = plan_from(BEFORE)
    change = refresh(plan_from, plan, list(reversed(BEFORE)))
    assert (len(change.sources["log.runs"]), change.fields["log.lines"]) == (6, 6)
    assert change.sources.keys() == {"log.runs"}


def test_a_log_of_any_length_keeps_every_line(plan_from):
    plan = plan_from(BEFORE)
    for number in range(40):
        plan = applied(plan, refresh(plan_from, plan, LATER if number % 2 else BEFORE[:1] + LATER[1:2] * 2))
    assert len(plan.tables["log.runs"]) == 3 + 40 * 3
    assert log_fault(plan) is None


def test_what_somebody_typed_over_a_figure_counts_for_nothing_and_stops_nothing():
    rows = [
        {"year": 2026, "revenue": "abc", "cost": 5, "lines_without_cost": 0, "group_no": 1},
        {"year": 2026, "revenue": 10.1, "cost": 0.1, "lines_without_cost": 0, "group_no": 1},
        {"year": "later", "revenue": 3, "cost": 1, "group_no": 1},
    ]
    totals = year_totals(rows)
    assert {year: (float(revenue), float(cost or 0)) for year, (revenue, cost) in totals.items()} == {2026: (10.1, 5.1)}
