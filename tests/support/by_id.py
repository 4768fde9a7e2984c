"""Values of a workbook by id: a defined name, a cell of it, its total, or one column of a statement's line.

- `budget.net_revenue`: a single value
- `targets.months.target`: a list, one value per row or column
- `analysis.sales_vv.growth:2`: the second of them
- `analysis.sales_vv.growth:total`: the total under them
- `budget.net_revenue.vv`: line and column of a statement
- `checks.list.result:R4`: the check of that code
"""

from __future__ import annotations

from typing import Any

from workbook_cells import Cells, letters, position

from workbook_builder.template.blocks import Statement
from workbook_builder.template.model import Template


def addresses(template: Template, cells: Cells, name: str) -> tuple[str, list[str]]:
    """(sheet, addresses) of an id; KeyError when the workbook has no such id."""
    name, _, part = name.partition(":")
    sheet, rows = cells.place(name) if name in cells.names else _line(template, cells, name)
    found = [at for row in rows for at in row]
    if part == "total":
        column, row = position(rows[-1][0])
        return sheet, [letters(column) + str(row + 1)]
    if name.startswith("checks.list.") and part and not part.isdigit():
        codes = value(template, cells, "checks.list.code")
        return sheet, [found[codes.index(part)]]
    return sheet, [found[int(part) - 1]] if part else found


def value(template: Template, cells: Cells, name: str) -> Any:
    """The value of an id, or the list of values when it has more cells than one."""
    sheet, found = addresses(template, cells, name)
    values = [cells.value(sheet, at) for at in found]
    return values[0] if len(values) == 1 else values


def _line(template: Template, cells: Cells, name: str) -> tuple[str, list[list[str]]]:
    chapter_id, _, rest = name.partition(".")
    line_id, _, column_id = rest.partition(".")
    for _, block in template.chapter(chapter_id).blocks():
        if isinstance(block, Statement):
            lines = [line.id for line in block.lines]
            if line_id in lines and column_id in [column.id for column in block.columns]:
                sheet, rows = cells.place(f"{chapter_id}.{block.id}.{column_id}")
                return sheet, [rows[lines.index(line_id)]]
    raise KeyError(name)
