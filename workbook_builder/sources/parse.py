"""One cell of text to one value: an amount, a date or a key, by the dialect the config declares.

Nothing is guessed here: a text that does not fit the declared dialect raises
`Unreadable`, and a text that says 'nothing' gives None, which is never the same as zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Generic, TypeVar

MAX_INTEGER_DIGITS = 15  # room for sums of many such cells in DECIMAL(38,18)
MAX_DECIMALS = 18
TWO_DIGIT_PIVOT = 69  # %y as in POSIX: 00..68 is 2000..2068, 69..99 is 1969..1999
MISSING = frozenset({"", "-", "--", "–", "—", "n.v.t.", "nvt", "n.b.", "nb", "n/a", "n.a.", "(leeg)", "(blank)"})

_Value = TypeVar("_Value")
_MINUSES = str.maketrans({"\u2212": "-", "\u2013": "-"})
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)))
_SPACES = " \u00a0\u202f\u2009"  # space, no-break space, narrow no-break space, thin space


_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec", "jan feb mrt apr mei jun jul aug sep okt nov dec"
MONTHS = {name: number for names in _NAMES for number, name in enumerate(names.split(), 1)} | {"maa": 3}
"""Months by the first three letters of their English or Dutch name."""


class Unreadable(ValueError):
    """A cell that is not what its column should hold."""


@cache
def _amount_pattern(decimal: str) -> re.Pattern[str]:
    """The amounts of a dialect: [sign] digits with groups of three or none at all, then the decimals."""
    thousands = ("." if decimal == "," else ",") + _SPACES + "'’"
    grouped = rf"\d{{1,3}}(?:(?P<mark>[{thousands}])\d{{3}})(?:(?P=mark)\d{{3}})*"
    number = rf"(?P<whole>{grouped}|\d+)?(?:{re.escape(decimal)}(?P<decimals>\d+))?"
    return re.compile(rf"(?P<before>[-+]?){number}(?P<after>-?)", re.ASCII)


@cache
def _plain_pattern(decimal: str) -> re.Pattern[str]:
    """An amount with nothing to it: digits and decimals, no more of them than the sums hold."""
    return re.compile(rf"-?\d{{1,{MAX_INTEGER_DIGITS}}}(?:{re.escape(decimal)}\d{{1,{MAX_DECIMALS}}})?", re.ASCII)


def _without_currency(text: str) -> str:
    """`text` without one euro sign or EUR and the spaces around it and around a sign."""
    bare = re.sub(r"€|EUR(?![A-Za-z])", "", text, count=1, flags=re.IGNORECASE).strip(_SPACES + "\t")
    return re.sub(rf"^([-+])[{_SPACES}]+|[{_SPACES}]+(-)$", r"\1\2", bare)


def parse_amount(text: str, decimal: str) -> Decimal | None:
    """The exact amount in `text`, or None when it says there is none (see MISSING).

    `decimal` is "," or "."; the other of the two, a space or an apostrophe may divide groups of three. A minus may
    stand before or after the number, or the number between parentheses; a percentage is divided by 100.
    Scientific notation, NaN, error values and more digits than DECIMAL(38,18) holds raise Unreadable.
    """
    if _plain_pattern(decimal).fullmatch(text):  # nearly every amount of an export
        return Decimal(text.replace(",", "."))
    bare = text.strip().translate(_MINUSES)
    if bare.lower() in MISSING:
        return None
    bare = _without_currency(bare)
    negative = bare.startswith("(") and bare.endswith(")")
    if negative:
        bare = _without_currency(bare[1:-1].strip())
    if bare.endswith((f"{decimal}-", f"{decimal}--")):  # 50,- as Dutch prices are written
        bare = bare.rstrip("-")[:-1]
    percent = bare.endswith("%")
    if percent:
        bare = bare[:-1].strip()
    found = _amount_pattern(decimal).fullmatch(bare)
    if found is None or (found["whole"] is None and found["decimals"] is None):
        raise Unreadable(text)
    if bool(found["before"]) + bool(found["after"]) + negative > 1:
        raise Unreadable(text)
    whole = re.sub(r"\D", "", found["whole"] or "0").lstrip("0") or "0"
    decimals = found["decimals"] or ""
    if percent:
        digits = (whole + decimals).rjust(len(decimals) + 3, "0")
        places = len(decimals) + 2
        whole, decimals = digits[:-places].lstrip("0") or "0", digits[-places:]
    if len(whole) > MAX_INTEGER_DIGITS or len(decimals.rstrip("0")) > MAX_DECIMALS:
        raise Unreadable(text)
    minus = "-" if negative or "-" in (found["before"], found["after"]) else ""
    return Decimal(f"{minus}{whole}.{decimals[:MAX_DECIMALS]}" if decimals else f"{minus}{whole}")


def parse_hours(text: str, decimal: str) -> Decimal | None:
    """Hours as a number (7,5) or as a clock (7:30), in hours with at most four decimals; None when there are none."""
    clock = re.fullmatch(r"(-?)(\d+):([0-5]\d)(?::00)?", text.strip(), re.ASCII)
    if clock is None:
        return parse_amount(text, decimal)
    minutes = 60 * int(clock[2]) + int(clock[3])
    return round(Decimal(-minutes if clock[1] else minutes) / 60, 4)


def parse_integer(text: str, decimal: str) -> int | None:
    """A whole number, or None when there is none; a fraction raises Unreadable."""
    amount = parse_amount(text, decimal)
    if amount is None:
        return None
    if amount != int(amount):
        raise Unreadable(text)
    return int(amount)


@cache
def _date_pattern(date_format: str) -> re.Pattern[str]:
    """The dates of a strptime format made of %d, %m (or %b), %Y or %y, optionally followed by a time."""
    divided = re.search(r"%[dmYy]%", date_format) is None
    day = r"\d{1,2}" if divided else r"\d{2}"
    parts = {
        "%d": f"(?P<d>{day})",
        "%m": f"(?P<m>{day})",
        "%b": r"(?P<b>[A-Za-z]{3,9})\.?",
        "%Y": r"(?P<Y>\d{4})",
        "%y": r"(?P<y>\d{2})",
    }
    body = "".join(parts.get(piece, re.escape(piece)) for piece in re.findall(r"%[dmbYy]|.", date_format, re.DOTALL))
    clock = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
    return re.compile(body + clock, re.ASCII)


def parse_date(text: str, date_format: str) -> date | None:
    """The calendar date as written in `text`, or None when the cell is empty or says '-'.

    A time of day after it, with or without a zone, is left out and never moves the date.
    """
    bare = text.strip()
    if bare.lower() in MISSING:
        return None
    found = _date_pattern(date_format).fullmatch(bare)
    if found is None:
        raise Unreadable(text)
    parts = found.groupdict()
    if parts.get("Y"):
        year = int(parts["Y"])
    else:
        short = int(parts["y"])
        year = short + (2000 if short < TWO_DIGIT_PIVOT else 1900)
    try:
        month = MONTHS[parts["b"][:3].lower()] if parts.get("b") else int(parts["m"])
        return date(year, month, int(parts["d"]))
    except (ValueError, KeyError):
        raise Unreadable(text) from None


def clean_id(text: str) -> str:
    """A text on one line: no spaces around it, single spaces within, no control characters (no workbook holds them).

    Leading zeros of a key stay, they may mean something.
    """
    return " ".join(text.split()).translate(_CONTROLS)


class Cached(Generic[_Value]):
    """The values of texts, each distinct text parsed once; a text that cannot be read gives its Unreadable as value.

    It forgets what it knows when it holds `limit` texts, so that a file with only distinct texts cannot fill the
    memory.
    """

    def __init__(self, parse: Callable[[str], _Value], limit: int = 50_000) -> None:
        self.parse = parse
        self.limit = limit
        self.known: dict[str, _Value | Unreadable] = {}

    def values(self, texts: Sequence[str]) -> list[_Value | Unreadable]:
        """The value of every text, in order."""
        self.learn(texts)
        return list(map(self.known.__getitem__, texts))

    def learn(self, texts: Sequence[str]) -> bool:
        """Parse what is new among the texts; whether all of them can be read."""
        distinct = set(texts)
        if len(self.known) + len(distinct) > self.limit:
            self.known.clear()
        for text in distinct.difference(self.known):
            try:
                self.known[text] = self.parse(text)
            except Unreadable as error:
                self.known[text] = error
        return not any(type(self.known[text]) is Unreadable for text in distinct)
