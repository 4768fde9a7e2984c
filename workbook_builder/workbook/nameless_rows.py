"""Rows that people filled in without a name: their amounts count, and nobody sees what they are.

The empty cell of the name is filled amber, and the cells beside it are counted per section.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.template.row_names import named_inputs, row_name
from workbook_builder.workbook.drawing import Drawing
from workbook_builder.workbook.formulas import address
from workbook_builder.workbook.layout import Area, PlacedBlock
from workbook_builder.workbook.styles import ATTENTION_FILL
from workbook_builder.workbook.writer import Sheet


def shade_missing_names(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """An amber fill for the cell of the name on every row of a table that is filled in without it."""
    name = row_name(drawing.template, item.chapter, item.block)
    if name is None or not name.startswith(f"{item.key}."):
        return
    named, beside = drawing.layout.areas[name], _areas(drawing, item)
    cells = ",".join(address(area._replace(rows=1), area.sheet, fixed=False, fixed_column=True) for area in beside)
    first = address(named._replace(rows=1), named.sheet, fixed=False, fixed_column=True)
    rule = {
        "type": "formula",
        "criteria": f'=AND({first}="",COUNTA({cells})>0)',
        "format": drawing.book.format({"bg_color": ATTENTION_FILL}),
    }
    sheet.condition(named.row, named.col, named.rows, 1, rule)


def filled_without_name(drawing: Drawing, item: PlacedBlock, sheet: str) -> Iterator[str]:
    """In Excel text, per input column: how many of its cells are filled in on a row without its name."""
    name = row_name(drawing.template, item.chapter, item.block)
    if name:
        named = address(drawing.layout.areas[name], sheet, fixed=True)
        for area in _areas(drawing, item):
            for col in range(area.col, area.col + area.cols):
                cells = address(area._replace(col=col, cols=1), sheet, fixed=True)
                yield f'SUMPRODUCT(({named}="")*({cells}<>""))'


def _areas(drawing: Drawing, item: PlacedBlock) -> list[Area]:
    return [drawing.layout.areas[one] for one in named_inputs(drawing.template, item.chapter, item.block)]
