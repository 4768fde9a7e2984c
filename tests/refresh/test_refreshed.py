from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from made_exports import ACCOUNT, made_portfolio

from workbook_builder.errors import InputError
from workbook_builder.plan import Plan
from workbook_builder.prefill import GroupRows, fresh_plan
from workbook_builder.refresh import Refresh, check_sources, group_rows, refreshed, revenue_of
from workbook_builder.template.loader import load_template
from workbook_builder.today import moved

TEMPLATE = load_template()
BEFORE = (
    ("2025-03-10", "Kaas", "1", "100.00", "60.00"),
    ("2026-02-10", "Boter", "1", "50.00", "30.00"),
    ("2026-02-11", "Kaas", "1", "200.00", "120.00"),
)
TODAY = (*BEFORE, ("2026-05-20", "Boter", "1", "900.00", "500.00"), ("2026-06-30", "Vlees", "1", "400.00", "300.00"))
PEOPLE = (("C1", "Anna Smit", "Inkoper"), ("C2", "Bram Vos", "Directeur"))
VISITS = (("2026-01-15", "visit", "Petra", "C1"),)


@pytest.fixture
def plan_from(tmp_path: Path) -> Any:
    """A function that makes the plan of some sales lines and other sources."""
    numbers = iter(range(100))

    def make(sales: Any, groups: GroupRows | None = None, **others: Any) -> Plan:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        portfolio = made_portfolio(folder, sales=sales, **others)
        figures = portfolio.account(ACCOUNT)
        plan = fresh_plan(
            TEMPLATE, figures, year=2027, language="nl", unit=1000, last_date=portfolio.last_date, groups=groups
        )
        return plan.with_typed({"settings.scale_top": 5}, {})  # as a workbook has it, by default

    return make


def refresh(plan_from: Any, plan: Plan, sales: Any, **others: Any) -> Refresh:
    return refreshed(TEMPLATE, plan, plan_from(sales, group_rows(TEMPLATE, plan), **others))


def applied(plan: Plan, change: Refresh) -> Plan:
    """The plan after the refresh."""
    done = plan.with_typed(change.fields, change.tables)
    return dataclasses.replace(done, tables={**done.tables, **change.sources})


def groups_of(plan: Plan) -> list[str | None]:
    return [row.get("product_group") for row in plan.tables["analysis.sales_vv"][:4]]


def sold(plan: Plan) -> set[tuple[Any, ...]]:
    return {(row["group_no"], row["product_group"], row["year"], row["month"]) for row in plan.tables["src_sales.rows"]}


def filled(change: Refresh) -> dict[str, Any]:
    """The fields that change, those of the log left out."""
    return {name: value for name, value in change.fields.items() if not name.startswith("log.")}


def codes(change: Refresh) -> list[str]:
    return [note.code for note in change.notes]


def test_a_group_keeps_its_row_when_another_sells_more_now(plan_from):
    plan = plan_from(BEFORE)
    assert groups_of(plan) == ["Kaas", "Boter", None, None]
    assert groups_of(plan_from(TODAY)) == ["Boter", "Vlees", "Kaas", None]
    after = applied(plan, refresh(plan_from, plan, TODAY))
    assert groups_of(after) == ["Kaas", "Boter", "Vlees", None]
    assert sold(after) == {
        (1, "Kaas", 2025, 3), (2, "Boter", 2026, 2), (1, "Kaas", 2026, 2), (2, "Boter", 2026, 5), (3, "Vlees", 2026, 6),
    }  # fmt: skip


def test_only_the_row_of_the_new_group_changes_in_the_list_of_groups(plan_from):
    plan = plan_from(BEFORE)
    change = refresh(plan_from, plan, TODAY)
    assert change.tables["analysis.sales_vv"] == [{"row": 3, "product_group": "Vlees"}]
    assert codes(change) == ["refresh_groups_added"]


def test_a_group_that_vanished_stays_in_its_row(plan_from):
    plan = plan_from(TODAY)
    without = [line for line in TODAY if line[1] != "Vlees"]
    change = refresh(plan_from, plan, without)
    assert groups_of(applied(plan, change)) == ["Boter", "Vlees", "Kaas", None]
    assert {row["group_no"] for row in change.sources["src_sales.rows"]} == {1, 3}


