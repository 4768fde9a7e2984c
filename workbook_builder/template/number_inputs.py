"""Block -> its inputs for numbers and dates: where a pasted text would not be a number."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.template.blocks import Block, Form, Statement, Table
from workbook_builder.template.model import Chapter


def number_inputs(chapter: Chapter, block: Block) -> Iterator[str]:
    """The ids of a block's inputs for numbers and dates: of fields, of columns, and of lines in a column."""
    if isinstance(block, Form):
        yield from (f"{chapter.id}.{one.id}" for one in block.fields if one.takes_number)
    elif isinstance(block, Table):
        yield from (f"{chapter.id}.{block.id}.{one.id}" for one in block.columns if one.takes_number)
    elif isinstance(block, Statement):
        for column in block.columns:
            cells = ((line, block.cell(line, column)) for line in block.lines)
            yield from (f"{chapter.id}.{line.id}.{column.id}" for line, one in cells if one and one.takes_number)
