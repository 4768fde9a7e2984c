"""A laid-out template + the value of every cell -> a workbook with these values and not a single formula.

The version for the customer is drawn by it: no formulas, names, validations, manifest or guidance, so that whatever
is not written here is not in the file. A cell without a value to put is a fault, never an empty cell by accident.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbook_builder.plan import Plan, Value
from workbook_builder.template.fields import FieldBase
from workbook_builder.workbook.blocks import draw
from workbook_builder.workbook.drawing import Drawing
from workbook_builder.workbook.formulas import Cell, Compiler
from workbook_builder.workbook.grids import KEY, MAIN
from workbook_builder.workbook.layout import Layout, PlacedSheet
from workbook_builder.workbook.renderer import draw_band, set_columns, set_up_page
from workbook_builder.workbook.styles import CUSTOMER_ACCENT, CUSTOMER_FIXED
from workbook_builder.workbook.writer import Book, Scalar, Sheet, WriterFault, strict_warnings

Spot = tuple[str, int, int]
"""A cell: sheet, row and column, 0-based."""


class _NoFormulas(Compiler):
    """Gives no formula for anything: nothing of this workbook is computed."""

    def expression(self, text: str, cell: Cell) -> str:
        """An empty text."""
        return ""


@dataclass
class ValuesDrawing(Drawing):
    """A drawing that puts the value of a cell where others put its formula."""

    values: Mapping[Spot, Scalar] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.compiler = _NoFormulas(self.layout)

    def help(self, key: str) -> str:
        """Only the words that describe a picture; guidance is for who fills in the plan."""
        return super().help(key) if key.endswith(".title") else ""

    def formula(self, sheet: Sheet, row: int, col: int, formula: str, look: Any) -> None:
        """The value of the cell; raises `WriterFault` when there is none to put."""
        spot = (sheet.raw.name, row, col)
        if spot not in self.values:
            raise WriterFault(f"{spot}: no value for a cell of the version for the customer")
        self.value(sheet, row, col, self.values[spot], look)

    def cell(
        self, sheet: Sheet, row: int, col: int, one: FieldBase, value: Value, place: Cell, look: Any = None
    ) -> None:
        """The value of the cell, whatever its role."""
        self.formula(sheet, row, col, "", look or self.look(one))


def draw_values(layout: Layout, plan: Plan, values: Mapping[Spot, Scalar]) -> bytes:
    """The workbook; of `plan` it uses the language, the year, the unit and the name of the account.

    Raises `WriterFault` when a cell of the layout has no value.
    """
    with strict_warnings():
        book = Book({"title": _title(layout, plan), "company": "", "author": ""}, CUSTOMER_FIXED)
        drawing = ValuesDrawing(book, layout, plan, values=values)
        sheets = [book.sheet(placed.name) for placed in layout.sheets]
        for sheet, placed in zip(sheets, layout.sheets, strict=True):
            _draw_sheet(drawing, sheet, placed)
        sheets[0].raw.activate()
        return book.finish()


def _title(layout: Layout, plan: Plan) -> str:
    words = layout.template.text(plan.language, "extern.title")
    return f"Accountplan {plan.account_name} {plan.year} {words}"[:255]


def _draw_sheet(drawing: Drawing, sheet: Sheet, placed: PlacedSheet) -> None:
    set_columns(drawing, sheet, placed)
    _draw_head(drawing, sheet, placed)
    for section in placed.sections:
        draw_band(drawing, sheet, placed, section.top, section.section.key)
        for item in section.blocks:
            draw(drawing, sheet, item)
    set_up_page(drawing, sheet, placed)
    sheet.raw.set_tab_color(CUSTOMER_ACCENT)
    if placed is drawing.layout.sheets[0]:
        _draw_contents(drawing, sheet, placed)


def _draw_head(drawing: Drawing, sheet: Sheet, placed: PlacedSheet) -> None:
    """Title, account and year, for whom it is, and the way back to the first sheet."""
    book, plan = drawing.book, drawing.plan
    sheet.value(0, KEY, drawing.text(f"chapters.{placed.chapter.id}"), book.fixed("title"))
    drawing.set_height(sheet, 0, 24)
    about = f"{plan.account_name[:80]} · {drawing.text('head.year')} · {drawing.text('head.unit')}"
    sheet.value(1, KEY, about, book.fixed("subtitle"))
    sheet.value(2, KEY, drawing.text("extern.title"), book.fixed("light"))
    first = drawing.layout.sheets[0]
    if placed is not first:
        sheet.link(2, placed.grid.form_value, f"'{first.name}'!A1", first.name, book.fixed("link"))


def _draw_contents(drawing: Drawing, sheet: Sheet, placed: PlacedSheet) -> None:
    """On the first sheet, below everything: the way to the other sheets."""
    book, others = drawing.book, drawing.layout.sheets[1:]
    sheet.value(placed.end, MAIN, drawing.text("extern.contents"), book.fixed("header"))
    for row, other in enumerate(others, placed.end + 1):
        title = drawing.text(f"chapters.{other.chapter.id}")
        sheet.link(row, MAIN, f"'{other.name}'!A1", title, book.fixed("link"))
    sheet.raw.print_area(0, 0, placed.end + len(others), placed.grid.last)
