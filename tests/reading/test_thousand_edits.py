"""A thousand random edits: the reader answers with findings only, loses nothing, and a check finds every formula."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from example_account import example_plan
from filled_plan import with_every_input
from random_edits import Damage, structural_edits, with_careless_typing

from workbook_builder.checking.check import check_opened
from workbook_builder.plan import Plan
from workbook_builder.reading.reader import open_plan
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.layout import lay_out
from workbook_builder.workbook.renderer import render

TEMPLATE = load_template()
LAYOUT = lay_out(TEMPLATE, "nl")
SHEETS = [sheet.name for sheet in LAYOUT.sheets]
FOUND = {"check_formula_overwritten", "check_formula_emptied", "check_formula_changed", "check_formula_moved"}
STRUCTURE, TYPING, NAMES = 10, 110, 6  # edits of a file
TYPED_IN, MOVED_TOO = range(6), range(3)  # seeds


@pytest.fixture(scope="module")
def full() -> bytes:
    """A plan with a value in every input."""
    return render(TEMPLATE, with_every_input(TEMPLATE, example_plan()))


def texts_of(plan: Plan) -> Iterator[str]:
    """Every text that a plan holds."""
    todo: list[Any] = [*plan.fields.values(), *(row for rows in plan.tables.values() for row in rows)]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            todo += value.values()
        elif isinstance(value, list | tuple):
            todo += value
        elif isinstance(value, str):
            yield value


def judge(plan: bytes, damage: Damage) -> set[tuple[str, str]]:
    """Everything that has to hold after any edits; gives the formulas that a check says were overwritten or changed."""
    opened = open_plan(plan, "plan.xlsx", TEMPLATE)
    reading = opened.read()
    told = {str(value) for one in reading.findings for value in one.values}
    assert set(damage.marks.values()) - set(texts_of(reading.plan)) - told == set()
    checked = check_opened(opened, reading, Path("plan.xlsx"))
    found = {(one.sheet, one.cell) for one in checked.findings if one.code in FOUND}
    assert damage.over_formulas.keys() - found == set()
    for one in (*reading.findings, *checked.findings):
        assert one.text("nl")
        assert one.text("en")
    return found


def test_it_is_a_thousand() -> None:
    assert len(TYPED_IN) * (TYPING + NAMES) + len(MOVED_TOO) * (STRUCTURE + TYPING + NAMES) > 1000


@pytest.mark.parametrize("seed", TYPED_IN)
def test_after_careless_typing_every_overwritten_formula_is_found_and_nothing_typed_is_lost(full, seed):
    plan, damage = with_careless_typing(full, 100 + seed, SHEETS, TYPING)
    assert damage.edits == TYPING + NAMES
    assert len(damage.over_formulas) > 20
    assert judge(plan, damage) == damage.over_formulas.keys()


@pytest.mark.office
@pytest.mark.parametrize("seed", MOVED_TOO)
def test_that_holds_too_after_rows_columns_and_sheets_have_moved(user, full, seed):
    edits, called = structural_edits(seed, SHEETS[:13], list(LAYOUT.names), STRUCTURE)
    assert len(edits) == STRUCTURE
    plan, damage = with_careless_typing(
        user.edits(full, edits), 200 + seed, [called.get(sheet, sheet) for sheet in SHEETS], TYPING
    )
    assert damage.edits == TYPING + NAMES
    judge(plan, damage)