def test_a_new_group_does_not_take_a_row_in_which_somebody_typed_a_target(plan_from):
    plan = plan_from(BEFORE).with_typed({}, {"goals.revenue": [{"row": 3, "own_target": 12}]})
    assert groups_of(applied(plan, refresh(plan_from, plan, TODAY))) == ["Kaas", "Boter", None, "Vlees"]


def test_a_group_for_which_there_is_no_row_counts_in_the_last_one_and_is_named(plan_from):
    many = [("2026-01-10", f"Groep {n:02}", "1", "100.00", "60.00") for n in range(1, 16)]
    plan = plan_from(many)
    change = refresh(plan_from, plan, [*many, ("2026-02-10", "Nieuw", "1", "9000.00", "60.00")])
    assert "analysis.sales_vv" not in change.tables
    assert [row["group_no"] for row in change.sources["src_sales.rows"] if row["product_group"] == "Nieuw"] == [16]
    assert codes(change) == ["refresh_groups_in_rest"]
    assert "Nieuw" in change.notes[0].text("nl")


def test_a_group_that_was_in_the_last_row_already_is_not_named_again(plan_from):
    many = [("2026-01-10", f"Groep {n:02}", "1", f"{100 - n}.00", "60.00") for n in range(1, 18)]
    plan = plan_from(many)
    assert codes(refresh(plan_from, plan, [*many, ("2026-02-10", "Groep 17", "1", "9000.00", "60.00")])) == []


def test_a_fresh_plan_with_groups_in_other_rows_is_not_taken(plan_from):
    with pytest.raises(ValueError, match="group_rows"):
        refreshed(TEMPLATE, plan_from(BEFORE), plan_from(TODAY))


def test_a_known_contact_keeps_row_and_words_and_gets_the_last_contact(plan_from):
    plan = plan_from(BEFORE, contacts=PEOPLE, activities=VISITS)
    plan = plan.with_typed({}, {"account.contacts": [{"row": 1, "function": "Hoofd inkoop"}]})
    later = (*VISITS, ("2026-06-02", "visit", "Petra", "C1"))
    change = refresh(plan_from, plan, TODAY, contacts=tuple(reversed(PEOPLE)), activities=later)
    assert change.tables["account.contacts"] == [{"row": 1, "last_contact": dt.date(2026, 6, 2)}]


def test_a_new_contact_gets_the_first_row_in_which_nothing_at_all_is_typed(plan_from):
    plan = plan_from(BEFORE, contacts=PEOPLE)
    plan = plan.with_typed({}, {"strategy.relation_mix": [{"row": 3, "who": "Petra"}]})
    change = refresh(plan_from, plan, BEFORE, contacts=(*PEOPLE, ("C3", "Cato Bos", "Planner")))
    (row,) = change.tables["account.contacts"]
    assert (row["row"], row["contact_id"], row["name"], row["function"]) == (4, "C3", "Cato Bos", "Planner")


def test_a_contact_that_somebody_typed_without_a_number_is_known_by_name(plan_from):
    plan = plan_from(BEFORE, contacts=PEOPLE)
    plan = plan.with_typed({}, {"account.contacts": [{"row": 3, "name": "Cato Bos", "function": "Mijn woorden"}]})
    change = refresh(plan_from, plan, BEFORE, contacts=(*PEOPLE, ("C3", "Cato Bos", "Planner")))
    assert change.tables["account.contacts"] == [{"row": 3, "contact_id": "C3", "status": "active"}]


def test_a_contact_for_whom_there_is_no_row_is_named(plan_from):
    thirty = [(f"C{n}", f"Persoon {n}", "") for n in range(1, 31)]
    plan = plan_from(BEFORE, contacts=thirty)
    change = refresh(plan_from, plan, BEFORE, contacts=[*thirty, ("C31", "Eenendertig", "")])
    assert "account.contacts" not in change.tables
    assert change.fields["settings.contacts_without_row"] == 1
    assert codes(change) == ["refresh_no_room"]
    assert "Eenendertig" in change.notes[0].text("nl")


