"""The column grids that all blocks of a sheet share (slots and their widths), so a sheet reads as one design.

A slot is a worksheet column; widths are in characters of the default font, as Excel counts them. Every grid
adds up to less than 200, so that one page wide on A4 landscape still prints at about 65 %. The columns of a source
table have to stand side by side, so its grid has their widths in order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from workbook_builder.template.fields import Column
from workbook_builder.template.model import Axis

MARGIN, KEY, MAIN = 0, 1, 2  # the first three slots of every grid
GAP_WIDTH, HELPER_WIDTH, HELPERS = 3.0, 11.0, 8
"""Right of the paper: a gap, and the slots for working figures, which are seen on screen and never printed."""
FORM_APPLIES, FORM_DEFAULT = MAIN + 4, MAIN + 6  # beside the values of a form; their words stand a slot before them


@dataclass(frozen=True)
class Grid:
    """The widths of a sheet's columns, and the slot where the columns of an axis always start."""

    widths: tuple[float, ...]
    anchors: dict[str, int] = field(default_factory=dict)
    freeze_columns: int = 0
    form_value: int = MAIN + 1
    """The slot of a form's values, beside their labels."""
    form_unit: int = MAIN + 2
    form_right: tuple[int, int] | None = None
    """Where there is room at the right for long texts: the first slot of the label, and that of the value."""
    beside: int | None = None
    """The first slot of a chart that stands beside a block."""

    @property
    def last(self) -> int:
        """The last slot on paper, 0-based."""
        return len(self.widths) - 1

    @property
    def columns(self) -> tuple[float, ...]:
        """The widths of all worksheet columns: those on paper, the gap, and those of the helpers."""
        return (*self.widths, GAP_WIDTH, *[HELPER_WIDTH] * HELPERS)

    @property
    def first_helper(self) -> int:
        """The first slot for working figures, 0-based."""
        return self.last + 2

    def next_slot(self, start: int, width: float, count: int = 1) -> int | None:
        """The first slot from `start` that begins `count` slots of at least `width`, or None."""
        for slot in range(start, len(self.widths) - count + 1):
            if min(self.widths[slot : slot + count]) >= width:
                return slot
        return None


GRIDS = {
    "text": Grid((1.5, 5, 34, 14, 14, *[9.3] * 8, 27, 27), form_right=(9, 13), beside=13),
    "page": Grid((1.5, 5, 34, 12, *[9.3] * 6), beside=MAIN + 3),
    "short": Grid((1.5, 5, 41, 14, *[11] * 4)),
    "periods": Grid(
        (1.5, 5, 30, 6, *[9.3] * 3, *[7.5] * 12, *[9.3] * 4),
        anchors={"months": 7},
        freeze_columns=4,
        beside=7,
        form_value=MAIN + 2,
        form_unit=MAIN + 1,
    ),
    "timeline": Grid((1.5, 5, 34, *[10] * 6, *[1.7] * 54), freeze_columns=3),
    "source": Grid((1.5, 14, 34, *[13] * 11)),
    "history": Grid((1.5, 5, 32, 8, 10, 8.5, 12, *[8] * 7, 10, 24, 20, 13)),
    "named": Grid((1.5, 13, 40, 30, 10, 15, 13, 44, 30)),
    "log": Grid((1.5, 6, 28, 13.5, 12, 9.5, 8.5, 8.5, 6, 6, *[9] * 4, *[7.5] * 3, 8.5, 31, 17)),
}

NARROWEST = {"integer": 6.0, "number": 7.0, "money": 7.0, "euro": 7.0, "percent": 7.0, "date": 9.2, "choice": 8.5}


def slot_width(column: Column) -> float:
    """The least width in characters that shows a column without cutting it off."""
    if column.look in ("gantt", "narrow"):
        return 1
    if column.is_long:
        return 26
    return NARROWEST.get(column.type, 8.5)


def place_columns(
    grid: Grid, columns: Iterable[Column], axes: dict[str, Axis], start: int | None = None
) -> dict[str, int] | None:
    """{column id: first slot} from left to right, or None when the columns do not fit the grid.

    A key goes into the key slot, the wide column and an axis label into the main slot, the columns of an axis
    with an anchor onto that anchor, helpers into the slots beside the paper; everything else into the next slot
    that is wide enough.
    """
    taken: dict[str, int] = {}
    following = KEY if start is None else start
    helper = grid.first_helper
    for column in columns:
        if column.helper:
            if helper == len(grid.columns):
                return None
            taken[column.id] = helper
            helper += 1
            continue
        count = axes[column.over].size if column.over else 1
        if column.wide or column.key == "label":
            slot: int | None = MAIN if following <= MAIN else None
        elif column.key and following == KEY:
            slot = KEY
        elif column.over in grid.anchors:
            slot = grid.anchors[column.over] if following <= grid.anchors[column.over] else None
        else:
            slot = grid.next_slot(following, slot_width(column), count)
        if slot is None:
            return None
        taken[column.id] = slot
        following = slot + count
    return taken
