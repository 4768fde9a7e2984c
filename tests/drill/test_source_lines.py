"""Figures of the example plan -> their source lines; each figure comes from the engine that computed the workbook."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from drilled_book import StoredBook
from example_account import example_plan
from filled_plan import with_every_input
from workbook_cells import position

from workbook_builder.drill.lines import Traced, Tracer, refers_to
from workbook_builder.drill.tree import Cells
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import render

NEAR = 1e-6


@pytest.fixture(scope="module")
def book() -> StoredBook:
    return StoredBook(render(load_template(), example_plan()))


@pytest.fixture(scope="module")
def tracer(book) -> Tracer:
    return Tracer(book, book.cell("plan.unit"))


def total(book: StoredBook, traced: Traced) -> float:
    amounts = traced.amounts([book.source(table) for table in traced.tables])
    unit = book.cell("plan.unit")
    return sum(amount for _, _, amount in amounts) / (book.value(*unit_place(unit)) if traced.divided else 1)


def unit_place(cell: Cells) -> tuple[str, int, int]:
    return cell.sheet, cell.row, cell.col


def traced_figures(book: StoredBook, tracer: Tracer) -> list[tuple[str, str, float, Traced]]:
    """(sheet, address, figure, its lines) of every number that is a sum of source lines."""
    found = []
    for sheet, at, stored in book.cells.formulas():
        col, row = position(at)
        traced = tracer.trace(Cells(sheet, row, col)) if isinstance(stored.value, float | int) else None
        if traced is not None:
            found.append((sheet, at, float(stored.value), traced))
    return found


@pytest.mark.parametrize("filled", [False, True], ids=["fresh", "filled"])
def test_every_figure_that_only_source_lines_make_ties_to_the_last_digit(book, tracer, filled):
    if filled:
        book = StoredBook(render(load_template(), with_every_input(load_template(), example_plan("en", unit=1))))
        tracer = Tracer(book, book.cell("plan.unit"))
    figures = traced_figures(book, tracer)
    alone = [(sheet, at, figure, traced) for sheet, at, figure, traced in figures if not traced.others]
    assert [(sheet, at) for sheet, at, figure, traced in alone if abs(total(book, traced) - figure) > NEAR] == []
    sheets = {sheet for sheet, _, figure, _ in alone if figure}
    number = {sheet.split()[0] for sheet in sheets}
    assert len(alone) > 300
    assert number >= ({"Start", "C3", "C6", "Targets"} if filled else {"Start", "H3", "H6", "H8", "Targets"})


def test_every_formula_that_reads_a_source_table_and_only_adds_is_traced(book, tracer):
    reading = [
        (sheet, at, str(cell.formula))
        for sheet, at, cell in book.cells.formulas()
        if "tbl_src" in str(cell.formula) and isinstance(cell.value, float | int)
    ]
    missed = [formula for sheet, at, formula in reading if tracer.trace(book.at(sheet, at)) is None]
    unit = "/" + book.cells.names["plan.unit"]
    ratio = [
        each for each in missed if "/" in each.replace(unit, "")
    ]  # a season, days per decision, a margin in percent
    multiplied = re.compile(r"SUMPRODUCT\(tbl_\w+\[[^]]+\],tbl_")  # a control number
    assert [each for each in missed if each not in ratio and not multiplied.search(each)] == []
    assert len(reading) - len(missed) > 300


def test_revenue_of_a_group_has_the_lines_of_that_group_and_year(book, tracer):
    sheet, [[at], *_] = book.cells.place("analysis.sales_vv.revenue")
    traced = tracer.trace(book.at(sheet, at))
    sales = book.source("tbl_src_sales")
    wanted = [
        row
        for row, (year, group) in enumerate(zip(sales.column("Jaar"), sales.column("Groepnr"), strict=True))
        if (year, group) == (2026, 1)
    ]
    assert len(wanted) >= 10
    assert [row for _, row, _ in traced.amounts([sales])] == wanted
    assert {line.heading for line in traced.lines} == {"Omzet"}
    assert traced.divided
    assert traced.others == ()


def test_a_margin_counts_revenue_and_takes_off_cost_on_each_line(book, tracer):
    traced = tracer.trace(book.cell("analysis.margin_vv"))
    sales = book.source("tbl_src_sales")
    revenue, cost = sales.column("Omzet"), sales.column("Kostprijs")
    amounts = traced.amounts([sales])
    assert amounts
    assert all(abs(amount - (revenue[row] - cost[row])) < NEAR for _, row, amount in amounts)


def test_an_expected_year_names_the_forecast_that_is_no_source_line(book, tracer):
    sheet, [[expected], *_] = book.cells.place("analysis.sales_vv.expected")
    _, [[forecast], *_] = book.cells.place("analysis.sales_vv.forecast")
    traced = tracer.trace(book.at(sheet, expected))
    assert traced.others == (book.at(sheet, forecast),)
    difference = book.cells.value(sheet, expected) - total(book, traced)
    assert abs(difference - book.cells.value(sheet, forecast)) < NEAR


def test_visits_count_one_line_each(book, tracer):
    traced = tracer.trace(at_line(book, "summary", "visits", "vv"))
    amounts = traced.amounts([book.source("tbl_src_activities")])
    assert {amount for _, _, amount in amounts} == {1.0}
    assert not traced.divided


def at_line(book: StoredBook, chapter: str, line: str, column: str) -> Cells:
    from by_id import addresses

    sheet, [at] = addresses(load_template(), book.cells, f"{chapter}.{line}.{column}")
    return book.at(sheet, at)


@pytest.mark.parametrize(
    "name",
    ["analysis.sales_vv.margin_pct", "analysis.sales_vv.growth", "goals.revenue.target", "targets.months.target",
     "analysis.sales_vv.forecast"],
)  # fmt: skip
def test_a_ratio_a_target_and_an_estimate_are_no_sum_and_name_what_they_come_from(book, tracer, name):
    sheet, [[at, *_], *_] = book.cells.place(name)
    cell = book.at(sheet, at)
    assert isinstance(book.value(*unit_place(cell)), float)
    assert tracer.trace(cell) is None
    assert refers_to(book, cell)


class Made(StoredBook):
    """A book in which the formula of a cell follows from its row."""

    def __init__(self, formula: Callable[[int], str]) -> None:
        self.made = formula

    def formula(self, sheet: str, row: int, col: int) -> str | None:
        return self.made(row)

    def value(self, sheet: str, row: int, col: int) -> float:
        return 1.0


@pytest.mark.parametrize(
    "formula",
    [
        lambda row: f"=A{row % 2 + 1}+1",  # a circle
        lambda row: f"=A{row + 1}",  # a row of references without end
        lambda row: f"=IF(1,IF(1,IF(1,IF(1,IF(1,IF(1,IF(1,A{row + 1})))))))",
        lambda row: "=SUM(A1:XFD1048576)",
        lambda row: "=IF()",
        lambda row: "=SUM(A1",
    ],
    ids=["circle", "endless", "deep", "every cell", "no arguments", "broken"],
)
def test_a_formula_that_leads_nowhere_ends_soon(formula):
    assert Tracer(Made(formula), Cells("S", 9, 9)).trace(Cells("S", 1, 1)) is None


def test_a_typed_figure_has_no_lines(book, tracer):
    assert tracer.trace(book.cell("plan.year")) is None
