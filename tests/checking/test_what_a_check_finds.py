"""One edit in a plan, and what a check says of it. Edits are made in the file itself, as another program would."""

from __future__ import annotations

import functools
import io
import json
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from edited_book import overwritten
from saved_plans import PLANS, fresh
from user_content import members, replaced, sheet_part, with_parts

from workbook_builder.checking.check import Checked, check_content, check_plans, plans_in
from workbook_builder.checking.report import as_json, overview_text, plan_text, worst_first
from workbook_builder.errors import InputError
from workbook_builder.saved.book import SavedBook
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.layout import lay_out

TEMPLATE = load_template()
AREAS = lay_out(TEMPLATE, "nl").areas
BUDGET = "H6 Budgettering"


def checked(plan: bytes) -> Checked:
    return check_content(plan, Path("plan.xlsx"), TEMPLATE)


def cell(name: str, row: int = 1) -> str:
    area = AREAS[name]
    return f"{chr(ord('A') + area.col)}{area.row + row}"


def told(one: Checked, *levels: str) -> list[tuple[str, str, str]]:
    return [(f.code, f.sheet, f.cell) for f in one.findings if f.level in (levels or ("error", "warning"))]


@functools.cache
def part(sheet: str) -> str:
    return members(fresh())[sheet_part(fresh(), sheet)].decode()


def with_cell(sheet: str, at: str, new: str) -> bytes:
    """The fresh plan with other XML for one cell."""
    edited, count = re.subn(rf'<c r="{at}"[^>]*?(?:/>|>.*?</c>)', lambda _: new, part(sheet), count=1, flags=re.DOTALL)
    assert count == 1
    return with_parts(fresh(), {sheet_part(fresh(), sheet): edited.encode()})


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.office] if name == "libreoffice" else []) for name in PLANS]
)
def test_a_plan_that_nobody_changed_is_good_whoever_saved_it(name):
    one = checked(PLANS[name]())
    assert told(one) == []
    assert one.is_good
    assert (one.account_id, one.year, one.status, one.light) == ("10021", 2027, "Concept", "GROEN")
    assert one.profit == pytest.approx(checked(fresh()).profit, abs=1e-9)


def test_a_value_over_a_formula_is_an_error_with_its_cell_and_field():
    at = cell("budget.account_profit")
    one = checked(overwritten(fresh(), {(BUDGET, at): 999.0}))
    found = [f for f in one.findings if f.code == "check_formula_overwritten"]
    assert [(f.sheet, f.cell, f.id, f.values, f.level) for f in found] == [
        (BUDGET, at, "budget.account_profit", (999,), "error")
    ]
    assert f"cel {at} (L Accountwinst" in found[0].text("nl")
    assert "999" in found[0].text("en")
    assert not one.is_good


def test_a_cleared_formula_is_told_and_so_is_another_formula_in_its_place():
    at = cell("budget.account_profit")
    assert told(checked(with_cell(BUDGET, at, f'<c r="{at}"/>')))[0] == ("check_formula_emptied", BUDGET, at)
    other = with_cell(BUDGET, at, f'<c r="{at}"><f>1+1</f><v>2</v></c>')
    assert told(checked(other))[0] == ("check_formula_changed", BUDGET, at)
    broken = with_cell(BUDGET, at, f'<c r="{at}" t="e"><f>#REF!+1</f><v>#REF!</v></c>')
    assert [code for code, _, _ in told(checked(broken))] == ["check_formula_broken", "check_errors"]


def test_the_same_formula_spelled_otherwise_is_the_same():
    at = cell("plan.light")
    formula = re.search(rf'<c r="{at}"[^>]*><f>([^<]*)</f>', part("Start"))
    assert formula
    spelled = re.sub(r"([,(])", r"\1 ", formula[1]).replace("Lijsten!", "'Lijsten'!").replace("SUMIFS", "sumifs")
    assert spelled != formula[1]
    assert checked(with_cell("Start", at, f'<c r="{at}"><f>{spelled}</f><v>1</v></c>')).is_good


def test_a_formula_that_was_cut_and_pasted_is_found_where_it_went():
    at = cell("budget.account_profit")
    formula = re.search(rf'<c r="{at}"[^>]*><f>.*?</f>.*?</c>', part(BUDGET))
    assert formula
    plan = with_cell(BUDGET, at, f'<c r="{at}"/>')
    place = sheet_part(plan, BUDGET)
    row = '<row r="900">' + formula[0].replace(f'r="{at}"', 'r="X900"') + "</row></sheetData>"
    plan = with_parts(plan, {place: replaced(members(plan)[place], "</sheetData>", row)})
    moved = [f for f in checked(plan).findings if f.code == "check_formula_moved"]
    assert [(f.cell, f.particulars["to"]) for f in moved] == [(at, "X900")]


