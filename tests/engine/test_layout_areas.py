from __future__ import annotations

import re

import pytest
from example_account import example_parts, example_plan

from workbook_builder.template.fields import Column
from workbook_builder.template.left_out import without
from workbook_builder.workbook.grids import GRIDS, Grid, place_columns
from workbook_builder.workbook.layout import lay_out

AXES: dict = {}


@pytest.fixture(scope="module", params=["nl", "en"])
def layout(request, template):
    rows = {key: len(rows) for key, rows in example_plan(request.param).tables.items()}
    return lay_out(without(template, ()), request.param, rows)


def blocks_of(layout):
    """{chapter.block: areas} of everything that has a cell of its own."""
    found: dict = {}
    for name, area in layout.areas.items():
        found.setdefault((area.sheet, area.block), []).append((name, area))
    return found


def cells(area):
    return {
        (row, col) for row in range(area.row, area.row + area.rows) for col in range(area.col, area.col + area.cols)
    }


def test_no_two_blocks_share_a_cell(layout):
    taken: dict = {}
    for (sheet, block), areas in blocks_of(layout).items():
        for spot in set().union(*(cells(area) for _, area in areas)):
            assert taken.setdefault((sheet, spot), block) == block, (sheet, spot)


def test_no_two_columns_or_fields_of_a_block_share_a_cell(layout, template):
    whole = {
        f"{chapter.id}.{block.id}.{column.id}"
        for chapter in template.chapters
        for _, block in chapter.blocks()
        for column in getattr(block, "columns", ())
    }
    for areas in blocks_of(layout).values():
        columns = [(name, area) for name, area in areas if name in whole]
        for index, (name, area) in enumerate(columns):
            for other, other_area in columns[index + 1 :]:
                assert not cells(area) & cells(other_area), (name, other)


def helpers(template):
    """{id} of the working figures of tables, and of the cells of a statement's working columns."""
    found = set()
    for chapter in template.chapters:
        for _, block in chapter.blocks():
            for column in (one for one in getattr(block, "columns", ()) if getattr(one, "helper", False)):
                found.add(f"{chapter.id}.{block.id}.{column.id}")
                found |= {f"{chapter.id}.{line.id}.{column.id}" for line in getattr(block, "lines", ())}
    return found


def test_every_area_lies_below_the_head_and_inside_the_print_area_or_is_a_helper_beside_it(layout, template):
    sheets = {sheet.name: sheet for sheet in layout.sheets}
    beside = helpers(template)
    assert len(beside) > 40
    for name, area in layout.areas.items():
        placed = sheets[area.sheet]
        assert area.row >= 6, name  # four rows of head, then at least a band and its hint
        assert area.row + area.rows <= placed.end, name
        assert area.col >= 1, name
        if name in beside:
            assert area.col > len(placed.grid.widths), name  # a gap apart
        elif not name.startswith("lists."):
            assert area.col + area.cols <= len(placed.grid.widths), name


def test_the_print_area_of_every_sheet_reaches_the_last_row_and_column_except_where_tables_grow(layout):
    workbook = example_parts(layout.language)["xl/workbook.xml"]
    printed = re.findall(r'_xlnm\.Print_Area" localSheetId="(\d+)">([^<]*)<', workbook)
    blocks = [{block.kind for _, block in sheet.chapter.blocks()} for sheet in layout.sheets]
    growing = [i for i, kinds in enumerate(blocks) if "source" in kinds]
    assert len(growing) >= 4
    assert sorted({int(index) for index, _ in printed} | {*growing}) == list(range(len(layout.sheets)))
    assert len(printed) == len(layout.sheets) - len(growing)
    for index, reference in printed:
        placed = layout.sheets[int(index)]
        end = re.search(r"\$([A-Z]+)\$(\d+)$", reference)
        assert end is not None
        assert int(end[2]) >= placed.end
        assert column_number(end[1]) == len(placed.grid.widths)


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


