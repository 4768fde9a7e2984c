"""The index on the first sheet: the way to every section, and how far each is filled in.

A section says what it expects (`expects`); its percentage is the mean of those, each counted up to what is expected.
A chapter's is the mean of its sections. A section that is left out stays in the list as not applicable.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from workbook_builder.template.fields import Column, FormField, Role
from workbook_builder.template.model import Chapter, Section
from workbook_builder.workbook.conditions import draw_conditions
from workbook_builder.workbook.drawing import Drawing
from workbook_builder.workbook.formulas import Cell, address
from workbook_builder.workbook.grids import GRIDS, KEY, MAIN
from workbook_builder.workbook.layout import (
    COMPLETENESS_SLOTS,
    INDEX_SLOTS,
    PlacedBlock,
    index_lines,
    measured_chapters,
)
from workbook_builder.workbook.styles import BASE, FIXED, cell_properties
from workbook_builder.workbook.writer import Sheet

FILLED = Column(id="filled", type="percent", formula="-", look="bar", decimals=0)
LIGHT = Column(id="light", formula="-", look="status")


def target(drawing: Drawing, place: str) -> tuple[str, str] | None:
    """Where the id of a chapter or the key of a section points: (sheet and cell, words); None when it is left out."""
    for sheet in drawing.layout.shown:
        if sheet.chapter.id == place:
            return f"{quote_sheetname(sheet.name)}!A1", sheet.name
        for section in sheet.sections:
            if section.section.key == place:
                label = place if sheet.chapter.number else sheet.name
                return f"{quote_sheetname(sheet.name)}!B{section.top + 1}", label
    return None


def draw_index(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """Every chapter and section with a link and its percentage, and the legend of colours at the right."""
    col = INDEX_SLOTS["filled"]
    for offset, (chapter, section) in enumerate(index_lines(drawing.template)):
        row = item.top + offset
        key, title = _line(drawing, chapter, section)
        goes = target(drawing, section.key if section else chapter.id)
        sheet.value(row, KEY, key, drawing.book.fixed("label_quiet" if section else "label_strong"))
        if goes:
            sheet.link(row, MAIN, goes[0], title, _link(drawing, bold=section is None))
        else:
            sheet.value(row, MAIN, title, drawing.book.fixed("subtitle"))
            sheet.value(row, col, drawing.text("values.not_in_plan"), drawing.book.fixed("subtitle"))
        formula = _filled(drawing, sheet, item, chapter, section) if goes else ""
        if formula:
            drawing.formula(sheet, row, col, formula, drawing.look(FILLED, strong=section is None))
            _light(drawing, sheet, row, col)
    box = (item.top, col, item.rows, 1)
    draw_conditions(drawing, sheet, FILLED, Cell(sheet.raw.name, item.chapter.id, item.key), box)
    _legend(drawing, sheet, item.top, GRIDS[item.chapter.grid].last - 1)


def draw_completeness(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """The percentage of each numbered chapter, as the index gives it."""
    col = COMPLETENESS_SLOTS["filled"]
    index = drawing.layout.areas["plan.index.filled"]
    rows = {chapter.id: i for i, (chapter, section) in enumerate(index_lines(drawing.template)) if section is None}
    for offset, chapter in enumerate(measured_chapters(drawing.template)):
        row, title = item.top + offset, drawing.text(f"chapters.{chapter.id}")
        sheet.value(row, KEY, chapter.number, drawing.book.fixed("label_quiet"))
        sheet.value(row, MAIN, title, drawing.book.fixed("label"))
        if target(drawing, chapter.id):
            cell = address(index._replace(row=index.row + rows[chapter.id], rows=1), sheet.raw.name, fixed=True)
            drawing.formula(sheet, row, col, f"={cell}", drawing.look(FILLED))
            _light(drawing, sheet, row, col)
        else:
            sheet.value(row, col, drawing.text("values.not_in_plan"), drawing.book.fixed("subtitle"))
    box = (item.top, col, item.rows, 1)
    draw_conditions(drawing, sheet, FILLED, Cell(sheet.raw.name, item.chapter.id, item.key), box)


def _line(drawing: Drawing, chapter: Chapter, section: Section | None) -> tuple[str, str]:
    if section is None:
        return chapter.number, drawing.text(f"chapters.{chapter.id}")
    return section.key, drawing.text(f"sections.{section.key}")


def _filled(drawing: Drawing, sheet: Sheet, item: PlacedBlock, chapter: Chapter, section: Section | None) -> str:
    """The formula of a percentage; nothing for a line that expects nothing."""
    if section is None:
        count = sum(1 for each in chapter.sections if chapter.number)
        if not any(each.expects for each in chapter.sections) or not count:
            return ""
        col = INDEX_SLOTS["filled"]
        first = item.top + index_lines(drawing.template).index((chapter, None)) + 1
        cells = f"{xl_rowcol_to_cell(first, col)}:{xl_rowcol_to_cell(first + count - 1, col)}"
        return f"=IF(COUNT({cells})=0,0,AVERAGE({cells}))"
    parts = []
    for expected in section.expects:
        name, _, least = expected.partition(":")
        cells = address(drawing.layout.areas[name], sheet.raw.name, fixed=True)
        parts.append(f"MIN(1,COUNTA({cells})/{least or 1})")
    return f"=({'+'.join(parts)})/{len(parts)}" if parts else ""


def _light(drawing: Drawing, sheet: Sheet, row: int, col: int) -> None:
    """Green, amber or red in words beside a percentage, by the thresholds on the sheet of parameters."""
    place = Cell(sheet.raw.name, "plan", "plan.index")
    here = xl_rowcol_to_cell(row, col)
    words = (
        f"IF({here}>=${{settings.filled_green}},${{text.green}},"
        f"IF({here}>=${{settings.filled_amber}},${{text.amber}},${{text.red}}))"
    )
    drawing.formula(sheet, row, col + 1, drawing.compiler.formula(words, place), drawing.look(LIGHT))
    draw_conditions(drawing, sheet, LIGHT, place, (row, col + 1, 1, 1))


def _legend(drawing: Drawing, sheet: Sheet, row: int, col: int) -> None:
    roles: tuple[Role, ...] = ("input", "sourced", "calculated")
    for slot in range(col, col + 2):
        sheet.value(row, slot, None, drawing.book.fixed("header"))
    sheet.value(row, col, drawing.text("legend.title"), drawing.book.fixed("header"))
    for offset, role in enumerate(roles, 1):
        one = FormField.model_construct(id="legend", role=role, type="text")
        look = drawing.book.format({**cell_properties(one, drawing.plan.unit), "text_wrap": False})
        for slot in range(col, col + 2):
            sheet.value(row + offset, slot, None, look)
        sheet.value(row + offset, col, drawing.text(f"legend.{role}"), look)


def _link(drawing: Drawing, *, bold: bool = False) -> Any:
    return drawing.book.format({**BASE, **FIXED["link"], **({"bold": True} if bold else {})})
