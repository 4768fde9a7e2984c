"""Plan + template -> the bytes of a workbook: sheets with heads and bands, names, protection, print set-up.

The blocks draw themselves (`blocks.py`). After them come the defined names, the manifest on a very hidden
sheet, and the stored values (`recalculate.py`).
"""

from __future__ import annotations

from workbook_builder.plan import Plan
from workbook_builder.template.blocks import SourceTable
from workbook_builder.template.fields import FormField
from workbook_builder.template.left_out import without
from workbook_builder.template.model import Template
from workbook_builder.template.roll_over_rules import sections_to_confirm
from workbook_builder.workbook import pages
from workbook_builder.workbook.blocks import draw
from workbook_builder.workbook.conditions import status_colours
from workbook_builder.workbook.drawing import Drawing
from workbook_builder.workbook.formulas import Cell, address
from workbook_builder.workbook.grids import KEY, MAIN
from workbook_builder.workbook.layout import HEAD_ROWS, Layout, PlacedSheet, lay_out
from workbook_builder.workbook.manifest import write_manifest
from workbook_builder.workbook.recalculate import with_stored_values
from workbook_builder.workbook.styles import TAB_COLOURS
from workbook_builder.workbook.writer import NO_PASSWORD, Book, Sheet, strict_warnings

A4 = 9
ALLOWED = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "autofilter": True}


def render(template: Template, plan: Plan) -> bytes:
    """The finished workbook of `plan`, with the right value stored for every formula.

    Raises `TemplateError` for a template that does not fit together and `WriterFault` for anything that Excel
    would not take.
    """
    with strict_warnings():
        return with_stored_values(build(template, plan))


def build(template: Template, plan: Plan) -> bytes:
    """The workbook before its formulas are computed (every formula stores 0)."""
    source_rows = {key: len(rows) for key, rows in plan.tables.items()}
    layout = lay_out(without(template, plan.off), plan.language, source_rows)
    book = Book({"title": f"Accountplan {plan.account_name} {plan.year}"[:255], "company": "", "author": ""})
    drawing = Drawing(book, layout, plan, sections_to_confirm(template))  # in every plan the same rows
    sheets = [book.sheet(placed.name) for placed in layout.sheets]
    for sheet, placed in zip(sheets, layout.sheets, strict=True):
        _draw_sheet(drawing, sheet, placed)
    _count_formulas(drawing, dict(zip((placed.name for placed in layout.sheets), sheets, strict=True)))
    _define_names(book, layout)
    write_manifest(book, plan, layout, drawing.formulas, {sheet.raw.name: sheet.written for sheet in sheets})
    sheets[0].raw.activate()
    return book.finish()


def _draw_sheet(drawing: Drawing, sheet: Sheet, placed: PlacedSheet) -> None:
    set_columns(drawing, sheet, placed)
    if not placed.unseen:
        _draw_head(drawing, sheet, placed)
    for section in placed.sections:
        draw_band(drawing, sheet, placed, section.top, section.section.key)
        if any(column.helper for item in section.blocks for column in item.columns):
            sheet.value(section.top, placed.grid.first_helper, drawing.text("head.helpers"), drawing.book.fixed("hint"))
        for item in section.blocks:
            draw(drawing, sheet, item)
    if placed.unseen:
        sheet.raw.very_hidden()
    else:
        if placed.chapter.fixed_rows:
            pages.fix_rows(drawing, sheet, placed)
        set_up_page(drawing, sheet, placed)
    sheet.raw.protect(NO_PASSWORD, ALLOWED)


def set_columns(drawing: Drawing, sheet: Sheet, placed: PlacedSheet) -> None:
    """Give the columns of a sheet the widths of its grid."""
    for slot, width in enumerate(placed.grid.columns):
        sheet.raw.set_column(slot, slot, width, drawing.book.fixed("plain"))


