"""`accountplan approve`: a closed plan gets its budget frozen as a version; nothing else in it changes.

    path --> hold --> fresh values --> Plan --> approval --> cells --> fresh values --> the file and its backup

What is frozen is computed from the cells that the file has now, never taken from values that somebody stored before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from workbook_builder.approve import FROZEN, MONTHS, STATEMENT, VERSIONS, Approval, Signature, approval
from workbook_builder.closed_plan import Places
from workbook_builder.errors import InputError, Problem
from workbook_builder.files import hold
from workbook_builder.outcome import Outcome, outcomes
from workbook_builder.plan import Plan, Row
from workbook_builder.saved.book import SavedBook
from workbook_builder.saved.markup import escape
from workbook_builder.saved.ranges import Area, Range
from workbook_builder.saved.stored_values import Freshness, fresh_values
from workbook_builder.template.blocks import Statement, Table
from workbook_builder.template.fields import Column
from workbook_builder.template.left_out import refuse_left_out, without
from workbook_builder.template.loader import load_template
from workbook_builder.template.model import Template
from workbook_builder.workbook.layout import lay_out
from workbook_builder.workbook.named_values import plan_in

SHOWN = 3  # cells named in one sentence
CHECKS = "checks.list"


def signature(by: str | None, on: str | None, reason: str | None) -> Signature:
    """Who, when and why, as given on a command line; raises `InputError` for what is no day."""
    try:
        day = dt.date.fromisoformat(on) if on is not None else None
    except ValueError:
        raise InputError(Problem("approve_bad_day", given=on)) from None
    return Signature(dt.date.today(), by, day, reason)


def approve_files(paths: Sequence[Path], wanted: Signature) -> Iterator[Outcome]:
    """What became of each plan, one after the other; a plan that cannot be adopted does not stop the rest."""
    return outcomes(paths, lambda path: approve_file(path, wanted), "approve_failed")


def approve_file(path: Path, signature: Signature) -> Outcome:
    """Freeze the budget of one closed plan as its next version.

    Raises `InputError` for everything that `approval` and `hold` refuse, and for a budget of which not every formula
    could be computed; the file is then as it was.
    """
    template = load_template()
    with hold(path) as held:
        book = SavedBook(held.content, path)
        plan = _plan(book, template, path)
        refuse_left_out(template, plan.off, (VERSIONS, FROZEN), path)
        _refuse_other_rows(book, template)
        sheets = [sheet.name for sheet in lay_out(without(template, plan.off), plan.language).sheets]
        _refuse_old_values(book, sheets, fresh_values(book, sheets), path)
        found = approval(template, _plan(book, template, path), signature, path)
        _put(book, template, plan, found)
        fresh_values(book, sheets)
        red = _errors_in_checks(_plan(book, template, path))
        backup = held.replace(book.to_bytes())
    notes = [Problem("approve_checks_red", file=path, checks=", ".join(red))] if red else []
    return Outcome(path, (*found.notes, *notes), files=(path,), backup=backup)


def _plan(book: SavedBook, template: Template, path: Path) -> Plan:
    """The plan as the book has it now."""
    places = Places(book)
    return plan_in(places, places.facts(), template, path)


def _refuse_other_rows(book: SavedBook, template: Template) -> None:
    """Raise `InputError` when the statement no longer has the rows and months that it was made with."""
    statement = template.block(STATEMENT)
    assert isinstance(statement, Statement)
    area = book.area(f"{STATEMENT}.month")
    if (area.range.rows, area.range.columns) != (len(statement.lines), MONTHS):
        raise _lost(book, f"{STATEMENT}.month", area)


def _lost(book: SavedBook, name: str, area: Area) -> InputError:
    return InputError(Problem("name_lost", file=book.package.file, name=name, refers=str(area)))


def _refuse_old_values(book: SavedBook, own: Collection[str], values: Freshness, path: Path) -> None:
    """Raise `InputError` when a value that the budget may rest on could not be computed from the cells of now."""
    if values.refusal is not None:
        raise InputError(Problem("approve_not_computed", file=path))
    places = [(cell, cell.rpartition("!")[0]) for cell in values.kept]
    old = [cell for cell, sheet in places if sheet in own]
    for other in sorted({sheet for _, sheet in places if sheet not in own}):
        if _is_read(book, own, other):
            old += [cell for cell, sheet in places if sheet == other]
    if old:
        cells = ", ".join(old[:SHOWN]) + (" …" if len(old) > SHOWN else "")
        raise InputError(Problem("approve_old_values", file=path, cells=cells))


def _is_read(book: SavedBook, own: Collection[str], other: str) -> bool:
    """Whether a formula on one of our sheets names another sheet, or a name that refers to it."""
    quoted = other.replace("'", "''")
    words = [f"{quoted}'!", f"{other}!"]
    words += [name.name for name in book.all_names() if any(word in name.refers for word in words)]
    spellings = [escape(word).encode() for word in words]
    parts = [book.package.part(book.sheets[sheet]) for sheet in own if sheet in book.sheets]
    return any(spelling in part for part in parts for spelling in spellings)


def _put(book: SavedBook, template: Template, plan: Plan, found: Approval) -> None:
    """Write the version and its lines into their own empty rows, and who adopted it onto the first sheet."""
    for name, value in found.fields.items():
        shown = template.label(plan.language, "plan_status", str(value)) if name == "plan.status" else value
        book.set_cells(name, [[shown]])
    _put_rows(book, template, VERSIONS, found.version, [found.row])
    _put_rows(book, template, FROZEN, found.first_line, found.lines)


def _put_rows(book: SavedBook, template: Template, key: str, first: int, rows: Sequence[Row]) -> None:
    """Write rows of a table from row `first` (from 1) on; raises `InputError` where the table has other rows."""
    table = template.block(key)
    assert isinstance(table, Table)
    columns = {column.id: column for column in table.columns}
    for name in rows[0]:
        area = _whole(book, template, key, columns[name])
        top = area.range.top + first - 1
        part = Area(area.sheet, Range(top, area.range.left, top + len(rows) - 1, area.range.right))
        book.set_cells(part, [row[name] if columns[name].over else [row[name]] for row in rows])


def _whole(book: SavedBook, template: Template, key: str, column: Column) -> Area:
    area = book.area(f"{key}.{column.id}")
    if (area.range.rows, area.range.columns) != (template.rows(key), template.span(column)):
        raise _lost(book, f"{key}.{column.id}", area)
    return area


def _errors_in_checks(plan: Plan) -> list[str]:
    """The checks that are an error and not in order."""
    rows = plan.tables.get(CHECKS, ())
    return [str(row.get("code")) for row in rows if row.get("severity") == "error" and row.get("result") == 1]
