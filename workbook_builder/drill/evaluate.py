"""The parts of a formula -> their values, from the values that the cells have: conditions, criteria, positions.

    tree (the parts) --> values --> lines (which branch of an IF, which rows a criterion takes)

It works out the functions that decide which lines a figure is the sum of, as Excel does; any other raises `Unknown`.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from workbook_builder.drill.tree import Cells, Column, Constant, Function, Node, Operation

Scalar = float | str | bool | None
FIRST_DAY = dt.date(1899, 12, 30)  # serial number 0 of Excel's calendar that starts in 1900
DIGITS = 15  # of a number in a text, as Excel writes it
CRITERION = re.compile(r"(<=|>=|<>|=|<|>)?(.*)", re.DOTALL)
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip
MOST_CELLS = 20_000  # of one range


class Unknown(Exception):
    """What a part of a formula is worth is not worked out here."""


@dataclass(frozen=True)
class SourceRows:
    """A source table: its name, where it stands, its headings and its rows.

    `first_row` is the row of its first line on the sheet, 1-based; the columns under `dates` hold serial numbers.
    """

    name: str
    sheet: str
    first_row: int
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Scalar]]
    dates: tuple[str, ...] = ()

    def column(self, heading: str) -> list[Scalar]:
        """The cells below a heading; raises `Unknown` when there is none of that name."""
        folded = [known.casefold() for known in self.headings]
        if heading.casefold() not in folded:
            raise Unknown(heading)
        at = folded.index(heading.casefold())
        return [row[at] for row in self.rows]


class Book(Protocol):
    """What has to be known of the workbook; cells are 1-based, dates are serial numbers."""

    def value(self, sheet: str, row: int, col: int) -> Scalar:
        """The value of a cell; None when it is empty or an error. Raises `Unknown` for a cell that was not read."""

    def formula(self, sheet: str, row: int, col: int) -> str | None:
        """The formula of a cell, None when it has none."""

    def source(self, table: str) -> SourceRows:
        """A source table; raises `Unknown` for any other table."""


class Values:
    """The values of parts of formulas in one workbook."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def scalar(self, node: Node) -> Scalar:
        """The single value of a part; raises `Unknown` when it has none or it is not worked out here."""
        if isinstance(node, Constant):
            return node.value
        if isinstance(node, Cells):
            if node.rows * node.cols > 1:
                raise Unknown(node)
            return self.book.value(node.sheet, node.row, node.col)
        if isinstance(node, Operation):
            return operate(node.sign, self.scalar(node.left), self.scalar(node.right))
        if isinstance(node, Function):
            return self._function(node)
        raise Unknown(node)

    def truth(self, node: Node) -> bool:
        """Whether a condition holds."""
        value = self.scalar(node)
        if isinstance(value, str):
            raise Unknown(value)
        return bool(value)

    def number(self, node: Node) -> float:
        """The number of a part; an empty cell is 0."""
        return as_number(self.scalar(node))

    def many(self, node: Node) -> list[Scalar]:
        """The values of a range, a column or a single part, row by row."""
        if isinstance(node, Cells):
            if node.rows * node.cols > MOST_CELLS:
                raise Unknown(node)
            return [
                self.book.value(node.sheet, node.row + down, node.col + across)
                for down in range(node.rows)
                for across in range(node.cols)
            ]
        if isinstance(node, Column):
            return self.book.source(node.table).column(node.heading)
        return [self.scalar(node)]

    def chosen(self, node: Function) -> Cells:
        """The cell that an INDEX gives."""
        area, *places = node.arguments
        if not isinstance(area, Cells) or not 1 <= len(places) <= 2:
            raise Unknown(node.name)
        down = int(self.number(places[0]))
        across = int(self.number(places[1])) if len(places) == 2 else 1
        if area.rows == 1 and len(places) == 1:
            down, across = 1, down
        if not (1 <= down <= area.rows and 1 <= across <= area.cols):
            raise Unknown(node.name)
        return Cells(area.sheet, area.row + down - 1, area.col + across - 1)

    def matching(self, pairs: Sequence[Node]) -> list[bool]:
        """For every cell of the ranges, whether all criteria take it; `pairs` are a range, its criterion, and so on."""
        columns = [self.many(node) for node in pairs[::2]]
        tests = [criterion(self.scalar(node)) for node in pairs[1::2]]
        if not tests or len(columns) != len(tests) or len({len(column) for column in columns}) > 1:
            raise Unknown("criteria")
        return [
            all(test(cell) for test, cell in zip(tests, cells, strict=True)) for cells in zip(*columns, strict=True)
        ]

    def product(self, node: Node, length: int) -> list[Scalar]:
        """What SUMPRODUCT adds up of a part, for each of `length` rows."""
        if isinstance(node, Column):
            column = self.book.source(node.table).column(node.heading)
            if len(column) != length:
                raise Unknown(node)
            return column
        if isinstance(node, Operation):
            left, right = self.product(node.left, length), self.product(node.right, length)
            return [operate(node.sign, one, other) for one, other in zip(left, right, strict=True)]
        return [self.scalar(node)] * length

    def _function(self, node: Function) -> Scalar:
        if node.name == "IF":
            return self.scalar(branch(self, node))
        if node.name == "CHOOSE":
            return self.scalar(choice(self, node))
        if node.name == "INDEX":
            return self.scalar(self.chosen(node))
        if node.name not in FUNCTIONS:
            raise Unknown(node.name)
        try:
            return FUNCTIONS[node.name](self, node.arguments)
        except (LookupError, ValueError, ArithmeticError):  # other arguments than the function takes
            raise Unknown(node.name) from None


