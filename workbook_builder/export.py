"""`accountplan export`: a closed plan -> a workbook for the customer, with the values that are meant for the customer.

    path --> Plan --> the finished workbook, in memory --> the values of what is declared for the customer
         --> a new workbook of these values alone (workbook/values_only) --> the file, and a PDF if wanted

The file of the plan is only read; nothing of it is copied. So what people put beside the plan (own sheets, notes,
properties, headers, a log) and what the template keeps for ourselves cannot be in the version for the customer.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from pathlib import Path

from workbook_builder.create import untouched
from workbook_builder.errors import InputError, Problem, say
from workbook_builder.files import file_part, write_atomically
from workbook_builder.outcome import Outcome, outcomes
from workbook_builder.plan import Plan
from workbook_builder.reading.reader import read_tolerantly
from workbook_builder.saved.book import SavedBook, Stored
from workbook_builder.summary import LOCALES, libreoffice, printed
from workbook_builder.summary_file import keep_pdf
from workbook_builder.template.blocks import Chart
from workbook_builder.template.customer import for_customer
from workbook_builder.template.left_out import without
from workbook_builder.template.loader import load_template
from workbook_builder.template.model import Template
from workbook_builder.workbook.grids import GRIDS, KEY
from workbook_builder.workbook.layout import Area, Layout, PlacedBlock, lay_out
from workbook_builder.workbook.recalculate import RecalculationRefused, computed
from workbook_builder.workbook.renderer import build
from workbook_builder.workbook.values_only import Spot, draw_values
from workbook_builder.workbook.writer import strict_warnings

ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
SHOWN = 5  # cells named in one sentence


def export_files(paths: Sequence[Path], out: Path | None, *, pdf: bool) -> Iterator[Outcome]:
    """The versions for the customer of plans, one after the other; one that fails does not stop the rest."""
    made: dict[Path, Path] = {}
    return outcomes(paths, lambda path: export_file(path, out, pdf=pdf, made=made), "export_failed")


def export_file(
    path: Path, out: Path | None = None, *, pdf: bool = False, made: MutableMapping[Path, Path] | None = None
) -> Outcome:
    """Write the version for the customer of a plan into `out` (default: beside the plan), named after the account.

    `made` are the files that were written in the same run, with the plan of each; this one is put in.
    Raises `InputError` for a file that is no plan, for an error in what the customer would see, when somebody worked
    in an earlier version of that name or it is in `made`, and, with `pdf`, when LibreOffice is not there; then nothing
    is written.
    """
    program = libreoffice() if pdf else ""
    template = load_template()
    plan, findings = read_tolerantly(path, template)
    folder, stem = out or path.parent, _stem(plan)
    target = folder / f"{stem}.xlsx"
    made = {} if made is None else made
    if first := made.get(target.resolve()):
        raise InputError(Problem("export_same_target", file=path, other=first, target=target))
    content = customer_version(template, plan, path)
    if target.exists() and not untouched(target):
        raise InputError(Problem("export_has_work", file=target))
    page = printed(program, content, LOCALES.get(plan.language, "en-GB"), path) if pdf else b""
    write_atomically(target, content)
    made[target.resolve()] = path
    files = [target, *([keep_pdf(folder, stem, page)] if pdf else [])]
    notes = [Problem("export_odd", file=path, count=len(findings))] if findings else []
    return Outcome(path, tuple(notes), files=tuple(files))


def _stem(plan: Plan) -> str:
    """The name of the file, from the account and the year alone: the name of the plan may say more."""
    return say("export_name", plan.language, account=file_part(plan.account_id), year=plan.year)


def customer_version(template: Template, plan: Plan, file: object) -> bytes:
    """The workbook for the customer: of `plan`, computed by the template, the values that are for the customer.

    Raises `InputError`, naming `file`, when one of those values is an error or cannot be computed.
    """
    template = without(template, plan.off)
    rows = {key: len(each) for key, each in plan.tables.items()}
    full, shown = lay_out(template, plan.language, rows), lay_out(for_customer(template), plan.language)
    with strict_warnings():
        content = build(template, plan)
    try:
        book = SavedBook(computed(content).content, file)
    except RecalculationRefused:
        raise InputError(Problem("export_not_computed", file=file)) from None
    values = _values(book, full, shown)
    wrong = [spot for spot, value in values.items() if isinstance(value, str) and value in ERRORS]
    if wrong:
        named = ", ".join(f"{sheet} {row + 1}" for sheet, row, _ in wrong[:SHOWN])
        raise InputError(Problem("export_errors", file=file, cells=named))
    return draw_values(shown, plan, values)


def _values(book: SavedBook, full: Layout, shown: Layout) -> dict[Spot, Stored]:
    """{cell of the version for the customer: the value of its cell in the finished plan}."""
    pairs = list(_pairs(full, shown))
    sheets = {there.sheet for _, there in pairs if there.sheet in book.sheets}
    cells: dict[Spot, Stored] = {}
    for name in sheets:
        sheet = book.sheet(name)
        for number in sheet.rows:
            cells.update({(name, number - 1, cell.column - 1): sheet.value(cell) for cell in sheet.cells(number)})
    return {
        (here.sheet, here.row + i, here.col + j): cells.get((there.sheet, there.row + i, there.col + j))
        for here, there in pairs
        for i in range(here.rows)
        for j in range(here.cols)
    }


def _pairs(full: Layout, shown: Layout) -> Iterator[tuple[Area, Area]]:
    """The areas of the version for the customer, each with that of the same thing in the plan."""
    for name, here in shown.areas.items():
        there = full.areas[name]
        if (here.rows, here.cols) == (there.rows, there.cols):
            yield here, there
    placed = {item.key: item for item in full.placed_blocks()}
    homes = {item.key: sheet.name for sheet in full.sheets for part in sheet.sections for item in part.blocks}
    for sheet in shown.sheets:
        for section in sheet.sections:
            for item in section.blocks:
                yield from _beside_the_areas(item, placed[item.key], sheet.name, homes[item.key], shown.template)


def _beside_the_areas(
    here: PlacedBlock, there: PlacedBlock, sheet: str, home: str, template: Template
) -> Iterator[tuple[Area, Area]]:
    """What a block draws besides its ids: the headings of its columns, and the line above a chart."""
    for column in here.columns:
        cols = template.span(column)
        yield (
            Area(sheet, here.top, here.slots[column.id], 1, cols),
            Area(home, there.top, there.slots[column.id], 1, cols),
        )
    if isinstance(here.block, Chart):
        grid = GRIDS[here.chapter.grid]
        col = grid.beside if here.block.beside and grid.beside else KEY
        yield Area(sheet, here.top, col), Area(home, there.top, col)
