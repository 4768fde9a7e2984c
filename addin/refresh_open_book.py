"""The button Refresh: today's figures in the plan that is open in Excel; everything that somebody typed stays.

    config --> sources --> Today            before Excel is asked for anything but the facts of the plan
    LiveBook --> OpenPlan --> Plan --+
    Plan + Today --> Refresh ---------> tables and cells, or nothing at all

The rules are those of a closed plan (`workbook_builder.refresh`). Excel computes the figures itself; none is read back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from addin.live_book import LiveBook
from addin.open_plan import OpenPlan
from addin.places import Place, Rows, around, by_sheet, joined, widened
from addin.quiet import quiet, showing
from addin.telling import tell_notes, told
from workbook_builder.errors import Problem, say
from workbook_builder.plan import Plan, Value
from workbook_builder.prefill import fresh_plan
from workbook_builder.refresh import SOURCE_FILES, Refresh
from workbook_builder.refresh_reads import NAMES, axes_with_news, needed_ids, typed_ids
from workbook_builder.registered import config_for_open
from workbook_builder.template.blocks import Form, Statement, Table, declared_fields
from workbook_builder.template.loader import load_template
from workbook_builder.template.model import Template
from workbook_builder.today import Shown, Today, change_in, moved, portfolio_for, today_for

BUTTON = "refresh"
Cells = dict[Place, Value]
"""{one cell: its value}."""


def refresh(live: LiveBook, config: Path | None = None) -> tuple[Problem, ...]:
    """Put today's figures into the open plan; says in Excel how it went, and gives that.

    `config` is the one given, else the registered one. Raises `AccountplanError`, told in Excel already, when it cannot
    be done; then the book and every setting of Excel are as they were.
    """
    with told(live, BUTTON):
        notes = refresh_book(live, config)
    tell_notes(live, BUTTON, notes)
    return notes


def refresh_book(live: LiveBook, config: Path | None = None) -> tuple[Problem, ...]:
    """The same without a word to the user; the notes say what changed."""
    template = load_template()
    book = OpenPlan(live, template)
    with showing(live, say("refresh_reading", book.facts["language"])):
        today = sources_of(book.facts["account_id"], config_for_open(book.file, config, partial(_source_files, book)))
        plan = read(book, today)
    fresh, change = change_in(template, plan, today, book.file)
    if change.is_empty:
        return (Problem("refresh_nothing_new", file=book.file), *change.notes)
    write(book, plan, change)
    return (*moved(book.file, plan, fresh), *change.notes)


def _source_files(book: OpenPlan) -> list[object]:
    """The names of the source files that the open plan says it was filled from."""
    book.take([SOURCE_FILES])
    return [row[0] for row in book.block(SOURCE_FILES)]


def sources_of(account: str, config: Path) -> Today:
    """What the sources of a config say today for an account; raises `InputError` for sources that cannot be used."""
    from workbook_builder.sources.config import load_config

    loaded = load_config(config)
    return today_for(account, loaded, portfolio_for(loaded, {account}))


def read(book: OpenPlan, today: Today) -> Plan:
    """What a refresh has to know of the open plan, each sheet read once.

    What was typed against product groups, contacts and team members is read only when there is a new one.
    """
    template, facts = book.template, book.facts
    fresh = fresh_plan(
        template,
        today.figures,
        year=int(facts["year"]),
        language=facts["language"],
        unit=int(facts["unit"]),
        last_date=today.last_date,
        mapped=today.mapped,
        off=book.off,
    )
    needed = needed_ids(template, fresh)
    typed = {axis: typed_ids(template, fresh, axis) for axis in NAMES}
    sheets = {book.layout.areas[name].sheet for name in needed}
    along = [name for names in typed.values() for name in names if book.layout.areas[name].sheet in sheets]
    book.take([*needed, *along], [key for key in book.sources if key in fresh.tables])
    plan = book.plan()
    if news := axes_with_news(plan, fresh):
        book.take(name for axis in news for name in typed[axis])
        plan = book.plan()
    return plan


def write(book: OpenPlan, plan: Plan, change: Refresh) -> None:
    """Write everything that changes, or nothing: one write per source table, and few for the other cells."""
    live, labels = book.live, Shown(book.template, plan.language)
    tables = {key: [_shown(labels, book.template, key, row) for row in rows] for key, rows in change.sources.items()}
    sourced, filled, beside = changed_cells(book, labels, change)
    cells = _rectangles(live, {**sourced, **_without_formulas(live, filled)}, beside)
    sheets = {place.sheet for place, _ in cells} | {book.sheet_of(key) for key in tables}
    with quiet(live, sorted(sheets), say("refresh_writing", plan.language)) as before, live.all_or_nothing():
        live.write_places(cells)
        for key, rows in tables.items():
            table, sheet = book.sources[key]
            live.write_table(table, rows, sheet, len(declared_fields(book.template.block(key))))
        if before["calculation"] == "manual":  # of the user: nothing would compute the figures that go with these
            live.calculate()


def _shown(labels: Shown, template: Template, key: str, row: Mapping[str, Value]) -> list[Value]:
    """The cells of a row of a source table."""
    return [labels.shown(column, row.get(column.id)) for column in declared_fields(template.block(key))]


def changed_cells(book: OpenPlan, labels: Shown, change: Refresh) -> tuple[Cells, Cells, Cells]:
    """(cells of the sources that change, inputs that a source fills, other cells of the sources near the first).

    The last may be written along, as they are, to join the first into fewer rectangles.
    """
    sourced: Cells = {}
    filled: Cells = {}
    for name, value in change.fields.items():
        one = labels.fields[name]
        (filled if one.role == "input" else sourced)[book.cell(name)] = labels.shown(one, value)
    for key, rows in change.tables.items():
        block = book.template.block(key)
        columns = {column.id: column for column in declared_fields(block)}
        for row in rows:
            for name, value in row.items():
                if name != "row":
                    typed = isinstance(block, Table) and columns[name].role == "input"
                    cell = book.cell(f"{key}.{name}", row["row"])
                    (filled if typed else sourced)[cell] = labels.shown(columns[name], value)
    return sourced, filled, dict(_beside(book, change))


def _beside(book: OpenPlan, change: Refresh) -> Iterator[tuple[Place, Value]]:
    """In the blocks in which something changes: every cell of the sources, those that stay empty, and our headings."""
    for chapter in book.template.chapters:
        for section, block in chapter.blocks():
            key = f"{chapter.id}.{block.id}"
            if section.key in book.off:
                continue
            if isinstance(block, Form):
                names = [f"{chapter.id}.{one.id}" for one in block.fields if one.role == "sourced"]
                for name in names if any(name in change.fields for name in names) else []:
                    yield from book.cells(name)
            elif isinstance(block, Table) and key in change.tables:
                yield from book.heading_cells(key)
                for one in block.columns:
                    if one.role == "sourced" and not one.key:
                        yield from book.cells(f"{key}.{one.id}")
            elif isinstance(block, Statement) and key in change.tables:
                for name in {name for line in block.lines for name in line.sourced}:
                    for line, (cell, value) in zip(block.lines, book.cells(f"{key}.{name}"), strict=True):
                        if name in line.sourced or value is None:  # a cell that its line leaves empty
                            yield cell, value


def _without_formulas(live: LiveBook, filled: Cells) -> Cells:
    """The inputs that a source fills, without those in which somebody has a formula.

    Such an input seems empty when its formula shows nothing. Asked once per sheet on which one is not certainly blank.
    """
    kept = {cell: value for cell, value in filled.items() if live.is_blank(cell)}
    doubtful = {cell: cell for cell in filled if cell not in kept}
    for group in by_sheet(doubtful).values():
        whole = around(group.values())
        formulas = live.formulas(whole)
        for cell in group:
            [[formula]] = cell.cut(whole, formulas)
            if not (isinstance(formula, str) and formula.startswith("=")):
                kept[cell] = filled[cell]
    return kept


def _rectangles(live: LiveBook, changing: Cells, beside: Cells) -> list[tuple[Place, Rows]]:
    """Few rectangles that hold every cell that changes; of others only sourced cells, our headings and blank cells."""
    every = joined((place, [[value]]) for place, value in {**beside, **changing}.items())
    needed = [(place, rows) for place, rows in every if any(_inside(cell, place) for cell in changing)]

    def between(cell: Place) -> Rows | None:
        return [[beside[cell]]] if cell in beside else [[None]] if live.is_blank(cell) else None

    return widened(needed, between)


def _inside(cell: Place, place: Place) -> bool:
    return cell.sheet == place.sheet and around([cell, place]) == place
