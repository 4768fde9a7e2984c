"""Chance and the calendar of the example: every draw comes from Random.random(), every day is a Dutch working day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

FIRST_YEAR, CRM_SINCE = 2023, 2024
LAST_DAY = date(2026, 10, 30)
MONTHS = [(year, month) for year in range(FIRST_YEAR, 2027) for month in range(1, 13) if (year, month) <= (2026, 10)]
CRM_MONTHS = [(year, month) for year, month in MONTHS if year >= CRM_SINCE]

# fmt: off
MONTH_NAMES = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
               "november", "december")
HOLIDAYS = {
    date(*day)
    for day in (
        (2023, 4, 10), (2023, 4, 27), (2023, 5, 18), (2023, 5, 29), (2023, 12, 25), (2023, 12, 26),
        (2024, 1, 1), (2024, 4, 1), (2024, 5, 9), (2024, 5, 20), (2024, 12, 25), (2024, 12, 26),
        (2025, 1, 1), (2025, 4, 21), (2025, 5, 5), (2025, 5, 29), (2025, 6, 9), (2025, 12, 25), (2025, 12, 26),
        (2026, 1, 1), (2026, 4, 6), (2026, 4, 27), (2026, 5, 14), (2026, 5, 25),
    )
}
# fmt: on


def pick(rng: Random, items: Sequence):
    """One of the items, each as likely."""
    return items[int(rng.random() * len(items))]


def pick_weighted(rng: Random, weights: dict):
    """One of the keys, as likely as its weight says."""
    rest = rng.random() * sum(weights.values())
    for key, weight in weights.items():
        rest -= weight
        if rest < 0:
            return key
    return next(reversed(weights))


def between(rng: Random, low: int, high: int) -> int:
    """A whole number from low to high, both included."""
    return low + int(rng.random() * (high - low + 1))


def half_up(numerator: int, denominator: int) -> int:
    """The quotient of two non-negative integers, rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def workday(day: date) -> date:
    """The day itself, or the first working day after it."""
    while day.weekday() > 4 or day in HOLIDAYS:
        day += timedelta(days=1)
    return day


def pick_workday(rng: Random, year: int, month: int) -> date:
    """A working day in the month."""
    first = date(year, month, 1)
    days = [first + timedelta(days=n) for n in range(31)]
    return pick(rng, [day for day in days if day.month == month and workday(day) == day and day <= LAST_DAY])


def from_dmy(text: str) -> date:
    """The date that dd-mm-jjjj stands for."""
    day, month, year = text.split("-")
    return date(int(year), int(month), int(day))
