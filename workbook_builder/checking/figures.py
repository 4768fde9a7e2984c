"""What the figures of a plan say about themselves: the source tables, error cells, and the checks of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from workbook_builder.plan import Plan
from workbook_builder.reading.findings import Finding
from workbook_builder.reading.reader import OpenPlan
from workbook_builder.saved.ranges import cell_name
from workbook_builder.workbook.layout import sheet_name

SALES, CONTROL, ROWS, CHECKS = "src_sales.rows", "settings.control", "settings.account_rows", "checks.list"
CENT = Decimal("0.01")
SHOWN = 10  # cells named in one finding


def figure_findings(plan: OpenPlan, read: Plan) -> Iterator[Finding]:
    """A finding for every year of which the sales changed, every sheet with error cells, every check that is off."""
    yield from _sales(plan, read)
    yield from _errors(plan)
    yield from _own_checks(plan, read)


def _sales(plan: OpenPlan, read: Plan) -> Iterator[Finding]:
    """The table of sales against the totals that the last import wrote beside it."""
    sheet = plan.cells.maps.get(sheet_name(plan.template, read.language, plan.template.chapter("src_sales")))
    years = plan.template.axes["control_years"].offsets
    for offset, row in zip(years, read.tables.get(CONTROL, ()), strict=False):
        expected = row.get("source_total")
        if not isinstance(expected, int | float):
            continue
        lines = [line for line in read.tables.get(SALES, ()) if line.get("year") == read.year + offset]
        amounts = [line.get("revenue") for line in lines]
        if any(not isinstance(amount, int | float | None) for amount in amounts):
            found: Any = "?"
        else:
            found = sum((_cents(amount) for amount in amounts if amount is not None), Decimal(0))
        if found == "?" or abs(found - _cents(expected)) >= CENT:
            particulars = {"year": read.year + offset, "expected": f"{expected:.2f}", "found": str(found)}
            yield Finding(
                "check_source_changed", sheet.contents.sheet if sheet else "", id=SALES, particulars=particulars
            )


def _cents(amount: float) -> Decimal:
    return Decimal(repr(amount)).quantize(CENT)


def _errors(plan: OpenPlan) -> Iterator[Finding]:
    """A finding for each sheet of the plan with formulas that give an error."""
    for sheet in plan.cells.maps.values():
        contents = sheet.contents
        spots = sorted(contents.errors & contents.formulas.keys())
        if spots:
            shown = ", ".join(cell_name(*spot) for spot in spots[:SHOWN]) + (" …" if len(spots) > SHOWN else "")
            values = tuple(sorted({str(contents.values[spot]) for spot in spots}))
            particulars = {"count": len(spots), "cells": shown}
            yield Finding("check_errors", contents.sheet, cell_name(*spots[0]), values=values, particulars=particulars)


def _own_checks(plan: OpenPlan, read: Plan) -> Iterator[Finding]:
    """A finding for each check on the sheet of checks that does not add up."""
    sheet = plan.cells.maps.get(sheet_name(plan.template, read.language, plan.template.chapter("checks")))
    grid = plan.cells.grid(f"{CHECKS}.code")
    for number, row in enumerate(read.tables.get(CHECKS, ())):
        spot = grid.spots[number][0] if grid and number < len(grid.spots) else None
        if row.get("result") == 0 or sheet is None or spot is None:
            continue
        particulars = {"check": row.get("code"), "question": row.get("question"), "verdict": row.get("verdict") or "?"}
        code = "check_own_warning" if row.get("severity") in ("warning", "info") else "check_own_error"
        yield Finding(code, sheet.contents.sheet, cell_name(*spot), row=number + 1, particulars=particulars)
