"""A template -> the template of the version for the customer: what blocks declare `for_customer`, and nothing else.

Blocks, fields, columns and lines that are not declared are taken out, not hidden; so are guidance, examples, choices,
conditions and every formula: all that is left of a field is its place, its type and its name. The values come from the
finished plan (`export.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workbook_builder.errors import Problem
from workbook_builder.template.blocks import Block, Chart, Form, Note, Part, Series, Statement, Table
from workbook_builder.template.fields import Column, FieldBase
from workbook_builder.template.model import Chapter, Section, Template

OWN_WORDS = "extern."
"""Before the key of a text that the version for the customer words in its own way."""
VALUE = "-"
"""In the place of every formula: the cell takes its value from the finished plan."""
WORDS_OF_ALERTS = ("alert", "warning", "status")
PLAIN = {"role": "calculated", "formula": VALUE, "default": None, "min": None, "max": None, "valid": None, "pick": None,
         "shade": None}  # fmt: skip


def for_customer(template: Template) -> Template:
    """The template of the version for the customer; sections that the plan leaves out are not in it either."""
    chapters = [chapter for chapter in (_chapter(template, each) for each in template.chapters) if chapter.sections]
    ids = {name for chapter in chapters for _, block in chapter.blocks() for name in shown_ids(chapter.id, block)}
    chapters = [_with_charts(chapter, ids) for chapter in chapters]
    texts = {language: _own_words(words) for language, words in template.texts.items()}
    return template.model_copy(update={"chapters": tuple(chapters), "texts": texts, "off": frozenset(), "profiles": {}})


def shown_ids(chapter: str, block: Block) -> Iterator[str]:
    """The ids of everything in a block that holds a value: fields, columns, lines, and lines in a column."""
    if isinstance(block, Form):
        yield from (f"{chapter}.{one.id}" for one in block.fields)
    elif isinstance(block, Table):
        yield from (f"{chapter}.{block.id}.{column.id}" for column in block.columns)
    elif isinstance(block, Statement):
        yield from (f"{chapter}.{block.id}.{column.id}" for column in block.columns)
        yield from (f"{chapter}.{line.id}" for line in block.lines)
        yield from (f"{chapter}.{line.id}.{column.id}" for line in block.lines for column in block.columns)


def unknown_for_customer(template: Template) -> Iterator[Problem]:
    """A problem for every id under `for_customer` that the block does not have, and for what cannot be shown."""
    for place, block in template.blocks():
        known = _names_in(block)
        for name in block.for_customer if isinstance(block.for_customer, tuple) else ():
            if name not in known:
                yield Problem("reference_unknown", place=f"{place}.for_customer", name=name)
        if block.for_customer and not isinstance(block, Form | Table | Statement | Chart | Note):
            yield Problem("not_for_customer", place=place, kind=block.kind)


def _names_in(block: Block) -> set[str]:
    """What a block may list under `for_customer`."""
    if isinstance(block, Statement):
        return {column.id for column in block.columns} | {line.id for line in block.lines}
    fields: tuple[FieldBase, ...] = block.fields if isinstance(block, Form) else ()
    return {one.id for one in (block.columns if isinstance(block, Table) else fields)}


def _chapter(template: Template, chapter: Chapter) -> Chapter:
    sections = []
    for section in chapter.sections:
        if section.key not in template.off:
            blocks = tuple(block for block in map(_block, section.blocks) if block is not None)
            if blocks:
                sections.append(Section(key=section.key, blocks=blocks))
    return chapter.model_copy(update={"number": "", "fixed_rows": False, "sections": tuple(sections)})


def _block(block: Block) -> Block | None:
    """The block with what is declared; None when nothing of it is."""
    if not block.for_customer:
        return None
    if isinstance(block, Form):
        fields = tuple(_plain(one) for one in block.fields if _is_shown(block, one))
        return block.model_copy(update={"fields": fields}) if fields else None
    if isinstance(block, Table):
        columns = tuple(_plain_column(one) for one in block.columns if _is_shown(block, one))
        return block.model_copy(update={"columns": columns, "example": False}) if columns else None
    if isinstance(block, Statement):
        return _statement(block)
    return block if isinstance(block, Chart | Note) else None


def _statement(block: Statement) -> Statement | None:
    """The statement with the declared columns and lines; each of its cells that is filled takes a value."""
    columns = tuple(_plain_column(one) for one in block.columns if _is_shown(block, one))
    lines = []
    for line in block.lines:
        if _is_listed(block, line.id):
            shown = [(column, block.cell(line, column)) for column in block.columns]
            formulas = {column.id: VALUE if one else "" for column, one in shown}
            kept = {name: formula for name, formula in formulas.items() if name in {each.id for each in columns}}
            lines.append(line.model_copy(update={"formulas": kept, "inputs": (), "sourced": ()}))
    if not columns or not lines:
        return None
    names = [column.id for column in columns]
    headline = block.headline if block.headline in names else names[0]
    return block.model_copy(update={"columns": columns, "lines": tuple(lines), "headline": headline})


def _is_shown(block: Part, one: FieldBase) -> bool:
    """Whether a field is declared; working figures and warnings are for ourselves whatever is declared."""
    inward = getattr(one, "helper", False) or one.look in WORDS_OF_ALERTS or one.look == "gantt"
    return not inward and _is_listed(block, one.id)


def _is_listed(block: Part, name: str) -> bool:
    return name in block.for_customer if isinstance(block.for_customer, tuple) else block.for_customer


def _plain(one: FieldBase) -> FieldBase:
    return one.model_copy(update=PLAIN)


def _plain_column(column: Column) -> Column:
    if column.key:
        return column
    return column.model_copy(update={**PLAIN, "total": column.total and VALUE, "heading": column.heading and VALUE})


def _with_charts(chapter: Chapter, ids: set[str]) -> Chapter:
    """The chapter with only those series in its charts of which everything is shown; a chart without any is gone."""
    sections = []
    for section in chapter.sections:
        blocks: list[Block] = []
        for block in section.blocks:
            if isinstance(block, Chart):
                series = tuple(each for each in block.series if set(_pointed_at(each)) <= ids)
                if not series:
                    continue
                block = block.model_copy(update={"series": series})
            blocks.append(block)
        sections.append(section.model_copy(update={"blocks": tuple(blocks)}))
    return chapter.model_copy(update={"sections": tuple(sections)})


def _pointed_at(series: Series) -> Iterable[str]:
    ids = [series.categories, series.values, *([series.labels] if series.labels else [])]
    return [name.partition(":")[0] for each in ids for name in each.split("..")]  # "id:heading" is of that id


def _own_words(words: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """The texts, with those that this version words in its own way in their place."""
    own = {key.removeprefix(OWN_WORDS): text for key, text in words.items() if key.startswith(OWN_WORDS)}
    return {**words, **own}