def _draw_head(drawing: Drawing, sheet: Sheet, placed: PlacedSheet) -> None:
    """Title, account and year, status and check light; the way back to the first sheet."""
    book, plan, chapter = drawing.book, drawing.plan, placed.chapter
    title = f"{chapter.number}  {drawing.text(f'chapters.{chapter.id}')}".strip()
    sheet.value(0, KEY, title, book.fixed("title"))
    drawing.set_height(sheet, 0, 24)
    unit = drawing.text("head.unit")
    about = f"{plan.account_name[:80]} · {drawing.text('head.year')} · {unit}"
    sheet.value(1, KEY, about, book.fixed("subtitle"))
    place = Cell(sheet.raw.name, chapter.id, "")
    sheet.value(2, KEY, drawing.text("head.status"), book.fixed("subtitle"))
    drawing.formula(
        sheet, 2, MAIN, drawing.compiler.formula('${plan.status}&" · "&${plan.version}', place), book.fixed("plain")
    )
    checks = placed.grid.form_value
    sheet.value(2, checks, drawing.text("head.checks"), book.fixed("subtitle"))
    drawing.formula(sheet, 2, checks + 1, drawing.compiler.formula("${plan.light}", place), book.fixed("light"))
    status_colours(drawing, sheet, (2, checks + 1, 1, 1))
    if chapter.tab != "start":
        first = drawing.layout.sheets[0].name
        sheet.link(2, checks + 2, f"'{first}'!A1", drawing.text("head.back"), book.fixed("link"))


def draw_band(drawing: Drawing, sheet: Sheet, placed: PlacedSheet, row: int, key: str) -> None:
    """The bar above a section with its number and title, and the guidance below it."""
    band = drawing.book.fixed("band")
    for slot in range(KEY, placed.grid.last + 1):
        sheet.value(row, slot, None, band)
    number = f"{key}  " if placed.chapter.number else ""
    sheet.value(row, KEY, number + drawing.text(f"sections.{key}"), band)
    drawing.set_height(sheet, row, 18)
    sheet.value(row + 1, KEY, drawing.help(f"sections.{key}"), drawing.book.fixed("hint"))


def set_up_page(drawing: Drawing, sheet: Sheet, placed: PlacedSheet) -> None:
    """Paper, page breaks, repeated rows and footer, and how the sheet stands on a screen."""
    raw, chapter, plan = sheet.raw, placed.chapter, drawing.plan
    raw.hide_gridlines(2)
    raw.set_zoom(90)
    raw.set_tab_color(TAB_COLOURS[chapter.tab])
    raw.freeze_panes(HEAD_ROWS, placed.grid.freeze_columns)
    raw.set_paper(A4)
    if chapter.portrait:
        raw.set_portrait()
    else:
        raw.set_landscape()
    if chapter.fixed_rows:
        scale, row = pages.two_pages(placed, drawing.row_heights(sheet))
        raw.set_print_scale(scale)
        raw.set_h_pagebreaks([row] if row else [])
    else:
        raw.fit_to_pages(1, 0)
        raw.set_h_pagebreaks(pages.breaks(placed, drawing.row_heights(sheet)))
    raw.set_margins(left=pages.SIDE, right=pages.SIDE, top=pages.TOP, bottom=pages.BOTTOM)
    if not chapter.fixed_rows:  # on two pages each row counts
        raw.repeat_rows(0, HEAD_ROWS - 1)
    if not any(isinstance(block, SourceTable) for _, block in chapter.blocks()):  # such a table grows: print all of it
        raw.print_area(0, 0, max(placed.end, HEAD_ROWS), placed.grid.last)
    name = plan.account_name[:60].replace("&", "&&")
    sheet.footer(f"&L&8 {name} · {plan.year}&C&8 &A&R&8 {drawing.text('head.page')}")  # a digit after &8 is its size


COUNTED = ("settings.formulas_made", "settings.formulas_found")


def _count_formulas(drawing: Drawing, sheets: dict[str, Sheet]) -> None:
    """Fill in how many formulas the workbook has, for the check that none was overwritten since."""
    count = sum(map(len, drawing.formulas.values()))
    for name in COUNTED:
        if name in drawing.layout.areas:
            area = drawing.layout.areas[name]
            look = drawing.look(FormField(id="count", type="integer", role="sourced"))
            sheets[area.sheet].value(area.row, area.col, count, look)


def _define_names(book: Book, layout: Layout) -> None:
    """Every id and every table as a defined name; a source table has the name of its Excel table."""
    for name, area in layout.named().items():
        book.define_name(name, "=" + address(area, fixed=True))
