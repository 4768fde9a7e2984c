"""A formula -> its parts, and what they are worth; expectations are what Excel documents."""

from __future__ import annotations

import pytest

from workbook_builder.drill.evaluate import SourceRows, Unknown, Values, criterion
from workbook_builder.drill.tree import Cells, Column, Constant, Function, Operation, Unreadable, cells_in, parse

SALES = SourceRows(
    "tbl_sales", "Bron", 8, ("Groep", "Jaar", "Omzet"), [["A", 2026.0, 10.5], ["B", 2026.0, 4.0], ["A", 2025.0, 1.0]]
)


class Small:
    """Cells of one sheet by (row, column), and one source table."""

    def __init__(self, values: dict[tuple[int, int], object]) -> None:
        self.values = values

    def value(self, sheet: str, row: int, col: int):
        return self.values.get((row, col))

    def formula(self, sheet: str, row: int, col: int) -> str | None:
        return None

    def source(self, table: str) -> SourceRows:
        if table != SALES.name:
            raise Unknown(table)
        return SALES


def worth(formula: str, **cells: object):
    places = {(1, ord(name) - ord("a") + 1): value for name, value in cells.items()}
    return Values(Small(places)).scalar(parse(f"={formula}", "Blad"))


def test_references_keep_their_sheet_and_size():
    parts = parse("='H3 ''t Plan'!$B$2:D4+Start!C1-E5", "Hier")
    assert list(cells_in(parts)) == [
        Cells("H3 't Plan", 2, 2, 3, 3), Cells("Start", 1, 3), Cells("Hier", 5, 5),
    ]  # fmt: skip


def test_a_column_of_a_table_is_one_part_and_its_heading_may_hold_brackets():
    assert parse("=tbl_src[Omzet '[EUR']]", "X") == Column("tbl_src", "Omzet [EUR]")


def test_functions_nest_and_an_argument_may_be_left_out():
    assert parse('=IF(A1="x",,_xlfn.IFNA(B1,0))', "S") == Function(
        "IF",
        (
            Operation("=", Cells("S", 1, 1), Constant("x")),
            Constant(None),
            Function("IFNA", (Cells("S", 1, 2), Constant(0.0))),
        ),
    )


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("2+3*4", 14), ("(2+3)*4", 20), ("10-4-3", 3), ("8/4/2", 1), ("50%*4", 2),
        ('"a"&1+1', "a2"), ("1<2", True), ('"A"="a"', True), ("1=TRUE", False), ("2<>2", False), ('"<="&10', "<=10"),
        ("1+2>=3", True), ('"zei ""ja"""', 'zei "ja"'), ("--3", 3), ("1e3", 1000),
    ],
)  # fmt: skip
def test_operators_bind_as_in_excel(formula, value):
    assert worth(formula) == value


def test_a_minus_in_front_binds_closer_than_a_power_as_only_excel_has_it():
    minus_two = Operation("-", Constant(0.0), Constant(2.0))
    assert parse("=-2^2^3", "S") == Operation("^", Operation("^", minus_two, Constant(2.0)), Constant(3.0))


@pytest.mark.parametrize(
    "formula",
    ["=A:A", "=1:3", "=[Ander.xlsx]Blad!A1", "=naam+1", "={1,2}", "=tbl[[#This Row],[X]]", "=A1 B1", "=1+", "=SUM(1",
     "A1", "=" + "(" * 200 + "1" + ")" * 200, "=" + "1+" * 5000 + "1", "=SUM(A1#)", "=B2:A1", "=(A1,B1)"],
)  # fmt: skip
def test_what_the_plan_does_not_use_is_refused(formula):
    with pytest.raises(Unreadable):
        parse(formula, "S")


