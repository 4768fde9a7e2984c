"""`${name}` formulas of a template -> Excel formulas for one cell.

A name is looked up nearest first: in the block, then in the chapter, then in the workbook. An input that has a value
to fall back on means the cell beside it that says which value applies. Inside its own block
it means the same row (and, under a repeated column, the same period); elsewhere it means the whole range. A word
after a colon says otherwise:

    ${name:same}     the item of the same axis (row or period) in another block
    ${name:all}      the whole range, from inside its own block too
    ${name:total}    the total under the column
    ${name:prev}     the cell before this one along the axis; 0 for the first
    ${name:before}   all cells before this one along the axis; 0 for the first
    ${name:so_far}   from the first cell along the axis up to and with this one
    ${name:3}        the third cell of the range
    ${name:heading}  the heading of the column, from inside its own table
    ${name:typed}    the very cell of an input, not the one beside it that says what applies

`${lists.swot.strength}` is the cell of a choice, `${lists.swot}` the range of all of them, `${text.key}` a text
of the plan's language, `${na}` the text for a missing number, `${errors}` the number of sheets with an error cell,
`${offset}` how many years the item of an axis of years lies from the plan year. Nobody writes a cell address.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from workbook_builder.errors import Problem, TemplateError
from workbook_builder.template.blocks import SourceTable
from workbook_builder.template.names import parts
from workbook_builder.workbook.layout import APPLIES, HEAD_ROWS, Area, Layout, table_name

WORDS = ("", "same", "all", "total", "prev", "before", "so_far", "heading", "typed")
RUNS = ("prev", "before", "so_far")
OWN_NAMES = ("na", "not_applicable", "offset", "errors")  # no ids of the template


class Cell(NamedTuple):
    """Where a formula stands: its sheet, chapter and block, its item along the rows and along the columns.

    In a statement `column` is the column of the formula, so that the name of a line means its cell there.
    """

    sheet: str
    chapter: str
    block: str
    down: str = ""
    i: int = 0
    across: str = ""
    j: int = 0
    column: str = ""
    is_condition: bool = False
    """The formula is the condition of a whole block of cells: what lines up moves along, all else stays."""


class Moving(NamedTuple):
    """A name in a formula whose reference differs from cell to cell, and the word after its colon."""

    name: str
    word: str


class Step(NamedTuple):
    """How far a reference moves with each item of its cell along the rows (`i`) and along the columns (`j`)."""

    i: int = 0
    j: int = 0


class Aligned(NamedTuple):
    """A reference that moves along with its cell by these steps: `area` is that of the first cell of all.

    `before` is the sheet with its exclamation mark; the signs are "$" for what is fixed.
    """

    area: Area
    down: Step
    right: Step
    before: str
    row_sign: str
    column_sign: str

    def at(self, i: int, j: int) -> str:
        """The reference as it stands in item `i` along the rows and item `j` along the columns."""
        _, row, col, rows, cols, *_ = self.area
        row += self.down.i * i + self.down.j * j
        col += self.right.i * i + self.right.j * j
        return self.before + _cells(row, col, rows, cols, self.row_sign, self.column_sign)


class Compiler:
    """Turns the formulas of one laid-out workbook into A1 and structured references."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.template = layout.template
        self.language = layout.language
        self._pieces: dict[tuple[str | bool, ...], tuple[str | Moving | Aligned, ...]] = {}
        self.sources = {
            f"{item.key}.{column.id}": (item, column)
            for item in layout.placed_blocks()
            if isinstance(item.block, SourceTable)
            for column in item.columns
        }

    def formula(self, text: str, cell: Cell) -> str:
        """The Excel formula, with its equals sign, as it stands in `cell`.

        Raises `TemplateError` for a name that is not in the template, with the nearest one.
        """
        return "=" + self.expression(text, cell)

    def expression(self, text: str, cell: Cell) -> str:
        """The same without the equals sign."""
        sheet, chapter, block, down, i, across, j, column, is_condition = cell
        where = (text, sheet, chapter, block, down, across, column, is_condition)
        pieces = self._pieces.get(where)
        if pieces is None:
            pieces = self._pieces[where] = tuple(self._split(text, cell))
        found = ""
        for piece in pieces:
            if isinstance(piece, str):
                found += piece
            else:
                found += piece.at(i, j) if isinstance(piece, Aligned) else self._moving(piece, cell)
        return found

    def _split(self, text: str, cell: Cell) -> Iterator[str | Moving | Aligned]:
        """The parts of a formula: what reads the same in every cell of the block, and the names that move along."""
        for before, name, word in parts(text):
            yield before
            if name == "offset":
                yield Moving(name, word)
            elif name:
                found = name if name in OWN_NAMES or name.startswith("text.") else self._find(name, cell)
                steady = self._steady(found, word, cell)
                yield self._moves(found, word, cell) if steady is None else steady

    def unknown_names(self, text: str, cell: Cell) -> list[Problem]:
        """A problem for every name in `text` that leads nowhere from `cell`."""
        problems = []
        for _, name, word in parts(text):
            if name.startswith("text."):
                if f"formulas.{name[5:]}" not in self.template.texts[self.language]:
                    problems.append(Problem("formula_name_unknown", place=cell.block or cell.chapter, name=name))
            elif name and name not in OWN_NAMES:
                try:
                    found = self._find(name, cell)
                except TemplateError as fault:
                    problems += fault.problems
                    continue
                if word == "total" and found not in self.layout.totals:
                    problems.append(Problem("formula_total_absent", place=cell.block or cell.chapter, name=name))
        return problems

    def _steady(self, found: str, word: str, cell: Cell) -> str | None:
        """What `found` is in every cell of the block, or None when it is not the same everywhere.

        Raises `TemplateError` for a word after the colon that means nothing.
        """
        if found in ("na", "not_applicable"):
            return quoted(self.template.text(self.language, f"values.{found}"))
        if found == "errors":
            return self._sheets_with_errors(cell)
        if found.startswith("text."):
            return quoted(self.template.text(self.language, f"formulas.{found[5:]}"))
        if word not in WORDS and not word.isdigit():
            raise TemplateError(
                Problem("formula_word_unknown", place=cell.block or cell.chapter, name=found, word=word)
            )
        if found in self.sources:
            return self._structured(found, cell)
        area = self.layout.areas[found] if word == "typed" else self._area(found)
        own = bool(area.block) and area.block == cell.block
        if word in ("all", "typed") or (word == "" and not own):
            return address(area, cell.sheet, fixed=True)
        if word.isdigit() and not own:
            return address(_item(area, int(word) - 1), cell.sheet, fixed=True)
        return None

    def _moving(self, piece: Moving, cell: Cell) -> str:
        """What a name is in this very cell."""
        if piece.name == "offset":
            axis, item = (cell.across, cell.j) if cell.across else (cell.down, cell.i)
            return str(self.template.axes[axis].offsets[item])
        area = self._area(piece.name)
        if piece.word.isdigit():
            if area.down == cell.down:
                area = area._replace(row=area.row + cell.i, rows=1)
            return address(_item(area, int(piece.word) - 1), cell.sheet, fixed=True)
        return self._run(area, piece.word, cell)

    def _moves(self, found: str, word: str, cell: Cell) -> Moving | Aligned:
        """How a name that is not the same in every cell of the block moves along with the cell."""
        if word.isdigit() or word in RUNS:
            return Moving(found, word)
        if word == "heading":
            return self._aligned(self.layout.headings[found], cell)
        if word == "total":
            return self._aligned(self.layout.areas[self.layout.totals[found]], cell)
        return self._aligned(self._area(found), cell)

    def _area(self, name: str) -> Area:
        """The cells of an id; of an input with a value to fall back on, the cell with what applies."""
        return self.layout.areas.get(f"{name}.{APPLIES}") or self.layout.areas[name]

    def _sheets_with_errors(self, cell: Cell) -> str:
        """How many sheets hold an error cell below their head, of those that formulas of checks do not feed.

        The shortened plan is left out too: it only shows what stands elsewhere, and how many checks are red.
        A sum over a sheet is an error when any of its cells is; that needs no array formula.
        """
        counted = []
        for sheet in self.layout.sheets:
            if sheet.chapter.tab in ("chapter", "figures") and not sheet.chapter.fixed_rows:
                body = Area(sheet.name, HEAD_ROWS, 0, sheet.end - HEAD_ROWS, len(sheet.grid.columns))
                counted.append(f"IF(ISERROR(SUM({address(body, fixed=True)})),1,0)")
        return "+".join(counted)

    def _find(self, name: str, cell: Cell) -> str:
        areas = self.layout.areas
        for candidate in (f"{cell.block}.{name}", f"{cell.chapter}.{name}", name):
            if candidate in areas:
                in_column = f"{candidate}.{cell.column}"
                own = areas[candidate].block == cell.block
                return in_column if cell.column and own and in_column in areas else candidate
        near = difflib.get_close_matches(name, areas, 1) or difflib.get_close_matches(
            name.rsplit(".", 1)[-1], [known.rsplit(".", 1)[-1] for known in areas], 1
        )
        place = cell.block or cell.chapter
        if near:
            raise TemplateError(Problem("formula_name_unknown_near", place=place, name=name, near=near[0]))
        raise TemplateError(Problem("formula_name_unknown", place=place, name=name))

    def _structured(self, found: str, cell: Cell) -> str:
        item, column = self.sources[found]
        header = self.template.text(self.language, f"{item.key}.{column.id}")
        header = re.sub(r"([\[\]#'])", r"'\1", header)
        table = table_name(item.chapter.id)
        return f"{table}[[#This Row],[{header}]]" if item.key == cell.block else f"{table}[{header}]"

    def _aligned(self, area: Area, cell: Cell) -> Aligned:
        """The part of `area` that lines up with a cell: same row item, same column item, else all of it."""
        down = right = Step()
        if area.down and area.down in (cell.down, cell.across):
            down = Step(i=1) if area.down == cell.down else Step(j=1)
            area = area._replace(rows=1)
        if area.across and area.across in (cell.across, cell.down):
            right = Step(j=1) if area.across == cell.across else Step(i=1)
            area = area._replace(cols=1)
        fixed = area.block != cell.block
        fixed_row, fixed_column = (down == Step(), right == Step()) if cell.is_condition else (fixed, fixed)
        before = _before(area.sheet, cell.sheet)
        return Aligned(area, down, right, before, "$" * fixed_row, "$" * fixed_column)

    def _run(self, area: Area, word: str, cell: Cell) -> str:
        """The cells before this one along the axis that both share: its periods, else its rows."""
        across = bool(cell.across) and cell.across in (area.across, area.down)
        step = cell.j if across else cell.i
        first, length = (step - 1, 1) if word == "prev" else (0, step + (word == "so_far"))
        if first < 0 or length == 0:
            return "0"
        if across and area.across == cell.across:
            row = area.row + (cell.i if area.down and area.down == cell.down else 0)
            run = area._replace(row=row, rows=1, col=area.col + first, cols=length)
        else:
            run = area._replace(row=area.row + first, rows=length)
        return address(run, cell.sheet, fixed=area.block != cell.block)


