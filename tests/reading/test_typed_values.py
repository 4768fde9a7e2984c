"""What people type where a number, a date or a choice belongs; what can mean two things stays as it is."""

from __future__ import annotations

import datetime as dt

import pytest

from workbook_builder.reading.typed import Choices, as_typed, date_in, number_in
from workbook_builder.template.fields import FormField
from workbook_builder.template.loader import load_template

NUMBERS = [
    # typed, what it is in a Dutch plan, what it is in an English plan
    ("1.234,56", 1234.56, None),
    ("1,234.56", None, 1234.56),
    ("1.234,56-", -1234.56, None),
    ("(1.234,56)", -1234.56, None),
    ("-€ 12,50", -12.5, None),
    ("\u221212,5", -12.5, None),
    ("€ 3", 3, 3),
    ("12,50 EUR", 12.5, None),
    ("1\u00a0234,5", 1234.5, None),
    ("1 234 567", 1234567, 1234567),
    ("1.234.567", 1234567, None),
    ("1.234", None, None),  # a thousand and more, or a little over one
    ("1,234", None, None),
    ("0,125", 0.125, None),
    ("1234,567", 1234.567, None),
    ("12.5", None, 12.5),
    ("2027", 2027, 2027),
    ("305k", None, None),
    ("ca. 300", None, None),
    ("25%", None, None),  # where a plain number belongs
    ("12,34,56", None, None),
    ("1.23.456", None, None),
    ("--5", None, None),
    ("1e5", None, None),
    ("\u0661\u0662", None, None),
    ("-", None, None),
]


@pytest.mark.parametrize(("typed", "dutch", "english"), NUMBERS)
def test_a_text_is_a_number_only_when_it_can_mean_one(typed, dutch, english):
    assert number_in(typed, "nl") == dutch
    assert number_in(typed, "en") == english


@pytest.mark.parametrize(
    ("typed", "value"), [("25%", 0.25), ("0,5 %", 0.005), ("-3%", -0.03), ("25", None), ("0,25", None)]
)
def test_a_percentage_needs_its_sign(typed, value):
    assert number_in(typed, "nl", percent=True) == value


def test_where_only_whole_numbers_stand_a_thousand_is_a_thousand():
    assert number_in("1.234", "nl", whole=True) == 1234
    assert number_in("1,234", "nl", whole=True) is None


DATES = [
    ("31-12-2026", dt.date(2026, 12, 31), dt.date(2026, 12, 31)),
    ("2026-12-31", dt.date(2026, 12, 31), dt.date(2026, 12, 31)),
    ("3/4/2026", dt.date(2026, 4, 3), None),  # the third of April, or the fourth of March
    ("5-5-2026", dt.date(2026, 5, 5), dt.date(2026, 5, 5)),
    ("1-2-26", dt.date(2026, 2, 1), None),
    ("31 december 2026", dt.date(2026, 12, 31), dt.date(2026, 12, 31)),
    ("1 mrt 2027", dt.date(2027, 3, 1), None),
    ("March 1, 2027", None, dt.date(2027, 3, 1)),
    ("31-02-2026", None, None),
    ("eind mei", None, None),
    ("12-2026", None, None),
]


@pytest.mark.parametrize(("typed", "dutch", "english"), DATES)
def test_a_text_is_a_date_only_when_it_can_mean_one(typed, dutch, english):
    assert date_in(typed, "nl") == dutch
    assert date_in(typed, "en") == english


@pytest.fixture(scope="module")
def choices() -> Choices:
    return Choices(load_template(), "nl", {"yes_no": {"Jawel": "yes"}})


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("Ja", "yes", ""),
        ("Yes", "yes", "read_choice_language"),
        (" ja", "yes", "read_choice_spelling"),
        ("Jawel", "yes", ""),
        ("misschien", "misschien", "read_choice_unknown"),
        (1, 1, "read_choice_unknown"),
        (True, True, "read_choice_unknown"),
        ("  ", None, ""),
        (None, None, ""),
    ],
)
def test_a_choice_is_known_by_its_label_in_any_language(choices, typed, value, code):
    one = FormField(id="on", type="choice", list="yes_no")
    assert as_typed(typed, one, "nl", choices) == (value, code)


@pytest.mark.parametrize(
    ("one", "typed", "value", "code"),
    [
        (FormField(id="a", type="money"), "1.234,56", 1234.56, "read_number_text"),
        (FormField(id="a", type="money"), "n.v.t.", "n.v.t.", "read_no_number"),
        (FormField(id="a", type="integer", min=1, max=5), 7, 7, "read_not_allowed"),
        (FormField(id="a", type="integer", min=1, max=5), "7", 7, "read_not_allowed"),
        (FormField(id="a", type="integer"), 2.5, 2.5, "read_not_allowed"),
        (FormField(id="a", type="percent", min=0, max=1), 25, 25, "read_not_allowed"),
        (FormField(id="a", type="money", min="${b}"), -4, -4, ""),  # what the other cell allows is the workbook's
        (FormField(id="a", type="euro"), True, True, "read_no_number"),
        (FormField(id="a", type="date"), 46387, dt.date(2026, 12, 31), ""),
        (FormField(id="a", type="date"), 2026, "2026", "read_no_date"),  # a year, not a day in July 1905
        (FormField(id="a", type="date"), "1-1-2027", dt.date(2027, 1, 1), "read_date_text"),
        (FormField(id="a", max_length=5), "te lang", "te lang", "read_too_long"),
        (FormField(id="a", max_length=5), 12, 12, ""),
    ],
)
def test_what_does_not_fit_its_field_stays_as_it_was_typed(choices, one, typed, value, code):
    assert as_typed(typed, one, "nl", choices) == (value, code)


def test_no_label_of_a_choice_is_the_id_of_another_one_in_its_list():
    template = load_template()
    for list_id, items in template.lists.items():
        for item in items.items:
            labels = {template.label(language, list_id, item) for language in template.languages}
            assert not labels & set(items.items) - {item}
