"""A cell of a plan -> the lines of the source tables that its figure is the sum of.

    values (conditions and criteria) --> lines --> the sheet that a person gets

A figure is followed through sums, differences, conditions and references down to SUMIFS, COUNTIFS and SUMPRODUCT over
a source table. Only a plain sum counts: a line adds its amount or takes it off, and the whole may be divided once by
the unit of the plan. Percentages, targets and whatever is multiplied are not the sum of lines; where they are a part
of a sum, that part is named by its cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from workbook_builder.drill.evaluate import (
    COMPARE,
    Book,
    Scalar,
    SourceRows,
    Unknown,
    Values,
    as_number,
    branch,
    choice,
)
from workbook_builder.drill.tree import Cells, Column, Constant, Function, Node, Operation, Unreadable, cells_in, parse

DEEPEST = 60  # cells that refer to each other, one after the other
MOST = 5_000  # cells that one figure may be made of
ONE = Constant(1.0)
FAULTS = (Unreadable, Unknown, LookupError, ValueError, ArithmeticError, RecursionError)
"""What becomes of a formula that nobody's plan holds: not followed."""
DIGITS = 6  # behind the point: more than any amount has, fewer than where adding them goes astray


class Line(NamedTuple):
    """One line of a source table, from 0, and the heading of the amount that counts; "" counts the line itself."""

    table: str
    row: int
    heading: str


@dataclass
class Sum:
    """What a figure is the sum of: {(line, whether it is divided by the unit): how often it counts, below 0 off}.

    `others` are the cells that bring something in that is no source line; `tables` the source tables that were asked,
    also when no line of them fits.
    """

    lines: dict[tuple[Line, bool], int] = field(default_factory=dict)
    others: dict[Cells, None] = field(default_factory=dict)
    tables: dict[str, None] = field(default_factory=dict)

    def plus(self, other: Sum, times: int = 1) -> Sum:
        """Both sums together; with `times` -1 the other one is taken off."""
        made = Sum(dict(self.lines), {**self.others, **other.others}, {**self.tables, **other.tables})
        for line, count in other.lines.items():
            made.lines[line] = made.lines.get(line, 0) + times * count
        return made

    def per_unit(self) -> Sum:
        """The sum divided by the unit of the plan; raises `Unknown` for one that is divided already."""
        if any(divided for _, divided in self.lines):
            raise Unknown("divided twice")
        return Sum({(line, True): count for (line, _), count in self.lines.items()}, self.others, self.tables)


@dataclass(frozen=True)
class Traced:
    """The lines of a figure: {line: how often it counts}, whether they are divided by the unit, and the rest of it."""

    lines: dict[Line, int]
    divided: bool
    tables: tuple[str, ...]
    others: tuple[Cells, ...]

    def amounts(self, sources: Sequence[SourceRows]) -> list[tuple[SourceRows, int, float]]:
        """(table, row from 0, what the line counts for) of each line, in the order of the tables."""
        found = []
        for source in sources:
            rows: dict[int, float] = {}
            for line, times in self.lines.items():
                if line.table == source.name and times:
                    amount = as_number(source.column(line.heading)[line.row]) if line.heading else 1.0
                    rows[line.row] = rows.get(line.row, 0.0) + times * amount
            found += [(source, row, round(rows[row], DIGITS)) for row in sorted(rows)]
        return found


def trace(book: Book, cell: Cells, unit: Cells) -> Traced | None:
    """The lines of the figure in a cell; None when it is not the sum of source lines. `unit` is the plan's unit."""
    return Tracer(book, unit).trace(cell)


def refers_to(book: Book, cell: Cells) -> list[Cells]:
    """The cells that a formula names, in its order; none for a cell without a formula that can be read."""
    formula = book.formula(cell.sheet, cell.row, cell.col)
    try:
        return list(dict.fromkeys(cells_in(parse(formula, cell.sheet)))) if formula else []
    except Unreadable:
        return []


