"""Random plans: after a roll-over every value that was typed is in the new plan, in the history or named."""

from __future__ import annotations

import datetime as dt
import functools
import random
from typing import Any

from example_account import MAIN_ACCOUNT, YEAR, example_plan, portfolio
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_inputs import inputs

from workbook_builder.plan import Plan
from workbook_builder.prefill import fresh_plan
from workbook_builder.rolling.roll import Predecessor, Rolled, rolled
from workbook_builder.template.blocks import Form, Statement, Table
from workbook_builder.template.fields import FieldBase
from workbook_builder.template.loader import load_template
from workbook_builder.template.roll_over_rules import typed_inputs

TEMPLATE = load_template()
OLD_FILE = Predecessor("plan.xlsx", "cd" * 32, 1000)
LABELS = ("1", "D1", "D7", "A2", "S3", "KD2", "E4", "iemand", "x" * 230, "Ñandú & zonen")


@functools.cache
def fresh(language: str) -> Plan:
    figures = portfolio().account(MAIN_ACCOUNT)
    return fresh_plan(TEMPLATE, figures, year=YEAR + 1, language=language, unit=1000, last_date=portfolio().last_date)


def typed_value(one: FieldBase, chance: random.Random) -> Any:
    """Something that somebody may have typed: mostly what belongs there, sometimes a text instead."""
    if one.list and chance.random() < 0.9:
        return chance.choice(TEMPLATE.lists[one.list].items)
    if one.type == "text" or chance.random() < 0.05:
        people = [row["name"] for row in example_plan("nl").tables["account.contacts"]]
        return chance.choice([*LABELS, *people])
    return dt.date(YEAR, chance.randint(1, 12), 9) if one.type == "date" else chance.randint(0, 50)


def random_plan(seed: int, share: float) -> Plan:
    """The example's plan with something in a part of its inputs, and rows taken away or put elsewhere."""
    chance = random.Random(seed)
    plan = example_plan("nl")
    fields: dict[str, Any] = {}
    tables: dict[str, list[dict[str, Any]]] = {}
    for typed in typed_inputs(TEMPLATE):
        block, name = TEMPLATE.block(typed.block), typed.id.rpartition(".")[2]
        if isinstance(block, Form):
            if chance.random() < share:
                fields[typed.id] = typed_value(typed.one, chance)
            continue
        rows = len(block.lines) if isinstance(block, Statement) else TEMPLATE.rows(typed.block)
        size = TEMPLATE.span(typed.one)  # type: ignore[arg-type]
        for row in range(1, rows + 1):
            if chance.random() >= share:
                continue
            some = [typed_value(typed.one, chance) for _ in range(size)]
            value: Any = some if typed.one.over else some[0]  # type: ignore[attr-defined]
            if isinstance(block, Table):
                tables.setdefault(typed.block, []).append({"row": row, name: value})
            elif isinstance(block, Statement) and name in block.lines[row - 1].inputs:
                tables.setdefault(typed.block, []).append({"line": block.lines[row - 1].id, name: value})
    calculated = [{"row": row, "reached": chance.choice([None, 0.5, 1.0, 1.2])} for row in range(1, 25)]
    tables.setdefault("goals.measures", []).extend(calculated)
    return plan.with_typed(fields, tables)


def of_inputs(plan: Plan) -> dict[tuple[Any, ...], Any]:
    """{place: value} of what people type; of a statement every line that has something."""
    found = inputs(TEMPLATE, plan, ("input",))
    statements = {key for key, block in TEMPLATE.blocks() if isinstance(block, Statement)}
    found = {place: value for place, value in found.items() if place[0].rpartition(".")[0] not in statements}
    for typed in typed_inputs(TEMPLATE):
        if typed.block in statements:
            for number, row in enumerate(plan.tables.get(typed.block, ())):
                value = row.get(typed.id.rpartition(".")[2])
                for item, one in enumerate(value if isinstance(value, list) else [value]):
                    if one not in (None, ""):
                        found[(typed.id, number, item)] = one
    return found


def rolled_from(old: Plan, language: str = "nl") -> Rolled:
    return rolled(TEMPLATE, old, fresh(language), OLD_FILE)


@settings(max_examples=12)
@given(seed=st.integers(0, 10**6), share=st.sampled_from((0.02, 0.2, 0.6)), language=st.sampled_from(("nl", "en")))
def test_every_typed_value_has_one_fate_and_the_counts_add_up(seed, share, language):
    old = random_plan(seed, share)
    made = rolled_from(old, language)
    typed = of_inputs(old)
    assert len(made.report.fates) == len(typed)
    assert sorted(map(str, (fate.value for fate in made.report.fates))) == sorted(map(_text, typed.values()))
    counts = [made.report.count(each) for each in ("carried", "archived", "named")]
    assert sum(counts) == len(typed)
    named = made.plan.tables["not_carried.values"]
    assert len(named) == counts[1] + counts[2]
    assert all(row["reason"] and row["value"] for row in named)


@settings(max_examples=8)
@given(seed=st.integers(0, 10**6), share=st.sampled_from((0.05, 0.5)))
def test_what_is_carried_is_in_the_new_plan_and_what_is_archived_in_the_history(seed, share):
    old = random_plan(seed, share)
    made = rolled_from(old)
    new = {_text(value) for value in inputs(TEMPLATE, made.plan).values()}
    lines = made.plan.tables["history.plans"]
    kept = {_text(value) for row in lines for value in row.values() if value is not None}
    labels = {
        (typed.id, item): TEMPLATE.label("nl", typed.one.list, item)
        for typed in typed_inputs(TEMPLATE)
        if typed.one.list
        for item in TEMPLATE.lists[typed.one.list].items
    }
    picks = {typed.id for typed in typed_inputs(TEMPLATE) if typed.one.pick}
    for fate in made.report.fates:
        if fate.id.startswith("lists.holidays.") and fate.became == "carried":
            assert fate.rule == "source"  # the calendar gives the day of the new year
        elif fate.became == "carried" and fate.id not in picks:  # a link follows its thing to another number
            assert _text(fate.value) in new, fate
        elif fate.became == "archived":
            assert _text(fate.value) in kept or labels.get((fate.id, str(fate.value))) in kept, fate


@settings(max_examples=6)
@given(seed=st.integers(0, 10**6))
def test_no_two_values_end_up_in_one_cell(seed):
    old = random_plan(seed, 0.3)
    made = rolled_from(old)
    before, after = of_inputs(fresh("nl")), of_inputs(made.plan)
    carried = [fate for fate in made.report.fates if fate.became == "carried" and fate.rule != "reference"]
    assert len(after.keys() - before.keys()) <= len(carried) <= len(after)


def _text(value: Any) -> str:
    number = isinstance(value, float) and value.is_integer()
    return str(int(value)) if number else str(value)
