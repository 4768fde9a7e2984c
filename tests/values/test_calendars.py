"""Targets by month and week against Python's own calendar, in years with an awkward one."""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt

import pytest
from by_id import value
from compare import differences, error_cells
from made_exports import made_portfolio, plan_of
from office import stored_and_recalculated

from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import render

SERIAL_ZERO = dt.date(1899, 12, 30)
EASTER = {  # from a printed calendar, not computed
    2026: dt.date(2026, 4, 5),
    2027: dt.date(2027, 3, 28),
    2028: dt.date(2028, 4, 16),
    2032: dt.date(2032, 3, 28),
    2040: dt.date(2040, 4, 1),
}
ROWS = {2026: 53, 2027: 53, 2028: 53, 2032: 53, 2040: 54}
FIRST_AND_LAST_WEEK = {  # ISO year and week of 1 January and of 31 December
    2026: ((2026, 1), (2026, 53)),
    2027: ((2026, 53), (2027, 52)),
    2028: ((2027, 52), (2028, 52)),
    2032: ((2032, 1), (2032, 53)),
    2040: ((2039, 52), (2041, 1)),
}
SEASONS = ("working_days", "own")
WEIGHTS = (3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8)
TARGETS = (1234.5, 777.7, 0.1)  # of three groups, EUR x 1,000; together 2,012.3
YEAR_TARGET = 2012.3
CASES = [(year, season) for year in EASTER for season in SEASONS]


def holidays(year: int) -> set[dt.date]:
    """The Dutch public holidays; none of these years moves King's Day, and 2040 has a Liberation Day off."""
    after_easter = {EASTER[year] + dt.timedelta(days=days) for days in (0, 1, 39, 49, 50)}
    fixed = {dt.date(year, 1, 1), dt.date(year, 4, 27), dt.date(year, 12, 25), dt.date(year, 12, 26)}
    return after_easter | fixed | ({dt.date(2040, 5, 5)} if year == 2040 else set())


def days_of(year: int) -> list[dt.date]:
    return [dt.date(year, 1, 1) + dt.timedelta(days=number) for number in range(366 if calendar.isleap(year) else 365)]


def working_days(year: int) -> list[dt.date]:
    return [day for day in days_of(year) if day.weekday() < 5 and day not in holidays(year)]


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """(year, season) -> the cells as stored; LibreOffice agreed with every one of them."""
    template, books = load_template(), {}
    empty = made_portfolio(tmp_path_factory.mktemp("calendar"), sales=[("2025-12-31", "A", 0, "0.00", "0.00")])
    for year, season in CASES:
        plan = plan_of(empty, year=year)
        tables = {
            **plan.tables,
            "goals.revenue": [{"own_target": target} for target in TARGETS],
            "targets.months": [{"own_weight": weight} for weight in WEIGHTS],
        }
        fields = {**plan.fields, "targets.seasonality": season}
        books[year, season] = render(template, dataclasses.replace(plan, fields=fields, tables=tables))
    cells = {}
    for case, (stored, office) in stored_and_recalculated(books).items():
        cells[case] = stored
        assert [str(each) for each in differences(stored, office.value)] == []
        assert error_cells(stored) == []
    return cells


@pytest.fixture(scope="module")
def of(judged):
    """(year, season, id) -> the value or values of that id."""
    return lambda year, season, name: value(load_template(), judged[year, season], name)


def dates(serials: list[float | str]) -> list[dt.date]:
    return [SERIAL_ZERO + dt.timedelta(days=serial) for serial in serials if isinstance(serial, float)]


@pytest.mark.office
@pytest.mark.parametrize(("year", "season"), CASES)
def test_months_and_weeks_add_up_to_the_year_exactly(of, year, season):
    for name in ("targets.months.target", "targets.weeks.target"):
        amounts = [amount for amount in of(year, season, name) if isinstance(amount, float)]
        assert round(sum(amounts), 9) == YEAR_TARGET
        assert round(of(year, season, f"{name}:total"), 9) == YEAR_TARGET
    assert round(of(year, season, "goals.revenue_xx"), 9) == YEAR_TARGET
    assert round(of(year, season, "budget.gross_revenue"), 9) == YEAR_TARGET


@pytest.mark.office
@pytest.mark.parametrize("year", EASTER)
def test_every_month_counts_the_working_days_of_the_calendar(of, year):
    expected = [sum(day.month == month for day in working_days(year)) for month in range(1, 13)]
    assert of(year, "working_days", "targets.months.working_days") == expected


@pytest.mark.office
@pytest.mark.parametrize("year", EASTER)
def test_the_weeks_cover_every_day_of_the_year_once(of, year):
    starts, ends = (dates(of(year, "working_days", f"targets.weeks.{name}")) for name in ("start", "end"))
    assert len(starts) == len(ends) == ROWS[year]
    assert [
        first + dt.timedelta(days=number)
        for first, last in zip(starts, ends, strict=True)
        for number in range((last - first).days + 1)
    ] == days_of(year)


@pytest.mark.office
@pytest.mark.parametrize("year", EASTER)
def test_every_week_bears_its_iso_year_and_number(of, year):
    years, weeks = (of(year, "working_days", f"targets.weeks.{name}") for name in ("iso_year", "iso_week"))
    labels = [(y, w) for y, w in zip(years, weeks, strict=True) if isinstance(w, float)]
    starts = dates(of(year, "working_days", "targets.weeks.start"))
    assert labels == [tuple(start.isocalendar()[:2]) for start in starts]
    assert (labels[0], labels[-1]) == FIRST_AND_LAST_WEEK[year]


@pytest.mark.office
@pytest.mark.parametrize("year", EASTER)
def test_a_row_past_the_last_week_is_empty(of, year):
    for name in ("start", "end", "iso_year", "iso_week", "working_days", "target"):
        assert all(not cell for cell in of(year, "working_days", f"targets.weeks.{name}")[ROWS[year] :])


@pytest.mark.office
@pytest.mark.parametrize(("year", "season"), CASES)
def test_a_week_gets_its_working_days_share_of_the_months_it_lies_in(of, year, season):
    months = of(year, season, "targets.months.target")
    days = working_days(year)
    a_day = {month: months[month - 1] / sum(day.month == month for day in days) for month in range(1, 13)}
    starts, ends = (dates(of(year, season, f"targets.weeks.{name}")) for name in ("start", "end"))
    found = of(year, season, "targets.weeks.target")[: len(starts)]
    expected = [
        sum(a_day[day.month] for day in days if first <= day <= last) for first, last in zip(starts, ends, strict=True)
    ]
    assert found == pytest.approx(expected, abs=1.01e-5)  # to the cent: EUR 0.01 in EUR x 1,000, and its rounding


@pytest.mark.office
@pytest.mark.parametrize("year", EASTER)
def test_months_get_their_share_of_each_group_rounded_to_one_decimal(of, year):
    months = of(year, "own", "targets.months.target")
    expected = [YEAR_TARGET * weight / sum(WEIGHTS) for weight in WEIGHTS]
    assert months == pytest.approx(expected, abs=0.3)  # three groups, each at most 0.1 from its exact share
    assert [round(month, 1) for month in months] == pytest.approx(months, abs=1e-9)
