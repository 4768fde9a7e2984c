"""A line per section with what people should look at there: the way to it, and how many of its cells it has."""

from __future__ import annotations

from collections.abc import Iterable

from workbook_builder.template.blocks import SectionCounts
from workbook_builder.template.fields import FormField
from workbook_builder.template.section_counts import counted_sections
from workbook_builder.workbook.drawing import Drawing
from workbook_builder.workbook.grids import KEY, MAIN
from workbook_builder.workbook.index import target
from workbook_builder.workbook.layout import COUNTS_SLOTS, PlacedBlock
from workbook_builder.workbook.nameless_rows import filled_without_name
from workbook_builder.workbook.number_cells import texts_counted
from workbook_builder.workbook.styles import FAULT_FILL, RED
from workbook_builder.workbook.writer import Sheet

TERMS = {"number_cells": texts_counted, "nameless_rows": filled_without_name}
"""What a list of counts adds up for a block, in Excel text."""


def draw_section_counts(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """A line per section that has such cells; a count that is not zero is red."""
    assert isinstance(item.block, SectionCounts)
    slot, look = COUNTS_SLOTS["count"], drawing.look(FormField(id="count", type="integer", formula="-"))
    placed = {one.section.key: one.blocks for each in drawing.layout.sheets for one in each.sections}
    for offset, (chapter, section) in enumerate(counted_sections(drawing.template, item.block.id)):
        row, goes = item.top + offset, target(drawing, section.key)
        sheet.value(row, KEY, section.key if chapter.number else None, drawing.book.fixed("label_quiet"))
        if goes:
            title = drawing.text(f"sections.{section.key}")
            sheet.link(row, MAIN, goes[0], title, drawing.book.fixed("link"))
        terms = _terms(drawing, placed[section.key], item.block.id, sheet.raw.name)
        drawing.formula(sheet, row, slot, "=" + "+".join(terms), look)
    red = drawing.book.format({"bg_color": FAULT_FILL, "font_color": RED, "bold": True})
    sheet.condition(item.top, slot, item.rows, 1, {"type": "cell", "criteria": ">", "value": 0, "format": red})


def _terms(drawing: Drawing, blocks: Iterable[PlacedBlock], what: str, sheet: str) -> list[str]:
    return [term for block in blocks for term in TERMS[what](drawing, block, sheet)]
