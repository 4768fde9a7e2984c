"""Values of cells by name and by address in a saved plan; every cell keeps its style."""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from saved_plans import PLANS, SALES_SHEET, fresh, used
from user_content import USER_SHEET, members, replaced, sheet_part, with_parts
from workbook_cells import read_cells

from workbook_builder.errors import InputError
from workbook_builder.saved.book import SavedBook

VALUES = [
    ("Zwanerloo & Zn. <Holding>", "Zwanerloo & Zn. <Holding>"),
    ("  spaties  ", "  spaties  "),
    ("twee\nregels", "twee\nregels"),
    ("=HYPERLINK(1)", "=HYPERLINK(1)"),
    ("_x0041_", "_x0041_"),
    ("tab\there", "tab\there"),
    ("een\r\ntwee", "een\ntwee"),
    ("bel\x07", "bel\ufffd"),
    ("\ud83d", "\ufffd"),
    ("é😀", "é😀"),
    (12, 12),
    (-0.1, -0.1),
    (Decimal("1234.56"), 1234.56),
    (True, True),
    (False, False),
    (dt.date(2027, 1, 1), 46388),
    (dt.datetime(2027, 1, 1, 12), 46388.5),
    (None, None),
    ("", None),
]


@pytest.mark.parametrize(("value", "stored"), VALUES, ids=[repr(value) for value, _ in VALUES])
def test_a_value_written_by_name_is_read_back(any_plan, value, stored):
    book = SavedBook(any_plan, "plan.xlsx")
    book.set_cells("account.name", [[value]])
    assert book.values("account.name") == [[stored]]
    assert SavedBook(book.to_bytes(), "plan.xlsx").values("account.name") == [[stored]]


def test_another_reader_finds_the_same_text():
    book = SavedBook(fresh(), "plan.xlsx")
    book.set_cells("account.name", [[" Zwanerloo & <b>\nB.V."]])
    found = openpyxl.load_workbook(io.BytesIO(book.to_bytes()))["H1 Account"]
    assert found[str(book.area("account.name").range)].value == " Zwanerloo & <b>\nB.V."


def test_a_text_that_looks_like_an_escape_of_excels_is_escaped():
    book = SavedBook(fresh(), "plan.xlsx")
    book.set_cells("account.name", [["_x0041_"]])
    assert read_cells(book.to_bytes()).one("account.name") == "_x005F_x0041_"  # as it is written


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_gives_its_values_whoever_saved_it(name):
    book = SavedBook(PLANS[name](), "plan.xlsx")
    assert book.values("plan.plan_year" if "plan.plan_year" in book.names() else "plan.year") == [[2027]]
    assert book.values("account.name") == [["Machinefabriek Zwanerloo B.V."]]
    assert [row[0] for row in book.values("team.members.employee")][:1] != [None]


@pytest.mark.parametrize("name", PLANS)
def test_names_and_tables_are_found_whoever_saved_it(name):
    book, mine = SavedBook(PLANS[name](), "plan.xlsx"), SavedBook(fresh(), "plan.xlsx")
    assert book.tables.keys() == mine.tables.keys()
    assert {key: book.area(key) for key in mine.names()} == {key: mine.area(key) for key in mine.names()}
    assert list(book.sheets)[: len(mine.sheets)] == list(mine.sheets)


def test_a_cell_keeps_its_style_and_its_neighbours_stay_as_they_are_written(plan):
    book = SavedBook(plan, "plan.xlsx")
    at = str(book.area("account.name").range)
    part = book.sheets["H1 Account"]
    before = members(plan)[part].decode()
    book.set_cells("account.name", [["Nieuw"]])
    after = members(book.to_bytes())[part].decode()
    old = re.search(rf'<c r="{at}"( s="\d+")?[^>]*>.*?</c>', before)
    assert old
    new = f'<c r="{at}"{old[1]} t="inlineStr"><is><t xml:space="preserve">Nieuw</t></is></c>'
    assert after == before.replace(old[0], new)


def test_an_emptied_cell_keeps_its_style(plan):
    book = SavedBook(plan, "plan.xlsx")
    at = str(book.area("account.name").range)
    book.set_cells("account.name", [[None]])
    part = members(book.to_bytes())[book.sheets["H1 Account"]].decode()
    assert re.search(rf'<c r="{at}" s="\d+"/>', part)


