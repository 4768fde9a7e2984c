"""Template -> the key of every text it needs, so that a missing translation is found before a workbook is made."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.errors import Problem
from workbook_builder.template.blocks import (
    Block,
    Chart,
    Checks,
    Form,
    Note,
    SourceTable,
    Statement,
    Table,
    declared_fields,
)
from workbook_builder.template.model import Chapter, Template


def needed_texts(template: Template) -> Iterator[str]:
    """The keys of all texts of chapters, sections, blocks, lists, axes and units, in order of the template."""
    for chapter in template.chapters:
        yield f"chapters.{chapter.id}"
        for section in chapter.sections:
            yield f"sections.{section.key}"
            for block in section.blocks:
                yield from _block_texts(chapter, block)
    for list_id, choices in template.lists.items():
        yield f"list_titles.{list_id}"
        yield from (f"lists.{list_id}.{item}" for item in choices.items)
    for axis_id, axis in template.axes.items():
        if axis.labels == "text":
            yield from (f"axes.{axis_id}.{number}" for number in range(1, axis.size + 1))
    yield from sorted({f"units.{unit}" for unit in _units(template)})


def missing_texts(template: Template) -> list[Problem]:
    """A problem for every needed text that a language does not have."""
    return [
        Problem("text_missing", file=f"texts/{language}.toml", key=key)
        for language in template.languages
        for key in needed_texts(template)
        if key not in template.texts[language]
    ]


def _block_texts(chapter: Chapter, block: Block) -> Iterator[str]:
    key = f"{chapter.id}.{block.id}"
    if isinstance(block, Form):
        yield from (f"{chapter.id}.{field.id}" for field in block.fields)
    elif isinstance(block, Table | SourceTable):
        yield from (f"{key}.{column.id}" for column in block.columns)
        if isinstance(block, Table):
            yield from (f"{chapter.id}.{column.total_id}" for column in block.columns if column.total_id)
    elif isinstance(block, Statement):
        yield from (f"{key}.{column.id}" for column in block.columns)
        yield from (f"{chapter.id}.{line.id}" for line in block.lines)
    elif isinstance(block, Checks):
        yield from (f"checks.{check.id}" for check in block.checks)
    elif isinstance(block, Note):
        yield key
    elif isinstance(block, Chart):
        yield f"{key}.title"
        yield from (series.text for series in block.series)
        if block.chart == "scatter":
            yield from (f"{key}.x", f"{key}.y")


def _units(template: Template) -> Iterator[str]:
    for chapter in template.chapters:
        for _, block in chapter.blocks():
            units = [one.unit for one in declared_fields(block)]
            units += [line.unit for line in block.lines] if isinstance(block, Statement) else []
            yield from (unit for unit in units if unit and unit != "year")
