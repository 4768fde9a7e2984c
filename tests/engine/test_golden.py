"""One readable line per id of the example account's workbook: reviewed like code when it changes.

`id | sheet!cells | formula of the first cell | number format | validation`; `--update-golden` writes the dumps anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from example_account import example_plan, openpyxl_book

from workbook_builder.template.loader import load_template
from workbook_builder.workbook.layout import Area, lay_out
from workbook_builder.workbook.renderer import build

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
SOURCES = ("src_sales.rows", "src_costs.rows", "src_quotations.rows", "src_activities.rows", "log.runs")
CHAPTERS = [chapter.id for chapter in load_template().chapters]


@pytest.fixture(scope="module", params=["nl", "en"])
def dumps(request) -> tuple[str, dict[str, str]]:
    language = request.param
    plan = example_plan(language)
    book = openpyxl_book(build(load_template(), plan))
    lines: dict[str, list[str]] = {chapter: [] for chapter in CHAPTERS}
    rules = {sheet.title: validations(sheet) for sheet in book.worksheets}
    for name, area in lay_out(load_template(), language).areas.items():
        lines[name.split(".")[0]].append(line_of(book, name, area, rules))
    return language, {chapter: "\n".join(sorted(found)) + "\n" for chapter, found in lines.items()}


def validations(sheet: Any) -> dict[str, str]:
    """{first cell of a range: what may be typed there}."""
    found = {}
    for rule in sheet.data_validations.dataValidation:
        text = " ".join(str(part) for part in (rule.type, rule.operator, rule.formula1, rule.formula2) if part)
        for part in str(rule.sqref).split():
            found[part.split(":")[0]] = text
    return found


def line_of(book: Any, name: str, area: Area, rules: dict[str, dict[str, str]]) -> str:
    cell = book[area.sheet].cell(area.row + 1, area.col + 1)
    last = book[area.sheet].cell(area.row + area.rows, area.col + area.cols)
    place = cell.coordinate if last.coordinate == cell.coordinate else f"{cell.coordinate}:{last.coordinate}"
    if area.block in SOURCES:
        place = f"tbl_{name.split('.')[0]} from {cell.coordinate}"  # as long as its data
    formula = cell.value if cell.data_type == "f" else ""
    shown = "" if cell.number_format == "General" else cell.number_format
    allowed = rules[area.sheet].get(cell.coordinate, "")
    return f"{name} | {area.sheet}!{place} | {formula} | {shown} | {allowed}".rstrip(" |")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_workbook_is_the_one_that_was_reviewed(dumps, chapter, request):
    language, found = dumps
    path = GOLDEN / f"{chapter}.{language}.txt"
    if request.config.getoption("--update-golden", False):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(found[chapter], "utf-8", newline="\n")
    assert path.is_file(), f"{path.name} is not there: run `make golden` and review what it writes"
    expected = path.read_text("utf-8").splitlines()
    assert found[chapter].splitlines() == expected, "review the change, then run `make golden`"


def test_no_golden_dump_is_left_of_a_chapter_that_is_gone():
    known = {f"{chapter}.{language}.txt" for chapter in CHAPTERS for language in ("nl", "en")}
    assert {path.name for path in GOLDEN.glob("*.txt")} == known