def quoted(text: str) -> str:
    """A text as a literal in a formula."""
    return '"' + text.replace('"', '""') + '"'


def _item(area: Area, index: int) -> Area:
    if area.rows > 1:
        return area._replace(row=area.row + index, rows=1)
    return area._replace(col=area.col + index, cols=1)


def address(area: Area, sheet: str = "", *, fixed: bool, fixed_column: bool | None = None) -> str:
    """The A1 reference to `area`, with its sheet when it is not `sheet`, with dollar signs when `fixed`.

    `fixed_column` is for a reference of which only the row or only the column moves along.
    """
    signs = "$" * fixed, "$" * (fixed if fixed_column is None else fixed_column)
    return _before(area.sheet, sheet) + _cells(area.row, area.col, area.rows, area.cols, *signs)


def _cells(row: int, col: int, rows: int, cols: int, row_sign: str, column_sign: str) -> str:
    first = f"{column_sign}{column_letters(col)}{row_sign}{row + 1}"
    if rows == 1 and cols == 1:
        return first
    return f"{first}:{column_sign}{column_letters(col + cols - 1)}{row_sign}{row + rows}"


@functools.cache
def column_letters(col: int) -> str:
    """The letters of a 0-based column."""
    return str(xl_col_to_name(col))


@functools.lru_cache(maxsize=1024)
def _before(sheet: str, here: str) -> str:
    return "" if sheet == here else f"{quote_sheetname(sheet)}!"
