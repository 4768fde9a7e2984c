"""A validation refuses typing, not pasting: a text where a number belongs never becomes an error or a silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from by_id import value
from compare import differences, error_cells
from ironcalc_oracle import evaluated
from office import recalculated
from office_link import OfficeLink
from workbook_cells import Cells, position, read_cells

from examples.fill_example import filled_plan
from workbook_builder.plan import Plan
from workbook_builder.template.blocks import Form, Statement, Table
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import render

TEMPLATE = load_template()
PASTED = "305k"
NUMERIC = {"integer", "number", "money", "euro", "percent", "date"}
CHECK = "R16"
FEWEST_BLOCKS, FEWEST_CELLS = 60, 2000  # with number cells; far fewer would mean that the tests paste nothing


def number_cells() -> dict[str, list[tuple[str, int]]]:
    """{block: (defined name, its cell from 1) of every input for a number or date}, from the declarations."""
    found: dict[str, list[tuple[str, int]]] = {}
    for chapter in TEMPLATE.chapters:
        for _, block in chapter.blocks():
            key, names = f"{chapter.id}.{block.id}", []
            if isinstance(block, Form):
                names = [(f"{chapter.id}.{f.id}", 1) for f in block.fields if f.role == "input" and f.type in NUMERIC]
            elif isinstance(block, Table):
                columns = [c for c in block.columns if c.role == "input" and not c.key and c.type in NUMERIC]
                names = [
                    (f"{key}.{c.id}", n + 1) for c in columns for n in range(TEMPLATE.rows(key) * TEMPLATE.span(c))
                ]
            elif isinstance(block, Statement):
                for column in block.columns:
                    size = TEMPLATE.span(column)
                    for i, line in enumerate(block.lines):
                        one = block.cell(line, column)
                        if one and one.role == "input" and one.type in NUMERIC:
                            names += [(f"{key}.{column.id}", i * size + n + 1) for n in range(size)]
            if names:
                found[key] = names
    return found


CELLS = number_cells()


def with_text_everywhere(plan: Plan) -> Plan:
    """The plan with a text in every cell for a number or a date."""
    fields: dict[str, Any] = {}
    tables: dict[str, list[dict[str, Any]]] = {}
    for key in CELLS:
        block, chapter = TEMPLATE.block(key), key.split(".")[0]
        if isinstance(block, Form):
            fields |= {f"{chapter}.{f.id}": PASTED for f in block.fields if f.role == "input" and f.type in NUMERIC}
        elif isinstance(block, Table):
            columns = [c for c in block.columns if c.role == "input" and not c.key and c.type in NUMERIC]
            texts = {c.id: [PASTED] * TEMPLATE.span(c) if c.over else PASTED for c in columns}
            tables[key] = [{"row": n + 1, **texts} for n in range(TEMPLATE.rows(key))]
        elif isinstance(block, Statement):
            for column in block.columns:
                text = [PASTED] * TEMPLATE.span(column) if column.over else PASTED
                lines = [(line, block.cell(line, column)) for line in block.lines if column.id in line.inputs]
                typed = [{"line": line.id, column.id: text} for line, one in lines if one and one.type in NUMERIC]
                tables[key] = tables.get(key, []) + typed
    return plan.with_typed(fields, tables)


def check(cells: Cells, column: str) -> Any:
    """A column of the check that counts texts among numbers."""
    return dict(zip(cells.column("checks.list.code"), cells.column(f"checks.list.{column}"), strict=True))[CHECK]


@pytest.fixture(scope="module")
def filled() -> bytes:
    return render(TEMPLATE, filled_plan("nl"))


@pytest.fixture(scope="module")
def pasted() -> bytes:
    return render(TEMPLATE, with_text_everywhere(filled_plan("nl")))


@pytest.fixture(scope="module")
def desk() -> Iterator[OfficeLink]:
    link = OfficeLink()
    yield link
    link.stop()


def test_a_filled_plan_has_no_text_among_its_numbers(filled):
    assert check(read_cells(filled), "left") == 0


@pytest.mark.office
def test_a_text_in_every_number_cell_at_once_gives_no_error_in_any_engine_and_each_is_counted(pasted):
    stored = read_cells(pasted)
    shown = [cell for cells in stored.sheets.values() for cell in cells.values() if cell.value == PASTED]
    texts = len(shown)
    assert not any(cell.formula for cell in shown)  # no formula takes the text for a value
    assert texts == sum(map(len, CELLS.values())) > FEWEST_CELLS
    office = recalculated({"pasted": pasted})["pasted"]
    assert error_cells(stored) + error_cells(office) == []
    assert [str(each) for each in differences(stored, office.value)] == []
    assert [str(each) for each in differences(stored, evaluated(pasted))] == []
    assert (check(office, "left"), check(office, "verdict")) == (texts, "Fout")
    assert value(TEMPLATE, office, "plan.light") == "ROOD"


@pytest.mark.office
def test_an_error_in_the_open_book_is_seen(desk, filled, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(filled)
    book = desk.ask("open", str(path))
    assert desk.ask("errors", book) == []
    desk.ask("unprotect", book, "Start", "")
    desk.ask(
        "set_values", book, "Start", box_of("D8"), [["geen jaar"]]
    )  # the plan year is no input: its cell is locked
    assert len(desk.ask("errors", book)) > 0
    desk.ask("close", book)


@pytest.mark.office
def test_a_text_in_one_cell_of_each_block_gives_no_error_and_is_counted_in_its_section(desk, filled, tmp_path):
    """Single values are all tried; of a table or statement one cell of each column, in a row in the middle."""
    path = tmp_path / "plan.xlsx"
    path.write_bytes(filled)
    cells, book = read_cells(filled), desk.ask("open", str(path))
    counts = cells.place("checks.list.left")
    at = (counts[0], counts[1][cells.column("checks.list.code").index(CHECK)][0])
    wrong, tried = [], set()
    for key, spots in CELLS.items():
        by_name: dict[str, list[int]] = {}
        for name, number in spots:
            by_name.setdefault(name, []).append(number)
        for name, numbers in by_name.items():
            sheet, rows = cells.place(name)
            cell = [each for row in rows for each in row][numbers[len(numbers) // 2] - 1]
            errors, counted = with_text(desk, book, (sheet, cell), at)
            tried.add(key)
            if errors or counted != 1:
                wrong.append(f"{name} {sheet}!{cell}: {errors[:3]}, counted {counted}")
    desk.ask("close", book)
    assert wrong == []
    assert len(tried) > FEWEST_BLOCKS


def with_text(desk: OfficeLink, book: int, spot: tuple[str, str], count: tuple[str, str]) -> tuple[list[str], Any]:
    """(the error cells, what the check counts) while a text stands in one cell."""
    sheet, box = spot[0], box_of(spot[1])
    before = desk.ask("formulas", book, sheet, box)
    desk.ask("set_values", book, sheet, box, [["'" + PASTED]])
    found = desk.ask("errors", book), desk.ask("values", book, count[0], box_of(count[1]))[0][0]
    desk.ask("set_formulas", book, sheet, box, before)
    return found


def box_of(address: str) -> tuple[int, int, int, int]:
    column, row = position(address)
    return (row, column, row, column)
