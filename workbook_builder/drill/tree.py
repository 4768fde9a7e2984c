"""A formula as Excel stores it (English, commas) -> its parts: numbers, texts, cells, columns, operators, functions.

Only what the formulas of a plan are written in: no names, arrays, whole columns, unions or other workbooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

LONGEST, DEEPEST = 8192, 100  # characters, and parts within parts; Excel itself stops at 64 functions
TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<text>"(?:[^"]|"")*")
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w!(\[]))
  | (?P<column>(?P<table>[A-Za-z_\\][\w.]*)\[(?P<heading>(?:'.|[^\[\]'])*)\])
  | (?P<cells>(?:(?:'(?P<quoted>(?:[^']|'')+)'|(?P<sheet>[^\W\d][\w.]*))!)?
      \$?(?P<col>[A-Za-z]{1,3})\$?(?P<row>\d{1,7})(?::\$?(?P<last_col>[A-Za-z]{1,3})\$?(?P<last_row>\d{1,7}))?(?![\w(!\[]))
  | (?P<function>(?:_xlfn\.)?[A-Za-z][A-Za-z0-9.]*)\(
  | (?P<truth>TRUE|FALSE)(?![\w(!])
  | (?P<sign><=|>=|<>|[=<>+\-*/^&%(),])
    """,
    re.VERBOSE | re.IGNORECASE,
)
BINDING = {"=": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "<>": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
SIGNS_BIND = 6  # a minus in front binds closer than a power: -2^2 is 4 in Excel


class Unreadable(ValueError):
    """The formula holds something that is not read here."""


@dataclass(frozen=True)
class Constant:
    """A number, text or truth value; None where an argument is left out."""

    value: float | str | bool | None


@dataclass(frozen=True)
class Cells:
    """A rectangle of cells, 1-based; one cell has one row and one column."""

    sheet: str
    row: int
    col: int
    rows: int = 1
    cols: int = 1

    def cell(self, down: int, across: int) -> Cells:
        """One of its cells, counted from 0; its only row or column stands for any."""
        row, col = self.row + (down if self.rows > 1 else 0), self.col + (across if self.cols > 1 else 0)
        return Cells(self.sheet, row, col)


@dataclass(frozen=True)
class Column:
    """A column of an Excel table, without heading and totals."""

    table: str
    heading: str


@dataclass(frozen=True)
class Operation:
    """An operator between two parts."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Function:
    """A function, in capitals and without Excel's prefix for newer ones."""

    name: str
    arguments: tuple[Node, ...]


Node = Constant | Cells | Column | Operation | Function


def parse(formula: str, sheet: str) -> Node:
    """The parts of `formula`, which stands on `sheet`; a percentage is a division, a minus in front a subtraction.

    Raises `Unreadable` for whatever else Excel might hold.
    """
    if not formula.startswith("=") or len(formula) > LONGEST:
        raise Unreadable(formula[:50])
    reader = _Reader(list(_tokens(formula[1:])), sheet)
    node = reader.expression()
    if reader.at < len(reader.tokens):
        reader.fail()
    return node


def cells_in(node: Node) -> Iterator[Cells]:
    """Every reference to cells in a formula, in the order written."""
    if isinstance(node, Cells):
        yield node
    elif isinstance(node, Operation):
        yield from cells_in(node.left)
        yield from cells_in(node.right)
    elif isinstance(node, Function):
        for argument in node.arguments:
            yield from cells_in(argument)


def column_number(letters: str) -> int:
    """The number of a column, from 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _tokens(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise Unreadable(text[at : at + 50])
        if match.lastgroup != "space":
            yield match
        at = match.end()


class _Reader:
    """Tokens from left to right; operators of equal strength group from the left."""

    def __init__(self, tokens: list[re.Match[str]], sheet: str) -> None:
        self.tokens, self.sheet, self.at, self.depth = tokens, sheet, 0, 0

    def fail(self) -> NoReturn:
        raise Unreadable(self.tokens[self.at].group() if self.at < len(self.tokens) else "end")

    def sign(self) -> str | None:
        """The operator or bracket that comes next, if it is one."""
        return self.tokens[self.at]["sign"] if self.at < len(self.tokens) else None

    def expression(self, binding: int = 0) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail()
        left = self._operand()
        while (sign := self.sign()) and (sign == "%" or BINDING.get(sign, 0) > binding):
            self.at += 1
            right = Constant(100.0) if sign == "%" else self.expression(BINDING[sign])
            left = Operation("/" if sign == "%" else sign, left, right)
        self.depth -= 1
        return left

    def _operand(self) -> Node:
        if self.at >= len(self.tokens):
            self.fail()
        token = self.tokens[self.at]
        if token["sign"] not in (None, "(", "+", "-"):
            self.fail()
        self.at += 1
        if token["sign"] == "(":
            inner = self.expression()
            self._expect(")")
            return inner
        if token["sign"]:
            operand = self.expression(SIGNS_BIND)
            return Operation("-", Constant(0.0), operand) if token["sign"] == "-" else operand
        if token["function"]:
            return Function(token["function"].upper().removeprefix("_XLFN."), tuple(self._arguments()))
        return _plain(token, self.sheet)

    def _arguments(self) -> Iterator[Node]:
        if self.sign() == ")":
            self.at += 1
            return
        while True:
            yield Constant(None) if self.sign() in (",", ")") else self.expression()
            if self.sign() == ")":
                self.at += 1
                return
            self._expect(",")

    def _expect(self, sign: str) -> None:
        if self.sign() != sign:
            self.fail()
        self.at += 1


def _plain(token: re.Match[str], sheet: str) -> Node:
    """A token that is a part by itself."""
    if token["number"]:
        return Constant(float(token["number"]))
    if token["text"]:
        return Constant(token["text"][1:-1].replace('""', '"'))
    if token["truth"]:
        return Constant(token["truth"].upper() == "TRUE")
    if token["column"]:
        return Column(token["table"], re.sub(r"'(.)", r"\1", token["heading"]))
    where = (token["quoted"] or token["sheet"] or sheet).replace("''", "'")
    row, col = int(token["row"]), column_number(token["col"])
    if not token["last_col"]:
        return Cells(where, row, col)
    rows, cols = int(token["last_row"]) - row + 1, column_number(token["last_col"]) - col + 1
    if rows < 1 or cols < 1:
        raise Unreadable(token.group())
    return Cells(where, row, col, rows, cols)
