"""The log of a plan: who filled its figures, when, from which files and by how much they moved.

    new      --> the lines of run 1, without a time: the same sources give the same bytes
    refresh  --> the lines of the next run behind them; nothing that stands there is ever changed

A run is a line per year with revenue and cost before and after, and a line per source file. Each line carries the hash
of the line before it, and the plan keeps the number of lines and the hash of the last one, so `log_fault` names the
first line that somebody changed, added or took away. It is a guard against accidents: who wants to can write a whole
new chain.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import getpass
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from workbook_builder import __version__
from workbook_builder.errors import Problem
from workbook_builder.plan import Plan, Row, Value
from workbook_builder.saved.cells import clean_text
from workbook_builder.template.model import Template

LOG, SALES = "log.runs", "src_sales.rows"
LINES, LAST_HASH, BROKEN = "log.lines", "log.last_hash", "log.broken_line"
STATE = (LINES, LAST_HASH, BROKEN)  # the fields that a run writes with its lines
LONGEST_USER = 60
HASH_DIGITS = 32  # of the hash of a line: two short lines in its cell, and more than enough against accidents
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Run:
    """Who refreshes, when (local time), and the file of each kind of source, with its folder."""

    when: dt.datetime
    user: str
    files: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckResult:
    """How many checks are red and amber when the figures have been calculated."""

    red: int
    amber: int


def user_name() -> str:
    """The name with which somebody is logged in; empty where the system does not say."""
    try:
        return getpass.getuser()[:LONGEST_USER]
    except (OSError, KeyError, ImportError):
        return ""


def run_lines(
    template: Template,
    language: str,
    sources: Sequence[Row],
    sales: Sequence[Row],
    *,
    number: int = 1,
    before: Sequence[Row] | None = None,
    run: Run | None = None,
) -> list[Row]:
    """The lines of one run, not chained yet: a line per year of sales, oldest first, then one per source file.

    `sources` are the cells of the source files (kind, file, size, sha256, rows_…), `sales` and `before` the rows of the
    sales table after and before it; None when there was no plan before.
    """
    common: dict[str, Value] = {"run": number, "version": __version__}
    if run is not None:
        when = run.when.replace(microsecond=0, tzinfo=None)
        common |= {"date": when.date(), "time": when.time().isoformat(), "user": clean_text(run.user) or None}
    files = {template.text(language, f"kinds.{kind}"): path for kind, path in run.files.items()} if run else {}
    old, new = year_totals(before or ()), year_totals(sales)
    nothing = (Decimal(0), Decimal(0)) if before is not None else (None, None)
    lines: list[Row] = []
    for year in sorted({*old, *new}):
        revenue, cost = old.get(year, nothing)
        totals = {"revenue_before": revenue, "cost_before": cost}
        totals["revenue_after"], totals["cost_after"] = new.get(year, (Decimal(0), Decimal(0)))
        name = template.text(language, "values.log_year").format(year=year)
        lines.append({**common, "file": name, "kind": template.text(language, "values.total"), **totals})
    for source in sources:
        kind = source["kind"]
        lines.append({**common, **source, "file": clean_text(str(files.get(kind, source["file"])))})
    return lines


def year_totals(rows: Sequence[Row]) -> dict[int, tuple[Decimal, Decimal | None]]:
    """{year: revenue and cost} of the rows of the sales table, in EUR and cents; an unknown cost is None.

    The cost of a year is known when every line of it has one. What is no number, because somebody typed over it, does
    not count.
    """
    found: dict[int, tuple[Decimal, Decimal | None]] = {}
    for row in rows:
        if not isinstance(row.get("year"), int | float):
            continue
        year = int(row["year"])
        revenue, cost = found.get(year, (Decimal(0), Decimal(0)))
        is_known = row.get("cost") is not None or row.get("group_no") == 0  # 0: the row of the cents
        known = cost is not None and is_known and not row.get("lines_without_cost")
        amount, spent = exact(row.get("revenue")), exact(row.get("cost"))
        found[year] = (revenue + amount, cost + spent if known and cost is not None else None)
    return {
        year: (revenue.quantize(CENT), None if cost is None else cost.quantize(CENT))
        for year, (revenue, cost) in found.items()
    }


def exact(value: Any) -> Decimal:
    """A number of a cell as a decimal, without the noise of a binary fraction; 0 for what is no number."""
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return Decimal(str(value)) if is_number else Decimal(0)


@dataclass(frozen=True)
class Written:
    """All lines of a log, the last `added` of them new, and what the plan keeps of it."""

    rows: tuple[Row, ...]
    added: int
    state: Mapping[str, Value]


def first_log(lines: Sequence[Row]) -> Written:
    """The log of a new plan."""
    return _written((), lines, "", None)


def continued(plan: Plan, lines: Sequence[Row], check: CheckResult | None = None) -> Written:
    """The log of a plan with the lines of one more run behind those that it has.

    The first new line carries the hash that the plan kept of the last one; if that line was changed since, the fault
    stays to be seen.
    """
    old = tuple(plan.tables.get(LOG, ()))
    kept = plan.fields.get(LAST_HASH)
    last = str(kept) if kept is not None else (line_hash(old[-1]) if old else "")
    fault = _broken_line(plan)
    return _written(old, _with_checks(lines, check), last, fault)


def with_checks(written: Written, check: CheckResult) -> Written:
    """The same log with the result of the checks in its new lines."""
    at = len(written.rows) - written.added
    old, lines = written.rows[:at], _with_checks(written.rows[at:], check)
    first = str(lines[0]["previous"] or "") if lines else ""
    broken = written.state[BROKEN]
    return _written(old, lines, first, broken if isinstance(broken, int) else None)


def last_run(rows: Sequence[Row]) -> int:
    """The number of the last run in a log, 0 for an empty one."""
    numbers = [row["run"] for row in rows if isinstance(row.get("run"), int | float)]
    return int(max(numbers, default=0))


def source_hashes(rows: Sequence[Row]) -> dict[str, str]:
    """{kind of source, as the plan calls it: SHA-256 of its file} of the last run in a log."""
    last = last_run(rows)
    return {str(row["kind"]): str(row["sha256"]) for row in rows if row.get("run") == last and row.get("sha256")}


def changed_sources(plan: Plan, fresh: Plan) -> list[str]:
    """The kinds of sources of which the file is another one today than at the last run of the plan."""
    then, now = source_hashes(plan.tables.get(LOG, ())), source_hashes(fresh.tables[LOG])
    return [kind for kind in {**now, **then} if then.get(kind) != now.get(kind)]


def line_hash(row: Row) -> str:
    """The first digits of the SHA-256 of the filled cells of a line, its own `previous` included.

    Numbers count to 15 digits, as every spreadsheet program keeps them; a column that a later version adds changes
    nothing.
    """
    cells = [f"{name}={text}" for name in sorted(row) if (text := _plain(row[name]))]
    return hashlib.sha256("\n".join(cells).encode("utf-8", "surrogatepass")).hexdigest()[:HASH_DIGITS]


def log_fault(plan: Plan) -> Problem | None:
    """What is wrong with the log of a plan: the first line that is not what was written; None when it is whole."""
    rows = plan.tables.get(LOG, ())
    broken = _broken_line(plan)
    if broken is None:
        return None
    if broken == 0:
        return Problem("log_start_gone")
    if broken > len(rows):
        return Problem("log_end_gone", lines=len(rows), written=plan.fields.get(LINES))
    return Problem("log_line_changed", line=broken, run=rows[broken - 1].get("run"))


def _broken_line(plan: Plan) -> int | None:
    """The number of the first line, from 1, that is not what was written; None when there is none.

    0: lines in front of the first are gone; one more than there are: the last ones are gone.
    """
    rows = plan.tables.get(LOG, ())
    expected = ""
    for number, row in enumerate(rows, 1):
        if _plain(row.get("previous")) != expected:
            return number - 1
        expected = line_hash(row)
    kept, count = plan.fields.get(LAST_HASH), plan.fields.get(LINES)
    if isinstance(count, int | float) and count > len(rows):
        return len(rows) + 1
    return len(rows) if kept is not None and kept != expected else None


def _written(old: Sequence[Row], lines: Sequence[Row], last: str, broken: int | None) -> Written:
    """The log with new lines, of which the first carries the hash `last`."""
    chained: list[Row] = []
    for line in lines:
        chained.append({**line, "previous": last or None})
        last = line_hash(chained[-1])
    state: dict[str, Value] = {LINES: len(old) + len(chained), LAST_HASH: last or None, BROKEN: broken}
    return Written((*old, *chained), len(chained), state)


def _with_checks(lines: Sequence[Row], check: CheckResult | None) -> list[Row]:
    return [{**line, **dataclasses.asdict(check)} for line in lines] if check else list(lines)


def _plain(value: Any) -> str:
    """A value of a cell as text, the same whoever saved the workbook; empty for an empty cell."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value)
    if isinstance(value, int | float | Decimal):
        return f"{float(value):.15g}"
    if isinstance(value, dt.date):
        return dt.date(value.year, value.month, value.day).isoformat()
    return clean_text(str(value))
