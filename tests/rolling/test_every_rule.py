"""Every input of the template, one by one: a roll-over does with what was typed there what its rule says.

Something is typed in the second row of every table, and in the third where that row is done with (an action that is
finished, a contact who left). Where a row is in the new plan is said here, without the roll-over's own bookkeeping.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import Any, NamedTuple

import pytest
from example_account import MAIN_ACCOUNT, YEAR, example_plan, portfolio

from workbook_builder.plan import Plan
from workbook_builder.prefill import fresh_plan
from workbook_builder.rolling.roll import Predecessor, Rolled, rolled
from workbook_builder.template.blocks import Closing, Form, Statement, Table
from workbook_builder.template.loader import load_template
from workbook_builder.template.roll_over_rules import Typed, entity_of, full_id, holders, typed_inputs

TEMPLATE = load_template()
INPUTS = {typed.id: typed for typed in typed_inputs(TEMPLATE)}
BY_NAME = {"contacts": "account.contacts.name", "team": "team.members.employee"}
BY_NAME["product_groups"] = "analysis.sales_vv.product_group"
NAMES = ("account.contacts.contact_id", *BY_NAME.values())
"""What things of the sources are found again by; nothing is typed over it."""
OPEN, CLOSED, LAST = 2, 3, 30
"""The row that goes on, and the one that is done with: of contacts the last, for one whom no source names any more."""
LEFT, NOT_KEPT = "Jan Weg", "(niet bewaard)"
ABOUT_CONTACTS = ("account.contacts", "account.dmu", "account.contact_matrix", "strategy.relation_mix")


class Typing(NamedTuple):
    """A value in a cell: the row of a table (from 1) or the line of a statement, and the item of a repeated column."""

    value: Any
    row: int | str | None = None
    item: int | None = None


def closings() -> dict[str, tuple[str, Closing]]:
    """{axis or table: the column that says that one of its rows is done with, and how}."""
    tables = [(key, block) for key, block in TEMPLATE.blocks() if isinstance(block, Table) and block.closed]
    return {
        entity_of(TEMPLATE, key): (full_id(key, block.closed.column), block.closed)
        for key, block in tables
        if block.closed
    }


CLOSINGS = closings()


def closed_row(table: str) -> int:
    """Which row of a table is done with."""
    return LAST if entity_of(TEMPLATE, table) == "contacts" else CLOSED


def closing(table: str) -> tuple[str, Any]:
    """(the column, the value in it) that ends a row of a table."""
    column, how = CLOSINGS[entity_of(TEMPLATE, table)]
    if how.picked:
        return column, LEFT
    if how.items:
        return column, how.items[0]
    number = how.at_least if how.at_least is not None else how.at_most
    return column, number if number is not None else dt.date(YEAR, 3, 3)


def something(typed: Typed, number: int) -> Any:
    """What nobody else typed, of the kind of the field."""
    if typed.one.list:
        ending = {item for column, how in CLOSINGS.values() if column == typed.id for item in how.items}
        return next(each for each in TEMPLATE.lists[typed.one.list].items if each not in ending)
    if typed.one.type == "date":
        return dt.date(YEAR, 1, 1) + dt.timedelta(days=number % 365)
    return f"woord {number}" if typed.one.type == "text" else 1000 + number


def typings(typed: Typed, number: int) -> list[Typing]:
    """What is typed in a field: in a row that goes on, and in one that is done with where there are such rows."""
    block, name = TEMPLATE.block(typed.block), typed.id.rpartition(".")[2]
    item = 2 if getattr(typed.one, "over", None) else None
    if isinstance(block, Form):
        return [Typing(something(typed, number))]
    if isinstance(block, Statement):
        line = next(line.id for line in block.lines if name in line.inputs)
        return [Typing(something(typed, number), line, item)]
    given = example_plan("nl").tables.get(typed.block, ())
    known = given[OPEN - 1].get(name) if typed.id in NAMES else None
    going_on = Typing(known or something(typed, number + 1000), OPEN, item)
    if entity_of(TEMPLATE, typed.block) not in CLOSINGS:
        return [going_on]
    ends = closing(typed.block)[0] == typed.id
    value = closing(typed.block)[1] if ends else LEFT if typed.id in NAMES else something(typed, number + 2000)
    done_with = Typing(value, closed_row(typed.block), item)
    return [done_with] if ends and not typed.one.list else [going_on, done_with]  # anything in it ends the row


TYPED = {typed.id: typings(typed, number) for number, typed in enumerate(INPUTS.values())}


@functools.cache
def fresh() -> Plan:
    figures = portfolio().account(MAIN_ACCOUNT)
    return fresh_plan(TEMPLATE, figures, year=YEAR + 1, language="nl", unit=1000, last_date=portfolio().last_date)


@functools.cache
def made() -> Rolled:
    """The plan of the next year, after everything of `TYPED` was typed."""
    fields: dict[str, Any] = {}
    tables: dict[str, list[dict[str, Any]]] = {}
    for name, values in TYPED.items():
        table, _, column = name.rpartition(".")
        for value, row, item in values:
            shown = value if item is None else [None] * (item - 1) + [value]
            if row is None:
                fields[name] = value
            else:
                place = {"line": row} if isinstance(row, str) else {"row": row}
                tables.setdefault(INPUTS[name].block, []).append({**place, column: shown})
    for column, how in CLOSINGS.values():  # what a formula says of a row that is done with
        if column not in INPUTS and not how.picked:
            table, _, name = column.rpartition(".")
            tables.setdefault(table, []).append({"row": CLOSED, name: closing(table)[1]})
    tables["rollover.confirmations"].append({"row": OPEN, "section": "1.2"})
    old = example_plan("nl").with_typed(fields, tables)
    return rolled(TEMPLATE, old, fresh(), Predecessor("plan.xlsx", "ab" * 32, 1000))


def is_now(entity: str, row: int) -> int:
    """Which row of an axis or table the thing of a row of then has in the new plan."""
    axis = TEMPLATE.axes.get(entity)
    if axis and axis.labels == "years":
        return row - 1  # the years of a plan end a year later
    if entity in BY_NAME:
        table, _, name = BY_NAME[entity].rpartition(".")
        then = example_plan("nl").tables[table][row - 1][name]
        return [each.get(name) for each in fresh().tables[table]].index(then) + 1
    return 1 if entity in CLOSINGS else row  # rows that go on close ranks: nothing stood in the first


def in_place(plan: Plan, name: str, typing: Typing) -> Any:
    """What a plan of the new year has where a typed value belongs: in its field `name`, or in one that shows it."""
    block = name.rpartition(".")[0]
    if typing.row is None:
        return plan.fields.get(name)
    if isinstance(typing.row, str):
        row = next((each for each in plan.tables.get(block, ()) if each.get("line") == typing.row), {})
    else:
        number = is_now(entity_of(TEMPLATE, block), typing.row)
        rows = plan.tables.get(block, ())
        row = rows[number - 1] if number <= len(rows) else {}
    value = row.get(name.rpartition(".")[2])
    if typing.item is None:
        return value
    column = next(one for one in TEMPLATE.block(block).columns if one.id == name.rpartition(".")[2])  # type: ignore
    item = is_now(column.over, typing.item)
    return value[item - 1] if value and item <= len(value) else None


@functools.cache
def listed() -> dict[str, list[dict[str, Any]]]:
    """{field: the lines of the sheet of what did not move along}."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in made().plan.tables["not_carried.values"]:
        found.setdefault(row["id"], []).append(dict(row))
    return found