def test_shared_texts_and_all_other_parts_stay_as_they_are(plan):
    book = SavedBook(plan, "plan.xlsx")
    book.set_cells("account.name", [["Nieuw"]])
    before, after = members(plan), members(book.to_bytes())
    assert {name for name in before if before[name] != after[name]} == {
        book.sheets["H1 Account"],
        "xl/workbook.xml",  # Excel has to compute
    }
    assert after["xl/workbook.xml"] == before["xl/workbook.xml"].replace(
        b'<calcPr calcId="124519"/>', b'<calcPr calcId="124519" fullCalcOnLoad="1"/>'
    )


def test_a_cell_that_is_not_written_yet_looks_as_its_row_or_column(plan):
    part = sheet_part(plan, SALES_SHEET)
    rows = '<row r="700" s="7" customFormat="1"/><row r="701"><c r="A701"><v>1</v></c></row>'
    mine = with_parts(plan, {part: replaced(members(plan)[part], "</sheetData>", f"{rows}</sheetData>")})
    book = SavedBook(mine, "plan.xlsx")
    for cell in ("C700", "C701", "ZZ701", "B702"):
        book.set_cells(book.at(SALES_SHEET, cell), [[5]])
    after = members(book.to_bytes())[part].decode()
    assert '<row r="700" s="7" customFormat="1"><c r="C700" s="7"><v>5</v></c></row>' in after
    column = re.search(r'<col min="3" max="3"[^>]* style="(\d+)"', after)
    assert column
    assert f'<c r="C701" s="{column[1]}"><v>5</v></c><c r="ZZ701"><v>5</v></c></row>' in after
    assert re.search(r'<row r="702"><c r="B702" s="\d+"><v>5</v></c></row>', after)
    assert re.search(r'<dimension ref="A1:ZZ702"/>', after)


def test_spans_that_no_longer_hold_are_left_out(plan):
    part = sheet_part(plan, SALES_SHEET)
    book = SavedBook(plan, "plan.xlsx")
    book.set_cells(book.at(SALES_SHEET, "T8"), [[1]])
    after = members(book.to_bytes())[part].decode()
    assert '<row r="8">' in after
    assert re.search(r'<row r="9" spans="2:14"', after)


def test_an_area_of_more_cells_takes_values_row_by_row(plan):
    book = SavedBook(plan, "plan.xlsx")
    area = book.at(USER_SHEET, "B10:C11")
    book.set_cells(area, [[1, "a"], [None, True]])
    assert SavedBook(book.to_bytes(), "x").values(area) == [[1, "a"], [None, True]]
    with pytest.raises(ValueError, match="another size"):
        book.set_cells(area, [[1, 2]])


def test_days_are_counted_from_1904_in_a_book_that_does(plan):
    text = members(plan)["xl/workbook.xml"].replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
    book = SavedBook(with_parts(plan, {"xl/workbook.xml": text}), "plan.xlsx")
    book.set_cells("account.name", [[dt.date(2027, 1, 1)]])
    assert book.values("account.name") == [[44926]]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_a_fault_of_the_program(book, number):
    with pytest.raises(ValueError, match="no number"):
        book.set_cells("account.name", [[number]])


def test_a_text_that_does_not_fit_a_cell_is_refused(book):
    book.set_cells("account.name", [["x" * 32_767]])
    with pytest.raises(InputError) as caught:
        book.set_cells("account.name", [["x" * 32_768]])
    assert "32768" in caught.value.text("nl")


def test_a_name_that_somebody_removed_is_named_with_how_to_restore_it(plan):
    text = re.sub(rb'<definedName name="account.name">[^<]*</definedName>', b"", members(plan)["xl/workbook.xml"])
    book = SavedBook(with_parts(plan, {"xl/workbook.xml": text}), "plan.xlsx")
    with pytest.raises(InputError) as caught:
        book.set_cells("account.name", [["x"]])
    assert caught.value.text("nl") == (
        "plan.xlsx: de naam 'account.name' is verwijderd; zet hem terug met Formules, Namen beheren (een nieuw plan "
        "toont waar hij hoort) of neem een back-up."
    )


