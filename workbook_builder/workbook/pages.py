"""Where a sheet breaks over pages: one page wide on A4, and a section together when it fits.

The sheet is printed 'fit to one page wide', which holds whatever the fonts are. LibreOffice honours the breaks too;
Excel is known to ignore manual breaks under 'fit to', and then breaks where the page is full. The shortened plan is
promised on two pages: its rows have fixed heights, and it is printed at a scale that is computed from them, with one
break, which every program honours.
"""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.errors import Problem, TemplateError
from workbook_builder.template.blocks import Note
from workbook_builder.template.fields import Column
from workbook_builder.workbook.drawing import Drawing
from workbook_builder.workbook.layout import HEAD_ROWS, PlacedBlock, PlacedSection, PlacedSheet
from workbook_builder.workbook.text_lines import LINE_HEIGHT, lines
from workbook_builder.workbook.writer import Sheet

A4_SHORT, A4_LONG = 8.27, 11.69  # inches
SIDE, TOP, BOTTOM = 0.4, 0.5, 0.6  # margins in inches
POINTS, PIXELS = 72, 96  # per inch
ROW = 15.0  # points of a row whose height nobody set
SPARE = 0.93  # columns come out wider than Excel's nominal widths
SPARE_HEIGHT = 0.98  # rows come out as high as they are set
PLAIN_ROW = 15.5  # of fixed height, and not Excel's own 15: a row of that height is free to grow
SMALLEST_SCALE = 85  # per cent: what is smaller is no longer read
FIRST_ROWS = 10  # of a section longer than a page: its band, hint and heading never stand alone


def breaks(placed: PlacedSheet, heights: Mapping[int, float]) -> list[int]:
    """The rows (0-based) that start a new page: each section, and of a longer one each block, that would be cut."""
    _, high = _paper(placed)
    scale = min(1.0, _scale_of_width(placed))
    room = (high - TOP - BOTTOM) * POINTS / scale - _height(heights, 0, HEAD_ROWS)
    rows, filled = [], 0.0
    ends = [section.top for section in placed.sections[1:]] + [placed.end]
    for section, end in zip(placed.sections, ends, strict=True):
        whole = _height(heights, section.top, end) <= room
        for top, foot in [(section.top, end)] if whole else _pieces(section, end):
            height = _height(heights, top, foot)
            start = _height(heights, top, min(foot, top + FIRST_ROWS))
            if filled and filled + (height if height <= room else start) > room:
                rows.append(top)
                filled = 0.0
            filled = (filled + height) % room if height > room - filled else filled + height
    return rows


def _pieces(section: PlacedSection, end: int) -> list[tuple[int, int]]:
    """The rows of each block with its notes above it; the first begins at the band of its section."""
    tops = [section.top]
    above: PlacedBlock | None = None
    for item in section.blocks:
        follows_note = above is not None and isinstance(above.block, Note)
        if above is not None and item.top > above.top and not follows_note:
            tops.append(item.top)
        above = item
    return list(zip(tops, [*tops[1:], end], strict=True))


def fix_rows(drawing: Drawing, sheet: Sheet, placed: PlacedSheet) -> None:
    """Give every row the height of the longest text that its columns may hold."""
    given = dict(drawing.row_heights(sheet))
    wanted = {row: given.get(row, PLAIN_ROW) for row in range(placed.end)}
    for section in placed.sections:
        for item in section.blocks:
            height = max((_lines(drawing, placed, item, column) for column in item.columns), default=1) * LINE_HEIGHT
            for row in range(item.first_row, item.first_row + item.rows):
                wanted[row] = max(PLAIN_ROW, height)
    for row, points in wanted.items():
        drawing.fix_height(sheet, row, points)


def _lines(drawing: Drawing, placed: PlacedSheet, item: PlacedBlock, column: Column) -> int:
    """How many lines the longest text of a column takes."""
    if not column.max_length:
        return 1
    words = "twaalf tekens " * (column.max_length // 14 + 1)
    return lines(words[: column.max_length], placed.grid.columns[item.slots[column.id]])


def two_pages(placed: PlacedSheet, heights: Mapping[int, float]) -> tuple[int, int]:
    """(scale in per cent, first row of the second page) for a sheet that is promised on two pages.

    With a single section left there is one page, and the row is 0.
    Raises `TemplateError` when that takes a scale below `SMALLEST_SCALE`.
    """
    _, high = _paper(placed)
    at = 0
    best = (high - TOP - BOTTOM) * POINTS * SPARE_HEIGHT / _height(heights, 0, placed.end)
    for section in placed.sections[1:]:
        taller = max(_height(heights, 0, section.top), _height(heights, section.top, placed.end))
        scale = (high - TOP - BOTTOM) * POINTS * SPARE_HEIGHT / taller
        if scale > best:
            best, at = scale, section.top
    scale = min(100, int(100 * min(best, _scale_of_width(placed))))
    if scale < SMALLEST_SCALE:
        raise TemplateError(Problem("two_pages_too_small", place=placed.name, scale=scale, least=SMALLEST_SCALE))
    return scale, at


def _paper(placed: PlacedSheet) -> tuple[float, float]:
    """Width and height of the page in inches."""
    return (A4_SHORT, A4_LONG) if placed.chapter.portrait else (A4_LONG, A4_SHORT)


def _scale_of_width(placed: PlacedSheet) -> float:
    """The scale at which all columns stand on one page."""
    pixels = sum(int(width * 7 + 5) for width in placed.grid.widths)
    return (_paper(placed)[0] - 2 * SIDE) * PIXELS * SPARE / pixels


def _height(heights: Mapping[int, float], first: int, end: int) -> float:
    """Points from row `first` up to `end`."""
    return sum(heights.get(row, ROW) for row in range(first, end))
