"""What a cell of an input holds -> the value of the plan, and the code of a finding when it was not typed as it should.

A text becomes a number or a date only when it can mean one thing in the language of the plan: "1.234,56" in Dutch,
"1,234.56" in English. "1.234" may be a thousand or a little over one: it stays as it was typed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from workbook_builder.saved.cells import FIRST_DAY
from workbook_builder.template.fields import FieldBase
from workbook_builder.template.model import Template

NUMBERS = ("integer", "number", "money", "euro", "percent")
EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2100, 12, 31)  # that a cell for a date takes
MONTHS = {  # in short and in full
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec "
    "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "jan feb mar apr may jun jul aug sep oct nov dec "
    "january february march april may june july august september october november december",
}
_DAY_FIRST = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_NAMED = re.compile(r"(?:([0-9]{1,2})\.?[ -]([a-z]+)\.?|([a-z]+)\.? ([0-9]{1,2})),?[ -]([0-9]{4})")


class Typed(NamedTuple):
    """A value for the plan, and what was odd about how it was typed: the code of a finding, or ""."""

    value: Any
    code: str = ""


class Choices:
    """The labels of every list in every language, for those who typed one by hand or pasted it from another plan."""

    def __init__(
        self, template: Template, language: str, former: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        """`former` gives per list the labels that an older template had, with their items."""
        self._labels: dict[str, list[dict[str, str]]] = {}
        for list_id, choices in template.lists.items():
            by_language = {
                one: {template.label(one, list_id, item): item for item in choices.items} for one in template.languages
            }
            own, old = by_language.pop(language), (former or {}).get(list_id, {})
            self._labels[list_id] = [own | {label: item for label, item in old.items() if label not in own}]
            self._labels[list_id] += by_language.values()

    def item(self, list_id: str, text: str) -> Typed:
        """The id of a label; the text itself when the list does not have it."""
        own, *others = self._labels[list_id]
        if text in own:
            return Typed(own[text])
        for labels in others:
            if text in labels:
                return Typed(labels[text], "read_choice_language")
        for labels in (own, *others):
            near = {item for label, item in labels.items() if _folded(label) == _folded(text)}
            if len(near) == 1:
                return Typed(near.pop(), "read_choice_spelling")
        return Typed(text, "read_choice_unknown")


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def as_typed(value: Any, one: FieldBase, language: str, choices: Choices) -> Typed:
    """The value of an input; one that its field does not ask for stays as it was typed."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return Typed(None)
    if one.list:
        return choices.item(one.list, value) if isinstance(value, str) else Typed(value, "read_choice_unknown")
    if one.type == "date":
        return _date(value, language)
    if one.type in NUMBERS:
        return _number(value, one, language)
    is_long = isinstance(value, str) and one.max_length and len(value) > one.max_length
    return Typed(value, "read_too_long" if is_long else "")


def _number(value: Any, one: FieldBase, language: str) -> Typed:
    code = ""
    if isinstance(value, bool):
        return Typed(value, "read_no_number")
    if isinstance(value, str):
        number = number_in(value, language, percent=one.type == "percent", whole=one.type == "integer")
        if number is None:
            return Typed(value, "read_no_number")
        value, code = number, "read_number_text"
    low = one.min if isinstance(one.min, int | float) else value
    high = one.max if isinstance(one.max, int | float) else value
    if not low <= value <= high or (one.type == "integer" and value != int(value)):
        return Typed(value, "read_not_allowed")
    return Typed(value, code)


def number_in(text: str, language: str, *, percent: bool = False, whole: bool = False) -> int | float | None:
    """The one number that a text can mean in a language, None when there is none or there are two.

    Of a percentage the sign has to be there: 25 may be meant as 25 or as 25 %. Where only a `whole` number can stand,
    "1.234" in Dutch is more than a thousand.
    """
    plain = re.sub(r"[\s\u00a0\u202f]+", " ", text).strip().replace("\u2212", "-").replace("\u2013", "-")
    has_sign = plain.endswith("%")
    if has_sign != percent:
        return None
    plain = re.sub(r"^(-?) ?(?:€|EUR\b) ?|(?<=[\d,]) ?(?:€|EUR)$", r"\1", plain.removesuffix("%").strip())
    negative = re.fullmatch(r"-(.+)|(.+)-|\((.+)\)", plain)
    if negative:
        plain = next(part for part in negative.groups() if part).strip()
    digits = _digits(plain, *((",", ".") if language == "nl" else (".", ",")), whole=whole)
    if digits is None:
        return None
    number = float(digits) / (100 if percent else 1) * (-1 if negative else 1)
    number = round(number, 12)
    return int(number) if number.is_integer() and not percent else number


def _digits(text: str, decimal: str, thousand: str, *, whole: bool) -> str | None:
    """A number as Python writes it; None when it is none, or when it would be another one in another country."""
    point, group = re.escape(decimal), re.escape(thousand)
    grouped = rf"[1-9][0-9]{{0,2}}(?:({group}| )[0-9]{{3}})(?:\1[0-9]{{3}})*(?:{point}[0-9]+)?"
    if not re.fullmatch(rf"[0-9]+(?:{point}[0-9]+)?|{grouped}", text):
        return None
    signs = (thousand, decimal) if not whole else (decimal,)
    if any(re.fullmatch(rf"[1-9][0-9]{{0,2}}{re.escape(sign)}[0-9]{{3}}", text) for sign in signs):
        return None
    return text.replace(thousand, "").replace(" ", "").replace(decimal, ".")


def _date(value: Any, language: str) -> Typed:
    if isinstance(value, bool):
        return Typed(value, "read_no_date")
    if isinstance(value, int | float):
        day = days(value)
        return Typed(day) if day and EARLIEST <= day <= LATEST else Typed(_shown(value), "read_no_date")
    day = date_in(value, language) if isinstance(value, str) else None
    return Typed(day, "read_date_text") if day else Typed(value, "read_no_date")


def days(value: float) -> dt.date | None:
    """The date of a number of days in Excel's calendar."""
    return (FIRST_DAY + dt.timedelta(days=int(value))).date() if 0 <= value < 2_958_466 else None


def _shown(value: float) -> str:
    return f"{value:.15g}"


def date_in(text: str, language: str) -> dt.date | None:
    """The one date that a text can mean in a language; in English day and month may stand in either order."""
    plain = " ".join(text.split()).lower()
    if found := _YEAR_FIRST.fullmatch(plain):
        return _valid(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(plain):
        year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
        day, month = int(found[1]), int(found[3])
        dates = {_valid(year, month, day)} | ({_valid(year, day, month)} if language == "en" else set())
        dates.discard(None)
        return dates.pop() if len(dates) == 1 else None
    if found := _NAMED.fullmatch(plain):
        number = _month(found[2] or found[3], language)
        return _valid(int(found[5]), number, int(found[1] or found[4])) if number else None
    return None


def _month(word: str, language: str) -> int | None:
    words = MONTHS[language].split()
    return words.index(word) % 12 + 1 if word in words else None


def _valid(year: int, month: int, day: int) -> dt.date | None:
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return None
    return date if EARLIEST <= date <= LATEST else None
