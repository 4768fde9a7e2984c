"""The example plan as its team filled it in: every table, both languages, no error, charts that show something."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from compare import differences, error_cells
from ironcalc_oracle import evaluated
from office import recalculated
from workbook_cells import Cells, position, read_cells

from examples.fill_example import filled_plan
from workbook_builder.plan import Plan
from workbook_builder.template.blocks import Statement, Table
from workbook_builder.template.left_out import without
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.named_values import read_plan
from workbook_builder.workbook.renderer import render

TEMPLATE = without(load_template(), ())
LANGUAGES = ("nl", "en")
FILLED_BY_ROLL_OVER = {"rollover.confirmations"}
REFERENCE = re.compile(r"<c:f>'?([^<!]+?)'?!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?</c:f>")


@pytest.fixture(scope="module")
def books() -> dict[str, bytes]:
    return {language: render(TEMPLATE, filled_plan(language)) for language in LANGUAGES}


@pytest.fixture(scope="module")
def stored(books) -> dict[str, Cells]:
    return {language: read_cells(book) for language, book in books.items()}


def test_every_table_that_people_fill_in_holds_something():
    tables = filled_plan("nl").tables
    empty = [
        key
        for chapter in TEMPLATE.chapters
        for _, block in chapter.blocks()
        if isinstance(block, Table) and any(column.role == "input" for column in block.columns)
        for key in [f"{chapter.id}.{block.id}"]
        if not any(any(value is not None for value in row.values()) for row in tables.get(key, ()))
    ]
    assert set(empty) - FILLED_BY_ROLL_OVER == set()


@pytest.mark.office
def test_no_engine_contradicts_a_stored_value_and_no_cell_is_an_error(books, stored):
    office = recalculated(books)
    for language in LANGUAGES:
        assert [str(each) for each in differences(stored[language], office[language].value)] == []
        assert [str(each) for each in differences(stored[language], evaluated(books[language]))] == []
        assert error_cells(stored[language]) + error_cells(office[language]) == []


def test_no_check_finds_an_error_in_the_figures(stored):
    cells = stored["nl"]
    found = zip(
        cells.column("checks.list.code"), cells.column("checks.list.severity"), cells.column("checks.list.result"),
        strict=True,
    )  # fmt: skip
    assert [code for code, severity, result in found if severity == "Fout" and result] == []


def test_both_languages_hold_the_same_values(tmp_path, books):
    plans = {}
    for language, book in books.items():
        (tmp_path / f"{language}.xlsx").write_bytes(book)
        plans[language] = read_plan(tmp_path / f"{language}.xlsx", TEMPLATE)
    dutch, english = (values(plans[language]) for language in LANGUAGES)
    assert dutch.keys() == english.keys()
    assert [(key, dutch[key], english[key]) for key in dutch if dutch[key] != english[key]] == []


def values(plan: Plan) -> dict[str, Any]:
    """Numbers, dates and choices by id, and the typed texts; computed words differ by language."""
    found: dict[str, Any] = {}
    for chapter in TEMPLATE.chapters:
        if chapter.tab == "control":
            continue
        for _, block in chapter.blocks():
            key = f"{chapter.id}.{block.id}"
            fields = getattr(block, "fields", ()) or (block.columns if isinstance(block, Table) else ())
            for one in fields:
                if one.type == "text" and one.role != "input":
                    continue
                if isinstance(block, Table):
                    found[f"{key}.{one.id}"] = [in_no_language(row.get(one.id)) for row in plan.tables[key]]
                else:
                    found[f"{chapter.id}.{one.id}"] = in_no_language(plan.fields.get(f"{chapter.id}.{one.id}"))
            if isinstance(block, Statement):
                found[key] = [
                    {column: in_no_language(value) for column, value in row.items()} for row in plan.tables[key]
                ]
    return found


def in_no_language(value: Any) -> Any:
    """The value without the words that a formula may give in the plan's language."""
    if isinstance(value, list):
        return [in_no_language(each) for each in value]
    words = {text for language in LANGUAGES for key, (text, _) in TEMPLATE.texts[language].items()
             if key.startswith(("formulas.", "values."))}  # fmt: skip
    return None if value in words else value


def test_at_least_120_ranges_are_validated_and_the_charts_show_data(books, stored):
    with zipfile.ZipFile(io.BytesIO(books["nl"])) as archive:
        parts = {name: archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith(".xml")}
    ranges = sum(text.count("<dataValidation ") for name, text in parts.items() if "/worksheets/" in name)
    charts = {name: text for name, text in parts.items() if "/charts/chart" in name}
    assert ranges >= 120
    assert len(charts) >= 10
    assert [name for name, text in charts.items() if not numbers(stored["nl"], text)] == []


def numbers(cells: Cells, chart: str) -> list[float]:
    """The numbers other than 0 that a chart points at."""
    found = []
    for sheet, left, top, right, bottom in REFERENCE.findall(chart):
        (first, _), (last, _) = position(f"{left}1"), position(f"{right or left}1")
        for at, cell in cells.sheets[sheet.replace("''", "'")].items():
            column, row = position(at)
            inside = first <= column <= last and int(top) <= row <= int(bottom or top)
            if inside and isinstance(cell.value, float) and cell.value:
                found.append(cell.value)
    return found
