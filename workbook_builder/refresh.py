"""A plan that people work in + a fresh plan from today's sources -> the cells that change, and no others.

What the sources own (role `sourced`, the source tables) becomes what a fresh plan has. What people own stays: an input
that a source once filled is filled again only where it is empty. The rows that people type against (product groups,
contacts, team) only ever get rows added at the end, so last month's target stays with its own product. The log gets the
lines of one more run behind those that it has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from workbook_builder.errors import Problem, raise_if
from workbook_builder.log import (
    LOG,
    STATE,
    CheckResult,
    Run,
    Written,
    changed_sources,
    continued,
    last_run,
    log_fault,
    run_lines,
    with_checks,
    year_totals,
)
from workbook_builder.plan import Plan, Row, Value
from workbook_builder.prefill import GroupRows, closed_months
from workbook_builder.saved.cells import clean_text
from workbook_builder.template.blocks import Block, Form, SourceTable, Statement, Table, declared_fields
from workbook_builder.template.fields import Column, FieldBase
from workbook_builder.template.left_out import without
from workbook_builder.template.model import Template

GROUPS, CONTACTS, TEAM = "analysis.sales_vv", "account.contacts", "team.members"
HOLIDAYS = "lists.holidays"  # of the calendar, not of a source: one that somebody took out stays out
ACTIVITIES, SALES = "src_activities.rows", "src_sales.rows"
SOURCES, ACCOUNT_ROWS = "settings.sources", "settings.account_rows"  # rows per source: of all, and of this customer
SOURCE_FILES = f"{SOURCES}.file"
WITHOUT_ROW = {CONTACTS: "settings.contacts_without_row", TEAM: "settings.team_without_row"}
NOT_OF_A_SOURCE = (  # they tell of the workbook itself, or how this refresh went
    "settings.formulas_made", "settings.formulas_found", *WITHOUT_ROW.values(), *STATE,
)  # fmt: skip
DIGITS = 15  # that every spreadsheet program keeps of a number


@dataclass(frozen=True)
class Refresh:
    """What a refresh changes in a plan, as ids and values of `Plan`; only cells that differ are there.

    `fields` by id; `tables` by id of a table or statement, rows with their number under `row`, from 1; `sources` by
    source table id, each with all its rows, the log among them. `notes` say what a person should know. `log` is the log
    as it becomes; None when nothing changes.
    """

    fields: Mapping[str, Value]
    tables: Mapping[str, Sequence[Row]]
    sources: Mapping[str, Sequence[Row]]
    notes: tuple[Problem, ...] = ()
    log: Written | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes, so that nothing has to be written."""
        return not (self.fields or self.tables or self.sources)


def refreshed(template: Template, plan: Plan, fresh: Plan, run: Run | None = None) -> Refresh:
    """What changes in `plan` when its figures become those of `fresh`; `run` says who does it and when.

    `fresh` is of the same account, year, language, unit and sections, made with the `group_rows` of `plan`; anything
    else is a `ValueError`. When no source changed and nothing else has to, there is no line in the log either. The
    lines have no result of the checks yet: `with_result` fills it in when the figures have been calculated.
    """
    same = ("account_id", "year", "language", "unit", "off")
    if any(getattr(plan, name) != getattr(fresh, name) for name in same):
        raise ValueError("the fresh plan is of another account, year, language, unit or choice of sections")
    _refuse_other_rows(template, plan, fresh)
    blocks = dict(without(template, plan.off).blocks())
    fields = {**_fields(blocks, plan, fresh), **_moved(plan, fresh)}
    tables: dict[str, Sequence[Row]] = {}
    sources: dict[str, Sequence[Row]] = {}
    notes = [*_group_notes(template, plan, fresh), *_forecast_notes(plan, fields)]
    for key, block in blocks.items():
        if key not in fresh.tables or key in (LOG, HOLIDAYS):
            continue
        if isinstance(block, SourceTable):
            if not _same_rows(block.columns, plan.tables.get(key, ()), fresh.tables[key]):
                sources[key] = fresh.tables[key]
        elif isinstance(block, Statement):
            if rows := _changed_lines(block, plan.tables.get(key, ()), fresh.tables[key]):
                tables[key] = rows
        elif isinstance(block, Table):
            if key in WITHOUT_ROW:
                wanted, left = _people(template, block, key, plan, fresh)
                if not _same(plan.fields.get(WITHOUT_ROW[key]), len(left)):
                    fields[WITHOUT_ROW[key]] = len(left)
                if left:
                    section = template.text(plan.language, f"{key}.{_name_column(key)}").lower()
                    notes.append(Problem("refresh_no_room", what=section, names=", ".join(left)))
            else:
                wanted = _sourced(template, block, key, fresh)
            if rows := _changes(block, plan.tables.get(key, ()), wanted):
                tables[key] = rows
    change = Refresh(fields, tables, sources, tuple(notes))
    if change.is_empty and not changed_sources(plan, fresh):
        return change
    if fault := log_fault(plan):
        notes.append(fault)
    return _logged(replace(change, notes=tuple(notes)), continued(plan, _log_lines(template, plan, fresh, run)))


