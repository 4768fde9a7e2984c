"""Workbook bytes -> the same bytes with the right value stored behind every formula.

XlsxWriter stores 0 for each formula; previews, Protected View and pandas would show those zeros. formualizer
computes them without touching any other part, and Excel still recalculates everything when it opens the file.
"""

from __future__ import annotations

import datetime as dt

CLOCK = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class RecalculationFault(RuntimeError):
    """A formula that could not be computed, or that gives an error: a fault of the template."""


def with_stored_values(book: bytes) -> bytes:
    """The workbook with computed values; raises `RecalculationFault` for unknown functions and error values."""
    import formualizer

    result = formualizer.recalculate_xlsx_bytes(book, deterministic_timestamp_utc=CLOCK)
    summary = result["summary"]
    if summary["unknown_functions"]:
        raise RecalculationFault(f"unknown functions: {summary['unknown_functions']}")
    if summary["errors"]:
        raise RecalculationFault(f"formulas that give an error: {summary['error_summary']}")
    return bytes(result["bytes"])
