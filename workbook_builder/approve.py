"""A plan whose formulas are computed + who adopts it -> what is frozen: a version of the budget, line by line.

    Plan + Signature --> approval --> the cells to write (approve_files: in a closed file; addin/macros: in Excel)

Nothing that was frozen is ever written again: a second adoption is a new version below the first. Every line carries
a control number that its cells can be checked against (the formula stands in chapters/approval.toml).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbook_builder.errors import InputError, Problem, raise_if
from workbook_builder.plan import Plan, Row, Value
from workbook_builder.template.model import Template

LINES = (
    ("gross_revenue", "A"), ("invoice_discounts", "B"), ("bonuses", "C"), ("net_revenue", "D"),
    ("cost_of_sales", "E"), ("gross_margin", "F"), ("hours", "G1"), ("travel", "G2"), ("promotion", "G3"),
    ("resources_cost", "G4"), ("logistics", "G5"), ("service", "G6"), ("quotation_costs", "G7"), ("training", "G8"),
    ("other", "G9"), ("direct_costs", "H"), ("contribution", "I"), ("cost_to_serve", "K"), ("account_profit", "L"),
)  # fmt: skip
"""The lines of 6.1 that are frozen, and their letters; the axis `budget_lines` has them in this order."""

STATEMENT, BUDGET, VERSIONS, FROZEN = "budget.statement", "approval.budget", "approval.versions", "approval.lines"
STATUS, BY, ON, REASON = "plan.status", "plan.signed_by", "plan.signed_on", "approval.new_reason"
MONTHS = 12
SMALLEST = 1e-9  # of a difference between two amounts in the unit of a plan: far below a cent in millions


@dataclass(frozen=True)
class Signature:
    """Who adopts, on which day and why, as given with the command; what is None stands in the plan, or is `today`."""

    today: dt.date
    by: str | None = None
    on: dt.date | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Approval:
    """What to write: fields by id, the row of the version, and its lines from row `first_line` (from 1) on.

    `months` in a line is a list of twelve; an amount that is not known is None. `notes` say what a person should know.
    """

    version: int
    fields: Mapping[str, Value]
    row: Row
    first_line: int
    lines: Sequence[Row]
    notes: tuple[Problem, ...] = ()


def approval(template: Template, plan: Plan, signature: Signature, file: object) -> Approval:
    """The next version of the adopted budget of `plan`, of which every formula holds its value of now.

    Raises `InputError`, naming `file`: without a name, for a closed plan, for a budget with an error or without
    revenue, when nothing changed since the last version, for a next version without a reason, and when all versions
    are taken.
    """
    if plan.fields.get(STATUS) == "closed":
        raise InputError(Problem("approve_closed", file=file))
    budget = _budget(template, plan, file)
    frozen = [row for row in plan.tables.get(FROZEN, ()) if isinstance(row.get("version"), int | float)]
    version = _next_version(template, plan, frozen, file)
    _refuse_the_same(budget, frozen, version, file)
    by, on, reason = _signed(plan, signature, version, file)
    lines = [
        _line(number, code, version, months)
        for number, ((_, code), months) in enumerate(zip(LINES, budget, strict=True), 1)
    ]
    row = {
        "reason": reason,
        "line_count": len(lines),
        "plan_version": plan.fields.get("plan.version"),
        "adopted_by": by,
        "adopted_on": on,
        "control": sum(line["control"] for line in lines),
    }
    fields: dict[str, Value] = {STATUS: "adopted", BY: by, ON: on}
    if signature.reason is None:
        fields[REASON] = None  # it stands with the version now
    notes = [Problem("approve_done", file=file, version=version, by=by, on=f"{on:%d-%m-%Y}")]
    changed = sorted({int(each["version"]) for each in frozen if not is_untouched(each)})
    if changed:
        notes.append(Problem("approve_earlier_changed", file=file, versions=", ".join(map(str, changed))))
    return Approval(version, fields, row, (version - 1) * len(LINES) + 1, lines, tuple(notes))


def control_number(line_no: int, version: int, months: Sequence[float | None]) -> float:
    """The number a frozen line is checked against: each month and each line weigh differently, and filled months count.

    The formula of `approval.lines.found`, so swapped, emptied and overwritten amounts all change it.
    """
    known = [(number, amount) for number, amount in enumerate(months, 1) if amount is not None]
    by_month = sum(number * amount for number, amount in known)
    year = sum(amount for _, amount in known)
    return by_month + year * (MONTHS + line_no) + len(known) + 100 * version + line_no


def is_untouched(row: Row) -> bool:
    """Whether a frozen line still has the amounts of its control number."""
    line_no, version, control = (row.get(name) for name in ("line_no", "version", "control"))
    months = [amount if isinstance(amount, int | float) else None for amount in row.get("month") or ()]
    if not all(isinstance(each, int | float) for each in (line_no, version, control)):
        return False
    return abs(control_number(int(line_no or 0), int(version or 0), months) - float(control or 0)) < 1e-6


def _budget(template: Template, plan: Plan, file: object) -> list[list[float | None]]:
    """The twelve months of each line, as the statement of 6.1 has them now; None where it says that it is not known."""
    rows = {row["line"]: row for row in plan.tables.get(STATEMENT, ())}
    found = [
        [rows[line]["month"][at] for at in range(MONTHS)] if line in rows else [None] * MONTHS for line, _ in LINES
    ]
    problems = []
    for (line, _), months in zip(LINES, found, strict=True):
        wrong = next((at for at, amount in enumerate(months, 1) if not _is_amount(amount)), None)
        if wrong is not None:
            name = template.text(plan.language, f"budget.{line}")
            problems.append(Problem("approve_error", file=file, line=name, month=wrong, found=months[wrong - 1]))
    raise_if(problems)
    if all(not amount for amount in found[0]):
        raise InputError(Problem("approve_no_budget", file=file))
    return [[None if amount is None else float(amount) for amount in months] for months in found]


def _is_amount(amount: Any) -> bool:
    return amount is None or (isinstance(amount, int | float) and not isinstance(amount, bool))


def _next_version(template: Template, plan: Plan, frozen: Sequence[Row], file: object) -> int:
    """The number of the next version: one more than the highest that has a line or a row."""
    named = [number for number, row in enumerate(plan.tables.get(VERSIONS, ()), 1) if row.get("adopted_by")]
    version = max([int(row["version"]) for row in frozen] + named, default=0) + 1
    most = template.rows(VERSIONS)
    if version > most:
        raise InputError(Problem("approve_full", file=file, most=most))
    return version


def _signed(plan: Plan, signature: Signature, version: int, file: object) -> tuple[str, dt.date, str | None]:
    """Who, when and why. Start says the same, or still what it said at the version before."""
    rows = plan.tables.get(VERSIONS, ())
    last: Row = rows[version - 2] if 1 < version <= len(rows) + 1 else {}
    typed_by, typed_on = plan.fields.get(BY), plan.fields.get(ON)
    fresh_by = typed_by if typed_by != last.get("adopted_by") else None
    fresh_on = typed_on if isinstance(typed_on, dt.date) and typed_on != last.get("adopted_on") else None
    by, on = signature.by or typed_by, signature.on or fresh_on or signature.today
    reason = signature.reason or plan.fields.get(REASON)
    problems = []
    if not by or not str(by).strip():
        problems.append(Problem("approve_no_name", file=file))
    if signature.by and fresh_by and str(fresh_by).strip() != signature.by.strip():
        problems.append(Problem("approve_other_name", file=file, found=fresh_by, given=signature.by))
    if signature.on and fresh_on and fresh_on != signature.on:
        problems.append(Problem("approve_other_day", file=file, found=f"{fresh_on:%d-%m-%Y}"))
    if version > 1 and not reason:
        before = f"{last['adopted_on']:%d-%m-%Y}" if isinstance(last.get("adopted_on"), dt.date) else "?"
        problems.append(Problem("approve_no_reason", file=file, version=version - 1, on=before, next=version))
    raise_if(problems)
    return str(by).strip(), on, str(reason).strip() if reason else None


def _refuse_the_same(budget: list[list[float | None]], frozen: Sequence[Row], version: int, file: object) -> None:
    """Refuse a version that says the same as the one before it."""
    last = {int(row["line_no"]): row["month"] for row in frozen if row["version"] == version - 1 and row.get("line_no")}
    same = last and all(
        _same(amount, before)
        for number, months in enumerate(budget, 1)
        for amount, before in zip(months, last.get(number) or [None] * MONTHS, strict=True)
    )
    if same:
        raise InputError(Problem("approve_nothing_new", file=file, version=version - 1))


def _same(amount: float | None, before: Any) -> bool:
    if amount is None or not isinstance(before, int | float):
        return amount is None and before is None
    return abs(amount - before) < SMALLEST * max(1.0, abs(amount))


def _line(number: int, code: str, version: int, months: Sequence[float | None]) -> dict[str, Any]:
    return {
        "version": version,
        "line_no": number,
        "code": code,
        "month": list(months),
        "control": control_number(number, version, months),
    }