@pytest.mark.parametrize(
    ("formula", "cells", "value"),
    [
        ("IF(A1>0,B1,C1)", {"a": 1.0, "b": 7.0, "c": 8.0}, 7.0),
        ("IF(A1>0,B1)", {"a": 0.0, "b": 7.0}, False),
        ("CHOOSE(A1,B1,C1)", {"a": 2.0, "b": 7.0, "c": 8.0}, 8.0),
        ("AND(A1=1,NOT(B1=1))", {"a": 1.0}, True),
        ("OR(A1=1,B1=1)", {"a": 1.0, "b": "n.b."}, True),
        ("ISNUMBER(A1)", {"a": "n.b."}, False),
        ("ISNUMBER(A1)", {}, False),
        ("INDEX(A1:C1,1,MATCH(8,A1:C1,0))", {"a": 7.0, "b": 8.0, "c": 9.0}, 8.0),
        ("INDEX(A1:C1,3)", {"c": 9.0}, 9.0),
        ("SUM(A1:C1)", {"a": 1.0, "b": "x", "c": 2.5}, 3.5),
        ("MAX(0,A1)", {"a": -3.0}, 0.0),
        ("MIN(A1:C1)", {"a": 4.0, "c": 2.0}, 2.0),
        ("COUNT(A1:C1)", {"a": 4.0, "b": "x"}, 1.0),
        ("ROUND(A1,2)", {"a": 2.675}, 2.68),  # Excel rounds the digits that it shows, and half away from zero
        ("ROUND(A1,0)", {"a": -0.5}, -1.0),
        ("ROUND(A1,-1)", {"a": 125.0}, 130.0),
        ("DATE(2027,13,1)", {}, 46753.0),  # 1 January 2028
        ("YEAR(A1)*100+MONTH(A1)", {"a": 46752.0}, 202712.0),
        ("COLUMNS($A1:C1)+ROWS(A1:A3)", {}, 6.0),
        ('SUMIFS(tbl_sales[Omzet],tbl_sales[Groep],A1,tbl_sales[Jaar],">="&B1)', {"a": "a", "b": 2026.0}, 10.5),
        ("COUNTIFS(tbl_sales[Jaar],2026)", {}, 2.0),
        ("COUNTIF(A1:C1,B1)", {"a": "X", "b": "x"}, 2.0),
    ],
)  # fmt: skip
def test_functions_are_worth_what_excel_makes_of_them(formula, cells, value):
    assert worth(formula, **cells) == value


@pytest.mark.parametrize(
    "formula",
    [
        "TODAY()", "A1/0", '1+"x"', "MATCH(9,A1:C1,0)", "MATCH(1,A1:C1)", "A1:C1", "INDEX(A1:C1,9)", "CHOOSE(3,1,2)",
        'IF("x",1,2)', "SUM(tbl_other[X])", "SUM(tbl_sales[Weg])", "COLUMN()", "DATE(1)", "DATE(9E9,1,1)", "YEAR(1E9)",
        "2^2", "COUNTIFS(A1)",
    ],
)  # fmt: skip
def test_what_is_not_worked_out_is_never_guessed(formula):
    with pytest.raises(Unknown):
        worth(formula, a=1.0)


@pytest.mark.parametrize(
    ("given", "cell", "taken"),
    [
        (5.0, 5.0, True), ("5", 5.0, True), (5.0, "5", True), (5.0, "5a", False), ("<=5", 5.0, True),
        ("<5", 5.0, False),
        ("<6", "5", False), ("<>5", "5", False), ("<>5", "x", True), ("<>5", None, True), ("prijs", "Prijs", True),
        ("pr*", "Prijs", True), ("pr?s", "Prijs", False), ("~*", "*", True), ("~*", "x", False), ("a.c", "abc", False),
        ("<>prijs", "Prijs", False), ("<>", None, False), ("<>", "x", True), ("=", None, True), (None, 0.0, True),
        (None, None, False), (">b", "c", True), (True, 1.0, False), ("1", True, False),
    ],
)  # fmt: skip
def test_a_criterion_takes_what_sumifs_takes(given, cell, taken):
    assert criterion(given)(cell) is taken