def test_formulas_that_share_their_text_are_read_as_what_each_of_them_is():
    first, second = cell("account.dmu_view.contact", 1), cell("account.dmu_view.contact", 2)
    sheet = "H1 Account"
    formula = re.search(rf'<c r="{first}"[^>]*><f>(.*?)</f>', part(sheet))
    assert formula
    plan = with_cell(sheet, first, f'<c r="{first}"><f t="shared" ref="{first}:{second}" si="7">{formula[1]}</f></c>')
    place = sheet_part(plan, sheet)
    text = re.sub(
        rf'<c r="{second}"[^>]*>.*?</c>', f'<c r="{second}"><f t="shared" si="7"/></c>', members(plan)[place].decode()
    )
    assert told(checked(with_parts(plan, {place: text.encode()}))) == []


def test_a_validation_that_was_pasted_over_is_told_with_its_cells():
    at = cell("account.dmu.attitude", 2)
    area = AREAS["account.dmu.attitude"]
    old = f"{cell('account.dmu.attitude')}:{cell('account.dmu.attitude', area.rows)}"
    shorter = f"{cell('account.dmu.attitude')} {cell('account.dmu.attitude', 3)}:{old.split(':')[1]}"
    text = part("H1 Account")
    assert text.count(f'sqref="{old}"') == 1
    plan = with_parts(fresh(), {sheet_part(fresh(), "H1 Account"): text.replace(f'"{old}"', f'"{shorter}"').encode()})
    found = checked(plan).findings
    assert [(f.code, f.cell, f.id, f.particulars["count"]) for f in found] == [
        ("check_validation", at, "account.dmu.attitude", 1)
    ]


def test_another_list_is_not_the_validation_of_the_field_and_no_validation_at_all_is_one_sentence():
    text = part("H1 Account")
    assert text.count("<formula1>lists.attitude</formula1>") == 1
    other = text.replace("<formula1>lists.attitude<", "<formula1>lists.yes_no<")
    plan = with_parts(fresh(), {sheet_part(fresh(), "H1 Account"): other.encode()})
    assert told(checked(plan)) == [("check_validation", "H1 Account", cell("account.dmu.attitude"))]
    without = re.sub(r"<dataValidations.*</dataValidations>", "", text, flags=re.DOTALL)
    plan = with_parts(fresh(), {sheet_part(fresh(), "H1 Account"): without.encode()})
    assert told(checked(plan)) == [("check_validations_gone", "H1 Account", "")]


def test_a_list_that_excel_keeps_in_its_extension_counts():
    text = part("H1 Account")
    found = re.search(
        r'<dataValidation type="list"[^>]*sqref="([^"]*)"[^>]*><formula1>lists.attitude</formula1></dataValidation>',
        text,
    )
    assert found
    extension = (
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:dataValidations count="1" '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidation type="list">'
        f"<x14:formula1><xm:f>lists.attitude</xm:f></x14:formula1><xm:sqref>{found[1]}</xm:sqref>"
        "</x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>"
    )
    moved = text.replace(found[0], "").replace("</worksheet>", extension)
    assert told(checked(with_parts(fresh(), {sheet_part(fresh(), "H1 Account"): moved.encode()}))) == []


def rows_of_sales() -> list[str]:
    """The rows of the sheet with the sales that hold an amount, as XML."""
    found = re.findall(r'<row r="\d+"[^>]*>.*?</row>', part("Bron_Omzet"), re.DOTALL)
    return [row for row in found if re.search(r'<c r="F\d+"[^>]*><v>', row)]


def test_a_changed_amount_in_a_source_table_is_an_error_with_what_it_was():
    row = re.search(r'r="(\d+)"', rows_of_sales()[3])
    assert row
    plan = overwritten(fresh(), {("Bron_Omzet", f"F{row[1]}"): 1234567.89})
    found = [f for f in checked(plan).findings if f.code == "check_source_changed"]
    assert [(f.sheet, f.level) for f in found] == [("Bron_Omzet", "error")]
    before, after = (sum_of_sales(one) for one in (fresh(), plan))
    assert (found[0].particulars["amount_then"], found[0].particulars["amount"]) == (before, after)
    assert found[0].particulars["rows"] == found[0].particulars["rows_then"]


def sum_of_sales(plan: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(plan), data_only=True)["Bron_Omzet"]
    rows = book[book.tables["tbl_src_sales"].ref][1:]
    return str(
        sum((Decimal(str(row[4].value)) for row in rows if row[4].value is not None), Decimal(0)).quantize(
            Decimal("0.01")
        )
    )


