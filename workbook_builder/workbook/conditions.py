"""What a cell shows by its value: the words of a traffic light, a colour scale, a bar, a shade.

Declared by the `look` and the `shade` of a field; drawn as conditional formats, so that they follow what is typed.
"""

from __future__ import annotations

from xlsxwriter.utility import xl_rowcol_to_cell

from workbook_builder.template.fields import FieldBase
from workbook_builder.template.roll_over_rules import CONFIRMATIONS
from workbook_builder.workbook.drawing import Box, Drawing
from workbook_builder.workbook.formulas import Cell
from workbook_builder.workbook.styles import (
    ACCENT,
    AMBER,
    ATTENTION_FILL,
    BAR_FILL,
    GREEN,
    HEAT,
    RED,
    SOURCE_ROW,
    TO_CONFIRM,
)
from workbook_builder.workbook.writer import Sheet

LAST_ROW = 1_048_576  # of a sheet
SEVERITY = {"red": ("error",), "amber": ("warning",), "green": ("info",)}


def draw_conditions(drawing: Drawing, sheet: Sheet, one: FieldBase, place: Cell, box: Box) -> None:
    """The conditional formats of a field over its cells; `place` is the first of them."""
    if one.look == "status":
        status_colours(drawing, sheet, box)
    elif one.look == "heat":
        scale = {"type": "2_color_scale", "min_type": "num", "min_value": 0, "min_color": HEAT[0], "max_color": HEAT[1]}
        sheet.condition(*box, scale)
    elif one.look == "bar":
        ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
        sheet.condition(*box, {"type": "data_bar", "bar_color": BAR_FILL, **ends})
    if one.role == "input" and place.block:
        _mark_what_is_to_confirm(drawing, sheet, one, place, box)
    if one.shade:
        condition = drawing.compiler.formula(one.shade, place._replace(is_condition=True))
        fill = drawing.book.format({"bg_color": ACCENT if one.look == "gantt" else ATTENTION_FILL})
        sheet.condition(*box, {"type": "formula", "criteria": condition, "format": fill})


def _mark_what_is_to_confirm(drawing: Drawing, sheet: Sheet, one: FieldBase, place: Cell, box: Box) -> None:
    """Amber for what moved along from last year's plan, as long as nobody has confirmed its section."""
    row = drawing.to_confirm.get(place.block)
    if row is None or (one.roll_over or drawing.rules[place.block]) != "confirm":
        return
    first = xl_rowcol_to_cell(box[0], box[1])
    waits = drawing.compiler.expression(f"${{{CONFIRMATIONS}.open:{row}}}", Cell(sheet.raw.name, place.chapter, ""))
    fill = drawing.book.format({"bg_color": TO_CONFIRM})
    sheet.condition(*box, {"type": "formula", "criteria": f'=AND({first}<>"",{waits}=1)', "format": fill})


def status_colours(drawing: Drawing, sheet: Sheet, box: Box) -> None:
    """Red, amber and green for the words of a status; the word itself carries the meaning."""
    for key, colour in (("ok", GREEN), ("green", GREEN), ("amber", AMBER), ("red", RED)):
        words = [drawing.text(f"formulas.{key}")]
        words += [drawing.template.label(drawing.plan.language, "severity", s) for s in SEVERITY.get(key, ())]
        for word in words:
            look = drawing.book.format({"font_color": colour, "bold": True})
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look}
            sheet.condition(*box, rule)


def colour_filled_rows(drawing: Drawing, sheet: Sheet, row: int, col: int, cols: int) -> None:
    """The look of the source for every row from here to the end of the sheet that holds something in these columns."""
    from xlsxwriter.utility import xl_col_to_name

    first, last = xl_col_to_name(col), xl_col_to_name(col + cols - 1)
    rule = {
        "type": "formula",
        "criteria": f"=COUNTA(${first}{row + 1}:${last}{row + 1})>0",
        "format": drawing.book.format(SOURCE_ROW),
        "multi_range": f"{first}{row + 1}:{last}{LAST_ROW}",  # so that the sheet itself stays as small as its cells
    }
    sheet.condition(row, col, 1, cols, rule)