def on_the_list(name: str, typing: Typing) -> list[str]:
    """What became of a value, as the sheet of what did not move along says; it shows no value of who left."""
    values = (as_shown(name, typing), *([NOT_KEPT] if INPUTS[name].block in ABOUT_CONTACTS else []))
    rows = [row for row in listed().get(name, ()) if row["value"] in values]
    if isinstance(typing.row, int):
        rows = [row for row in rows if re.fullmatch(rf"[A-Z]*{typing.row}(, {typing.item})?", row["place"])]
    return [row["fate"] for row in rows]


def as_shown(name: str, typing: Typing) -> str:
    """A value as the list shows it."""
    value = typing.value
    if INPUTS[name].one.list:
        value = TEMPLATE.label("nl", INPUTS[name].one.list or "", value)
    return f"{value:%d-%m-%Y}" if isinstance(value, dt.date) else str(value)


def rules(*names: str) -> list[str]:
    return [typed.id for typed in INPUTS.values() if typed.rule in names]


def going_on(name: str) -> list[Typing]:
    return [typing for typing in TYPED[name] if typing not in done_with(name)]


def done_with(name: str) -> list[Typing]:
    table = INPUTS[name].block
    is_table = isinstance(TEMPLATE.block(table), Table)
    return [typing for typing in TYPED[name] if is_table and typing.row == closed_row(table)]


