"""What the figures of a plan say about themselves: the source tables, error cells, and the checks of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from workbook_builder.approve import FROZEN, VERSIONS, is_untouched
from workbook_builder.control_totals import CONTROLS, WRITTEN, control_lines
from workbook_builder.log import LOG, log_fault
from workbook_builder.plan import Plan
from workbook_builder.reading.findings import Finding
from workbook_builder.reading.reader import OpenPlan
from workbook_builder.saved.ranges import cell_name
from workbook_builder.workbook.layout import sheet_name

CHECKS = "checks.list"
HALF_A_CENT, LAST_DIGITS = 0.005, 1e-12
SHOWN = 10  # cells named in one finding


def figure_findings(plan: OpenPlan, read: Plan) -> Iterator[Finding]:
    """A finding for each source table, log and adopted budget that changed, for error cells and checks that are off."""
    yield from _sources(plan, read)
    if fault := log_fault(read):
        yield Finding(fault.code, _sheet(plan, "log"), id=LOG, particulars=fault.particulars)
    yield from _adopted(plan, read)
    yield from _errors(plan)
    yield from _own_checks(plan, read)


def _sheet(plan: OpenPlan, chapter: str) -> str:
    """What the sheet of a chapter is called now; the name it had when it is gone."""
    template = plan.template
    home = sheet_name(template, plan.facts["language"], template.chapter(chapter))
    return plan.cells.maps[home].contents.sheet if home in plan.cells.maps else home


def _sources(plan: OpenPlan, read: Plan) -> Iterator[Finding]:
    """The source tables against what they added up to when they were written."""
    written = {row.get("line"): row for row in read.tables.get(WRITTEN, ())}
    for now in control_lines(read.tables):
        then, table = written.get(now["line"], {}), CONTROLS[now["line"]].table
        if any(_differs(then.get(f"{what}_written"), now[f"{what}_written"]) for what in ("rows", "amount")):
            code = "check_source_changed"
        elif _differs(then.get("check_written"), now["check_written"]):
            code = "check_source_moved"
        else:
            continue
        particulars = {
            "rows": now["rows_written"],
            "rows_then": int(then.get("rows_written") or 0),
            "amount": _amount(now["amount_written"]),
            "amount_then": _amount(then.get("amount_written")),
        }
        yield Finding(code, _sheet(plan, table.split(".")[0]), id=table, particulars=particulars)


def _differs(then: Any, now: Decimal | int | None) -> bool:
    """Whether a total is another one; not where the plan knows none, nor by digits that a program leaves out."""
    if now is None or isinstance(then, bool) or not isinstance(then, int | float):
        return False
    return abs(float(now) - then) > max(HALF_A_CENT, abs(then) * LAST_DIGITS)


def _amount(value: Any) -> str:
    return "-" if value is None else f"{float(value):.2f}"


def _adopted(plan: OpenPlan, read: Plan) -> Iterator[Finding]:
    """Each version of the budget of which an amount is no longer what was adopted, computed here from the amounts."""
    rows = [row for row in read.tables.get(FROZEN, ()) if isinstance(row.get("version"), int | float)]
    counts = [row.get("line_count") for row in read.tables.get(VERSIONS, ())]
    for version, count in enumerate(counts, 1):
        lines = [row for row in rows if row["version"] == version]
        changed = [str(row.get("code") or "?") for row in lines if not is_untouched(row)]
        gone = max(0, int(count) - len(lines)) if isinstance(count, int | float) else 0
        if changed or gone:
            particulars = {"version": version, "lines": ", ".join(changed) or "-", "gone": gone}
            yield Finding(
                "check_adopted_changed", _sheet(plan, FROZEN.split(".")[0]), id=FROZEN, particulars=particulars
            )


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
    sheet = _sheet(plan, "checks")
    grid = plan.cells.grid(f"{CHECKS}.code")
    for number, row in enumerate(read.tables.get(CHECKS, ())):
        spot = grid.spots[number][0] if grid and number < len(grid.spots) else None
        if row.get("result") == 0 or spot is None:
            continue
        particulars = {"check": row.get("code"), "question": row.get("question"), "verdict": row.get("verdict") or "?"}
        code = "check_own_warning" if row.get("severity") in ("warning", "info") else "check_own_error"
        yield Finding(code, sheet, cell_name(*spot), row=number + 1, particulars=particulars)