CELL = re.compile(r"^[A-Za-z]{1,3}[0-9]{1,7}$")
R1C1 = re.compile(r"^([Rr][0-9]*([Cc][0-9]*)?|[Cc][0-9]*)$")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_defined_name_is_one_that_excel_takes_and_stands_once(language):
    parts = example_parts(language)
    names = re.findall(
        r'<definedName name="([^"]*)"(?: localSheetId="\d+")?(?: hidden="1")?>', parts["xl/workbook.xml"]
    )
    own = [name for name in names if not name.startswith("_xlnm.")]
    tables = re.findall(r'displayName="([^"]*)"', "".join(text for name, text in parts.items() if "/tables/" in name))
    assert len(own) > 700
    assert len(tables) == 7  # sales, costs, quotations, visits, the log, the history of plans and what was not carried
    for name in own + tables:
        assert re.match(r"^[A-Za-z_][A-Za-z0-9_.]*$", name), name
        assert len(name) <= 255
        assert not CELL.match(name), name
        assert not R1C1.match(name), name
    folded = [name.casefold() for name in own + tables]
    assert len(folded) == len(set(folded))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_field_and_column_of_the_template_has_its_name(template, language):
    names = set(re.findall(r'<definedName name="([^"]*)"', example_parts(language)["xl/workbook.xml"]))
    for chapter in without(template, ()).chapters:
        for _, block in chapter.blocks():
            if block.kind == "form":
                assert {f"{chapter.id}.{one.id}" for one in block.fields} <= names
            elif block.kind == "table":
                assert {f"{chapter.id}.{block.id}.{one.id}" for one in block.columns} <= names
                assert {f"{chapter.id}.{one.total_id}" for one in block.columns if one.total_id} <= names
            elif block.kind == "statement":
                assert {f"{chapter.id}.{line.id}" for line in block.lines} <= names
                assert {f"{chapter.id}.{block.id}.{one.id}" for one in block.columns} <= names


def test_source_tables_grow_with_their_rows_and_push_nothing_aside(template):
    few, many = lay_out(template, "nl", {"src_sales.rows": 3}), lay_out(template, "nl", {"src_sales.rows": 500})
    assert (few.areas["src_sales.rows.revenue"].rows, many.areas["src_sales.rows.revenue"].rows) == (3, 500)
    others = [name for name in few.areas if not name.startswith("src_sales.")]
    assert [few.areas[name] for name in others] == [many.areas[name] for name in others]


def test_a_source_without_rows_keeps_empty_rows_for_its_table(template):
    assert lay_out(template, "nl").areas["src_costs.rows.amount"].rows == 2


GRID = Grid((1, 5, 30, 6, 10, 10, 30), {}, 0)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ([{"id": "no", "key": "number"}, {"id": "name", "wide": True}], {"no": 1, "name": 2}),
        ([{"id": "name", "key": "label"}, {"id": "x", "type": "money"}], {"name": 2, "x": 4}),  # 6 is too narrow
        ([{"id": "name", "wide": True}, {"id": "n", "type": "integer"}], {"name": 2, "n": 3}),
        ([{"id": "name", "wide": True}, {"id": "story", "max_length": 400}], {"name": 2, "story": 6}),
        ([{"id": "a", "type": "date"}, {"id": "b", "type": "date"}], {"a": 2, "b": 4}),
    ],
)
def test_columns_take_the_first_slot_that_is_wide_enough(columns, expected):
    assert place_columns(GRID, [Column(**column) for column in columns], AXES) == expected


def test_a_helper_stands_right_of_the_paper_and_takes_no_slot_there():
    columns = [
        {"id": "no", "key": "number"},
        {"id": "rank", "type": "integer", "formula": "1", "helper": True},
        {"id": "name", "wide": True},
        {"id": "place", "type": "integer", "formula": "1", "helper": True},
        {"id": "n", "type": "integer"},
    ]
    slots = place_columns(GRID, [Column(**column) for column in columns], AXES)
    assert slots == {"no": 1, "rank": 8, "name": 2, "place": 9, "n": 3}  # the paper ends at slot 6, 7 is the gap


@pytest.mark.parametrize(
    "columns",
    [
        [{"id": f"h{number}", "formula": "1", "helper": True} for number in range(9)],
        [{"id": f"c{number}", "type": "money"} for number in range(5)],  # four slots of 7 and wider
        [{"id": "story", "max_length": 400}, {"id": "tale", "max_length": 400}, {"id": "saga", "max_length": 400}],
        [{"id": "x", "type": "money"}, {"id": "name", "wide": True}],  # the main slot is passed already
    ],
)
def test_columns_that_do_not_fit_have_no_place(columns):
    assert place_columns(GRID, [Column(**column) for column in columns], AXES) is None


def test_the_months_of_every_table_stand_under_each_other(template):
    column = Column(id="month", type="money", over="months")
    for before in ([], [Column(id="a", type="money")], [Column(id="a", type="money"), Column(id="b", type="money")]):
        slots = place_columns(GRIDS["periods"], [*before, column], dict(template.axes))
        assert slots is not None
        assert slots["month"] == 7


@pytest.mark.parametrize("name", GRIDS)
def test_every_grid_is_narrow_enough_for_one_page_of_a4(name):
    assert sum(GRIDS[name].widths) <= 215
