"""Plans after what people do to a workbook, done and saved by LibreOffice: every input is found again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import office
import pytest
from example_account import example_plan
from filled_plan import with_every_input
from office_user import OfficeUser
from plan_inputs import inputs

from workbook_builder.checking.check import check_content
from workbook_builder.reading.findings import Finding
from workbook_builder.reading.reader import Reading, read_content
from workbook_builder.saved.ranges import cell_name
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.layout import lay_out
from workbook_builder.workbook.renderer import render

pytestmark = pytest.mark.office
TEMPLATE = load_template()
AREAS = lay_out(TEMPLATE, "nl").areas
ACCOUNT, BUDGET, ACTIONS = "H1 Account", "H6 Budgettering", "H7 Actieplan"
STRATEGY = "H5 Strategie"


@dataclass(frozen=True)
class Edited:
    """A plan with a value in every input, and the same after edits; each series of edits is made once."""

    user: OfficeUser
    plan: bytes
    before: dict[tuple[Any, ...], Any]
    odd: set[tuple[Any, ...]]  # the values of this plan that its own validations would refuse
    made: dict[str, bytes] = field(default_factory=dict)

    def after(self, *edits: tuple[Any, ...]) -> Reading:
        """What is read after the edits, and what the reader says that it did not say before them."""
        return self.read(self.saved(*edits))

    def saved(self, *edits: tuple[Any, ...]) -> bytes:
        """The file after the edits."""
        if repr(edits) not in self.made:
            self.made[repr(edits)] = self.user.edits(self.plan, edits)
        return self.made[repr(edits)]

    def read(self, plan: bytes) -> Reading:
        reading = read_content(plan, "plan.xlsx", TEMPLATE)
        return reading._replace(findings=tuple(one for one in reading.findings if is_odd(one) not in self.odd))


def formulas_said(plan: bytes) -> list[tuple[str, str, str]]:
    """What a check says of formulas."""
    checked = check_content(plan, Path("plan.xlsx"), TEMPLATE)
    return [(one.code, one.sheet, one.cell) for one in checked.findings if one.code.startswith("check_formula")]


def is_odd(one: Finding) -> tuple[Any, ...]:
    return one.code, one.id, one.row, one.values


@pytest.fixture(scope="module")
def full(user) -> Edited:
    plan = render(TEMPLATE, with_every_input(TEMPLATE, example_plan()))
    reading = read_content(plan, "plan.xlsx", TEMPLATE)
    assert {one.code for one in reading.findings} == {"read_not_allowed"}
    return Edited(user, plan, inputs(TEMPLATE, reading.plan), {is_odd(one) for one in reading.findings})


def row(name: str, number: int = 1) -> int:
    """The row on the sheet, from 1, of a row of a column."""
    return AREAS[name].row + number


def col(name: str, number: int = 1) -> int:
    return AREAS[name].col + number


def box(name: str, number: int = 1) -> tuple[int, int, int, int]:
    return row(name, number), col(name), row(name, number), col(name)


def said(findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    return [(one.code, one.sheet, one.cell) for one in findings]


def lost(full: Edited, reading: Reading) -> set[tuple[Any, ...]]:
    """The places of which the value is no longer what it was; nothing else may have come."""
    after = inputs(TEMPLATE, reading.plan)
    assert after.keys() <= full.before.keys()
    return {place for place, value in full.before.items() if after.get(place) != value}


def test_a_plan_with_every_input_filled_reads_the_same_after_libreoffice_saved_it(full):
    reading = full.read(office.saved_again(full.plan))
    assert lost(full, reading) == set()
    assert reading.findings == ()


@pytest.fixture(scope="module")
def busy(full) -> Reading:
    """What is read when rows were put in, a cell was cut and pasted, and a sheet was taken out."""
    at = row("account.contacts.name", 4)
    return full.after(
        ("lines", ACCOUNT, "Rows", at, 2, True),
        ("set_values", ACCOUNT, (at, 3, at, 4), [["Piet Peters", "Inkoper"]]),
        ("lines", BUDGET, "Rows", row("budget.gross_revenue"), 1, True),
        ("lines", ACTIONS, "Rows", 1, 3, True),
        ("paste", "Start", box("plan.version"), 3, 14, True),
        ("delete_sheet", STRATEGY),
    )


def test_rows_put_in_move_nothing_and_what_stands_in_them_is_told(full, busy):
    at = row("account.contacts.name", 4)
    assert {place for place in lost(full, busy) if place[0].split(".")[0] != "strategy"} == set()
    told = [one for one in busy.findings if one.sheet in (ACCOUNT, BUDGET, ACTIONS)]
    assert said(told) == [
        ("read_rows_in", ACCOUNT, ""),
        ("read_row_added", ACCOUNT, f"C{at}:D{at}"),
        ("read_rows_in", BUDGET, ""),
        ("read_rows_in", ACTIONS, ""),
    ]
    assert told[1].values == ("Piet Peters", "Inkoper")


def test_a_cell_that_was_cut_and_pasted_is_followed(busy):
    told = [(one.code, one.cell, one.id) for one in busy.findings if one.sheet == "Start"]
    assert told == [("read_name_moved", "N3", "plan.version")]
    assert busy.plan.fields["plan.version"] is not None


def test_a_sheet_taken_out_is_lost_and_the_others_are_not(full, busy):
    assert lost(full, busy) == {place for place in full.before if place[0].startswith("strategy.")}
    told = [one for one in busy.findings if one.sheet not in (ACCOUNT, BUDGET, ACTIONS, "Start")]
    assert [(one.code, one.sheet) for one in told] == [("read_sheet_gone", STRATEGY)]


def test_columns_put_in_move_nothing_even_between_months(full):
    reading = full.after(
        ("lines", ACCOUNT, "Columns", 4, 1, True),
        ("lines", BUDGET, "Columns", col("budget.statement.month", 6), 1, True),
        ("lines", ACTIONS, "Columns", 1, 1, True),
    )
    assert lost(full, reading) == set()
    assert said(reading.findings) == [
        ("read_columns_in", ACCOUNT, ""),
        ("read_columns_in", BUDGET, ""),
        ("read_columns_in", ACTIONS, ""),
    ]


OUT = [  # together in a plan: {a column of a table: the row that is taken out}
    {"account.contacts.name": 3},  # its rows have numbers
    {
        "account.contact_matrix.wanted": 5,  # its rows are called after contacts
        "account.dmu.contact": 15,  # the last one
        "actions.list.responsible": 1,  # the first row of a table
    },
]


def without_rows(full: Edited, rows: dict[str, int]) -> bytes:
    """The plan without those rows, taken out from below."""
    places = sorted(((AREAS[column].sheet, row(column, number)) for column, number in rows.items()), reverse=True)
    return full.saved(*(("lines", sheet, "Rows", place, 1, False) for sheet, place in places))


@pytest.mark.parametrize("rows", OUT)
def test_only_the_rows_that_were_taken_out_are_lost_and_each_is_told(full, rows):
    reading = full.read(without_rows(full, rows))
    out = {(column.rpartition(".")[0], number) for column, number in rows.items()}
    assert {(place[0].rpartition(".")[0], place[1]) for place in lost(full, reading)} == out
    assert {(one.id, int(one.particulars["rows"])) for one in reading.findings} == out
    assert [one.code for one in reading.findings] == ["read_rows_gone"] * len(out)


def test_formulas_that_lost_the_row_they_read_are_broken(full):
    said = formulas_said(without_rows(full, OUT[0]))
    assert {code for code, _, _ in said} == {"check_formula_broken"}
    label = AREAS["account.contact_matrix.contact"]
    assert ("check_formula_broken", ACCOUNT, cell_name(label.row + 3, label.col + 1)) in said


def test_a_column_taken_out_is_lost_and_told_and_the_others_are_not(full):
    reading = full.after(("lines", ACCOUNT, "Columns", col("account.dmu.attitude"), 1, False))
    gone = lost(full, reading)
    assert ("account.dmu.attitude", 1) in gone
    for name, *_, item in gone:  # of a column that is repeated the item that stood there
        assert AREAS[name].col + (item - 1 if AREAS[name].cols > 1 else 0) == AREAS["account.dmu.attitude"].col
    told = {one.id for one in reading.findings if one.code == "read_field_gone"}
    assert told >= {name for name, *_ in gone if AREAS[name].cols == 1}


def test_names_taken_out_or_pointed_at_other_cells_are_not_needed_even_when_rows_moved_too(full):
    names = [name for name in lay_out(TEMPLATE, "nl").names if name.startswith("account.")]
    reading = full.after(
        ("lines", ACCOUNT, "Rows", row("account.contacts.name", 4), 1, True),
        *(("delete_name", name) for name in [*names, "budget.gross_revenue"]),
        ("point_name", "actions.list.action", "='H6 Budgettering'!$B$2:$D$4"),
    )
    assert lost(full, reading) == set()
    assert [(one.code, one.sheet, one.id) for one in reading.findings if one.code != "read_name_wrong"] == [
        ("read_rows_in", ACCOUNT, ""),
        ("read_names_gone", ACCOUNT, ""),
        ("read_name_gone", BUDGET, "budget.gross_revenue"),
    ]
    assert [one.id for one in reading.findings if one.code == "read_name_wrong"] == ["actions.list.action"]


@pytest.fixture(scope="module")
def shuffled(full) -> Reading:
    """What is read when sheets were renamed, moved, copied and added, and two rows of a table changed places."""
    at = box("account.contacts.name", 2)
    first, last = AREAS["actions.list.id"].col + 1, AREAS["actions.list.id"].col + 61
    one, other, aside = row("actions.list.id", 2), row("actions.list.id", 9), 400
    return full.after(
        ("rename_sheet", ACCOUNT, "De klant (2027)"),
        ("move_sheet", BUDGET, 0),
        ("copy_sheet", "De klant (2027)", "kladblok", 4),
        ("set_values", "kladblok", at, [["Iemand anders"]]),
        ("add_sheet", "Eigen", 2),
        ("set_values", "Eigen", (1, 1, 1, 1), [["van mij"]]),
        ("paste", ACTIONS, (one, first, one, last), aside, first, True),
        ("paste", ACTIONS, (other, first, other, last), one, first, True),
        ("paste", ACTIONS, (aside, first, aside, last), other, first, True),
    )


def test_sheets_may_be_renamed_moved_and_copied(full, shuffled):
    assert {place for place in lost(full, shuffled) if not place[0].startswith("actions.")} == set()
    told = [one for one in shuffled.findings if one.sheet != ACTIONS]
    assert {(one.code, one.sheet) for one in told} == {
        ("read_sheet_renamed", "De klant (2027)"),
        ("read_sheet_copy", "kladblok"),
        ("read_copy_differs", "kladblok"),
        ("read_sheet_own", "Eigen"),
    }
    differs = next(one for one in told if one.code == "read_copy_differs")
    assert (differs.id, differs.values) == ("account.contacts.name", ("Iemand anders",))
    assert "Naam" in differs.text("nl")


def test_rows_of_a_table_that_changed_places_keep_their_keys(full, shuffled):
    assert lost(full, shuffled) == set()


def test_a_formula_that_moved_along_with_rows_columns_and_sheets_is_the_same_and_one_overwritten_there_is_not(full):
    at = (row("budget.account_profit") + 1, col("budget.account_profit") + 1)
    moved = (
        ("lines", ACCOUNT, "Rows", row("account.contacts.name", 4), 2, True),
        ("lines", BUDGET, "Rows", row("budget.gross_revenue"), 1, True),
        ("lines", BUDGET, "Columns", 3, 1, True),
        ("lines", "Start", "Rows", 1, 1, True),
        ("lines", ACTIONS, "Rows", row("actions.list.id", 9), 1, True),
        ("rename_sheet", ACCOUNT, "De 'klant' (2027)"),
        ("move_sheet", "Start", 5),
    )
    over = ("set_values", BUDGET, (*at, *at), [[999.0]])
    assert formulas_said(full.saved(*moved, over)) == [("check_formula_overwritten", BUDGET, cell_name(*at))]
