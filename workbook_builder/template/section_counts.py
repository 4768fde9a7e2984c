"""Template -> the sections with cells that a list of counts counts (`SectionCounts`)."""

from __future__ import annotations

from workbook_builder.template.blocks import Block
from workbook_builder.template.model import Chapter, Section, Template
from workbook_builder.template.number_inputs import number_inputs
from workbook_builder.template.row_names import named_inputs


def counted_sections(template: Template, what: str) -> list[tuple[Chapter, Section]]:
    """The sections of this plan with number cells, or with rows that need a name, in order of the sheets."""
    return [
        (chapter, section)
        for chapter in template.chapters
        for section in chapter.sections
        if section.key not in template.off and any(_counts(template, chapter, one, what) for one in section.blocks)
    ]


def _counts(template: Template, chapter: Chapter, block: Block, what: str) -> bool:
    inputs = number_inputs(chapter, block) if what == "number_cells" else named_inputs(template, chapter, block)
    return any(True for _ in inputs)
