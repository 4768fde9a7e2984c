"""What an approval freezes and what it refuses, worked out on plans small enough to read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from workbook_builder.approve import LINES, Signature, approval, control_number, is_untouched
from workbook_builder.errors import InputError
from workbook_builder.plan import Plan
from workbook_builder.template.loader import load_template

TEMPLATE = load_template()
DAY = dt.date(2026, 12, 10)
TODAY = dt.date(2026, 12, 24)


def plan(revenue: Any = 100.0, fields: dict[str, Any] | None = None, frozen: tuple[Any, ...] = ()) -> Plan:
    """A budget of that revenue and half as much margin in each month, and versions that were frozen before."""
    amounts = {"gross_revenue": revenue, "net_revenue": revenue, "cost_of_sales": None, "account_profit": 50.0}
    statement = [{"line": line, "month": [amounts.get(line, 0.0)] * 12} for line, _ in LINES]
    versions = [each.row for each in frozen]
    lines = [line for each in frozen for line in each.lines]
    tables = {"budget.statement": statement, "approval.versions": versions, "approval.lines": lines}
    start = {"plan.status": "approved", "plan.version": "1.0", "plan.signed_by": "M. Jansen", **(fields or {})}
    return Plan("1", "Klant", 2027, "nl", 1000, start, tables)


def adopted(given: Plan, **signature: Any) -> Any:
    return approval(TEMPLATE, given, Signature(TODAY, **signature), "plan.xlsx")


def refused(given: Plan, **signature: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        adopted(given, **signature)
    for problem in caught.value.problems:
        assert "plan.xlsx" in problem.text("nl")
        assert "plan.xlsx" in problem.text("en")
    return [problem.code for problem in caught.value.problems]


def test_every_line_is_frozen_with_its_months_and_what_is_not_known_stays_unknown():
    found = adopted(plan())
    assert (found.version, found.first_line, len(found.lines)) == (1, 1, 19)
    assert found.lines[0]["month"] == [100.0] * 12
    assert [line["code"] for line in found.lines][:7] == ["A", "B", "C", "D", "E", "F", "G1"]
    assert found.lines[4]["month"] == [None] * 12
    assert found.row["adopted_by"] == "M. Jansen"
    assert (found.row["adopted_on"], found.row["plan_version"], found.row["line_count"]) == (TODAY, "1.0", 19)
    assert found.fields == {
        "plan.status": "adopted", "plan.signed_by": "M. Jansen", "plan.signed_on": TODAY, "approval.new_reason": None,
    }  # fmt: skip


def test_a_control_number_weighs_months_lines_and_versions():
    # Twelve months of 100: 100 x 78 by month, 1,200 x (12 + 1) for line 1, 12 filled, 100 for version 1, 1 for line 1.
    assert control_number(1, 1, [100.0] * 12) == 7800 + 15600 + 12 + 100 + 1
    # One month of 5 in March of line 4 in version 2: 3 x 5 + 5 x (12 + 4) + 1 + 200 + 4.
    assert control_number(4, 2, [None, None, 5.0, *[None] * 9]) == 15 + 80 + 1 + 200 + 4


@pytest.mark.parametrize(
    "change",
    [
        {"month": [90.0, 110.0] + [100.0] * 10},
        {"month": [100.01] + [100.0] * 11},
        {"month": [None] + [100.0] * 11},
        {"month": ["100"] + [100.0] * 11},
        {"version": 2},
        {"line_no": 2},
        {"control": None},
    ],
)
def test_a_line_that_was_changed_after_it_was_frozen_is_known(change):
    line = adopted(plan()).lines[0]
    assert is_untouched(line)
    assert not is_untouched({**line, **change})


def test_the_second_time_is_a_new_version_below_the_first_with_a_reason():
    first = adopted(plan())
    start = {"plan.status": "adopted", "plan.signed_on": TODAY}
    changed = plan(120.0, start, (first,))
    assert refused(changed) == ["approve_no_reason"]
    second = adopted(changed, reason="Contract verlengd", on=dt.date(2027, 3, 1))
    assert (second.version, second.first_line) == (2, 20)
    assert second.row["reason"] == "Contract verlengd"
    assert second.row["adopted_on"] == dt.date(2027, 3, 1)
    assert "approval.new_reason" not in second.fields  # what stands in that cell is not used, so it stays
    typed = adopted(plan(120.0, {**start, "approval.new_reason": "Nieuwe prijs"}, (first,)))
    assert (typed.row["reason"], typed.fields["approval.new_reason"]) == ("Nieuwe prijs", None)
    assert typed.row["adopted_on"] == TODAY


def test_a_budget_that_did_not_change_is_not_frozen_again():
    first = adopted(plan())
    assert refused(plan(frozen=(first,)), reason="Nog eens") == ["approve_nothing_new"]


def test_versions_are_never_overwritten_so_after_the_fourth_there_is_none():
    frozen: tuple[Any, ...] = ()
    for number in range(4):
        frozen += (adopted(plan(100.0 + number, frozen=frozen), reason="Anders"),)
    assert [each.version for each in frozen] == [1, 2, 3, 4]
    assert [each.first_line for each in frozen] == [1, 20, 39, 58]
    assert refused(plan(200.0, frozen=frozen), reason="Anders") == ["approve_full"]


def test_a_version_of_which_only_the_row_is_left_is_not_used_again():
    first = adopted(plan())
    given = plan(120.0, frozen=(first,))
    wiped = Plan("1", "Klant", 2027, "nl", 1000, given.fields, {**given.tables, "approval.lines": []})
    assert adopted(wiped, reason="Anders").version == 2


def test_an_earlier_version_that_was_changed_is_said():
    first = adopted(plan())
    first.lines[0]["month"][0] = 99.0
    codes = [note.code for note in adopted(plan(120.0, frozen=(first,)), reason="Anders").notes]
    assert codes == ["approve_done", "approve_earlier_changed"]


def test_without_a_name_nobody_adopts():
    assert refused(plan(fields={"plan.signed_by": None})) == ["approve_no_name"]
    assert refused(plan(fields={"plan.signed_by": "  "})) == ["approve_no_name"]


def test_a_name_and_a_day_that_start_contradicts_are_refused_and_nothing_typed_is_lost():
    given = plan(fields={"plan.signed_on": DAY})
    assert refused(given, by="P. Smit", on=TODAY) == ["approve_other_name", "approve_other_day"]
    assert adopted(given, by="M. Jansen").row["adopted_on"] == DAY
    by_another = plan(120.0, {"plan.signed_on": TODAY}, (adopted(plan()),))  # Start still names the version before
    assert adopted(by_another, by="P. Smit", reason="Anders").row["adopted_by"] == "P. Smit"


def test_a_closed_plan_and_a_budget_without_revenue_are_refused():
    assert refused(plan(fields={"plan.status": "closed"})) == ["approve_closed"]
    assert refused(plan(0.0)) == ["approve_no_budget"]
    assert refused(plan(None)) == ["approve_no_budget"]


@pytest.mark.parametrize("found", ["#N/A", "tekst", True, dt.date(2027, 1, 1)])
def test_a_budget_with_anything_but_amounts_is_refused_by_line_and_month(found):
    with pytest.raises(InputError, match="A  Bruto-omzet"):
        adopted(plan(found))
    assert refused(plan(found)) == ["approve_error", "approve_error"]  # A and D
