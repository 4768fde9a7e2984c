"""The button that shows what a figure is made of: the selected cell -> its source lines on a sheet of their own.

    macros -> drill_down -> live_cells (the open book, read sheet by sheet) -> drill (which lines) -> live_book

The new sheet holds values as they are now, and formulas for the total and for the difference with the figure, so that
anybody can check it. The other sheets stay as they are.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from addin.cell_values import Formula
from addin.cursor import in_source, layout_of, under_cursor
from addin.live_book import LiveBook
from addin.live_cells import LiveCells
from addin.places import Place
from addin.quiet import quiet
from workbook_builder.drill.evaluate import SourceRows
from workbook_builder.drill.lines import Traced, refers_to, trace
from workbook_builder.drill.tree import Cells
from workbook_builder.errors import InputError, Problem, say
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.layout import Layout

UNIT = "plan.unit"
NAMED = 6  # cells in one sentence
EXACT, AMOUNT, WHOLE = "#,##0.00###", "#,##0.00", "#,##0"
DIFFERENCE_DIGITS = 6


def drill_down(live: LiveBook) -> None:
    """Put the source lines of the selected figure on a new sheet, with their total; says what they come to.

    Raises `InputError` for a cell that is not the sum of source lines: why not, and which figures are.
    """
    at = live.selection()
    if at is None:
        raise InputError(Problem("drill_no_cell"))
    facts = live.facts()
    language = facts["language"]
    live.calculate()
    layout = layout_of(load_template(), facts)
    unit_place = live.locate([UNIT])[UNIT]
    unit = Cells(unit_place.sheet, unit_place.row, unit_place.col)
    book = LiveCells(live, layout)
    cell = Cells(at.sheet, at.row, at.col)
    figure = book.value(cell.sheet, cell.row, cell.col)
    if in_source(layout, at):
        raise InputError(Problem("drill_is_source", cell=_name(cell)))
    if isinstance(figure, bool) or not isinstance(figure, float):
        raise InputError(Problem("drill_no_number", cell=_name(cell)))
    traced = trace(book, cell, unit)
    if traced is None:
        raise InputError(_why_not(book, cell))
    sources = [book.source(table) for table in traced.tables]
    amounts = traced.amounts(sources)
    if not amounts:
        raise InputError(Problem("drill_no_lines", cell=_name(cell), sheets=", ".join(one.sheet for one in sources)))
    label = _label(live, book, layout, Place(at.sheet, at.row, at.col))
    divisor = book.value(unit.sheet, unit.row, unit.col) if traced.divided else None
    rows = _rows(language, cell, label, figure, divisor, traced, amounts)
    with quiet(live), live.all_or_nothing():
        live.add_sheet(
            say("drill_sheet", language, cell=_address(cell), sheet=cell.sheet), rows, _formats(rows, figure, amounts)
        )
    total = sum((Decimal(str(amount)) for _, _, amount in amounts), Decimal(0))
    shown = float(total) / divisor if isinstance(divisor, float) else float(total)
    said = {"total": float(total), "figure": figure, "difference": figure - shown}
    told = {name: spoken(value, language) for name, value in said.items()}
    live.alert(say("drilled", language, lines=len(amounts), **told))


def spoken(number: float, language: str) -> str:
    """A number as people write it in that language, with two decimals: 235.511,72 or 235,511.72."""
    text = f"{round(number, DIFFERENCE_DIGITS) + 0.0:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text


def _why_not(book: LiveCells, cell: Cells) -> Problem:
    """Why a figure has no lines: nobody computes it, or it is computed from these cells."""
    if book.formula(cell.sheet, cell.row, cell.col) is None:
        return Problem("drill_is_typed", cell=_name(cell))
    named = ", ".join(_name(other, cell.sheet) for other in refers_to(book, cell)[:NAMED])
    return Problem("drill_not_a_sum", cell=_name(cell), cells=named or "-")


def _rows(
    language: str, cell: Cells, label: str, figure: float, divisor: Any, traced: Traced,
    amounts: Sequence[tuple[SourceRows, int, float]],
) -> list[list[Any]]:  # fmt: skip
    """The rows of the new sheet: what ties at the top, an empty row, and the lines below their headings."""
    headings = list(dict.fromkeys(heading for source, _, _ in amounts for heading in source.headings))
    width = 3 + len(headings)
    top: list[list[Any]] = [
        [say("drill_title", language, cell=_name(cell))],
        [label],
        [say("drill_figure", language), figure],
    ]
    first = len(top) + (3 if divisor is None else 5) + 2  # of the lines: below this come the ties, a gap, the headings
    total = f"B{len(top) + 1}"
    top.append([say("drill_total", language), Formula(f"=SUM(B{first}:B{first + len(amounts) - 1})")])
    if divisor is not None:
        top.append([say("drill_unit", language), divisor])
        top.append([say("drill_in_unit", language), Formula(f"={total}/B{len(top)}")])
        total = f"B{len(top)}"
    top.append([say("drill_difference", language), Formula(f"=ROUND(B3-{total},{DIFFERENCE_DIGITS})"),
                _reason(language, cell, traced)])  # fmt: skip
    counts = say("drill_counts_euro" if divisor is not None else "drill_counts", language)
    table: list[list[Any]] = [[say("drill_from", language), counts, say("drill_row", language), *headings]]
    for source, row, amount in amounts:
        cells = dict(zip(source.headings, source.rows[row], strict=True))
        dates = {heading: _date(cells[heading]) for heading in source.dates if heading in cells}
        shown = {**cells, **dates}
        table.append([source.sheet, amount, source.first_row + row, *(shown.get(heading) for heading in headings)])
    return [row + [None] * (width - len(row)) for row in [*top, [], *table]]


def _formats(
    rows: Sequence[Sequence[Any]], figure: float, amounts: Sequence[tuple[SourceRows, int, float]]
) -> dict[int, str]:
    """{column from 1: number format} of the new sheet: whole numbers stay whole, all others are amounts."""
    whole = figure.is_integer() and all(amount.is_integer() for _, _, amount in amounts)
    formats = {2: WHOLE if whole else EXACT}
    lines = rows[-len(amounts) :]
    for column in range(4, len(rows[0]) + 1):
        numbers = [row[column - 1] for row in lines if isinstance(row[column - 1], float)]
        if not all(number.is_integer() for number in numbers):
            formats[column] = AMOUNT
    return formats


def _reason(language: str, cell: Cells, traced: Traced) -> str | None:
    """Where a difference comes from, if other cells bring something in."""
    if not traced.others:
        return None
    named = [_name(other, cell.sheet) for other in traced.others]
    shown = ", ".join(named[:NAMED]) + (", …" if len(named) > NAMED else "")
    return say("drill_others", language, cells=shown)


def _label(live: LiveBook, book: LiveCells, layout: Layout, at: Place) -> str:
    """What the figure is called: the text at the left of its row and the heading above its column."""
    found = None
    with contextlib.suppress(InputError):  # a name that is gone costs the heading and no more
        found = under_cursor(live, layout, at)
    left = [book.value(at.sheet, at.row, col) for col in range(1, min(at.col, 4))]
    texts = [str(text) for text in left if isinstance(text, str) and text][-1:]
    if found is not None:
        heading = book.value(at.sheet, found.place.row - 1, at.col)
        texts += [f"{heading:g}" if isinstance(heading, float) else str(heading)] if heading not in (None, "") else []
    return ", ".join(texts)


def _date(value: Any) -> Any:
    return dt.datetime(1899, 12, 30) + dt.timedelta(days=value) if isinstance(value, float) else value


def _address(cell: Cells) -> str:
    return Place(cell.sheet, cell.row, cell.col, cell.rows, cell.cols).address


def _name(cell: Cells, here: str = "") -> str:
    """A cell as people read it in Excel; without its sheet when it is on the same one."""
    return _address(cell) if cell.sheet == here else f"{cell.sheet}!{_address(cell)}"
