"""`accountplan refresh`: closed plans get the figures of today's sources; everything else in them stays as it is.

    path --> facts (account) --> figures, read once for all plans of a config
    path --> hold --> plan + book --> refreshed --> cells of the book --> stored values --> the file and its backup

Everything is read and checked before a file is replaced. One plan that cannot be refreshed does not stop the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_builder.closed_plan import Places, calculated_ids
from workbook_builder.errors import InputError, Problem, raise_if
from workbook_builder.files import hold
from workbook_builder.log import CheckResult
from workbook_builder.outcome import Outcome, failed, side_by_side
from workbook_builder.plan import Plan, Value
from workbook_builder.refresh import SOURCE_FILES, Refresh, only_log, with_result
from workbook_builder.registered import config_for
from workbook_builder.saved.book import SavedBook
from workbook_builder.saved.stored_values import Freshness, fresh_values
from workbook_builder.template.blocks import SourceTable, declared_fields
from workbook_builder.template.left_out import without
from workbook_builder.template.loader import load_template
from workbook_builder.template.model import Template
from workbook_builder.today import Shown, Today, change_in, moved, portfolio_for, today_for
from workbook_builder.workbook.grids import GRIDS, place_columns
from workbook_builder.workbook.layout import Layout, lay_out, table_name
from workbook_builder.workbook.named_values import plan_in
from workbook_builder.workbook.text_lines import INDENT, height

if TYPE_CHECKING:
    from workbook_builder.sources.config import Config
    from workbook_builder.sources.figures import Portfolio

UNFORESEEN = "refresh_failed"  # the problem of a fault that nobody foresaw
SHOWN = 5  # cells named in one sentence
GONE = "#REF!"  # what a name refers to when its rows or its sheet were deleted


def refresh_files(
    paths: Sequence[Path],
    config: Path | None = None,
    *,
    executor: Executor | None = None,
    done: Callable[[Outcome], None] = lambda result: None,
    when: dt.datetime | None = None,
) -> list[Outcome]:
    """What became of each plan, in the order given.

    `config` is that of all plans; without it each plan has the registered one or the one beside it. The sources of a
    config are read once. With an `executor` the plans are refreshed side by side. `done` is told of each as it is
    ready. `when` is the moment that stands in their logs, in local time (now).
    """
    todays = _todays(paths, config, when or dt.datetime.now())
    return side_by_side(paths, todays, refresh_file, UNFORESEEN, executor, done)


def _todays(paths: Sequence[Path], given: Path | None, when: dt.datetime) -> dict[int, Today | Outcome]:
    """{number of the plan: what the sources say, or why they cannot}; the sources of each config are read once."""
    from workbook_builder.sources.config import load_config

    found: dict[int, Today | Outcome] = {}
    accounts: dict[int, str] = {}
    configs: dict[Path, list[int]] = {}
    for number, path in enumerate(paths):
        try:
            places = _places_of(path)
            accounts[number] = _account_in(places)
            named = partial(_source_files, places)
            configs.setdefault(config_for(path, given, named).resolve(), []).append(number)
        except Exception as fault:  # whatever is wrong with one plan, the others go on
            found[number] = failed(path, fault, UNFORESEEN)
    for place, numbers in configs.items():
        try:
            config = load_config(place)
            portfolio = portfolio_for(config, {accounts[number] for number in numbers})
        except Exception as fault:
            found |= {number: failed(paths[number], fault, UNFORESEEN) for number in numbers}
            continue
        found |= {number: _today(paths[number], accounts[number], config, portfolio, when) for number in numbers}
    return found


def _today(path: Path, account: str, config: Config, portfolio: Portfolio, when: dt.datetime) -> Today | Outcome:
    try:
        return today_for(account, config, portfolio, when)
    except InputError as fault:
        return failed(path, fault, UNFORESEEN)


def _places_of(path: Path) -> Places:
    """A plan on disk, to look things up in; raises `InputError` when it is no workbook."""
    try:
        content = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise InputError(Problem("plan_absent", file=path)) from None
    except OSError as fault:
        raise InputError(Problem("plan_damaged", file=path, fault=fault.strerror)) from None
    return Places(SavedBook(content, path))


def _account_in(places: Places) -> str:
    """The account number of a plan, from its hidden sheet; raises `InputError` when it is no plan of ours."""
    facts = places.facts()
    if facts is None or not facts["account_id"]:
        raise InputError(Problem("plan_not_ours", file=places.book.package.file))
    return facts["account_id"]


def _source_files(places: Places) -> list[object]:
    """The names of the source files that a plan says it was filled from."""
    return [row[0] for row in places.block(SOURCE_FILES)]


def refresh_file(path: Path, today: Today) -> Outcome:
    """Refresh one closed plan; what goes wrong is in the result, and then the file is as it was."""
    try:
        return _refresh_file(path, today)
    except Exception as fault:
        return failed(path, fault, UNFORESEEN)


def _refresh_file(path: Path, today: Today) -> Outcome:
    template = load_template()
    with hold(path) as held:
        book = SavedBook(held.content, path)
        places = Places(book, calculated_ids(template))
        plan = plan_in(places, places.facts(), template, path)
        layout = lay_out(without(template, plan.off), plan.language)
        check_whole(places, layout)
        fresh, change = change_in(template, plan, today, path)
        if change.is_empty:
            return Outcome(path, (Problem("refresh_nothing_new", file=path), *change.notes), files=(path,))
        put(places, template, plan, change)
        values = fresh_values(book, [sheet.name for sheet in layout.sheets])
        if values.refusal is None:
            put(places, template, plan, only_log(with_result(change, check_result(places, template, plan))))
        backup = held.replace(book.to_bytes())
    notes = (*moved(path, plan, fresh), *change.notes, *_about_values(path, values))
    return Outcome(path, notes, files=(path,), backup=backup)


def _about_values(path: Path, values: Freshness) -> list[Problem]:
    """What a person should know of the formulas: which keep an old value until Excel computes, which show an error."""
    if values.refusal is not None:
        return [Problem("refresh_not_computed", file=path)]
    found = (("refresh_kept", values.kept), ("refresh_errors", values.errors))
    return [Problem(code, file=path, count=len(cells), cells=_named(cells)) for code, cells in found if cells]


def _named(cells: Sequence[str]) -> str:
    return ", ".join(cells[:SHOWN]) + (" …" if len(cells) > SHOWN else "")


def check_whole(places: Places, layout: Layout) -> None:
    """Raise `InputError` with every name and source table that the user removed from a plan, or the cells of a name."""
    book = places.book
    problems = []
    for name in (*layout.tables, *layout.names):
        refers = places.names.get(name.lower())
        if refers is None:
            problems.append(Problem("name_gone", file=book.package.file, name=name))
        elif GONE in refers:
            problems.append(Problem("name_lost", file=book.package.file, name=name, refers=refers))
    for placed in layout.placed_blocks():
        if isinstance(placed.block, SourceTable) and table_name(placed.chapter.id) not in book.tables:
            problems.append(Problem("table_gone", file=book.package.file, table=table_name(placed.chapter.id)))
    raise_if(problems)


def check_result(places: Places, template: Template, plan: Plan) -> CheckResult:
    """How many checks of an open workbook are red and amber, by its stored values."""
    severity, result = (places.book.values(f"checks.list.{column}") for column in ("severity", "result"))
    wrong = [row[0] for row, [found] in zip(severity, result, strict=True) if found == 1]
    red, amber = (template.label(plan.language, "severity", name) for name in ("error", "warning"))
    return CheckResult(wrong.count(red), wrong.count(amber))


def put(places: Places, template: Template, plan: Plan, change: Refresh) -> None:
    """Write what changes into an open workbook; raises `InputError` where it has no place for it."""
    labels = Shown(template, plan.language)
    cells: dict[str, dict[int, dict[int, Value]]] = {}  # {sheet: {row: {column: value}}}
    for name, value in change.fields.items():
        area = places.area(name, 1)
        cells.setdefault(area.sheet, {}).setdefault(area.range.top, {})[area.range.left] = labels.of_field(name, value)
    for key, rows in change.tables.items():
        columns = {column.id: column for column in declared_fields(template.block(key))}
        areas = {
            name: places.area(f"{key}.{name}", template.rows(key)) for row in rows for name in row if name != "row"
        }
        for row in rows:
            for name, area in areas.items():
                if name in row:
                    line = cells.setdefault(area.sheet, {}).setdefault(area.range.top + row["row"] - 1, {})
                    line[area.range.left] = labels.shown(columns[name], row[name])
    for sheet, values in cells.items():
        places.book.sheet(sheet).write(values)
    for key, rows in change.sources.items():
        fields = declared_fields(template.block(key))
        headings = [template.text(plan.language, f"{key}.{column.id}") for column in fields]
        shown = [[labels.shown(column, row.get(column.id)) for column in fields] for row in rows]
        heights = [height(texts) for texts in _wrapped(template, key, shown)]
        places.book.set_table_rows(table_name(key.split(".")[0]), shown, headings, heights)


def _wrapped(template: Template, key: str, rows: Sequence[Sequence[Value]]) -> Iterator[list[tuple[str, float]]]:
    """Per row of a source table its texts, each with the width of its column."""
    chapter, block = template.chapter(key.split(".")[0]), template.block(key)
    assert isinstance(block, SourceTable)
    grid = GRIDS[chapter.grid]
    slots = place_columns(grid, block.columns, template.axes) or {}
    widths = [grid.widths[slots[column.id]] - INDENT for column in block.columns]
    for row in rows:
        yield [(value, width) for value, width in zip(row, widths, strict=True) if isinstance(value, str)]