def with_result(change: Refresh, result: CheckResult) -> Refresh:
    """The same refresh with the result of the checks in the lines that it adds to the log."""
    return _logged(change, with_checks(change.log, result)) if change.log else change


def only_log(change: Refresh) -> Refresh:
    """The part of a refresh that is in the log and its state: for who has written the rest already."""
    if change.log is None:
        return Refresh({}, {}, {})
    return Refresh(change.log.state, {}, {LOG: change.log.rows})


def _logged(change: Refresh, log: Written) -> Refresh:
    """The refresh with this log."""
    fields, sources = {**change.fields, **log.state}, {**change.sources, LOG: log.rows}
    return replace(change, fields=fields, sources=sources, log=log)


def _log_lines(template: Template, plan: Plan, fresh: Plan, run: Run | None) -> list[Row]:
    """The lines that this refresh adds to the log, not chained yet."""
    files = [row for row in fresh.tables[LOG] if row.get("sha256") is not None]
    kept = ("kind", "file", "size", "sha256", "rows_used", "rows_excluded", "rows_to_check")
    return run_lines(
        template,
        plan.language,
        [{name: row[name] for name in kept} for row in files],
        fresh.tables[SALES],
        number=last_run(plan.tables.get(LOG, ())) + 1,
        before=plan.tables.get(SALES, ()),
        run=run,
    )


def group_rows(template: Template, plan: Plan) -> GroupRows:
    """The product groups of an existing plan with their rows, and the rows that a new group can have.

    A row without a group in which somebody typed is not free: its targets would become those of the new group.
    """
    known = _known_groups(template, plan)
    taken = {*known.values(), *_typed_rows(template, plan, "product_groups")}
    return GroupRows(known, [number for number in range(1, _rest_row(template)) if number not in taken])


def _known_groups(template: Template, plan: Plan) -> dict[str, int]:
    """{product group of a plan: its row}."""
    rows = enumerate(plan.tables.get(GROUPS, ())[: _rest_row(template) - 1], 1)
    return {str(row["product_group"]): number for number, row in rows if row.get("product_group") is not None}


def _rest_row(template: Template) -> int:
    """The number of the last row, which takes every group without a row of its own."""
    return template.axes["product_groups"].size


def check_sources(template: Template, plan: Plan, fresh: Plan, least_rows: float, file: object) -> None:
    """Refuse sources that cannot be those of this plan, before anything is written.

    Raises `InputError` for another customer, for an account without a single sales line that had them, and for each
    source with less than `least_rows` (a part, 0.5 is half) of the rows that it had at the last refresh. Sales lines
    are counted for this customer too, whose lines may be gone from an export that is as long as ever; of a customer's
    contacts and the like there are few, and they do leave.
    """
    if plan.account_id != fresh.account_id:
        raise_if([Problem("refresh_other_customer", file=file, account=plan.account_id, other=fresh.account_id)])
    problems = []
    if plan.tables.get(SALES) and not fresh.tables[SALES]:
        problems.append(Problem("refresh_no_lines", file=file, account=plan.account_id))
    now = {row.get("kind"): row.get("rows_read") or 0 for row in fresh.tables[SOURCES]}
    for row in plan.tables.get(SOURCES, ()):
        before, found = row.get("rows_read"), now.get(row.get("kind"), 0)
        if isinstance(before, int | float) and found < least_rows * before:
            particulars = {"kind": row.get("kind"), "before": int(before), "now": found, "least": least_rows}
            problems.append(Problem("refresh_few_rows", file=file, **particulars))
    if not problems:
        before, found = (_own_sales_lines(template, each) for each in (plan, fresh))
        if found < least_rows * before:
            own = {"account": plan.account_id, "before": before, "now": found, "least": least_rows}
            problems.append(Problem("refresh_few_own_lines", file=file, **own))
    raise_if(problems)


def _own_sales_lines(template: Template, plan: Plan) -> int:
    """The sales lines of this customer in the export that a plan was last filled from, used or not."""
    sales = template.text(plan.language, "kinds.sales")
    rows = [row for row in plan.tables.get(ACCOUNT_ROWS, ()) if row.get("kind") == sales]
    counts = [row.get(name) for row in rows for name in ("rows_used", "rows_excluded", "rows_to_check")]
    return int(sum(count for count in counts if isinstance(count, int | float)))


