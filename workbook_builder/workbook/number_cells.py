"""Cells for a number or a date that hold something else: a validation refuses typing, never pasting.

Where a single cell has a value to fall back on, the cell beside it says which value applies, and formulas read that
one. Whatever is no number is filled red and counted per section, so that nothing is left out in silence. The word for
a missing number may stand anywhere: it is what the workbook itself says of a number that is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workbook_builder.template.fields import FormField
from workbook_builder.template.number_inputs import number_inputs
from workbook_builder.workbook.drawing import Drawing
from workbook_builder.workbook.formulas import Cell, address, quoted
from workbook_builder.workbook.grids import FORM_APPLIES, FORM_DEFAULT
from workbook_builder.workbook.layout import Area, PlacedBlock
from workbook_builder.workbook.styles import FAULT_FILL, RED
from workbook_builder.workbook.writer import Sheet


def draw_applies(drawing: Drawing, sheet: Sheet, one: FormField, place: Cell, typed: Area) -> None:
    """Beside the cell of an input: its default, and the number that applies (typed, else what it falls back on)."""
    row, label = typed.row, drawing.book.fixed("word_quiet")
    default = typed._replace(col=FORM_DEFAULT)
    if one.otherwise is None:
        sheet.value(row, FORM_DEFAULT - 1, drawing.text("values.default"), label)
        shown = one.model_copy(update={"role": "sourced"})
        sheet.value(row, FORM_DEFAULT, one.default, drawing.look(shown, quiet=True))
    sheet.value(row, FORM_APPLIES - 1, drawing.text("values.applies"), label)
    here = address(typed, typed.sheet, fixed=False)
    otherwise = drawing.compiler.expression(one.otherwise, place) if one.otherwise else address(
        default, typed.sheet, fixed=False
    )  # fmt: skip
    look = drawing.look(one.model_copy(update={"role": "calculated"}), quiet=True)
    drawing.formula(sheet, row, FORM_APPLIES, f"=IF(ISNUMBER({here}),{here},{otherwise})", look)


def shade_what_is_no_number(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """A red fill for everything in the number cells of a block that is no number."""
    areas = [drawing.layout.areas[name] for name in number_inputs(item.chapter, item.block)]
    look = drawing.book.format({"bg_color": FAULT_FILL, "font_color": RED})
    for group in _in_line(areas):
        first = address(group[0]._replace(rows=1, cols=1), group[0].sheet, fixed=False)
        condition = f'=AND(NOT(ISNUMBER({first})),{first}<>"",{first}<>{_missing(drawing)})'
        ranges = " ".join(address(area, area.sheet, fixed=False) for area in group)
        rule = {"type": "formula", "criteria": condition, "format": look, "multi_range": ranges}
        sheet.condition(group[0].row, group[0].col, group[0].rows, group[0].cols, rule)


def _in_line(areas: Iterable[Area]) -> list[list[Area]]:
    """The areas in groups that one rule can cover: its first cell has to be the top left of all.

    Those of a table start in one row, those of a form or a column of a statement stand below each other.
    """
    groups: list[list[Area]] = []
    for area in _joined(areas):
        for group in groups:
            if area.row == group[0].row or (area.col == group[0].col and len({each.col for each in group}) == 1):
                group.append(area)
                break
        else:
            groups.append([area])
    return groups


def _joined(areas: Iterable[Area]) -> list[Area]:
    """The same cells in as few rectangles: neighbours of the same height or width become one."""
    joined: list[Area] = []
    for area in areas:
        last = joined[-1] if joined else None
        if last and (last.row, last.rows) == (area.row, area.rows) and last.col + last.cols == area.col:
            joined[-1] = last._replace(cols=last.cols + area.cols)
        elif last and (last.col, last.cols) == (area.col, area.cols) and last.row + last.rows == area.row:
            joined[-1] = last._replace(rows=last.rows + area.rows)
        else:
            joined.append(area)
    return joined


def texts_counted(drawing: Drawing, item: PlacedBlock, sheet: str) -> Iterator[str]:
    """In Excel text, per rectangle: how many cells hold something else than a number or the word for a missing one."""
    areas, missing = (drawing.layout.areas[name] for name in number_inputs(item.chapter, item.block)), _missing(drawing)
    for area in _joined(areas):
        cells = address(area, sheet, fixed=True)
        if area.rows * area.cols == 1:
            yield f'IF(ISNUMBER({cells}),0,IFERROR(IF(OR({cells}="",{cells}={missing}),0,1),1))'
        else:
            yield f"ROWS({cells})*COLUMNS({cells})-COUNT({cells})-COUNTBLANK({cells})-COUNTIF({cells},{missing})"


def _missing(drawing: Drawing) -> str:
    return quoted(drawing.text("values.na"))
