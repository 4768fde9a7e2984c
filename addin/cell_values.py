"""Values of a plan <-> what Excel is handed for a cell: numbers, texts that stay text, dates as serial numbers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

FIRST_DAY = dt.datetime(1899, 12, 30)  # serial number 0 of Excel's calendar that starts in 1900
CERTAINLY_TEXT = re.compile(r"[^\W\d_][^\d]*")
ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
WORDS_OF_TRUTH = {
    "true", "false", "waar", "onwaar", "wahr", "falsch", "vrai", "faux", "vero", "falso", "verdadero", "verdadeiro",
}  # fmt: skip


def as_handed_over(value: Any) -> float | str | bool:
    """A value as Excel is to take it literally.

    None and NaN become "", which empties the cell; a date its serial number (the cell has a date format); a text that
    Excel might read as a number, date, truth value or formula gets the apostrophe with which a person keeps it text
    (postal codes, '0123', '1-2', '=A1', ''s-Hertogenbosch').
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return float(value)
    if isinstance(value, dt.datetime):
        return (value.replace(tzinfo=None) - FIRST_DAY) / dt.timedelta(days=1)
    if isinstance(value, dt.date):
        return float((value - FIRST_DAY.date()).days)
    return as_text(str(value))


def as_it_was(value: Any) -> float | str | bool:
    """A value that was read, to be written back: as `as_handed_over`, but the text of an error value is that error."""
    return value if isinstance(value, str) and value in ERRORS else as_handed_over(value)


def same_cells(before: Sequence[Any], after: Sequence[Any]) -> bool:
    """Whether cells that hold `before` would hold the same with `after`."""
    return [as_handed_over(value) for value in before] == [as_handed_over(value) for value in after]


def as_text(text: str) -> str:
    """The text with an apostrophe in front where Excel could take it for something else."""
    certain = CERTAINLY_TEXT.fullmatch(text) and text.casefold() not in WORDS_OF_TRUTH
    return text if not text or certain else f"'{text}"


def padded(rows: Sequence[Sequence[Any]], count: int, width: int) -> list[list[Any]]:
    """The rows with empty ones behind them, `count` in all; raises `ValueError` when they do not fit."""
    if len(rows) > count or any(len(row) != width for row in rows):
        sizes = sorted({len(row) for row in rows})
        raise ValueError(f"{len(rows)} rows of {sizes} values do not fit in {count} rows of {width}")
    return [*(list(row) for row in rows), *([None] * width for _ in range(count - len(rows)))]


class Formula(str):
    """A text for a new sheet that is meant as a formula."""

    __slots__ = ()


def for_new_sheet(value: Any) -> Any:
    """As `as_handed_over`, but a date stays one: Excel then gives the new cell a date format."""
    return value if isinstance(value, Formula | dt.date) else as_handed_over(value)