def revenue_of(plan: Plan, year: int) -> Decimal:
    """The revenue of a year in the source table of a plan, in EUR and cents."""
    revenue, _ = year_totals(plan.tables.get(SALES, ())).get(year, (Decimal("0.00"), None))
    return revenue


def _refuse_other_rows(template: Template, plan: Plan, fresh: Plan) -> None:
    """Raise `ValueError` when a group has another row in the fresh plan: typed targets would change hands."""
    known = _known_groups(template, plan)
    rows = fresh.tables[GROUPS]
    if any(not _same(rows[number - 1].get("product_group"), group) for group, number in known.items()):
        raise ValueError("the fresh plan has to be made with the group_rows of the plan")


def _fields(blocks: Mapping[str, Block], plan: Plan, fresh: Plan) -> dict[str, Value]:
    """The fields of forms that change: those of a source, and empty inputs that a source can fill."""
    changed: dict[str, Value] = {}
    for key, block in blocks.items():
        for one in block.fields if isinstance(block, Form) and not block.by_roll_over else ():
            name = f"{key.split('.')[0]}.{one.id}"
            old, new = plan.fields.get(name), fresh.fields.get(name, one.default)
            if name not in NOT_OF_A_SOURCE and _takes(one, old, new, in_fresh=name in fresh.fields):
                changed[name] = new
    return changed


def _takes(one: FieldBase, old: Value, new: Value, *, in_fresh: bool) -> bool:
    """Whether a cell takes the new value: always when it is the source's, only when it is empty if it is an input."""
    if one.role == "sourced":
        return not _same(old, new)
    return one.role == "input" and in_fresh and _is_empty(old) and not _is_empty(new)


def _moved(plan: Plan, fresh: Plan) -> dict[str, Value]:
    """The reference date and the closed months, where they still say what the last refresh made of the last date."""
    last = plan.fields.get("settings.last_date")
    before = last if isinstance(last, dt.date) else None
    made: dict[str, Value] = {
        "plan.reference_date": before or dt.date(plan.year - 1, 12, 31),
        "plan.closed_period": closed_months(before, plan.year - 1),
        "plan.closed_month": closed_months(before, plan.year),
    }
    return {
        name: fresh.fields[name]
        for name, value in made.items()
        if _same(plan.fields.get(name), value) and not _same(value, fresh.fields[name])
    }


def _forecast_notes(plan: Plan, moved: Mapping[str, Value]) -> list[Problem]:
    """A word about forecasts for the rest of the year (3.1) that were typed before the closed months moved on."""
    month = moved.get("plan.closed_period")
    typed = [row for row in plan.tables.get("analysis.sales_vv", ()) if not _is_empty(row.get("own_forecast"))]
    return [Problem("refresh_own_forecasts", count=len(typed), month=month)] if typed and month else []


def _sourced(template: Template, block: Table, key: str, fresh: Plan) -> dict[int, Row]:
    """{row: its cells} of the columns of a table that are the source's, in every prepared row."""
    columns = [column for column in block.columns if column.role == "sourced" and not column.key]
    given = dict(enumerate(fresh.tables[key], 1))
    return {
        number: {column.id: given.get(number, {}).get(column.id, column.default) for column in columns}
        for number in range(1, template.rows(key) + 1)
    }


def _changes(block: Table, old: Sequence[Row], wanted: Mapping[int, Row]) -> list[Row]:
    """The rows in which a cell differs, with the cells that do; an input only where it is empty."""
    columns = {column.id: column for column in block.columns}
    given = dict(enumerate(old, 1))
    rows: list[Row] = []
    for number in sorted(wanted):
        before = given.get(number, {})
        cells = {
            name: value
            for name, value in wanted[number].items()
            if name in columns and _takes(columns[name], before.get(name), value, in_fresh=True)
        }
        if cells:
            rows.append({"row": number, **cells})
    return rows


def _changed_lines(block: Statement, old: Sequence[Row], new: Sequence[Row]) -> list[Row]:
    """The lines of a statement in which a figure of a source differs, by their number, with the cells that do."""
    before, after = ({row["line"]: row for row in rows} for rows in (old, new))
    rows: list[Row] = []
    for number, line in enumerate(block.lines, 1):
        wanted = {name: after.get(line.id, {}).get(name) for name in line.sourced}
        found = before.get(line.id, {})
        cells = {name: value for name, value in wanted.items() if not _same(found.get(name), value)}
        if cells:
            rows.append({"row": number, **cells})
    return rows


def _name_column(key: str) -> str:
    return "name" if key == CONTACTS else "employee"


