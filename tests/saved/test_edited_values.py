"""The values behind the formulas of an edited plan: right, and put into their cells without touching anything else."""

from __future__ import annotations

import functools
import re

import office
import pytest
from compare import differences, unlike
from saved_plans import PLANS, SALES, SALES_SHEET, fresh, marks_of, used
from user_content import USER_SHEET, members, replaced, sheet_part, with_parts, without_prefixes
from workbook_cells import Cells, ErrorValue, read_cells

from workbook_builder.saved.book import SavedBook
from workbook_builder.saved.stored_values import Freshness, fresh_values

OWN = "xl/worksheets/sheet901.xml"
SIZES = {"longer": 400, "shorter": 12, "empty": 0}


def rows(count: int) -> list[list[object]]:
    return [[1 + i % 9, f"Groep {i}", 2024 + i % 3, 1 + i % 12, 1000.25 + i, 600.5 + i, i, 1, 0] for i in range(count)]


def changed(content: bytes, count: int) -> SavedBook:
    book = SavedBook(content, "plan.xlsx")
    book.set_table_rows(SALES, rows(count))
    book.set_cells("account.name", [["Nieuwe naam"]])
    return book


def refreshed(content: bytes, count: int, own: list[str] | None = None) -> tuple[bytes, Freshness]:
    book = changed(content, count)
    freshness = fresh_values(book, own)
    return book.to_bytes(), freshness


@functools.cache
def edited(plan: str, size: str) -> bytes:
    content, freshness = refreshed(PLANS[plan](), SIZES[size])
    assert freshness == Freshness()
    return content


@functools.cache
def cells(plan: str, size: str) -> Cells:
    return read_cells(without_prefixes(edited(plan, size)))


@pytest.mark.office
@pytest.mark.parametrize("size", SIZES)
def test_every_value_is_that_of_libreoffice(size):
    stored, other = cells("used", size), office.recalculated({size: edited("used", size)})[size]
    assert len(stored.formulas()) > 3000
    assert [str(each) for each in differences(stored, other.value)] == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("plan", [pytest.param(plan, marks=marks_of(plan)) for plan in PLANS if plan != "used"])
def test_a_plan_that_another_program_wrote_gets_the_same_values(plan, size):
    assert cells(plan, size).sheets.keys() >= cells("used", size).sheets.keys() - {USER_SHEET}
    assert unlike(cells(plan, size), cells("used", size)) == []


def test_the_plan_adds_up_to_the_new_rows():
    stored = cells("fresh", "shorter")
    table = [cell.value for at, cell in stored.sheets[SALES_SHEET].items() if re.fullmatch(r"F([89]|1\d)", at)]
    assert sum(table) == 1000.25 * 12 + 66
    assert "Nieuwe naam" in {cell.value for cell in stored.sheets["Start"].values() if cell.formula}


def without_values(part: bytes) -> bytes:
    """A sheet without the values behind its formulas."""
    cell = rb"<((?:x:)?c) ([^>]*)>(<(?:x:)?f[ >/].*?)(<(?:x:)?v>[^<]*</(?:x:)?v>|<(?:x:)?v ?/>)?</(?:x:)?c>"
    return re.sub(cell, lambda found: found[1] + re.sub(rb' t="\w+"', b"", found[2]) + found[3], part)


@pytest.mark.parametrize("size", ["longer", "shorter"])
@pytest.mark.parametrize("plan", [pytest.param(plan, marks=marks_of(plan)) for plan in PLANS])
def test_nothing_but_the_values_behind_formulas_changes(plan, size):
    book = changed(PLANS[plan](), SIZES[size])
    before, after = members(book.to_bytes()), members(edited(plan, size))
    assert list(before) == list(after)
    sheets = set(book.sheets.values())
    differing = {name for name in before if before[name] != after[name]}
    assert differing <= sheets
    assert len(differing) > 5
    assert all(without_values(before[name]) == without_values(after[name]) for name in differing)


def test_values_that_are_right_leave_the_file_as_it_is():
    book = SavedBook(fresh(), "plan.xlsx")
    assert fresh_values(book) == Freshness()
    assert book.to_bytes() == fresh()


def test_the_same_edit_gives_the_same_bytes():
    assert refreshed(used(), SIZES["shorter"])[0] == edited("used", "shorter")


