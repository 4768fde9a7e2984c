"""What becomes of the values of last year's plan, by the rules of their fields: `rolled` on plans in memory."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from example_account import MAIN_ACCOUNT, YEAR, example_plan, portfolio

from workbook_builder.approve import control_number
from workbook_builder.log import log_fault
from workbook_builder.plan import Plan
from workbook_builder.prefill import fresh_plan
from workbook_builder.rolling.earlier import changed_versions, unknown_year
from workbook_builder.rolling.roll import Predecessor, Rolled, rolled
from workbook_builder.template.loader import load_template

TEMPLATE = load_template()
OLD_FILE = Predecessor("Accountplan_10021_2027.xlsx", "ab" * 32, 600_000)


def fresh(year: int = YEAR + 1, language: str = "nl") -> Plan:
    """What `accountplan new` would make for the next year."""
    figures = portfolio().account(MAIN_ACCOUNT)
    return fresh_plan(TEMPLATE, figures, year=year, language=language, unit=1000, last_date=portfolio().last_date)


def roll(fields: dict[str, Any], tables: dict[str, Any], **wanted: Any) -> Rolled:
    """The plan of the next year of the example account, in whose plan this was typed."""
    return rolled(TEMPLATE, example_plan("nl").with_typed(fields, tables), fresh(**wanted), OLD_FILE)


def fates(made: Rolled, name: str) -> list[tuple[Any, str, str]]:
    """(value, what became of it, why) of every value of an id."""
    return [(fate.value, fate.became, fate.why) for fate in made.report.fates if fate.id == name]


def test_figures_are_those_of_a_fresh_plan_and_never_the_old_ones():
    made = roll({"plan.year": 1999}, {"src_sales.rows": [{"row": 1, "revenue": 123456}]})
    for key in ("src_sales.rows", "src_costs.rows", "settings.control", "settings.sources", "analysis.sales_vv"):
        assert list(made.plan.tables[key]) == list(fresh().tables[key])
    assert made.plan.fields["plan.year"] == YEAR + 1


def test_a_text_to_confirm_moves_along_and_its_section_waits_with_the_day_it_was_last_confirmed():
    typed = {"account.description": "Groothandel", "plan.signed_on": dt.date(2026, 12, 10)}
    made = roll(typed, {})
    assert made.plan.fields["account.description"] == "Groothandel"
    row = made.plan.tables["rollover.confirmations"][0]
    assert (row["section"], row["last_confirmed"]) == ("1.1", dt.date(2026, 12, 10))
    assert "confirmed_on" not in row
    again = rolled(TEMPLATE, made.plan, fresh(YEAR + 2), OLD_FILE)
    assert again.plan.tables["rollover.confirmations"][0]["last_confirmed"] == dt.date(2026, 12, 10)


def test_the_day_on_which_a_section_was_confirmed_is_what_the_next_plan_shows():
    first = roll({"account.description": "Groothandel"}, {}).plan
    day = dt.date(2027, 11, 3)
    confirmed = first.with_typed({}, {"rollover.confirmations": [{"row": 1, "confirmed_on": day}]})
    second = rolled(TEMPLATE, confirmed, fresh(YEAR + 2), OLD_FILE)
    assert second.plan.tables["rollover.confirmations"][0]["last_confirmed"] == day
    assert second.plan.tables["rollover.confirmations"][0].get("confirmed_on") is None
    assert fates(second, "rollover.confirmations.confirmed_on") == [(day, "carried", "")]


def test_attitude_and_level_stand_as_last_years_beside_an_empty_cell():
    dmu = [{"row": 1, "contact": "Anouk Bergsteen", "attitude": "mentor", "influence": 4}]
    made = roll({}, {"account.dmu": dmu, "account.contact_matrix": [{"row": 2, "level": [3, None, 1], "wanted": 4}]})
    row = made.plan.tables["account.dmu"][0]
    assert (row.get("attitude"), row["attitude_before"], row["influence"]) == (None, "mentor", 4)
    matrix, before = (made.plan.tables[f"account.contact_matrix{end}"][1] for end in ("", "_before"))
    assert (matrix.get("level"), matrix["wanted"], before["level"][:3]) == (None, 4, [3, None, 1])


def test_open_actions_close_ranks_and_keep_their_first_deadline_and_the_count_of_moves():
    day = dt.date(2027, 5, 1)
    actions = [
        {"row": 1, "action": "Offerte opvolgen bij inkoop", "status": "done", "deadline": day},
        {"row": 3, "action": "Bezoek aan het magazijn", "status": "in_progress", "deadline": day, "goal": "D2"},
    ]
    goals = [{"row": 2, "description": "Meer omzet in kabels"}]
    watch = [{"row": 1, "note": "Klaar in maart"}, {"row": 3, "note": "Wacht op de klant"}]
    results = [{"row": 1, "cost": 2.5}]
    tables = {"actions.list": actions, "goals.objectives": goals, "actions.watch": watch, "actions.results": results}
    made = roll({}, tables)
    first = made.plan.tables["actions.list"][0]
    assert (first["action"], first["goal"], first["deadline"]) == ("Bezoek aan het magazijn", "D1", day)
    assert made.plan.tables["actions.watch"][0]["note"] == "Wacht op de klant"
    assert made.plan.tables["actions.moved"][0] == {"from_id": "2027 A3", "first_deadline": day, "times": 1}
    later = made.plan.with_typed({}, {"actions.list": [{"row": 1, "deadline": dt.date(2028, 9, 1)}]})
    again = rolled(TEMPLATE, later, fresh(YEAR + 2), OLD_FILE).plan
    assert again.tables["actions.moved"][0] == {"from_id": "2028 A1", "first_deadline": day, "times": 2}
    [line] = [line for line in made.plan.tables["history.plans"] if line["kind"] == "action"]
    assert (line["item_id"], line["description"], line["reason"]) == (
        "A1", "Offerte opvolgen bij inkoop", "Klaar in maart")  # fmt: skip
    assert (line["status"], line["plan_year"]) == ("Gereed", YEAR)
    assert fates(made, "actions.results.cost") == [(2.5, "named", "closed")]
    assert fates(made, "actions.list.action")[0][1] == "archived"


def test_a_goal_that_was_reached_stays_behind_and_links_to_it_are_named():
    goals = [{"row": 1, "description": "Omzet naar 500"}, {"row": 2, "description": "Vijf nieuwe contacten"}]
    measures = [{"row": 1, "metric": "Omzet", "target": 500.0, "current": 510.0, "reached": 1.02},
                {"row": 2, "metric": "Contacten", "target": 5.0, "current": 2.0, "reached": 0.4}]  # fmt: skip
    ambitions = [{"row": 1, "ambition": "Vaste leverancier", "goal": "D1"}, {"row": 2, "ambition": "Dak", "goal": "D2"}]
    made = roll({}, {"goals.objectives": goals, "goals.measures": measures, "goals.ambitions": ambitions})
    first = made.plan.tables["goals.objectives"][0]
    assert (first["description"], first["from_goal"]) == ("Vijf nieuwe contacten", "2027 D2")
    assert [row.get("goal") for row in made.plan.tables["goals.ambitions"]] == [None, "D1"]
    assert fates(made, "goals.ambitions.goal") == [("D1", "named", "link_closed"), ("D2", "carried", "")]
    lines = [line for line in made.plan.tables["history.plans"] if line["kind"] == "goal"]
    assert [(line["item_id"], line["target"], line["recorded"]) for line in lines] == [("D1", 500, 510), ("D2", 5, 2)]


def test_rows_follow_their_product_group_and_a_group_without_a_row_is_named():
    groups = [row.get("product_group") for row in example_plan("nl").tables["analysis.sales_vv"]]
    assert groups[-1] == "Overig / niet ingedeeld"
    swapped = [{"row": 1, "product_group": groups[1]}, {"row": 2, "product_group": "Verdwenen groep"},
               {"row": 3, "product_group": groups[0]}]  # fmt: skip
    price = [{"row": number, "discount": number / 100} for number in (1, 2, 3, 16)]
    made = roll({}, {"analysis.sales_vv": swapped, "strategy.price": price}, language="en")
    rows = made.plan.tables["strategy.price"]
    names = [row.get("product_group") for row in made.plan.tables["analysis.sales_vv"]]
    found = {names[at]: row["discount"] for at, row in enumerate(rows) if row.get("discount")}
    assert found == {groups[1]: 0.01, groups[0]: 0.03, TEMPLATE.text("en", "values.rest"): 0.16}
    assert fates(made, "strategy.price.discount")[1] == (0.02, "named", "group_gone")


def test_who_left_goes_to_the_history_with_name_and_function_and_links_to_them_are_named():
    contacts = [dict(row) for row in example_plan("nl").tables["account.contacts"]]
    contacts[0]["status"] = "left"
    wishes = [{"row": 1, "wish": "Snellere levering", "from_whom": contacts[0]["name"]}]
    matrix = [{"row": 1, "level": [2]}]
    dmu = [{"row": 1, "contact": contacts[0]["name"], "role": "decider"}, {"row": 2, "contact": contacts[1]["name"]}]
    tables = {"account.contacts": [{"row": n, **row} for n, row in enumerate(contacts, 1)]}
    made = roll({}, {**tables, "analysis.wishes": wishes, "account.contact_matrix": matrix, "account.dmu": dmu})
    line = next(line for line in made.plan.tables["history.plans"] if line["kind"] == "contact")
    assert (line["description"], line["metric"]) == (contacts[0]["name"], contacts[0]["function"])
    assert fates(made, "analysis.wishes.from_whom") == [(contacts[0]["name"], "named", "link_left")]
    assert fates(made, "account.contact_matrix.level") == [(2, "named", "left")]
    assert [row["contact"] for row in made.plan.tables["account.dmu"]] == [contacts[1]["name"]]


def test_the_source_is_asked_first_for_a_rate_and_last_years_is_named():
    members = [dict(row) for row in example_plan("nl").tables["team.members"]]
    now = members[0]["hourly_rate"]
    tables = {"team.members": [{"row": 1, "hourly_rate": 1.5}, {"row": 2, "counterpart": "J. Smit"}]}
    made = roll({}, tables)
    assert made.plan.tables["team.members"][0]["hourly_rate"] == now
    assert fates(made, "team.members.hourly_rate")[0] == (1.5, "named", "source_says")
    assert made.plan.tables["team.members"][1]["counterpart"] == "J. Smit"


def test_a_lease_that_goes_on_moves_along_from_january_and_what_has_run_out_stays_behind():
    lease = {
        "row": 1,
        "description": "Leaseauto",
        "price": 36.0,
        "start_month": 3,
        "term": 36,
        "months_left": 26,
        "goes_on": 1,
    }
    demo = {"row": 2, "description": "Demomodel", "price": 12.0, "start_month": 5, "months_left": 0, "goes_on": 0}
    made = roll({}, {"budget.resources": [demo | {"row": 1}, lease | {"row": 2}]})
    [row] = made.plan.tables["budget.resources"]
    assert (row["description"], row["term"], row.get("start_month")) == ("Leaseauto", 36, None)
    assert row["left_before"] == 26, "the new plan counts the months that are left, not the whole term again"
    assert fates(made, "budget.resources.description")[0] == ("Demomodel", "named", "closed")


def test_the_total_of_the_general_ledger_stays_with_its_year():
    made = roll({}, {"settings.control": [{"row": 1, "ledger_total": 1.0}, {"row": 4, "ledger_total": 4.0}]})
    assert [row.get("ledger_total") for row in made.plan.tables["settings.control"]] == [None, None, 4.0, None, None]
    assert fates(made, "settings.control.ledger_total") == [(1.0, "named", "year_gone"), (4.0, "carried", "")]


@pytest.mark.parametrize(("adopted", "target", "status"), [(False, 1200.0, "Concept"), (True, 1212.0, "Vastgesteld")])
def test_the_budget_in_the_history_is_the_adopted_one_if_there_is_one(adopted, target, status):
    lines = [{"row": 20, "version": 2, "line_no": 1, "code": "A", "month": [101.0] * 12},
             {"row": 1, "version": 1, "line_no": 1, "code": "A", "month": [1.0] * 12}] if adopted else []  # fmt: skip
    tables = {"budget.statement": [{"line": "gross_revenue", "xx": 1200.0}], "approval.lines": lines}
    made = roll({}, tables)
    line = next(each for each in made.plan.tables["history.plans"] if each["kind"] == "budget")
    assert (line["item_id"], line["target"], line["status"]) == ("A", target, status)
    assert "recorded" not in line, "what came of it is for the sources to say"


def test_what_came_of_an_earlier_budget_is_recorded_a_year_later():
    row = {"plan_year": YEAR - 1, "kind": "budget", "item_id": "A", "description": "A", "target": 9.0, "actual": 8.0}
    made = roll({}, {"history.plans": [{"row": 1, **row}]})
    assert made.plan.tables["history.plans"][0]["recorded"] == 8.0


def test_the_log_begins_with_the_old_file_and_is_whole():
    made = roll({}, {})
    first, second = made.plan.tables["log.runs"][:2]
    assert (first["run"], first["file"], first["sha256"]) == (0, OLD_FILE.file, OLD_FILE.sha256)
    assert (first["kind"], second["run"]) == ("Vorig plan", 1)
    assert log_fault(made.plan) is None


def test_the_opening_holds_what_the_old_plan_had_of_each_year_and_until_when_it_was_complete():
    made = roll({"settings.last_date": dt.date(2026, 10, 30)}, {})
    sales = example_plan("nl").tables["src_sales.rows"]
    then = [row.get("then") for row in made.plan.tables["rollover.opening"]]
    assert then[:3] == [sum(row["revenue"] for row in sales if row["year"] == year) for year in (2024, 2025, 2026)]
    assert made.plan.fields["rollover.closed_until"] == dt.date(2026, 9, 30)
    until = [row["revenue"] for row in sales if row["year"] == 2026 and row["month"] <= 9]
    assert made.plan.tables["rollover.opening"][2]["closed_then"] == sum(until)


def test_public_holidays_of_the_calendar_are_not_named_and_a_day_of_ones_own_is():
    own = {"row": 12, "date": dt.date(YEAR, 8, 2), "name": "Bouwvak"}
    moved = {"row": 1, "name": "Nieuwjaar, alvast"}
    made = roll({}, {"lists.holidays": [own, moved]})
    named = {(fate.value, fate.why) for fate in made.report.fates if fate.id == "lists.holidays.name" and fate.why}
    assert named == {("Bouwvak", "reset"), ("Nieuwjaar, alvast", "reset")}
    assert made.plan.tables["lists.holidays"] == fresh().tables["lists.holidays"]


def test_what_the_history_cannot_know_or_has_from_changed_amounts_is_told():
    line = {"row": 1, "plan_year": YEAR - 1, "kind": "budget", "item_id": "A", "target": 9.0}
    known = [line, line | {"row": 2, "item_id": "B", "actual": 8.0}]
    plans = [example_plan("nl").with_typed({}, {"history.plans": lines}) for lines in ([line], known, [])]
    assert [unknown_year(plan) for plan in plans] == [YEAR - 1, None, None]
    months = [100.0] * 12
    frozen = [
        {
            "row": version,
            "version": version,
            "line_no": 1,
            "month": months,
            "control": control_number(1, version, months),
        }
        for version in (1, 2)
    ]
    frozen[1]["month"] = [101.0, *months[1:]]
    assert changed_versions(example_plan("nl").with_typed({}, {"approval.lines": frozen})) == [2]
