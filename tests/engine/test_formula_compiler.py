from __future__ import annotations

import pytest
from tiny_template import Compiled, form, table, tiny_template

from workbook_builder.errors import TemplateError

MONEY = {"type": "money"}


@pytest.fixture(scope="module")
def plan():
    """Two sheets of the grid 'periods': key in B, first column in C, figures from E on; months in H to S.

    P: a table of 3 rows in rows 8-10 (1-based) with its total in row 11, a table of months in rows 14-25, and a
    form from row 27 on. Q: a table of months in rows 8-19 and a table of 2 rows with months across in rows 22-23.
    """
    rows = table(
        "rows",
        {"id": "no", "key": "number"},
        {"id": "name", "wide": True},
        {"id": "price", **MONEY, "total": "sum"},
        {"id": "amount", **MONEY},
        rows=3,
    )
    months = table("months", {"id": "no", "key": "number"}, {"id": "goal", **MONEY}, axis="months")
    other = table("other", {"id": "no", "key": "number"}, {"id": "seen", **MONEY}, axis="months")
    across = table(
        "across", {"id": "no", "key": "number"}, {"id": "split", **MONEY, "over": "months", "total": "sum"}, rows=2
    )
    rate = form({"id": "rate", "type": "percent"})
    return Compiled(
        tiny_template(
            {"id": "p", "sheet": "Plan", "blocks": [rows, months, rate]},
            {"id": "q", "sheet": "Andere cijfers", "blocks": [other, across]},
        )
    )


def test_the_places_are_those_that_the_tests_below_count_on(plan):
    places = {
        name: (area.sheet, area.row + 1, area.col + 1, area.rows, area.cols) for name, area in plan.layout.areas.items()
    }
    assert places == {
        "p.rows.no": ("Plan", 8, 2, 3, 1),
        "p.rows.name": ("Plan", 8, 3, 3, 1),
        "p.rows.price": ("Plan", 8, 5, 3, 1),
        "p.rows.price.total": ("Plan", 11, 5, 1, 1),
        "p.rows.amount": ("Plan", 8, 6, 3, 1),
        "p.months.no": ("Plan", 14, 2, 12, 1),
        "p.months.goal": ("Plan", 14, 3, 12, 1),
        "p.rate": ("Plan", 27, 5, 1, 1),
        "q.other.no": ("Andere cijfers", 8, 2, 12, 1),
        "q.other.seen": ("Andere cijfers", 8, 3, 12, 1),
        "q.across.no": ("Andere cijfers", 22, 2, 2, 1),
        "q.across.split": ("Andere cijfers", 22, 8, 2, 12),
        "q.across.split.total": ("Andere cijfers", 24, 8, 1, 12),
    }


SECOND_ROW = {"block": "p.rows", "down": "p.rows", "i": 1}
MARCH = {"block": "p.months", "down": "months", "i": 2}
JANUARY = {"block": "p.months", "down": "months", "i": 0}
OTHER_MARCH = {"block": "q.other", "down": "months", "i": 2}
SPLIT_MARCH = {"block": "q.across", "down": "q.across", "i": 1, "across": "months", "j": 2}
SPLIT_JANUARY = {"block": "q.across", "down": "q.across", "i": 1, "across": "months", "j": 0}


@pytest.mark.parametrize(
    ("text", "cell", "expected"),
    [
        # a name in its own block is the same row; elsewhere the whole range
        ("${price}*${amount}", SECOND_ROW, "=E9*F9"),
        ("${price}*${rate}", SECOND_ROW, "=E9*$E$27"),
        ("SUM(${rows.price})", MARCH, "=SUM($E$8:$E$10)"),
        ("SUM(${p.rows.price})", OTHER_MARCH, "=SUM(Plan!$E$8:$E$10)"),
        ("${q.other.seen}", SECOND_ROW, "='Andere cijfers'!$C$8:$C$19"),
        # nearest first: the block, the chapter, the workbook
        ("${no}", MARCH, "=B16"),
        ("${rows.no}", MARCH, "=$B$8:$B$10"),
        # same: the item of the same axis in another block
        ("${p.months.goal:same}", OTHER_MARCH, "=Plan!$C$16"),
        ("${p.months.goal:same}", SPLIT_MARCH, "=Plan!$C$16"),
        ("${q.across.split:same}", MARCH, "='Andere cijfers'!$J$22:$J$23"),
        # all: the whole range, from inside its own block too
        ("${price}/SUM(${price:all})", SECOND_ROW, "=E9/SUM($E$8:$E$10)"),
        # total: the cell under the column, of the same period
        ("${price}/${price:total}", SECOND_ROW, "=E9/E11"),
        ("${rows.price:total}", MARCH, "=$E$11"),
        ("${across.split:total}", OTHER_MARCH, "=$J$24"),
        ("${split:total}", SPLIT_MARCH, "=J24"),
        # prev, before, so_far: along the axis, 0 where there is nothing before
        ("${goal:prev}", MARCH, "=C15"),
        ("${goal:prev}", JANUARY, "=0"),
        ("SUM(${goal:before})", MARCH, "=SUM(C14:C15)"),
        ("SUM(${goal:before})", JANUARY, "=SUM(0)"),
        ("SUM(${goal:so_far})", MARCH, "=SUM(C14:C16)"),
        ("SUM(${goal:so_far})", JANUARY, "=SUM(C14)"),
        ("SUM(${split:before})", SPLIT_MARCH, "=SUM(H23:I23)"),
        ("SUM(${split:so_far})", SPLIT_MARCH, "=SUM(H23:J23)"),
        ("${split:prev}", SPLIT_JANUARY, "=0"),
        ("SUM(${p.months.goal:so_far})", SPLIT_MARCH, "=SUM(Plan!$C$14:$C$16)"),
        # a number: that cell of the range
        ("${rows.price:3}", MARCH, "=$E$10"),
        ("${split:12}", SPLIT_MARCH, "=$S$23"),
        # texts of the plan's language
        ("IF(${price}=0,${na},${not_applicable})", SECOND_ROW, '=IF(E9=0,"n.b.","n.v.t.")'),
        ("${text.quote}", SECOND_ROW, '="say ""yes"""'),
    ],
)
def test_a_name_becomes_the_cells_it_means_from_where_the_formula_stands(plan, text, cell, expected):
    assert plan.formula(text, **cell) == expected