def test_shared_formulas_on_a_sheet_of_the_user_get_their_values():
    stored = cells("used", "shorter")
    total = 1000.25 * 12 + 66
    assert [stored.value(USER_SHEET, f"D{row}") for row in range(2, 7)] == [total + 20 * n for n in range(1, 6)]


def with_own_formula(cells: str, names: str = "") -> bytes:
    """The used plan with other cells in rows 20 and on of the user's own sheet, and more defined names."""
    part = replaced(members(used())[OWN], "</sheetData>", f"{cells}</sheetData>")
    workbook = replaced(members(used())["xl/workbook.xml"], "</definedNames>", f"{names}</definedNames>")
    return with_parts(used(), {OWN: part, "xl/workbook.xml": workbook})


def own(formula: str, attributes: str = "", row: int = 20) -> str:
    return (
        f'<row r="{row}"><c r="D{row}"><f{attributes}>{formula}</f><v>{row - 13}</v></c>'
        f'<c r="E{row}"><f>D{row}+1</f><v>0</v></c></row>'
    )


NAMED = '<definedName name="mijn_omzet">tbl_src_sales[Omzet]</definedName>'
ODD = [  # a formula and its attributes
    ("MIJNFUNCTIE(1)", ""),  # a function the engine does not know
    ('_xlfn.FIELDVALUE(H2,"x")', ""),  # a function of a newer Excel
    ("[1]Blad1!$A$1", ""),  # another workbook
    ("'[1]Blad een'!$A$1+1", ""),
    ("SUM(H2:H6*H2:H6)", ' t="array" ref="D{row}"'),
    ("SUM(mijn_omzet)", ""),  # a name for a column of a table
    ("{1,2", ""),  # no formula
]


def test_what_the_engine_cannot_compute_keeps_its_value_and_the_plan_is_right():
    odd = [own(formula, attributes.format(row=row), row) for row, (formula, attributes) in enumerate(ODD, 20)]
    content, freshness = refreshed(with_own_formula("".join(odd), NAMED), 12)
    stored, plain = read_cells(content), cells("used", "shorter")
    assert freshness == Freshness(kept=tuple(f"Mijn blad!D{20 + at}" for at in range(len(ODD))))
    for at, case in enumerate(ODD):
        assert (case, stored.value(USER_SHEET, f"D{20 + at}")) == (case, 7 + at)
        assert (case, stored.value(USER_SHEET, f"E{20 + at}")) == (case, 8 + at)
    assert {name: cells for name, cells in stored.sheets.items() if name != USER_SHEET} == {
        name: cells for name, cells in plain.sheets.items() if name != USER_SHEET
    }


