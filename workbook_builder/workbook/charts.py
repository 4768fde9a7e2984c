"""Native charts over ranges of the workbook, in one palette, with a title that says what is shown in which unit."""

from __future__ import annotations

from workbook_builder.template.model import Chart
from workbook_builder.workbook.drawing import Drawing
from workbook_builder.workbook.formulas import address
from workbook_builder.workbook.grids import GRIDS, KEY, MAIN
from workbook_builder.workbook.layout import PlacedBlock
from workbook_builder.workbook.styles import CHART_COLOURS, INK, QUIET, RULE
from workbook_builder.workbook.writer import Sheet

PIXELS_PER_CHARACTER, PIXELS_PER_ROW, WIDEST = 7, 18, 760
TYPES = {
    "column": {"type": "column"},
    "line": {"type": "line"},
    "bar": {"type": "bar"},
    "stacked": {"type": "column", "subtype": "stacked"},
}


def draw_chart(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """A chart in the rows that the layout keeps free for it."""
    block = item.block
    assert isinstance(block, Chart)
    chart = drawing.book.chart(TYPES[block.chart])
    for number, series in enumerate(block.series):
        colour = CHART_COLOURS[number % len(CHART_COLOURS)]
        look = {"line": {"color": colour, "width": 2.25}} if block.chart == "line" else {"fill": {"color": colour}}
        chart.add_series(
            {
                "name": drawing.text(series.text),
                "categories": _range(drawing, series.categories),
                "values": _range(drawing, series.values),
                "gap": 60,
                **look,
            }
        )
    title = drawing.text(f"{item.key}.title")
    font = {"name": "Calibri", "size": 9, "color": INK}
    chart.set_title({"name": title, "name_font": {**font, "size": 11, "bold": True}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": font} if len(block.series) > 1 else {"none": True})
    chart.set_x_axis({"num_font": font, "line": {"color": RULE}, "major_tick_mark": "none"})
    chart.set_y_axis(
        {
            "num_font": {**font, "color": QUIET},
            "num_format": "#,##0",
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.5}},
        }
    )
    chart.set_chartarea({"border": {"none": True}})
    widths = GRIDS[item.chapter.grid].widths
    width = min(WIDEST, int(sum(widths[MAIN:]) * PIXELS_PER_CHARACTER))
    chart.set_size({"width": width, "height": block.rows * PIXELS_PER_ROW})
    sheet.chart(item.top, KEY, chart, drawing.help(f"{item.key}.title") or title)


def _range(drawing: Drawing, ids: str) -> str:
    """The reference of an id, or of everything from the first id to the last ("first..last") on one row."""
    first, _, last = ids.partition("..")
    area = drawing.layout.areas[first]
    if last:
        end = drawing.layout.areas[last]
        area = area._replace(cols=end.col + end.cols - area.col)
    return "=" + address(area, fixed=True)
