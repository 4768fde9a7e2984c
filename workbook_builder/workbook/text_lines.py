"""How high a row has to be for its texts: no program fits the rows of a file that it did not save itself."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

INDENT = 1.5  # characters that an indented text loses
LINE_HEIGHT, TALLEST = 13.5, 405  # points: a line of Calibri 10, and the highest row Excel allows (409)


def lines(text: str, width: float, *, bold: bool = False) -> int:
    """How many lines a text takes in a column of `width` characters, wrapped at words.

    Widths count digits of Calibri 11; a line of Calibri 10 holds a tenth more, a bold one about as much.
    """
    room = max(3, int(width * (0.98 if bold else 1.08)))
    if len(text) <= room and "\n" not in text:
        return 1
    return sum(len(textwrap.wrap(part, room)) or 1 for part in text.split("\n"))


def height(texts: Iterable[tuple[str, float]]) -> float | None:
    """The points of a row with these texts, each with the width of its column; None when one line is enough."""
    needed = max((lines(text, width) for text, width in texts), default=1)
    return min(LINE_HEIGHT * needed, TALLEST) if needed > 1 else None