def test_a_rate_that_somebody_typed_stays_and_an_empty_one_is_filled(plan_from):
    plan = plan_from(BEFORE, team=(("Petra", "80", "100"), ("Quinten", "", "100")))
    plan = plan.with_typed({}, {"team.members": [{"row": 1, "hourly_rate": 95}]})
    change = refresh(
        plan_from, plan, BEFORE, team=(("Quinten", "70", "120"), ("Petra", "85", "100"), ("Rik", "60", ""))
    )
    assert change.tables["team.members"][0] == {"row": 2, "hourly_rate": 70}
    added = change.tables["team.members"][1]
    assert (added["row"], added["employee"], added["hourly_rate"]) == (3, "Rik", 60)


def test_an_input_of_the_account_is_filled_only_when_it_is_empty(plan_from):
    fresh = plan_from(BEFORE).with_typed({"account.industry": "Zuivel", "account.city": "Gouda"}, {})
    typed = fresh.with_typed({"account.industry": "Kaashandel", "account.city": "Edam"}, {})
    assert filled(refreshed(TEMPLATE, typed, fresh)) == {"account.city": "Gouda"}
    empty = fresh.with_typed({"account.industry": None}, {})
    assert filled(refreshed(TEMPLATE, empty, fresh)) == {"account.industry": "Zuivel"}


def test_the_reference_date_and_closed_months_move_along_with_the_last_date(plan_from):
    plan = plan_from(BEFORE)
    assert plan.fields["plan.closed_period"] == 2
    change = refresh(plan_from, plan, TODAY)
    assert change.fields["plan.reference_date"] == dt.date(2026, 6, 30)
    assert change.fields["plan.closed_period"] == 6
    assert change.fields["settings.last_date"] == dt.date(2026, 6, 30)


def test_own_forecasts_are_mentioned_when_the_closed_months_move_on(plan_from):
    plan = plan_from(BEFORE)
    typed = plan.with_typed({}, {"analysis.sales_vv": [{"row": 1, "own_forecast": 0}, {"row": 2, "own_forecast": 5}]})
    said = {problem.code: problem.particulars for problem in refresh(plan_from, typed, TODAY).notes}
    assert said["refresh_own_forecasts"] == {"count": 2, "month": 6}
    codes = [problem.code for problem in refresh(plan_from, plan, TODAY).notes]
    assert "refresh_own_forecasts" not in codes


def test_a_reference_date_and_closed_months_that_somebody_chose_stay(plan_from):
    plan = plan_from(BEFORE).with_typed({"plan.reference_date": dt.date(2026, 2, 1), "plan.closed_period": 1}, {})
    change = refresh(plan_from, plan, TODAY)
    assert not change.fields.keys() & {"plan.reference_date", "plan.closed_period", "plan.closed_month"}


def test_the_second_refresh_from_the_same_sources_changes_nothing_not_even_the_log(plan_from):
    plan = plan_from(BEFORE, contacts=PEOPLE, activities=VISITS)
    after = applied(plan, refresh(plan_from, plan, TODAY, contacts=PEOPLE, activities=VISITS))
    assert refresh(plan_from, after, TODAY, contacts=PEOPLE, activities=VISITS).is_empty


def test_what_the_mapping_sheet_says_of_the_sources_is_replaced(plan_from):
    plan = plan_from(BEFORE, contacts=PEOPLE)
    change = refresh(plan_from, plan, TODAY)
    assert change.tables["settings.sources"][0]["rows_read"] == 5
    assert change.tables["settings.sources"][1]["file"] is None, "the contacts are no source any more"
    totals = {row["row"]: row["source_total"] for row in change.tables["settings.control"]}
    assert totals == {4: pytest.approx(1550)}


