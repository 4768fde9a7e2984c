"""A refresh of a plan whose budget was adopted: the versions stay as they are, the budget of now moves on."""

from __future__ import annotations

import datetime as dt

from by_id import value
from workbook_cells import read_cells

from workbook_builder.approve import Signature
from workbook_builder.approve_files import approve_file
from workbook_builder.refresh_files import refresh_files
from workbook_builder.template.loader import load_template

TEMPLATE = load_template()
KEPT = ("approval.lines", "approval.versions")


def test_the_adopted_budget_is_kept_untouched_and_the_difference_with_now_shows(then, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(then.plan.read_bytes())
    approve_file(path, Signature(dt.date(2026, 12, 10)))  # Start names who adopts it
    before = read_cells(path)
    (result,) = refresh_files([path], then.today)
    assert result.problems == ()
    after = read_cells(path)
    for name in KEPT:
        sheet, rows = before.place(name)
        assert [[after.sheets[sheet].get(at) for at in row] for row in rows] == [
            [before.sheets[sheet].get(at) for at in row] for row in rows
        ]
    assert value(TEMPLATE, after, "plan.status") == "Vastgesteld"
    assert value(TEMPLATE, after, "approval.lines_changed") == 0
    live = value(TEMPLATE, after, "budget.gross_revenue")
    assert live != value(TEMPLATE, before, "budget.gross_revenue")
    frozen = value(TEMPLATE, after, "approval.budget.adopted:1")
    assert abs(value(TEMPLATE, after, "approval.budget.difference:1") - (live - frozen)) < 1e-5
