"""Which decimal sign and which form of date a file uses, judged from every text in its columns, or not at all.

Used by `detect` only. What can be read two ways is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbook_builder.errors import InputError, Problem
from workbook_builder.sources.config import YEARS
from workbook_builder.sources.parse import Unreadable, parse_amount, parse_date

DATE_FORMATS = (
    "%d-%m-%Y",
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%Y%m%d",
    "%Y/%m/%d",
    "%m-%d-%Y",
    "%d-%m-%y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d.%m.%y",
    "%m-%d-%y",
)


@dataclass(frozen=True)
class Choice:
    """A dialect that fits: its name, whether it was assumed for lack of evidence, a text that fits no dialect."""

    name: str
    assumed: bool = False
    unreadable: str | None = None


def _read(parse: Callable[[str, str], Any], texts: Iterable[str], dialect: str) -> dict[str, Any]:
    """The values of the texts that this dialect reads."""
    found = {}
    for text in texts:
        try:
            found[text] = parse(text, dialect)
        except Unreadable:
            continue
    return found


def choose_decimal(file: str, texts: set[str], default: str) -> Choice:
    """The decimal sign that reads every amount; `default` when the amounts do not show one.

    Raises InputError when both signs read all of them as different numbers, or each reads what the other cannot.
    """
    comma, dot = _read(parse_amount, texts, ","), _read(parse_amount, texts, ".")
    unreadable = next(iter(sorted(texts - comma.keys() - dot.keys())), None)
    only_comma, only_dot = sorted(comma.keys() - dot.keys()), sorted(dot.keys() - comma.keys())
    if only_comma and only_dot:
        raise InputError(Problem("detect_decimal_mixed", file=file, comma=only_comma[0], dot=only_dot[0]))
    if only_comma or only_dot:
        return Choice("," if only_comma else ".", unreadable=unreadable)
    different = sorted(text for text in comma if comma[text] != dot[text])
    if different:
        raise InputError(Problem("detect_decimal_ambiguous", file=file, sample=different[0]))
    return Choice(default, assumed=True, unreadable=unreadable)


def choose_date_format(file: str, texts: set[str]) -> Choice:
    """The form that reads every date; raises InputError when none does, or two do with different dates."""
    texts = {text for text in texts if text.strip()}
    readings = {form: _read(parse_date, texts, form) for form in DATE_FORMATS}
    readable = set().union(*readings.values())
    fitting = [form for form in DATE_FORMATS if len(readings[form]) == len(readable) and _dates(readings[form])]
    if not fitting:
        sample = next(iter(sorted(texts)), "")
        raise InputError(Problem("detect_date_unknown", file=file, sample=sample))
    first = fitting[0]
    for other in fitting[1:]:
        different = sorted(text for text in readable if readings[first][text] != readings[other][text])
        if different:
            raise InputError(
                Problem("detect_date_ambiguous", file=file, sample=different[0], first=first, second=other)
            )
    return Choice(first, unreadable=next(iter(sorted(texts - readable)), None))


def _dates(reading: dict[str, Any]) -> list[date]:
    """The dates among what was read."""
    return [value for value in reading.values() if value is not None]


def latest(texts: set[str], date_format: str) -> date | None:
    """The latest date among the texts, as far as they can be read and fall in years that can be planned."""
    days = _dates(_read(parse_date, texts, date_format))
    return max((day for day in days if day.year in YEARS), default=None)
