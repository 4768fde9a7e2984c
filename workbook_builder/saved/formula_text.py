"""A formula as text -> the cells it names, and the same formula with other cells.

Formulas are English, as files hold them. Rows and columns count from 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from workbook_builder.saved.ranges import LAST_COLUMN, LAST_ROW, column_letters, column_number

LONGEST = 8192  # characters of a formula
_PIECES = re.compile(
    r"""
      (?P<text> "(?:[^"]|"")*" )
    | (?P<brackets> \[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\] )           # columns of a table, or another workbook
    | (?P<sheet> (?: '(?P<quoted>(?:[^']|'')+)' | (?P<bare>[^\W\d][\w.]*) )! )?
      (?P<cells> (?<![\w.$]) (?P<c1>\$?)(?P<left>[A-Z]{1,3})(?P<r1>\$?)(?P<top>[1-9][0-9]{0,6})
        (?: : (?P<c2>\$?)(?P<right>[A-Z]{1,3})(?P<r2>\$?)(?P<bottom>[1-9][0-9]{0,6}) )? ) (?![\w(.!])
    | '(?:[^']|'')+'!                                                     # a sheet in front of something else
    | [^\W\d][\w.]*                                                      # a function or a name
    """,
    re.IGNORECASE | re.VERBOSE,
)


class Reference(NamedTuple):
    """A cell or a range in a formula: its sheet ("" for that of the formula), its ends, and how it is written.

    A cell is a range of one. `dollars` are those of the left column, the top row, the right column and the bottom row.
    """

    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    dollars: tuple[str, str, str, str]
    is_range: bool

    def __str__(self) -> str:
        sheet = "'" + self.sheet.replace("'", "''") + "'!" if self.sheet else ""
        left, top, right, bottom = self.dollars
        first = f"{sheet}{left}{column_letters(self.left)}{top}{self.top}"
        return f"{first}:{right}{column_letters(self.right)}{bottom}{self.bottom}" if self.is_range else first


def with_references(formula: str, change: Callable[[Reference], Reference | None]) -> str:
    """The formula with every reference as `change` gives it; None makes it #REF!.

    One that is longer than Excel takes stays as it is.
    """
    if len(formula) > LONGEST:
        return formula

    def changed(found: re.Match[str]) -> str:
        if not found["cells"]:
            return found[0]
        new = change(_reference(found))
        return str(new) if new else "#REF!"

    return _PIECES.sub(changed, formula)


def filled(formula: str, rows: int, columns: int) -> str:
    """The formula as it is when it is filled down and to the right by so many cells: what has no dollar moves along."""

    def along(one: Reference) -> Reference | None:
        left, top, right, bottom = one.dollars
        new = one._replace(
            top=one.top + (0 if top else rows),
            left=one.left + (0 if left else columns),
            bottom=one.bottom + (0 if bottom else rows),
            right=one.right + (0 if right else columns),
        )
        inside = min(new[1:5]) > 0 and new.bottom <= LAST_ROW and new.right <= LAST_COLUMN
        return new if inside else None

    return with_references(formula, along)


def _reference(found: re.Match[str]) -> Reference:
    sheet = found["quoted"].replace("''", "'") if found["quoted"] else found["bare"] or ""
    left, top = column_number(found["left"].upper()), int(found["top"])
    if not found["right"]:
        dollars = (found["c1"], found["r1"], found["c1"], found["r1"])
        return Reference(sheet, top, left, top, left, dollars, False)
    dollars = (found["c1"], found["r1"], found["c2"], found["r2"])
    return Reference(sheet, top, left, int(found["bottom"]), column_number(found["right"].upper()), dollars, True)
