"""Table -> the column that names its rows, and the inputs beside it: what is filled in there needs a name."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.template.blocks import Block, Table
from workbook_builder.template.model import Chapter, Template

ALWAYS_NAMED = ("text", "years", "number")
"""The labels of an axis that the template gives every item of it."""


def row_name(template: Template, chapter: Chapter, block: Block) -> str | None:
    """The id of the column with the names of a table's rows; None when every row has one, or needs none."""
    if not isinstance(block, Table) or block.named_by == "":
        return None
    if block.named_by is not None:
        return block.named_by if "." in block.named_by else f"{chapter.id}.{block.id}.{block.named_by}"
    labels = template.axes[block.axis].labels if block.axis else ""
    wide = [column for column in block.columns if column.wide]
    names = wide or [column for column in block.columns if column.key == "label"]
    if not names or (names[0].key == "label" and labels in ALWAYS_NAMED):
        return None
    return f"{chapter.id}.{block.id}.{names[0].id}"


def named_inputs(template: Template, chapter: Chapter, block: Block) -> Iterator[str]:
    """The ids of the input columns of a table whose rows need a name, without that of the name itself."""
    name = row_name(template, chapter, block)
    if name and isinstance(block, Table):
        ids = (f"{chapter.id}.{block.id}.{column.id}" for column in block.columns if column.role == "input")
        yield from (one for one in ids if one != name)
