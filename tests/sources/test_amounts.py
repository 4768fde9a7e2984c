from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.sources.config import is_date_format, without_time
from workbook_builder.sources.parse import (
    Cached,
    Unreadable,
    clean_id,
    parse_amount,
    parse_date,
    parse_hours,
    parse_integer,
)

READ_WITH_COMMA = {
    "1.234,56": "1234.56",
    "1.234,56-": "-1234.56",
    "(1.234,56)": "-1234.56",
    "-€ 12,50": "-12.5",
    "€ -12,50": "-12.5",
    "\u221212,50": "-12.5",
    "1\u00a0234,5": "1234.5",
    "1\u202f234,5": "1234.5",
    "1 234,5": "1234.5",
    "1'234,5": "1234.5",
    "EUR 12,50": "12.5",
    "12,50 EUR": "12.5",
    "€12,50": "12.5",
    "(€ 12,50)": "-12.5",
    "1.234": "1234",
    "1.234.567": "1234567",
    "0,5%": "0.005",
    "-12%": "-0.12",
    ",5": "0.5",
    "+3": "3",
    "€ 50,-": "50",
    "-1.250,--": "-1250",
    "007": "7",
    "0,00": "0",
    "9.999.999.999.999,99": "9999999999999.99",
}
READ_WITH_DOT = {"1,234.56": "1234.56", "1.234": "1.234", "-.5": "-0.5", "1'000.25": "1000.25", "(50.00)": "-50"}
NOT_READ_WITH_COMMA = (
    *("1,234.56", "1.23.456", "1.2345", "12.34,5", "1.234.56", "1,2,3", "1 2345", "1. 234", "1.234 567"),
    *("NaN", "inf", "-inf", "1e999", "1E5", "#N/B", "#DEEL/0!", "abc", "-1-", "(-1)", "12CR", "1,5DR", "€", "$5", "١٢"),
)


@pytest.mark.parametrize(("text", "value"), READ_WITH_COMMA.items())
def test_an_amount_with_a_decimal_comma_is_read_exactly(text, value):
    assert parse_amount(text, ",") == Decimal(value)


@pytest.mark.parametrize(("text", "value"), READ_WITH_DOT.items())
def test_an_amount_with_a_decimal_dot_is_read_exactly(text, value):
    assert parse_amount(text, ".") == Decimal(value)


@pytest.mark.parametrize("text", NOT_READ_WITH_COMMA)
def test_what_does_not_fit_the_dialect_is_unreadable_and_never_guessed(text):
    with pytest.raises(Unreadable):
        parse_amount(text, ",")


@pytest.mark.parametrize("text", ["", "  ", "-", "–", "n.v.t.", "N.B.", "n/a"])
def test_a_missing_amount_is_none_and_not_zero(text):
    assert parse_amount(text, ",") is None


@pytest.mark.parametrize("text", ["1" * 16, "0," + "1" * 19])
def test_more_digits_than_the_exact_sums_hold_are_unreadable(text):
    with pytest.raises(Unreadable):
        parse_amount(text, ",")


def test_hours_are_read_as_a_number_or_as_a_clock():
    assert parse_hours("7,5", ",") == parse_hours("7:30", ",") == Decimal("7.5")
    assert parse_hours("", ",") is None
    with pytest.raises(Unreadable):
        parse_hours("7:75", ",")


def test_a_whole_number_with_a_fraction_is_unreadable():
    assert parse_integer("1.200", ",") == 1200
    with pytest.raises(Unreadable):
        parse_integer("1,5", ",")


@pytest.mark.parametrize(
    ("text", "date_format", "value"),
    [
        ("31-12-2024", "%d-%m-%Y", date(2024, 12, 31)),
        ("1-1-2026", "%d-%m-%Y", date(2026, 1, 1)),
        ("1-1-26", "%d-%m-%y", date(2026, 1, 1)),
        ("01-01-30", "%d-%m-%y", date(2030, 1, 1)),
        ("01-01-70", "%d-%m-%y", date(1970, 1, 1)),
        ("20260315", "%Y%m%d", date(2026, 3, 15)),
        ("12/31/2024", "%m/%d/%Y", date(2024, 12, 31)),
        ("31-12-2024 23:59:59", "%d-%m-%Y", date(2024, 12, 31)),
        ("31-12-2024T23:59:59Z", "%d-%m-%Y", date(2024, 12, 31)),
        ("01-01-2025 00:30 +01:00", "%d-%m-%Y", date(2025, 1, 1)),
        ("2024-12-31 00:00:00.000000", "%Y-%m-%d", date(2024, 12, 31)),
        ("", "%d-%m-%Y", None),
    ],
)
def test_a_date_is_the_calendar_date_as_written(text, date_format, value):
    assert parse_date(text, date_format) == value


@pytest.mark.parametrize(
    "text", ["31-02-2024", "29-02-2023", "00-00-0000", "2024-12-31", "46096", "mrt-26", "1-1-26", "01-01-2025 laat"]
)
def test_an_impossible_date_or_one_in_another_form_is_unreadable(text):
    with pytest.raises(Unreadable):
        parse_date(text, "%d-%m-%Y")


def test_a_key_keeps_its_leading_zeros_and_loses_its_spaces():
    assert clean_id(" 00123 ") == "00123"
    assert clean_id("1E5") == "1E5"


def test_a_cache_stays_bounded_and_gives_what_cannot_be_read_as_a_value():
    cache = Cached(lambda text: parse_amount(text, ","), limit=10)
    for start in range(0, 100, 5):
        assert cache.values([str(number) for number in range(start, start + 5)]) == list(range(start, start + 5))
    assert len(cache.known) <= 10
    assert isinstance(cache.values(["x"])[0], Unreadable)


def written(amount: Decimal, decimal: str, thousands: str) -> str:
    text = f"{amount:,.2f}"
    return text.replace(",", "\0").replace(".", decimal).replace("\0", thousands)


@given(
    st.lists(st.decimals(min_value=-(10**12), max_value=10**12, places=2)),
    st.sampled_from([(",", "."), (",", ""), (",", "\u00a0"), (".", ","), (".", "")]),
)
def test_any_list_of_amounts_in_the_dialect_is_summed_exactly(amounts, dialect):
    decimal, thousands = dialect
    assert sum(parse_amount(written(each, decimal, thousands), decimal) for each in amounts) == sum(amounts)


@pytest.mark.parametrize(
    ("date_format", "text"),
    [
        ("%m/%d/%Y %H:%M", "3/1/2024 8:26"),
        ("%Y-%m-%dT%H:%M:%S", "2024-03-01T08:26:00"),
        ("%d %B %Y", "1 maart 2024"),
        ("%d-%b-%Y", "01-MAR-2024"),
        ("%d-%b-%y", "1-mrt.-24"),
        ("%-d/%-m/%Y", "1/3/2024"),
    ],
)
def test_a_format_may_name_the_month_and_end_in_a_time(date_format, text):
    assert parse_date(text, without_time(date_format)) == date(2024, 3, 1)
    assert is_date_format(without_time(date_format))
