"""Native charts over ranges of the workbook, in one palette, with a title that says what is shown in which unit.

Every chart starts with a row of its own above it: it says so when there is nothing to show yet.
"""

from __future__ import annotations

from typing import Any

from workbook_builder.template.blocks import Chart, Series
from workbook_builder.workbook.drawing import Drawing
from workbook_builder.workbook.formulas import Cell, address
from workbook_builder.workbook.grids import GRIDS, KEY, MAIN
from workbook_builder.workbook.layout import Area, PlacedBlock
from workbook_builder.workbook.styles import CHART_COLOURS, FALL, INK, QUIET, RISE, RULE
from workbook_builder.workbook.writer import Sheet

PIXELS_PER_CHARACTER, PIXELS_PER_ROW, WIDEST = 7, 20, 760
KINDS = {
    "column": {"type": "column"},
    "bar": {"type": "bar"},
    "stacked": {"type": "column", "subtype": "stacked"},
    "combo": {"type": "column"},
    "waterfall": {"type": "column", "subtype": "stacked"},
    "scatter": {"type": "scatter"},
}
FONT = {"name": "Calibri", "size": 9, "color": INK}
NOT_DRAWN = {"fill": {"none": True}, "border": {"none": True}}


def draw_chart(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """A chart in the rows that the layout keeps free for it."""
    block = item.block
    assert isinstance(block, Chart)
    grid = GRIDS[item.chapter.grid]
    left = grid.beside if block.beside and grid.beside else KEY
    _say_when_empty(drawing, sheet, item, block, left)
    chart = drawing.book.chart(KINDS[block.chart])
    if block.chart == "scatter":
        _add_points(drawing, chart, block)
    else:
        _add_series(drawing, chart, block)
    title = drawing.text(f"{item.key}.title")
    chart.set_title({"name": title, "name_font": {**FONT, "size": 11, "bold": True}, "overlay": False})
    shown = len(block.series) > 1 and block.chart != "waterfall"
    chart.set_legend({"position": "bottom", "font": FONT} if shown else {"none": True})
    _set_axes(drawing, chart, item.key, block)
    chart.set_chartarea({"border": {"none": True}})
    room = sum(grid.widths[max(left, MAIN) :]) - 2
    width = min(WIDEST, int(room * PIXELS_PER_CHARACTER))
    chart.set_size({"width": width, "height": (block.rows - 1) * PIXELS_PER_ROW})
    sheet.chart(item.top + 1, left, chart, drawing.help(f"{item.key}.title") or title)


def _say_when_empty(drawing: Drawing, sheet: Sheet, item: PlacedBlock, block: Chart, col: int) -> None:
    """The row above the chart: words as long as all its values are nought or not there."""
    areas = [area_of(drawing, series.values) for series in block.series]
    values = ",".join(address(area, sheet.raw.name, fixed=True) for area in areas)
    place = Cell(sheet.raw.name, item.chapter.id, item.key)
    words = drawing.compiler.expression("${text.no_data}", place)
    formula = f'=IF(AND(MAX({values})=0,MIN({values})=0),{words},"")'
    drawing.formula(sheet, item.top, col, formula, drawing.book.fixed("hint"))


def _add_series(drawing: Drawing, chart: Any, block: Chart) -> None:
    """A series for each that is declared; those of a combo that are lines go into a chart laid over it."""
    over = drawing.book.chart({"type": "line"}) if any(series.as_line for series in block.series) else None
    for number, series in enumerate(block.series):
        made = {
            "name": drawing.text(series.text),
            "categories": _range(drawing, series.categories),
            "values": _range(drawing, series.values),
            **_look(block, number, series),
        }
        (over if over is not None and series.as_line else chart).add_series(made)
    if over is not None:
        chart.combine(over)


def _look(block: Chart, number: int, series: Series) -> dict[str, Any]:
    colour = CHART_COLOURS[number % len(CHART_COLOURS)]
    if series.as_line:
        return {"line": {"color": colour, "width": 2.25}, "marker": {"type": "circle", "size": 5,
                "fill": {"color": colour}, "border": {"color": colour}}}  # fmt: skip
    if block.chart == "waterfall":
        rise, fall = {"fill": {"color": RISE}}, {"fill": {"color": FALL}}
        labels = {"data_labels": {"value": True, "num_format": '[>=0.5]#,##0;[<=-0.5]-#,##0;""', "font": FONT}}
        return ({**NOT_DRAWN, "gap": 40}, {**rise, **labels}, {**fall, **labels})[number]
    return {"fill": {"color": colour}, "gap": 60}


def _add_points(drawing: Drawing, chart: Any, block: Chart) -> None:
    """A scatter: each point is a series of its own, so that its label is the name in a cell, in every program."""
    series = block.series[0]
    xs, ys, names = (area_of(drawing, ids or "") for ids in (series.categories, series.values, series.labels))
    colour = CHART_COLOURS[0]
    for i in range(ys.rows):
        x, y, name = ("=" + address(a._replace(row=a.row + i, rows=1), fixed=True) for a in (xs, ys, names))
        chart.add_series(
            {
                "name": name,
                "categories": x,
                "values": y,
                "marker": {"type": "circle", "size": 8, "fill": {"color": colour}, "border": {"color": colour}},
                "data_labels": {"series_name": True, "value": False, "position": "right", "font": FONT},
            }
        )


def _set_axes(drawing: Drawing, chart: Any, key: str, block: Chart) -> None:
    """The axes: quiet, without marks; those of a scatter with their ends and titles."""
    across: dict[str, Any] = {"num_font": FONT, "line": {"color": RULE}, "major_tick_mark": "none"}
    up: dict[str, Any] = {
        "num_font": {**FONT, "color": QUIET},
        "num_format": "#,##0",
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.5}},
    }
    if block.percent:
        up["num_format"] = "0%"
    if block.chart == "bar":  # lying down: the values run along the foot, and the first row is at the top
        across, up = up, {**across, "reverse": True}
        across["label_position"] = "high"  # at the foot, because the first row being at the top turns the chart over
    if block.chart in ("bar", "column", "stacked", "combo"):
        (up if block.chart == "bar" else across)["interval_unit"] = 1  # every name, however many there are
    if block.from_zero:
        up["min"] = 0
    for name, axis, ends in (("x", across, block.x), ("y", up, block.y)):
        if ends:
            axis |= {"min": ends[0], "max": ends[1]}
        if ends and block.chart == "scatter":
            axis |= {"major_unit": 1, "num_format": "0", "label_position": "none", "line": {"color": RULE},
                     "name": drawing.text(f"{key}.{name}"), "name_font": {**FONT, "bold": False},
                     "crossing": (ends[0] + ends[1]) / 2}  # fmt: skip
    chart.set_x_axis(across)
    chart.set_y_axis(up)


def area_of(drawing: Drawing, ids: str) -> Area:
    """The area of an id, of its heading ("id:heading"), or of all from the first id to the last ("first..last")."""
    first, _, last = ids.partition("..")
    named, _, heading = first.partition(":")
    area = (drawing.layout.headings if heading else drawing.layout.areas)[named]
    if last:
        end = drawing.layout.areas[last]
        area = area._replace(cols=end.col + end.cols - area.col)
    return area


def _range(drawing: Drawing, ids: str) -> str:
    return "=" + address(area_of(drawing, ids), fixed=True)