def test_two_amounts_that_changed_places_are_told_though_they_add_up_to_the_same():
    first, second = rows_of_sales()[3], rows_of_sales()[4]
    values = [re.search(r'<c r="(F\d+)"[^>]*><v>([^<]*)</v>', row) for row in (first, second)]
    assert values[0]
    assert values[1]
    assert values[0][2] != values[1][2]
    swapped = {("Bron_Omzet", values[0][1]): float(values[1][2]), ("Bron_Omzet", values[1][1]): float(values[0][2])}
    codes = [code for code, _, _ in told(checked(overwritten(fresh(), swapped)))]
    assert codes[0] == "check_source_moved"
    assert "check_source_changed" not in codes


def test_a_changed_line_of_the_log_is_told_with_its_number():
    book = SavedBook(fresh(), "plan.xlsx")
    rows = book.table_rows("tbl_log")
    rows[1][8] = 1.0  # an amount of the second line
    book.set_table_rows("tbl_log", rows)
    found = [f for f in checked(book.to_bytes()).findings if f.code.startswith("log_")]
    assert [(f.code, f.sheet, f.particulars["line"], f.level) for f in found] == [
        ("log_line_changed", "Logboek", 2, "error")
    ]


def test_names_that_were_removed_are_told():
    workbook = members(fresh())["xl/workbook.xml"]
    without = re.sub(rb'<definedName name="budget\.account_profit">[^<]*</definedName>', b"", workbook)
    assert without != workbook
    assert told(checked(with_parts(fresh(), {"xl/workbook.xml": without}))) == [
        ("read_name_gone", BUDGET, cell("budget.account_profit"))
    ]


def test_a_check_of_the_plan_that_is_off_is_told_by_its_code():
    codes = [check.id for check in TEMPLATE.block("checks.list").checks]
    at = cell("checks.list.result", 1 + codes.index("Q5"))
    found = [
        f for f in checked(overwritten(fresh(), {("Controles", at): 1.0})).findings if f.code == "check_own_warning"
    ]
    assert [(f.particulars["check"], f.level) for f in found] == [("Q5", "note")]


def test_the_worst_plan_comes_first_and_a_file_that_is_no_plan_stops_nothing(tmp_path):
    good, bad, no_plan = tmp_path / "a.xlsx", tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    good.write_bytes(fresh())
    bad.write_bytes(overwritten(fresh(), {(BUDGET, cell("budget.account_profit")): 1.0}))
    no_plan.write_bytes(b"PK")
    (tmp_path / "~$a.xlsx").write_bytes(b"lock")
    (tmp_path / "notes.txt").write_text("no workbook")
    before = {path: path.read_bytes() for path in (good, bad, no_plan)}
    found = check_plans(plans_in([tmp_path]))
    assert [one.path.name for one in found] == ["a.xlsx", "b.xlsx", "c.xlsx"]
    assert [one.path.name for one in worst_first(found)] == ["c.xlsx", "b.xlsx", "a.xlsx"]
    assert [one.is_good for one in found] == [True, False, False]
    assert {path: path.read_bytes() for path in before} == before
    lines = overview_text(found, "nl").splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["c.xlsx", "b.xlsx", "a.xlsx"]
    assert "358.340" in lines[4]
    assert "358,340" in overview_text(found, "en")
    document = json.loads(as_json(found, "en"))
    assert [one["good"] for one in document] == [True, False, False]
    assert document[1]["findings"][0]["code"] == "check_formula_overwritten"
    assert "cannot" in plan_text(found[2], "en") or "damaged" in plan_text(found[2], "en")


def test_a_folder_without_a_workbook_is_refused(tmp_path):
    with pytest.raises(InputError) as refusal:
        plans_in([tmp_path])
    assert refusal.value.problems[0].code == "plans_none"


def test_a_file_cut_off_anywhere_is_one_sentence(tmp_path):
    plan = fresh()
    for part_of in (0, 1, 30, len(plan) // 2, len(plan) - 1):
        path = tmp_path / "cut.xlsx"
        path.write_bytes(plan[:part_of])
        (one,) = check_plans([path])
        assert len(one.problems) == 1
        assert "\n" not in one.problems[0].text("nl")
    (one,) = check_plans([tmp_path / "absent.xlsx"])
    assert one.problems[0].code == "plan_absent"


def test_a_workbook_with_a_hidden_sheet_that_is_not_ours_is_no_plan():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members(fresh()).items():
            archive.writestr(name, content.replace(b">template<", b">something<"))
    with pytest.raises(InputError) as refusal:
        checked(buffer.getvalue())
    assert refusal.value.problems[0].code == "plan_not_ours"
