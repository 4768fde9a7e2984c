"""Workbook bytes -> the same bytes with the right value stored behind every formula.

XlsxWriter stores 0 for each formula; previews, Protected View and pandas would show those zeros. formualizer
computes them without touching any other part, and Excel still recalculates everything when it opens the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CLOCK = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class RecalculationFault(RuntimeError):
    """A formula that could not be computed, or that gives an error: a fault of the template."""


class RecalculationRefused(RuntimeError):
    """The engine does not take the workbook as a whole; its reason, which may name a cell ("in Sheet!B7")."""


@dataclass(frozen=True)
class Computed:
    """A workbook with computed values, the functions that the engine does not know, and the error values by kind."""

    content: bytes
    unknown_functions: tuple[str, ...]
    errors: Mapping[str, Any]


def computed(book: bytes) -> Computed:
    """The workbook with computed values; raises `RecalculationRefused` when the engine does not take it."""
    import formualizer

    try:
        result = formualizer.recalculate_xlsx_bytes(book, deterministic_timestamp_utc=CLOCK)
    except OSError as fault:
        raise RecalculationRefused(str(fault)) from None
    summary = result["summary"]
    unknown = tuple(each["name"] for each in summary["unknown_functions"])
    return Computed(bytes(result["bytes"]), unknown, summary.get("error_summary") or {})


def with_stored_values(book: bytes) -> bytes:
    """The workbook with computed values; raises `RecalculationFault` for unknown functions and error values."""
    result = computed(book)
    if result.unknown_functions:
        raise RecalculationFault(f"unknown functions: {result.unknown_functions}")
    if result.errors:
        raise RecalculationFault(f"formulas that give an error: {result.errors}")
    return result.content
