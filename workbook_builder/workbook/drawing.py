"""What every block needs while it is drawn: the book, the places, the texts with their years, the formulas.

A `Drawing` writes single cells by role (input, sourced, calculated) and keeps the list of formula cells for the
manifest. The blocks themselves stand in `blocks.py`, the sheets around them in `renderer.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbook_builder.plan import Plan, Value, year_words
from workbook_builder.template.fields import FieldBase, RollRule
from workbook_builder.template.model import Template
from workbook_builder.workbook.formulas import Cell, Compiler
from workbook_builder.workbook.layout import Layout
from workbook_builder.workbook.styles import cell_properties
from workbook_builder.workbook.text_lines import INDENT, height
from workbook_builder.workbook.writer import Book, Sheet

Box = tuple[int, int, int, int]
"""First row, first column, rows, columns; 0-based."""


@dataclass
class Drawing:
    """One workbook being drawn."""

    book: Book
    layout: Layout
    plan: Plan
    rows_to_confirm: Mapping[str, int] = field(default_factory=dict)
    """{section with something to confirm: its row in the list of confirmations, from 1}."""
    compiler: Compiler = field(init=False)
    words: dict[str, Any] = field(init=False)
    formulas: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)
    """Per sheet (row, column, formula) of every formula cell, 0-based."""
    rules: dict[str, RollRule | None] = field(init=False)
    """{block: what becomes at a roll-over of what is typed in it}."""
    to_confirm: dict[str, int] = field(init=False)
    """{block in a section with something to confirm: the row of that section, from 1}."""
    heights: dict[str, dict[int, float]] = field(default_factory=dict)
    """Per sheet {row: points} of the rows whose height was set."""

    def __post_init__(self) -> None:
        self.compiler = Compiler(self.layout)
        unit = self.template.text(self.plan.language, f"head.unit_{self.plan.unit}")
        self.words = year_words(self.plan.year) | {"unit": unit}
        rows = self.rows_to_confirm
        blocks = [
            (f"{chapter.id}.{block.id}", section.key, block.roll_over)
            for chapter in self.template.chapters
            for section, block in chapter.blocks()
        ]
        self.rules = {key: rule for key, _, rule in blocks}
        self.to_confirm = {key: rows[section] for key, section, _ in blocks if section in rows}
        self._widths = {sheet.name: sheet.grid.columns for sheet in self.layout.sheets}

    @property
    def template(self) -> Template:
        """The template of the plan."""
        return self.layout.template

    def text(self, key: str) -> str:
        """The text of `key` in the plan's language with the years filled in."""
        return self.filled(self.template.text(self.plan.language, key))

    def help(self, key: str) -> str:
        """The guidance of `key`, or an empty string."""
        return self.filled(self.template.help(self.plan.language, key))

    def filled(self, text: str) -> str:
        """A text with the years filled in."""
        return text.format_map(self.words) if "{" in text else text

    def unit(self, unit: str) -> str:
        """How a unit is shown; money shows the unit of the plan."""
        key = f"units.money_{self.plan.unit}" if unit == "money" else f"units.{unit}"
        return self.template.text(self.plan.language, key)

    def unit_of(self, one: FieldBase) -> str:
        """The unit text beside a field: declared, or that of its type; empty for texts."""
        if one.unit == "year":
            return ""
        if one.unit:
            return self.unit(one.unit)
        return self.unit(one.type) if one.type in ("money", "euro", "percent") else ""

    def look(self, one: FieldBase, *, strong: bool = False, quiet: bool = False, indent: bool = False) -> Any:
        """The XlsxWriter format of a field's cell."""
        return self.book.format(cell_properties(one, self.plan.unit, strong=strong, quiet=quiet, indent=indent))

    def shown(self, one: FieldBase, value: Value) -> Value:
        """The value as the workbook shows it: a choice by its label, money as a number."""
        if one.type == "choice" and one.list and value in self.template.lists[one.list].items:
            return self.template.label(self.plan.language, one.list, str(value))
        return value

    def formula(self, sheet: Sheet, row: int, col: int, formula: str, look: Any) -> None:
        """A formula cell, kept for the manifest."""
        sheet.formula(row, col, formula, look)
        self.formulas.setdefault(sheet.raw.name, []).append((row, col, formula))

    def cell(
        self, sheet: Sheet, row: int, col: int, one: FieldBase, value: Value, place: Cell, look: Any = None
    ) -> None:
        """One cell by its role: its formula, or its value."""
        look = look or self.look(one)
        if one.formula is not None:
            self.formula(sheet, row, col, self.compiler.formula(one.formula, place), look)
        else:
            self.value(sheet, row, col, self.shown(one, value), look)

    def value(self, sheet: Sheet, row: int, col: int, value: Value, look: Any) -> None:
        """A typed value; a text that wraps makes its row as high as it needs."""
        sheet.value(row, col, value, look)
        if isinstance(value, str) and look.text_wrap:
            points = height([(value, self._widths[sheet.raw.name][col] - INDENT * look.indent)])
            if points:
                self.set_height(sheet, row, points)

    def set_height(self, sheet: Sheet, row: int, points: float) -> None:
        """Make a row at least this high; rows that nobody sets stay free to grow in Excel."""
        rows = self.row_heights(sheet)
        if points > rows.get(row, 0):
            rows[row] = points
            sheet.raw.set_row(row, points)

    def fix_height(self, sheet: Sheet, row: int, points: float) -> None:
        """Make a row exactly this high, so that no text makes it grow."""
        self.row_heights(sheet)[row] = points
        sheet.raw.set_row(row, points)

    def row_heights(self, sheet: Sheet) -> dict[int, float]:
        """{row: points} of the rows whose height was set."""
        return self.heights.setdefault(sheet.raw.name, {})
