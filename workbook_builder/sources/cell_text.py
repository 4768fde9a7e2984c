"""Typed cells of workbooks and Parquet files as text in the source's own dialect, so that one parser serves all."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import Any

from workbook_builder.sources.config import Source
from workbook_builder.sources.parse import MAX_DECIMALS, MONTHS


def as_text(value: Any, source: Source) -> str:
    """One cell as it would stand in a csv export: decimal sign and date form of the config, no thousands.

    Floats are written by their shortest exact form, whole ones without decimals (a customer number stays 10001); a
    time of day after a date is left out; a duration becomes hours and minutes.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return _number(value, source.decimal)
    if isinstance(value, datetime.date):
        return _date(value, source.date_format)
    if isinstance(value, datetime.timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02}"
    return str(value)


def _number(value: float | Decimal, decimal: str) -> str:
    """A number without exponent; NaN and infinity keep their names, which no parser reads."""
    if not math.isfinite(value):
        return str(value)
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    _, digits, exponent = exact.as_tuple()
    if isinstance(exponent, int) and exponent < -MAX_DECIMALS:
        exact = round(exact, MAX_DECIMALS) if len(digits) < 28 else exact
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", decimal)


def _date(value: datetime.date, date_format: str) -> str:
    """A date in the form of the config (strftime writes years before 1000 differently on each system)."""
    parts = {
        "%d": f"{value.day:02}",
        "%m": f"{value.month:02}",
        "%b": list(MONTHS)[value.month - 1],
        "%Y": f"{value.year:04}",
        "%y": f"{value.year % 100:02}",
    }
    for code, text in parts.items():
        date_format = date_format.replace(code, text)
    return date_format