REFUSED = {
    "a text that looks escaped": own('"_x0041_"'),
    "formulas in a circle": own("E20"),
    "a cell far to the right": '<row r="20"><c r="ZZ20"><v>1</v></c></row>',
    "a cell far below": '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_sheet_that_the_engine_refuses_is_left_out_and_the_plan_is_right(case):
    mine = list(SavedBook(fresh(), "plan.xlsx").sheets)
    content, freshness = refreshed(with_own_formula(REFUSED[case]), 12, mine)
    stored, plain = read_cells(content), cells("used", "shorter")
    assert freshness == Freshness()
    assert {name: stored.sheets[name] for name in mine} == {name: plain.sheets[name] for name in mine}
    before = members(with_own_formula(REFUSED[case]))[OWN]
    assert members(content)[OWN] == before


def test_a_workbook_that_is_refused_whole_keeps_all_its_values_and_says_why():
    content, freshness = refreshed(with_own_formula(REFUSED["formulas in a circle"]), 12)
    assert freshness.refusal
    assert "#CIRC!" in freshness.refusal
    assert read_cells(content).value("Start", "D10") == read_cells(used()).value("Start", "D10")
    assert b'fullCalcOnLoad="1"' in members(content)["xl/workbook.xml"]  # Excel will compute them


def test_a_sheet_that_nobody_can_read_is_left_out_too():
    mine = list(SavedBook(fresh(), "plan.xlsx").sheets)
    strange = with_own_formula("<row><c><f>1+1</f></c></row>")
    content, freshness = refreshed(strange, 12, mine)
    assert freshness.refusal is None
    assert members(content)[OWN] == members(strange)[OWN]
    stored, plain = read_cells(without_own(content)), cells("used", "shorter")
    assert {name: stored.sheets[name] for name in mine} == {name: plain.sheets[name] for name in mine}


def without_own(content: bytes) -> bytes:
    return with_parts(content, {OWN: members(used())[OWN]})


def test_an_error_in_a_formula_of_the_user_is_stored_and_told():
    content, freshness = refreshed(with_own_formula(own("1/0")), 12)
    stored = read_cells(content)
    assert freshness == Freshness(errors=("Mijn blad!D20", "Mijn blad!E20"))
    assert stored.value(USER_SHEET, "D20") == ErrorValue("#DIV/0!")
    assert isinstance(stored.value(USER_SHEET, "D20"), ErrorValue)


def test_an_old_formula_that_takes_its_own_row_of_a_range_is_not_made_an_array():
    cells = '<row r="20"><c r="D20"><f>H2:H6</f><v>7</v></c></row><row r="21"><c r="D21"><v>99</v></c></row>'
    content, freshness = refreshed(with_own_formula(cells), 12)
    part = members(content)[OWN].decode()
    assert '<c r="D20"><f>H2:H6</f><v>7</v></c>' in part
    assert '<c r="D21"><v>99</v></c>' in part
    assert freshness.kept == ("Mijn blad!D20",)
    assert "xl/metadata.xml" not in members(content)


def test_columns_of_tables_in_any_form_are_computed():
    formulas = [
        "SUM(tbl_src_sales[Omzet])",
        "SUM(TBL_SRC_SALES[Omzet])",
        "SUM(tbl_src_sales[[#All],[Omzet]])",
        "COUNTA(tbl_src_sales[#Headers])",
        "SUM(tbl_src_sales[[Omzet]:[Kostprijs]])",
        '"tbl_src_sales[Omzet]"&amp;SUM(tbl_src_sales[Regels])',
        '"a""tbl_src_sales[Omzet]"',
        "ROWS(tbl_src_sales)",
    ]
    cells = "".join(f'<row r="{i}"><c r="D{i}"><f>{text}</f></c></row>' for i, text in enumerate(formulas, 20))
    content, freshness = refreshed(with_own_formula(cells), 3)
    stored = read_cells(content)
    revenue, cost = 1000.25 * 3 + 3, 600.5 * 3 + 3
    found = [stored.value(USER_SHEET, f"D{row}") for row in range(20, 28)]
    assert freshness == Freshness()
    assert found == [revenue, revenue, revenue, 9, revenue + cost, "tbl_src_sales[Omzet]3", 'a"tbl_src_sales[Omzet]', 3]


def test_hidden_rows_under_a_filter_do_not_stop_the_rest():
    part = sheet_part(used(), SALES_SHEET)
    hidden = members(used())[part].replace(b'<row r="9" ', b'<row r="9" hidden="1" ', 1)
    mine = with_parts(with_own_formula(own("SUBTOTAL(109,tbl_src_sales[Omzet])")), {part: hidden})
    content, freshness = refreshed(mine, 12)
    assert freshness == Freshness(kept=("Mijn blad!D20",))
    assert read_cells(content).sheets["Start"] == cells("used", "shorter").sheets["Start"]


def test_formulas_of_the_user_may_use_the_names_of_the_plan():
    cells = '<row r="20"><c r="D20"><f>account.name&amp;"!"</f></c><c r="E20"><f>mijn_naam</f></c></row>'
    name = '<definedName name="mijn_naam">account.name&amp;"?"</definedName>'
    content, freshness = refreshed(with_own_formula(cells, name), 3)
    stored = read_cells(content)
    assert freshness == Freshness()
    assert (stored.value(USER_SHEET, "D20"), stored.value(USER_SHEET, "E20")) == ("Nieuwe naam!", "Nieuwe naam?")


def test_a_text_that_looks_like_a_column_of_a_table_stays_a_text():
    cells = (
        '<row r="20"><c r="D20" t="inlineStr"><is><t>tbl_src_sales[Omzet]</t></is></c>'
        '<c r="E20"><f>D20&amp;"!"</f></c></row>'
    )
    content, freshness = refreshed(with_own_formula(cells), 3)
    assert freshness == Freshness()
    assert read_cells(content).value(USER_SHEET, "E20") == "tbl_src_sales[Omzet]!"
