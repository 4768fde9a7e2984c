"""The buttons on a real plan in a live spreadsheet that recalculates."""

from __future__ import annotations

import datetime as dt

import pytest
from live_contents import changed, contents
from round_trips import TRIPS, TripFault

from addin import macros
from addin.live_book import LiveBook
from addin.run import BUTTONS
from workbook_builder.errors import InputError


@pytest.fixture
def said(live, monkeypatch) -> list[str]:
    """What the user is told."""
    told: list[str] = []
    monkeypatch.setattr(LiveBook, "alert", lambda self, message: told.append(message))
    return told


def test_every_button_has_its_function():
    assert [button for button in BUTTONS if not callable(getattr(macros, button, None))] == []


def test_check_goes_to_the_first_check_that_is_not_in_order(live, said):
    live.write("settings.control.ledger_total", [[None], [None], [None], [1.0], [None]])  # the ledger of 2026: R1
    macros.check(live)
    assert len(said) == 1
    codes = [code for [code] in live.read("checks.list.code")]
    results = [result for [result] in live.read("checks.list.result")]
    first = next(code for code, result in zip(codes, results, strict=True) if result)
    assert f" {first}, " in said[0]
    place = live.locate(["checks.list.code"])["checks.list.code"]
    chosen = live.selection()
    assert chosen is not None
    assert (chosen.sheet, chosen.row) == (place.sheet, place.row + codes.index(first))


def test_a_held_review_is_frozen_and_stays_so_when_the_figures_change(live, said):
    live.write("review.quarters.held_on", [[dt.date(2027, 4, 16)], [None], [None], [None]])
    live.calculate()
    target = live.read("review.figures.live")[0][0]
    macros.hold_review(live)
    frozen = live.read("review.figures.frozen")
    assert frozen[0][0] == target
    assert [row[1] for row in frozen] == [None] * len(frozen)  # the second quarter was not held
    live.write("goals.general_growth", [[0.5]])
    live.calculate()
    assert live.read("review.figures.live")[0][0] != target
    assert live.read("review.figures.frozen")[0][0] == target
    assert said == ["Vastgelegd: Q1. De evaluatie toont vanaf nu deze cijfers."]
    with pytest.raises(InputError):  # pressing again changes nothing
        macros.hold_review(live)
    assert live.read("review.figures.frozen")[0][0] == target


def test_a_fault_while_a_review_is_frozen_leaves_it_as_it_was_and_nothing_else_is_touched(book, live, office, said):
    live.write("review.quarters.held_on", [[dt.date(2027, 4, 16)], [None], [None], [None]])
    live.calculate()
    settings = {name: getattr(office, name) for name in ("screen_updating", "enable_events", "calculation")}
    before = contents(book)
    with TRIPS.counted() as trips:
        macros.hold_review(LiveBook(book))
    assert changed(before, contents(book)) == ["Evaluatie"]
    made = list(trips.made)
    live.write("review.figures.frozen", [[None] * 4] * len(live.read("review.figures.frozen")))
    content = [at for at, (kind, _) in enumerate(made, 1) if kind in ("read", "write", "call")]
    assert made[content[-1] - 1][0] == "write"
    for number in content:
        with TRIPS.failing(number, after=made[number - 1][0] == "write"), pytest.raises((TripFault, InputError)):
            macros.hold_review(LiveBook(book))
        assert changed(before, contents(book)) == [], made[number - 1]
        assert {name: getattr(office, name) for name in settings} == settings
    assert len(said) == 1


def test_check_help_and_about_change_nothing(book, live, said):
    before = contents(book)
    for press in (macros.check, macros.help, macros.about):
        press(LiveBook(book))
    assert changed(before, contents(book)) == []
    assert len(said) == 3


def test_without_a_held_review_nothing_is_frozen(live, said):
    with pytest.raises(InputError, match=r"Evaluatie|Review"):
        macros.hold_review(live)
    assert said == []
    assert all(value is None for row in live.read("review.figures.frozen") for value in row)


def test_help_says_what_each_button_does_in_a_window_that_fits_it(live, said):
    macros.help(live)
    lines = said[0].splitlines()
    assert lines[0].startswith("Begin op het blad Start")
    assert [line.split(":")[0] for line in lines[2:]] == [
        "Verversen", "Controleren", "Onderbouwing", "Regel toevoegen", "Samenvatting", "Evaluatie vastleggen",
        "Begroting vaststellen", "Map openen",
    ]  # fmt: skip
    assert all(line.endswith(".") for line in lines if line)
    assert len(said[0]) < 1024  # what the smallest message box shows


def test_about_names_program_and_template(live, said):
    macros.about(live)
    assert "accountplan 1.0.0" in said[0]
