"""Where a sheet breaks over pages: one page wide on A4, and a section together when it fits.

The sheet is printed 'fit to one page wide', which holds whatever the fonts are. LibreOffice honours the breaks too;
Excel is known to ignore manual breaks under 'fit to', and then breaks where the page is full.
"""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.workbook.layout import HEAD_ROWS, PlacedSheet

A4_SHORT, A4_LONG = 8.27, 11.69  # inches
SIDE, TOP, BOTTOM = 0.4, 0.5, 0.6  # margins in inches
POINTS, PIXELS = 72, 96  # per inch
ROW = 15.0  # points of a row whose height nobody set
SPARE = 0.93  # columns come out wider than Excel's nominal widths
FIRST_ROWS = 10  # of a section longer than a page: its band, hint and heading never stand alone


def breaks(placed: PlacedSheet, heights: Mapping[int, float]) -> list[int]:
    """The rows (0-based) that start a new page: each section that would otherwise be cut in two."""
    wide, high = (A4_SHORT, A4_LONG) if placed.chapter.portrait else (A4_LONG, A4_SHORT)
    pixels = sum(int(width * 7 + 5) for width in placed.grid.widths)
    scale = min(1.0, (wide - 2 * SIDE) * PIXELS * SPARE / pixels)
    room = (high - TOP - BOTTOM) * POINTS / scale - _height(heights, 0, HEAD_ROWS)
    rows, filled = [], 0.0
    ends = [section.top for section in placed.sections[1:]] + [placed.end]
    for section, end in zip(placed.sections, ends, strict=True):
        height = _height(heights, section.top, end)
        start = _height(heights, section.top, min(end, section.top + FIRST_ROWS))
        if filled and filled + (height if height <= room else start) > room:
            rows.append(section.top)
            filled = 0.0
        filled = (filled + height) % room if height > room - filled else filled + height
    return rows


def _height(heights: Mapping[int, float], first: int, end: int) -> float:
    """Points from row `first` up to `end`."""
    return sum(heights.get(row, ROW) for row in range(first, end))