def test_the_offset_is_that_of_the_year_the_cell_stands_in():
    years = table("t", {"id": "no", "key": "number"}, {"id": "v", "type": "money", "over": "years"}, rows=1)
    down = table("u", {"id": "no", "key": "number"}, {"id": "w", "type": "money"}, axis="years")
    made = Compiled(tiny_template({"id": "p", "blocks": [years, down]}))
    assert [made.formula("2000+${offset}", "p.t", down="p.t", across="years", j=j) for j in range(3)] == [
        "=2000+-1",
        "=2000+0",
        "=2000+1",
    ]
    assert made.formula("${offset}", "p.u", down="years", i=2) == "=1"


def test_the_name_of_a_line_means_its_cell_in_the_column_of_the_formula():
    statement = {
        "kind": "statement",
        "id": "budget",
        "headline": "xx",
        "columns": [{"id": "vv", "type": "money"}, {"id": "month", "type": "money", "over": "months"},
                    {"id": "xx", "type": "money"}],
        "lines": [{"id": "revenue", "inputs": ["vv"]}, {"id": "cost", "formulas": {"*": "-${revenue}"}}],
    }  # fmt: skip
    made = Compiled(tiny_template({"id": "p", "blocks": [statement]}))
    at = {"block": "p.budget", "down": "p.budget", "i": 1}
    assert made.formula("-${revenue}", **at, column="vv") == "=-E8"
    assert made.formula("-${revenue}", **at, column="xx") == "=-T8"
    assert made.formula("-${revenue}", **at, column="month", across="months", j=11) == "=-S8"
    assert made.formula("${revenue.vv}", **at, column="xx") == "=E8"
    assert made.formula("SUM(${month})", **at, column="xx") == "=SUM(H9:S9)"
    assert made.formula("${p.revenue}") == "=P!$T$8"  # from elsewhere a line is its headline


def test_source_tables_are_read_by_column_for_they_grow():
    source = {
        "kind": "source",
        "id": "rows",
        "columns": [
            {"id": "year", "type": "integer", "role": "sourced"},
            {"id": "amount", "type": "euro", "role": "sourced"},
            {"id": "double", "type": "euro", "formula": "${amount}*2"},
        ],
    }
    heads = {"src.rows.year": "Jaar", "src.rows.amount": "Bedrag [#1] 'netto'"}
    chapters = ({"id": "src", "grid": "source", "blocks": [source]}, {"id": "p", "blocks": [form()]})
    made = Compiled(tiny_template(*chapters, heads=heads))
    assert made.formula("SUM(${src.rows.year})", "p.form") == "=SUM(tbl_src[Jaar])"
    assert made.formula("SUM(${src.rows.amount})", "p.form") == "=SUM(tbl_src[Bedrag '['#1'] ''netto''])"
    assert made.formula("${year}*2", "src.rows") == "=tbl_src[[#This Row],[Jaar]]*2"


def test_a_choice_is_the_cell_of_its_label_in_the_lists():
    lists = {"answer": {"items": ("yes", "no"), "scores": (1, 0)}}
    made = Compiled(
        tiny_template({"id": "lists", "grid": "source", "blocks": [{"kind": "lists", "id": "choices"}]}, lists=lists)
    )
    assert made.formula("${lists.answer.no}", "lists.choices") == "=B9"
    areas = made.layout.areas
    assert (areas["lists.answer"].row + 1, areas["lists.answer"].col + 1, areas["lists.answer"].rows) == (8, 2, 2)
    scores = areas["lists.answer.scores"]
    assert (scores.row + 1, scores.col + 1, scores.rows) == (8, 3, 2)


def test_an_unknown_name_is_refused_with_its_place_and_the_nearest_name(plan):
    with pytest.raises(TemplateError) as caught:
        plan.formula("${pricee}*2", "p.rows")
    assert caught.value.text("en") == "p.rows: unknown name ${pricee}. Did you mean ${price}?"
    assert caught.value.text("nl") == "p.rows: onbekende naam ${pricee}. Bedoel je ${price}?"


def test_a_name_like_nothing_is_refused_without_a_guess(plan):
    with pytest.raises(TemplateError) as caught:
        plan.formula("${zzzzzzzz}", "p.rows")
    assert caught.value.text("en") == "p.rows: unknown name ${zzzzzzzz}; check the id."


def test_names_that_lead_nowhere_are_found_without_compiling(plan):
    from workbook_builder.workbook.formulas import Cell

    cell = Cell("Plan", "p", "p.rows")
    found = plan.compiler.unknown_names("${price}+${amuont}+${text.nothing}+${amount:total}+${na}", cell)
    assert [(problem.code, problem.particulars["name"]) for problem in found] == [
        ("formula_name_unknown_near", "amuont"),
        ("formula_name_unknown", "text.nothing"),
        ("formula_total_absent", "amount"),
    ]