def branch(values: Values, node: Function) -> Node:
    """The argument that an IF gives."""
    condition, *ways = node.arguments
    at = 0 if values.truth(condition) else 1
    return ways[at] if at < len(ways) else Constant(False)


def choice(values: Values, node: Function) -> Node:
    """The argument that a CHOOSE gives."""
    at = int(values.number(node.arguments[0]))
    if not 1 <= at < len(node.arguments):
        raise Unknown(node.name)
    return node.arguments[at]


def as_number(value: Scalar) -> float:
    """A value as Excel counts with it: empty is 0, a truth value 1 or 0; a text raises `Unknown`."""
    if isinstance(value, str):
        raise Unknown(value)
    return float(value or 0)


def as_text(value: Scalar) -> str:
    """A value as Excel writes it into a text."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"{value:.{DIGITS}g}" if isinstance(value, float | int) else value or ""


def operate(sign: str, left: Scalar, right: Scalar) -> Scalar:
    """The value of two values with an operator between."""
    if sign == "&":
        return as_text(left) + as_text(right)
    if sign in COMPARE:
        return COMPARE[sign](*_comparable(left, right))
    one, other = as_number(left), as_number(right)
    if sign not in ARITHMETIC or (sign == "/" and other == 0):
        raise Unknown(sign)
    return ARITHMETIC[sign](one, other)


def _comparable(left: Scalar, right: Scalar) -> tuple[object, object]:
    """Two values as Excel orders them: numbers before texts before truth values, capitals as small letters."""
    if left is None:
        left = _empty_like(right)
    if right is None:
        right = _empty_like(left)
    return _ordered(left), _ordered(right)


def _empty_like(other: Scalar) -> Scalar:
    return "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0


def _ordered(value: Scalar) -> tuple[int, float | str]:
    if isinstance(value, bool):
        return 2, float(value)
    return (1, value.casefold()) if isinstance(value, str) else (0, float(value or 0))


def criterion(given: Scalar) -> Callable[[Scalar], bool]:
    """What SUMIFS and its like take: a value, or a text with an operator, and with * and ? for any characters."""
    match = CRITERION.fullmatch(as_text(given) if given is not None else "0")
    sign, wanted = (match[1] or "=", match[2]) if match else ("=", "")
    compare, number = COMPARE[sign], _as_float(wanted)
    if number is None:
        return functools.partial(_text_fits, sign, wanted)

    def fits(cell: Scalar) -> bool:
        if isinstance(cell, str) and sign in ("=", "<>"):  # a text of digits is equal to its number
            return (_as_float(cell) == number) == (sign == "=")
        is_number = isinstance(cell, float | int) and not isinstance(cell, bool)
        return compare(float(cell or 0), number) if is_number else sign == "<>"

    return fits


def _as_float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _text_fits(sign: str, wanted: str, cell: Scalar) -> bool:
    if sign in ("=", "<>"):
        if wanted == "":
            fits = cell is None or (sign == "=" and cell == "")
        else:
            fits = isinstance(cell, str) and bool(_pattern(wanted).fullmatch(cell))
        return fits == (sign == "=")
    return isinstance(cell, str) and COMPARE[sign](cell.casefold(), wanted.casefold())


@functools.lru_cache(maxsize=256)
def _pattern(wanted: str) -> re.Pattern[str]:
    """A criterion with * and ? as a pattern; a tilde in front takes them literally."""
    pieces = re.findall(r"~.|.", wanted, re.DOTALL)
    made = {"*": ".*", "?": "."}
    return re.compile("".join(made.get(piece) or re.escape(piece[-1]) for piece in pieces), re.IGNORECASE | re.DOTALL)


def _numbers(values: Values, arguments: Sequence[Node]) -> list[float]:
    """What SUM and MAX count with: numbers of ranges only, and whatever is given by itself."""
    found: list[float] = []
    for node in arguments:
        if isinstance(node, Cells | Column):
            many = values.many(node)
            found += [float(one) for one in many if isinstance(one, float | int) and not isinstance(one, bool)]
        else:
            found.append(values.number(node))
    return found


def _sumifs(values: Values, arguments: Sequence[Node]) -> Scalar:
    cells = values.many(arguments[0])
    taken = values.matching(arguments[1:])
    if len(cells) != len(taken):
        raise Unknown("SUMIFS")
    numbers = [cell for cell, take in zip(cells, taken, strict=True) if take and isinstance(cell, float | int)]
    return float(sum(number for number in numbers if not isinstance(number, bool)))


def _round(values: Values, arguments: Sequence[Node]) -> Scalar:
    """Half away from zero, as Excel does, of the digits that a number has."""
    from decimal import ROUND_HALF_UP, Decimal

    number, digits = values.number(arguments[0]), int(values.number(arguments[1]))
    return float(Decimal(as_text(number)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def _match(values: Values, arguments: Sequence[Node]) -> Scalar:
    if len(arguments) != 3 or values.number(arguments[2]) != 0:
        raise Unknown("MATCH")  # of the other kinds it depends on the order
    wanted = criterion(values.scalar(arguments[0]))
    found = next((at for at, cell in enumerate(values.many(arguments[1]), 1) if wanted(cell)), None)
    if found is None:
        raise Unknown("MATCH")
    return float(found)


def _date(values: Values, arguments: Sequence[Node]) -> Scalar:
    year, month, day = (int(values.number(node)) for node in arguments)
    months = year * 12 + month - 1
    return float((dt.date(months // 12, months % 12 + 1, 1) - FIRST_DAY).days + day - 1)


def _day(values: Values, arguments: Sequence[Node]) -> dt.date:
    return FIRST_DAY + dt.timedelta(days=int(values.number(arguments[0])))


def _is_number(values: Values, arguments: Sequence[Node]) -> Scalar:
    value = values.scalar(arguments[0])
    return isinstance(value, float | int) and not isinstance(value, bool)


def _size(values: Values, arguments: Sequence[Node], side: str) -> Scalar:
    if not isinstance(arguments[0], Cells):
        raise Unknown(side)
    return float(getattr(arguments[0], side))


def _count(values: Values, arguments: Sequence[Node], *, texts: bool) -> Scalar:
    cells = [cell for node in arguments for cell in values.many(node)]
    kept = [cell for cell in cells if cell is not None and (texts or isinstance(cell, float | int))]
    return float(len(kept))


FUNCTIONS: dict[str, Callable[[Values, Sequence[Node]], Scalar]] = {
    "AND": lambda values, nodes: min(values.truth(node) for node in nodes),
    "OR": lambda values, nodes: max(values.truth(node) for node in nodes),
    "NOT": lambda values, nodes: not values.truth(nodes[0]),
    "ISNUMBER": _is_number,
    "ISTEXT": lambda values, nodes: isinstance(values.scalar(nodes[0]), str),
    "SUM": lambda values, nodes: float(sum(_numbers(values, nodes))),
    "MAX": lambda values, nodes: max(_numbers(values, nodes), default=0.0),
    "MIN": lambda values, nodes: min(_numbers(values, nodes), default=0.0),
    "COUNT": lambda values, nodes: _count(values, nodes, texts=False),
    "COUNTA": lambda values, nodes: _count(values, nodes, texts=True),
    "ROUND": _round,
    "ABS": lambda values, nodes: abs(values.number(nodes[0])),
    "INT": lambda values, nodes: float(values.number(nodes[0]) // 1),
    "SUMIFS": _sumifs,
    "COUNTIFS": lambda values, nodes: float(sum(values.matching(nodes))),
    "COUNTIF": lambda values, nodes: float(sum(values.matching(nodes))),
    "MATCH": _match,
    "DATE": _date,
    "YEAR": lambda values, nodes: float(_day(values, nodes).year),
    "MONTH": lambda values, nodes: float(_day(values, nodes).month),
    "ROWS": lambda values, nodes: _size(values, nodes, "rows"),
    "COLUMNS": lambda values, nodes: _size(values, nodes, "cols"),
    "COLUMN": lambda values, nodes: _size(values, nodes, "col"),
    "ROW": lambda values, nodes: _size(values, nodes, "row"),
}
"""{function: how its value follows from its arguments}."""