@pytest.mark.parametrize("name", rules("keep", "confirm"))
def test_what_is_kept_stands_in_its_place(name):
    for typing in going_on(name):
        assert in_place(made().plan, name, typing) == typing.value
        assert on_the_list(name, typing) == []


def test_every_section_with_a_value_to_confirm_waits_for_its_day():
    waiting = {row["section"]: row["values"] for row in made().plan.tables["rollover.confirmations"] if "values" in row}
    expected: dict[str, int] = {}
    for name in rules("confirm"):
        section = INPUTS[name].section
        expected[section] = expected.get(section, 0) + len(going_on(name))
    assert waiting == {section: count for section, count in expected.items() if count}


@pytest.mark.parametrize("name", rules("source"))
def test_what_a_source_knows_is_what_it_says_and_what_was_typed_is_named(name):
    for typing in going_on(name):
        known = in_place(fresh(), name, typing)
        assert in_place(made().plan, name, typing) == (typing.value if known is None else known)
        assert on_the_list(name, typing) == ([] if known is None else ["named"])


@pytest.mark.parametrize("name", rules("reference"))
def test_what_is_for_reference_stands_beside_an_empty_cell(name):
    shown = [each.id for each in holders(TEMPLATE)[name] if each.one.before_as == "value"]
    assert shown
    for typing in going_on(name):
        assert in_place(made().plan, name, typing) is None
        assert [in_place(made().plan, each, typing) for each in shown] == [typing.value] * len(shown)
        assert on_the_list(name, typing) == []


@pytest.mark.parametrize("name", rules("reset"))
def test_what_begins_anew_is_as_in_a_fresh_plan_and_what_was_typed_is_on_the_list(name):
    for typing in going_on(name):
        assert in_place(made().plan, name, typing) == in_place(fresh(), name, typing)
        assert len(on_the_list(name, typing)) == 1


@pytest.mark.parametrize("name", rules("history"))
def test_what_is_for_the_history_stands_there_and_no_longer_in_its_place(name):
    archived = [typing.value for typing in TYPED[name] if on_the_list(name, typing) == ["archived"]]
    kept = {value for row in made().plan.tables["history.plans"] for value in row.values()}
    assert archived
    assert kept.issuperset(archived)
    assert all(in_place(made().plan, name, typing) is None for typing in TYPED[name])


@pytest.mark.parametrize("name", [name for name in INPUTS if done_with(name)])
def test_what_stood_in_a_row_that_is_done_with_is_in_the_history_or_named(name):
    [typing] = done_with(name)
    assert len(on_the_list(name, typing)) == 1
    rows = made().plan.tables.get(INPUTS[name].block, ())
    assert INPUTS[name].one.list or typing.value not in [row.get(name.rpartition(".")[2]) for row in rows]


def test_of_who_left_the_list_holds_the_fields_and_no_value():
    about = [name for name in INPUTS if INPUTS[name].block in ABOUT_CONTACTS]
    named = [row["value"] for name in about for row in listed().get(name, ()) if row["fate"] == "named"]
    assert len(named) > len(ABOUT_CONTACTS)
    assert set(named) == {NOT_KEPT}