class Tracer:
    """Follows formulas from cell to cell; each cell is followed once."""

    def __init__(self, book: Book, unit: Cells) -> None:
        self.book, self.unit, self.values = book, unit, Values(book)
        self._known: dict[Cells, Sum | None] = {}
        self._left = MOST
        self._open: list[Cells] = []

    def trace(self, cell: Cells) -> Traced | None:
        """The lines of the figure in a cell; None when it is not the sum of source lines."""
        self._left = MOST
        try:
            found = self.cell(cell)
        except Unknown:
            return None
        divided = {by_unit for (_, by_unit), times in found.lines.items() if times}
        if not found.tables or len(divided) > 1:
            return None
        lines = {line: times for (line, _), times in found.lines.items() if times}
        others = [one for one in found.others if self.book.value(one.sheet, one.row, one.col) not in (None, "", 0)]
        return Traced(lines, True in divided, tuple(found.tables), tuple(others))

    def cell(self, cell: Cells) -> Sum:
        """What the figure in a cell is the sum of; raises `Unknown` when that is not worked out here."""
        if cell in self._known:
            return _known(self._known[cell], cell)
        formula = self.book.formula(cell.sheet, cell.row, cell.col)
        if formula is None:
            return Sum()
        if cell in self._open or len(self._open) > DEEPEST or self._left == 0:
            raise Unknown("too far")
        self._left -= 1
        self._open.append(cell)
        try:
            self._known[cell] = self.part(parse(formula, cell.sheet))
        except FAULTS:
            self._known[cell] = None
        finally:
            self._open.pop()
        return _known(self._known[cell], cell)

    def part(self, node: Node) -> Sum:
        """What a part of a formula is the sum of."""
        if isinstance(node, Constant):
            return Sum()
        if isinstance(node, Cells):
            return self._cells(node)
        if isinstance(node, Operation):
            return self._operation(node)
        if isinstance(node, Function):
            return self._function(node)
        raise Unknown(node)

    def _cells(self, area: Cells) -> Sum:
        """The cells of a range together; one that brings in no line is named."""
        if area.rows * area.cols > MOST:
            raise Unknown(area)
        found = Sum()
        for down in range(area.rows):
            for across in range(area.cols):
                cell = Cells(area.sheet, area.row + down, area.col + across)
                try:
                    made = self.cell(cell)
                except Unknown:
                    made = Sum()
                found = found.plus(made if made.tables else Sum(others={cell: None}))
        return found

    def _operation(self, node: Operation) -> Sum:
        if node.sign in "+-":
            return self.part(node.left).plus(self.part(node.right), 1 if node.sign == "+" else -1)
        if node.sign == "/" and node.right == self.unit:
            return self.part(node.left).per_unit()
        if node.sign == "*":
            for times, rest in ((node.left, node.right), (node.right, node.left)):
                if times == ONE or (isinstance(times, Operation) and times.sign in COMPARE):
                    return self.part(rest) if self.values.truth(times) else Sum()
        return self._no_sum(node)

    def _no_sum(self, node: Node) -> Sum:
        """A part that is worked out and not added up: of its cells nothing but their names.

        Raises `Unknown` when it is worked out of source lines: then its cell is an estimate, and no sum of lines plus
        something else.
        """
        named = [cell for cell in cells_in(node) if cell != self.unit]
        if any(self._cells(cell).tables for cell in named) or _columns(node):
            raise Unknown(node)
        return Sum(others=dict.fromkeys(cell for cell in named if cell.rows == cell.cols == 1))

    def _function(self, node: Function) -> Sum:
        name, arguments = node.name, node.arguments
        if name == "IF":
            return self.part(branch(self.values, node))
        if name == "CHOOSE":
            return self.part(choice(self.values, node))
        if name == "INDEX":
            return self.part(self.values.chosen(node))
        if name in ("ROUND", "IFERROR", "IFNA"):
            return self.part(arguments[0])
        if name in ("MAX", "MIN"):
            return self._extreme(node)
        if name in ("SUMIFS", "COUNTIFS", "COUNTIF"):
            return self._criteria(node)
        if name == "SUMPRODUCT":
            return self._product(arguments)
        if name == "COUNT" and len(arguments) == 1 and isinstance(arguments[0], Column):
            return self._count(arguments[0])
        if name in ("SUM", "SUBTOTAL"):
            if name == "SUBTOTAL" and arguments[0] not in (Constant(9.0), Constant(109.0)):
                return self._no_sum(node)
            found = Sum()
            for argument in arguments[name == "SUBTOTAL" :]:
                found = found.plus(self._column(argument) if isinstance(argument, Column) else self.part(argument))
            return found
        return self._no_sum(node)

    def _extreme(self, node: Function) -> Sum:
        """Of the largest or smallest of some single values, what that one is the sum of."""
        if any(isinstance(argument, Cells) and argument.rows * argument.cols > 1 for argument in node.arguments):
            return self._no_sum(node)
        worth = [self.values.number(argument) for argument in node.arguments]
        extreme = max(worth) if node.name == "MAX" else min(worth)
        made = [self.part(argument) for argument, value in zip(node.arguments, worth, strict=True) if value == extreme]
        return next((one for one in made if one.tables), made[0])

    def _column(self, column: Column) -> Sum:
        rows = self.book.source(column.table).rows
        lines = {(Line(column.table, row, column.heading), False): 1 for row in range(len(rows))}
        return Sum(lines, tables={column.table: None})

    def _count(self, column: Column) -> Sum:
        cells = self.book.source(column.table).column(column.heading)
        numbers = [row for row, cell in enumerate(cells) if isinstance(cell, float | int)]
        return Sum({(Line(column.table, row, ""), False): 1 for row in numbers}, tables={column.table: None})

    def _criteria(self, node: Function) -> Sum:
        """The lines that the criteria of SUMIFS or COUNTIFS take; over cells of the plan, those cells."""
        summed = node.arguments[0] if node.name == "SUMIFS" else None
        pairs = node.arguments[1:] if summed else node.arguments
        if not isinstance(pairs[0], Column):
            return self._cells_taken(summed, pairs) if isinstance(summed, Cells) else self._no_sum(node)
        table = pairs[0].table
        if summed and not isinstance(summed, Column):
            raise Unknown("SUMIFS")
        if any(isinstance(one, Column) and one.table != table for one in (summed, *pairs)):
            raise Unknown("tables")
        heading = summed.heading if isinstance(summed, Column) else ""
        taken = self.values.matching(pairs)
        lines = {(Line(table, row, heading), False): 1 for row, take in enumerate(taken) if take}
        return Sum(lines, tables={table: None})

    def _cells_taken(self, summed: Cells, pairs: Sequence[Node]) -> Sum:
        taken = self.values.matching(pairs)
        if len(taken) != summed.rows * summed.cols:
            raise Unknown("SUMIFS")
        found = Sum()
        for number, take in enumerate(taken):
            if take:
                down, across = divmod(number, summed.cols)
                found = found.plus(self._cells(Cells(summed.sheet, summed.row + down, summed.col + across)))
        return found

    def _product(self, arguments: Sequence[Node]) -> Sum:
        """The lines for which the conditions within SUMPRODUCT hold, with the one amount among its factors."""
        factors = [factor for argument in arguments for factor in _factors(argument)]
        tables = {column.table for factor in factors for column in _columns(factor)}
        if len(tables) != 1:
            return self._no_sum(Function("SUMPRODUCT", tuple(arguments)))
        table = tables.pop()
        length = len(self.book.source(table).rows)
        amounts = [factor for factor in factors if isinstance(factor, Column)]
        conditions = [factor for factor in factors if not isinstance(factor, Column)]
        if len(amounts) > 1:
            raise Unknown("SUMPRODUCT")
        holds: list[Scalar] = [True] * length
        for factor in conditions:
            if not (isinstance(factor, Operation) and factor.sign in COMPARE):
                raise Unknown("SUMPRODUCT")
            holds = [was and now for was, now in zip(holds, self.values.product(factor, length), strict=True)]
        heading = amounts[0].heading if amounts else ""
        return Sum({(Line(table, row, heading), False): 1 for row in range(length) if holds[row]}, tables={table: None})


def _known(found: Sum | None, cell: Cells) -> Sum:
    if found is None:
        raise Unknown(cell)
    return found


def _factors(node: Node) -> list[Node]:
    if isinstance(node, Operation) and node.sign == "*":
        return [*_factors(node.left), *_factors(node.right)]
    return [node]


def _columns(node: Node) -> list[Column]:
    if isinstance(node, Column):
        return [node]
    if isinstance(node, Operation):
        return [*_columns(node.left), *_columns(node.right)]
    return [column for each in node.arguments for column in _columns(each)] if isinstance(node, Function) else []
