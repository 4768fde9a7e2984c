"""The Dutch public holidays of a year, for working days in the week targets.

Liberation day is a day off once in five years for most employers, so it is listed in those years only; Good
Friday is an ordinary working day. The list stands in the workbook, where anyone can fit it to their calendar.
"""

from __future__ import annotations

import datetime as dt


def easter_sunday(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm printed by Meeus, Astronomical Algorithms)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, skipped = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * skipped + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = moon + weekday - 7 * ((golden + 11 * moon + 22 * weekday) // 451) + 114
    return dt.date(year, shift // 31, shift % 31 + 1)


def dutch_holidays(year: int) -> list[tuple[dt.date, str]]:
    """(date, key of its name under `holidays.` in the texts) in order of date."""
    easter = easter_sunday(year)
    kings_day = dt.date(year, 4, 27)
    if kings_day.weekday() == 6:
        kings_day -= dt.timedelta(days=1)
    days = [
        (dt.date(year, 1, 1), "new_year"),
        (easter, "easter_sunday"),
        (easter + dt.timedelta(days=1), "easter_monday"),
        (kings_day, "kings_day"),
        (easter + dt.timedelta(days=39), "ascension"),
        (easter + dt.timedelta(days=49), "whit_sunday"),
        (easter + dt.timedelta(days=50), "whit_monday"),
        (dt.date(year, 12, 25), "christmas_day"),
        (dt.date(year, 12, 26), "boxing_day"),
    ]
    if year % 5 == 0:
        days.append((dt.date(year, 5, 5), "liberation_day"))
    return sorted(days)