@pytest.mark.parametrize("refers", ["#REF!", "'H1 Account'!#REF!", "Weg!$A$1", "'H1 Account'!$A:$A", "12"])
def test_a_name_that_means_no_cells_any_more_is_named(plan, refers):
    text = re.sub(
        rb'(<definedName name="account.name">)[^<]*<',
        rb"\g<1>" + refers.encode() + b"<",
        members(plan)["xl/workbook.xml"],
    )
    book = SavedBook(with_parts(plan, {"xl/workbook.xml": text}), "plan.xlsx")
    with pytest.raises(InputError) as caught:
        book.values("account.name")
    assert caught.value.problems[0].code == "name_lost"
    assert refers in caught.value.text("en")


def test_a_name_of_one_sheet_is_another_name(plan):
    local = '<definedName name="account.name" localSheetId="0">Start!$A$1</definedName></definedNames>'
    text = replaced(members(plan)["xl/workbook.xml"], "</definedNames>", local)
    book = SavedBook(with_parts(plan, {"xl/workbook.xml": text}), "plan.xlsx")
    assert book.area("account.name").sheet == "H1 Account"


def test_a_sheet_that_somebody_renamed_is_followed(plan):
    text = (
        members(plan)["xl/workbook.xml"]
        .replace(b"H1 Account", b"Klant &apos;A&apos;")
        .replace(b"'Klant &apos;A&apos;'!", b"'Klant &apos;&apos;A&apos;&apos;'!")
    )
    book = SavedBook(with_parts(plan, {"xl/workbook.xml": text}), "plan.xlsx")
    assert book.area("account.name").sheet == "Klant 'A'"
    assert book.values("account.name") == [["Machinefabriek Zwanerloo B.V."]]


def test_the_first_cell_of_formulas_that_share_their_text_hands_it_on():
    book = SavedBook(used(), "plan.xlsx")
    book.set_cells(book.at(USER_SHEET, "D2:D3"), [[1], [2]])
    part = members(book.to_bytes())["xl/worksheets/sheet901.xml"].decode()
    assert '<c r="D2"><v>1</v></c>' in part
    assert '<c r="D3"><v>2</v></c>' in part
    assert '<c r="D4"><f t="shared" ref="D4:D6" si="0">H4*2+SUM(tbl_src_sales[Omzet])</f><v>1</v></c>' in part
    assert '<c r="D5"><f t="shared" si="0"/><v>1</v></c>' in part


def test_overwriting_all_formulas_that_share_a_text_leaves_none():
    book = SavedBook(used(), "plan.xlsx")
    book.set_cells(book.at(USER_SHEET, "D2:D6"), [[1], [2], [3], [4], [5]])
    assert b"<f" not in members(book.to_bytes())["xl/worksheets/sheet901.xml"]


def test_a_part_of_an_array_formula_is_refused_naming_the_cell(plan):
    part = "xl/worksheets/sheet901.xml"
    array = '<c r="D2"><f t="array" ref="D2:D4">H2:H4*2</f><v>20</v></c>'
    text = re.sub(rb'<c r="D2">.*?</c>', array.encode(), members(plan)[part], count=1)
    text = re.sub(rb'<c r="(D[3-6])"><f t="shared" si="0"/>', rb'<c r="\1">', text)
    book = SavedBook(with_parts(plan, {part: text}), "plan.xlsx")
    for cell in ("D2", "D4"):
        with pytest.raises(InputError) as caught:
            book.set_cells(book.at(USER_SHEET, cell), [[1]])
        assert caught.value.text("en") == (
            f"plan.xlsx, sheet Mijn blad: cell {cell} is part of an array formula over D2:D4; remove that formula and "
            "try again."
        )
    book.set_cells(book.at(USER_SHEET, "D5"), [[1]])


def test_a_rich_text_with_the_same_words_keeps_its_looks(plan):
    strings = members(plan)["xl/sharedStrings.xml"]
    rich = b'<si><r><t xml:space="preserve">Machinefabriek </t></r><r><rPr><b/></rPr><t>Zwanerloo B.V.</t></r></si>'
    changed = strings.replace(b"<si><t>Machinefabriek Zwanerloo B.V.</t></si>", rich)
    assert changed != strings
    mine = with_parts(plan, {"xl/sharedStrings.xml": changed})
    book = SavedBook(mine, "plan.xlsx")
    book.set_cells("account.name", [["Machinefabriek Zwanerloo B.V."]])
    assert book.to_bytes() == mine