def _people(template: Template, block: Table, key: str, plan: Plan, fresh: Plan) -> tuple[dict[int, Row], list[str]]:
    """({row: what the source says of who stands there}, the names for whom there is no row left).

    Somebody new gets the first row in which nothing is typed, in any table that repeats over the same people.
    """
    name = _name_column(key)
    old = dict(enumerate(plan.tables.get(key, ()), 1))
    ids = {
        search_key(row.get("contact_id")): number for number, row in old.items() if row.get("contact_id") is not None
    }
    names = {search_key(row.get(name)): number for number, row in old.items() if row.get("contact_id") is None}
    taken = _typed_rows(template, plan, block.axis or "")
    free = iter([number for number in range(1, template.rows(key) + 1) if number not in taken])
    wanted = _last_contacts(plan, fresh) if key == CONTACTS else {}
    left: list[str] = []
    seen: set[int] = set()
    usable = {column.id for column in block.columns if column.role != "calculated" and not column.key}
    for person in fresh.tables[key]:
        here = (
            ids.get(search_key(person.get("contact_id"))) or names.get(search_key(person.get(name))) or next(free, None)
        )
        if here is None:
            left.append(str(person.get(name) or person.get("contact_id")))
        elif here not in seen:
            seen.add(here)
            wanted[here] = {column: value for column, value in person.items() if column in usable}
    return wanted, left


def _last_contacts(plan: Plan, fresh: Plan) -> dict[int, Row]:
    """{row: the last contact} of every contact in the plan, from the activities with their number."""
    last: dict[str, dt.date] = {}
    for row in fresh.tables[ACTIVITIES]:
        contact = search_key(row.get("contact_id"))
        last[contact] = max(row["date"], last.get(contact, row["date"]))
    contacts = enumerate(plan.tables.get(CONTACTS, ()), 1)
    return {
        number: {"last_contact": last.get(search_key(row["contact_id"])) if row.get("contact_id") is not None else None}
        for number, row in contacts
    }


def _typed_rows(template: Template, plan: Plan, axis: str) -> set[int]:
    """The rows of an axis, from 1, against which somebody typed something in any table."""
    typed: set[int] = set()
    for key, block in without(template, plan.off).blocks():
        rows = plan.tables.get(key, ())
        for column in declared_fields(block):
            if not isinstance(column, Column) or column.role != "input":
                continue
            if column.over == axis:
                lists = [row.get(column.id) or () for row in rows]
                typed |= {n for values in lists for n, value in enumerate(values, 1) if _is_typed(column, value)}
            elif isinstance(block, Table) and block.axis == axis:
                typed |= {n for n, row in enumerate(rows, 1) if _is_typed(column, row.get(column.id))}
    return typed


def _is_typed(column: Column, value: Any) -> bool:
    values = value if isinstance(value, list | tuple) else [value]
    return any(not _is_empty(one) and not _same(one, column.default) for one in values)


def _group_notes(template: Template, plan: Plan, fresh: Plan) -> list[Problem]:
    """What became of product groups that the plan did not have."""
    known, rest = _known_groups(template, plan), _rest_row(template)
    added = [row["product_group"] for row in fresh.tables[GROUPS][: rest - 1] if row.get("product_group")]
    added = [group for group in added if clean_text(group) not in known]
    shown = range(plan.year - 3, plan.year + 1)
    before = {row.get("product_group") for row in plan.tables.get(SALES, ()) if row.get("group_no") == rest}
    crowded = {
        clean_text(row["product_group"])
        for row in fresh.tables[SALES]
        if row["group_no"] == rest and row["product_group"] and row["year"] in shown
    }
    notes = [Problem("refresh_groups_added", names=", ".join(added))] if added else []
    if new := sorted(crowded - before):
        notes.append(Problem("refresh_groups_in_rest", names=", ".join(new), rows=rest - 1))
    return notes


def _same_rows(columns: Sequence[Column], old: Sequence[Row], new: Sequence[Row]) -> bool:
    names = [column.id for column in columns]
    return len(old) == len(new) and all(
        _same(one.get(name), other.get(name)) for one, other in zip(old, new, strict=True) for name in names
    )


def _same(old: Value, new: Value) -> bool:
    """Whether a cell that holds `old` would show the same with `new`; numbers to the digits that programs keep."""
    if _is_empty(old) or _is_empty(new):
        return _is_empty(old) and _is_empty(new)
    if isinstance(old, int | float | Decimal) and isinstance(new, int | float | Decimal):
        return old == new or f"{float(old):.{DIGITS}g}" == f"{float(new):.{DIGITS}g}"
    return clean_text(old) == clean_text(new) if isinstance(old, str) and isinstance(new, str) else old == new


def _is_empty(value: Any) -> bool:
    return value is None or value == ""


def search_key(value: Any) -> str:
    """A name or number by which a person is found again."""
    return clean_text(str(value)).strip().casefold() if value is not None else ""