def test_history_holidays_and_the_count_of_formulas_are_left_alone(plan_from):
    plan = plan_from(BEFORE).with_typed(
        {
            "settings.formulas_made": 2501,
            "settings.formulas_found": 2499,
            "rollover.found": 12,
            "strategy.motivation_before": "Wij",
        },
        {
            "history.plans": [{"row": 1, "description": "Plan 2026"}],
            "rollover.sections": [{"row": 1, "title": "1.1"}],
            "lists.holidays": [{"row": 1, "name": "Eigen dag"}],
        },
    )
    change = refresh(plan_from, plan, TODAY)
    assert not change.tables.keys() & {"history.plans", "rollover.sections", "lists.holidays"}
    assert not change.sources.keys() & {"history.plans", "not_carried.values"}
    left_alone = {"settings.formulas_made", "settings.formulas_found", "rollover.found", "strategy.motivation_before"}
    assert not change.fields.keys() & left_alone


def test_a_section_that_the_plan_leaves_out_gets_nothing(plan_from):
    fresh = plan_from(BEFORE)
    plan = dataclasses.replace(fresh, off=frozenset({"1.1"}), fields={**fresh.fields, "account.city": None})
    given = fresh.with_typed({"account.city": "Gouda"}, {})
    assert refreshed(TEMPLATE, plan, dataclasses.replace(given, off=plan.off)).is_empty


def test_the_revenue_of_a_year_is_that_of_its_source_lines(plan_from):
    assert [str(revenue_of(plan_from(TODAY), year)) for year in (2025, 2026, 2027)] == ["100.00", "1550.00", "0.00"]


def test_an_older_year_that_moved_is_mentioned_and_a_year_as_it_was_is_not(plan_from):
    plan = plan_from((*BEFORE, ("2024-05-01", "Kaas", "1", "800.00", "300.00")))
    said = [problem.text("nl") for problem in moved("plan.xlsx", plan, plan_from(TODAY))]
    assert said[0].endswith("omzet 2026 van 250 naar 1 550 euro, omzet 2027 van 0 naar 0 euro.")
    assert said[1:] == [
        "plan.xlsx: ook de omzet van 2024 is veranderd, van 800 naar 0 euro; kijk of de export nog alle jaren heeft."
    ]


def refusals(plan: Plan, fresh: Plan, least: float = 0.5) -> list[str]:
    with pytest.raises(InputError) as caught:
        check_sources(TEMPLATE, plan, fresh, least, "plan.xlsx")
    return [problem.code for problem in caught.value.problems]


def test_the_figures_of_another_customer_are_refused(plan_from):
    plan = plan_from(BEFORE)
    assert refusals(plan, dataclasses.replace(plan, account_id="90002")) == ["refresh_other_customer"]


def test_far_fewer_rows_than_last_time_are_refused(plan_from):
    assert refusals(plan_from(TODAY), plan_from(BEFORE[:2])) == ["refresh_few_rows"]
    check_sources(TEMPLATE, plan_from(TODAY), plan_from(BEFORE), 0.5, "plan.xlsx")


def test_an_export_as_long_as_ever_with_far_fewer_lines_of_this_customer_is_refused(plan_from):
    plan, fresh = plan_from(TODAY), plan_from(TODAY)
    sales, *others = fresh.tables["settings.account_rows"]

    def with_own(lines: int) -> Plan:
        rows = [{**sales, "rows_used": lines, "rows_excluded": 0, "rows_to_check": 0}, *others]
        return dataclasses.replace(fresh, tables={**fresh.tables, "settings.account_rows": rows})

    assert refusals(plan, with_own(2)) == ["refresh_few_own_lines"], "2 of 5, and half is 2.5"
    check_sources(TEMPLATE, plan, with_own(3), 0.5, "plan.xlsx")
    check_sources(TEMPLATE, plan, with_own(0), 0, "plan.xlsx")


def test_a_source_that_the_config_has_no_more_is_refused_unless_the_limit_is_0(plan_from):
    plan, fresh = plan_from(BEFORE, contacts=PEOPLE), plan_from(BEFORE)
    assert refusals(plan, fresh) == ["refresh_few_rows"]
    check_sources(TEMPLATE, plan, fresh, 0, "plan.xlsx")


def test_an_account_that_lost_all_its_lines_is_refused(plan_from):
    plan = plan_from(BEFORE)
    empty = dataclasses.replace(plan, tables={**plan.tables, "src_sales.rows": []})
    assert refusals(plan, empty) == ["refresh_no_lines"]
