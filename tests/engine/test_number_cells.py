"""Cells for numbers and dates: what applies when they hold something else, the red fill, and the count per section."""

from __future__ import annotations

import pytest
from example_account import example_plan, openpyxl_book
from openpyxl.utils import range_boundaries
from pydantic import ValidationError
from tiny_template import Compiled, form, table, tiny_template
from workbook_cells import position, read_cells

from workbook_builder.template.fields import FormField
from workbook_builder.template.loader import load_template
from workbook_builder.template.number_inputs import number_inputs
from workbook_builder.workbook.renderer import render

TEMPLATE = load_template()


@pytest.fixture(scope="module")
def book() -> bytes:
    plan = example_plan("nl").with_typed(
        {
            "settings.interest": "zes",
            "settings.profit_norm": 0.2,
            "settings.q4_limit": None,
            "account.employees": "elf",
        },
        {
            "goals.revenue": [
                {"row": 1, "own_target": "305k"},
                {"row": 2, "own_target": "n.b."},
                {"row": 3, "growth": "-"},
            ],
            "review.figures": [{"line": "margin_pct", "frozen": ["n.b.", "", 0.3, "dertig"]}],
        },
    )
    return render(TEMPLATE, plan)


def test_what_applies_is_the_number_typed_else_the_default(book):
    cells = read_cells(book)
    assert cells.one("settings.interest") == "zes"
    assert cells.one("settings.interest.applies") == 0.06
    assert cells.one("settings.profit_norm.applies") == 0.2
    assert cells.one("settings.q4_limit.applies") == 0.4


def test_texts_are_counted_in_their_section_and_the_word_for_a_missing_number_is_not(book):
    start = openpyxl_book(book)["Controles"]
    stored = read_cells(book)
    rows = [(row[2].value, row[5].coordinate) for row in start.iter_rows() if row[2].hyperlink]
    first = dict(reversed(rows))  # the same titles stand lower down for rows without a name
    found = {title: count for title, at in first.items() if (count := stored.value("Controles", at))}
    assert found == {
        "Algemene gegevens account": 1,
        "Kwantitatieve doelstellingen 2027": 2,
        "Cijfers per kwartaal": 1,
        "Uitgangspunten": 1,
    }


def test_formulas_read_what_applies_and_everything_else_reads_the_input():
    field = {"id": "rate", "type": "percent", "default": 0.1}
    compiled = Compiled(
        tiny_template(
            {"id": "here", "grid": "text", "blocks": [form(field, {"id": "free", "type": "percent"})]},
            {"id": "there", "grid": "text", "blocks": [table("t", {"id": "x", "type": "percent"}, rows=2)]},
        )
    )
    assert compiled.formula("${here.rate}+${here.free}", "there.t") == "=HERE!$G$7+HERE!$D$8"
    assert compiled.formula("COUNT(${here.rate:typed})", "there.t") == "=COUNT(HERE!$D$7)"
    assert compiled.layout.areas["here.rate"].col == 3


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"type": "text", "otherwise": "1"}, "only an input for a number or a date"),
        ({"type": "percent", "otherwise": "1", "formula": "2"}, "only an input for a number or a date"),
        ({"type": "percent", "default": 1, "valid": "${x}>0"}, "use min and max"),
    ],
)
def test_only_an_input_for_a_number_falls_back_and_its_own_condition_would_judge_the_wrong_cell(declared, said):
    with pytest.raises(ValidationError, match=said):
        FormField(id="x", **declared)


def test_every_cell_for_a_number_or_a_date_turns_red_when_it_holds_a_text(book):
    workbook, stored = openpyxl_book(book), read_cells(book)
    reds = {sheet.title: list(red_ranges(sheet)) for sheet in workbook}
    bare = []
    for chapter in TEMPLATE.chapters:
        for _, block in chapter.blocks():
            for name in number_inputs(chapter, block):
                if name in stored.names:  # the lines of a statement have no name of their own
                    sheet, rows = stored.place(name)
                    bare += [f"{name} {sheet}!{at}" for row in rows for at in row if not covered(at, reds[sheet])]
    assert bare == []


def test_a_red_rule_looks_at_its_own_cell(book):
    """Excel and LibreOffice read the rule as written for the top left of all its ranges."""
    for sheet in openpyxl_book(book):
        for boxes, formula in red_rules(sheet):
            left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
            at = formula.split("ISNUMBER(")[1].split(")")[0]
            assert position(at) == (left, top)


def red_rules(sheet):
    for ranges in sheet.conditional_formatting:
        for rule in ranges.rules:
            if rule.formula and rule.formula[0].startswith("AND(NOT(ISNUMBER("):
                yield [range_boundaries(str(each)) for each in ranges.sqref.ranges], rule.formula[0]


def red_ranges(sheet):
    for boxes, _ in red_rules(sheet):
        yield from boxes


def covered(at, boxes):
    column, row = position(at)
    return any(left <= column <= right and top <= row <= foot for left, top, right, foot in boxes)
