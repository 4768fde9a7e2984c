"""The button that adopts the budget, on a real plan in a live spreadsheet that recalculates."""

from __future__ import annotations

import datetime as dt

import pytest
from live_contents import changed, contents, protected

from addin import macros
from addin.live_book import LiveBook
from workbook_builder.errors import InputError

pytestmark = pytest.mark.office
OWN = ["Start", "Vaststelling"]


@pytest.fixture
def said(live, monkeypatch) -> list[str]:
    """What the user is told."""
    told: list[str] = []
    monkeypatch.setattr(LiveBook, "alert", lambda self, message: told.append(message))
    return told


def test_the_budget_of_now_is_frozen_and_stays_when_the_goals_change(live, said):
    live.write("plan.signed_by", [["M. Jansen"]])
    live.write("plan.signed_on", [[dt.date(2026, 12, 10)]])
    locked, before = protected(live.book), contents(live.book)
    macros.approve(live)
    live.calculate()
    assert protected(live.book) == locked
    assert changed(before, contents(live.book)) == OWN  # formulas elsewhere have other values, and the same text
    frozen = live.read("approval.lines.month")
    budget = live.read("budget.statement.month")
    assert frozen[0] == pytest.approx(budget[1], abs=1e-9)  # A: the first line below the numbers of the months
    assert frozen[18] == pytest.approx(budget[21], abs=1e-9)  # L
    assert frozen[19:] == [[None] * 12] * 57
    assert live.read("plan.status") == [["Vastgesteld"]]
    assert live.read("approval.lines_changed") == [[0.0]]
    assert "versie 1, door M. Jansen op 10-12-2026" in said[0]
    live.write("goals.general_growth", [[0.5]])
    live.calculate()
    assert live.read("approval.lines.month") == frozen
    with pytest.raises(InputError, match=r"versie 2|version 2"):
        macros.approve(live)
    live.write("approval.new_reason", [["Meer groei"]])
    macros.approve(live)
    live.calculate()
    again = live.read("approval.lines.month")
    assert again[:19] == frozen[:19]
    assert again[19] != frozen[0]
    assert live.read("approval.versions.reason")[:2] == [[None], ["Meer groei"]]
    assert live.read("approval.new_reason") == [[None]]


def test_without_a_name_on_start_nothing_is_written(live, said):
    before = contents(live.book)
    with pytest.raises(InputError, match=r"Vastgesteld door|Adopted by"):
        macros.approve(live)
    assert changed(before, contents(live.book)) == []
    assert said == []
