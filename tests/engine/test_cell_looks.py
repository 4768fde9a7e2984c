from __future__ import annotations

import re

import pytest
from example_account import example_parts, example_plan, openpyxl_book

from workbook_builder.template.fields import FormField
from workbook_builder.template.left_out import without
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import build
from workbook_builder.workbook.styles import cell_properties, number_format


@pytest.mark.parametrize(
    ("declared", "unit", "expected"),
    [
        ({"type": "money"}, 1, '#,##0;-#,##0;"–";@'),
        ({"type": "money"}, 1000, '#,##0.0;-#,##0.0;"–";@'),
        ({"type": "money"}, 1_000_000, '#,##0.000;-#,##0.000;"–";@'),
        ({"type": "euro"}, 1000, '#,##0.00;-#,##0.00;"–";@'),
        ({"type": "number"}, 1000, '#,##0.0;-#,##0.0;"–";@'),
        ({"type": "number", "decimals": 0}, 1000, '#,##0;-#,##0;"–";@'),
        ({"type": "integer"}, 1000, '#,##0;-#,##0;"–";@'),
        # a figure that is computed and rounds to zero is a dash, never -0.0
        ({"type": "money", "formula": "1"}, 1000, '[>=0.05]#,##0.0;[<=-0.05]-#,##0.0;"–";@'),
        ({"type": "money", "formula": "1"}, 1, '[>=0.5]#,##0;[<=-0.5]-#,##0;"–";@'),
        ({"type": "percent", "formula": "1"}, 1000, '[>=0.0005]0.0%;[<=-0.0005]-0.0%;"–";@'),
        ({"type": "percent", "decimals": 0, "role": "sourced"}, 1000, '[>=0.005]0%;[<=-0.005]-0%;"–";@'),
        ({"type": "integer", "unit": "year"}, 1000, "0"),
        ({"type": "percent"}, 1000, '0.0%;-0.0%;"–";@'),
        ({"type": "percent", "decimals": 0}, 1000, '0%;-0%;"–";@'),
        ({"type": "date"}, 1000, "dd-mm-yyyy"),
        ({"type": "text"}, 1000, None),
    ],
)
def test_a_number_shows_by_its_type_and_the_unit_of_the_plan(declared, unit, expected):
    assert number_format(FormField(id="x", **declared), unit) == expected


def test_each_role_has_its_own_look():
    typed = cell_properties(FormField(id="x"), 1000)
    computed = cell_properties(FormField(id="x", formula="1"), 1000)
    sourced = cell_properties(FormField(id="x", role="sourced"), 1000)
    assert typed["locked"] is False
    assert "locked" not in computed
    assert "locked" not in sourced
    assert len({look.get("bg_color") for look in (typed, computed, sourced)}) == 3


def test_figures_and_dates_stand_right_and_words_stand_left():
    sides = {kind: cell_properties(FormField(id="x", type=kind), 1)["align"] for kind in
             ("money", "euro", "number", "integer", "percent", "text", "date")}  # fmt: skip
    assert sides == {
        "money": "right",
        "euro": "right",
        "number": "right",
        "integer": "right",
        "percent": "right",
        "text": "left",
        "date": "right",
    }


@pytest.fixture(scope="module", params=["nl", "en"])
def book(request):
    return request.param, openpyxl_book(build(load_template(), example_plan(request.param)))


def rule_of(book, name):
    """The validation of the first cell of a defined name."""
    ((sheet, place),) = book.defined_names[name].destinations
    cell = place.replace("$", "").split(":")[0]
    (rule,) = [rule for rule in book[sheet].data_validations.dataValidation if cell in rule.sqref]
    return rule


REFUSALS = {
    "plan.status": ("list", "lists.plan_status", None, "Kies een waarde uit de lijst.",
                    "Choose a value from the list."),
    "plan.version": ("textLength", "20", None, "Deze tekst is te lang: gebruik hoogstens 20 tekens.",
                     "This text is too long: use no more than 20 characters."),
    "plan.signed_on": ("date", "DATE(1990,1,1)", "DATE(2100,12,31)",
                       "Vul een datum in van 1-1-1990 tot en met 31-12-2100.",
                       "Enter a date from 1-1-1990 to 31-12-2100."),
    "actions.list.deadline": ("date", None, None, "Vul een datum in. Niet vóór de startdatum.",
                              "Enter a date. Not before the start date."),
    "plan.closed_month": ("whole", "0", "12", "Vul een geheel getal in van 0 tot en met 12.",
                          "Enter a whole number from 0 to 12."),
    "account.customer_revenue": ("decimal", "0.0", "1000000000000.0", "Vul een getal in van 0 of hoger.",
                                 "Enter a number of 0 or higher."),
    "analysis.sales_vv.own_forecast": ("decimal", "-1000000000000.0", "1000000000000.0",
                                       "Vul een getal in.", "Enter a number."),
    "settings.discount_pct": ("decimal", "0.0", "1.0", "Vul een getal in van 0% tot en met 100%.",
                              "Enter a number from 0% to 100%."),
    "account.coc_no": ("custom", None, None,
                       "Deze waarde past hier niet. Acht cijfers, zonder punten of spaties. Begint het met een 0, typ "
                       "er dan een ' voor.",
                       "This value does not fit here. Eight digits, without points or spaces. If it begins with 0, "
                       "type a ' before it."),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_an_input_refuses_what_does_not_fit_in_the_language_of_the_plan(book, name):
    language, workbook = book
    kind, first, second, dutch, english = REFUSALS[name]
    rule = rule_of(workbook, name)
    assert rule.type == kind
    if first:
        assert (rule.formula1, rule.formula2) == (first, second)
    assert rule.error == (dutch if language == "nl" else english)
    assert rule.errorTitle


def test_every_cell_that_refuses_something_says_beforehand_what_may_be_typed(book):
    _, workbook = book
    rules = [(sheet.title, rule) for sheet in workbook for rule in sheet.data_validations.dataValidation]
    assert len(rules) > 400
    assert [f"{title}!{rule.sqref}" for title, rule in rules if not rule.prompt] == []


def test_a_choice_from_another_table_points_at_its_cells(book):
    _, workbook = book
    rule = rule_of(workbook, "account.dmu.contact")
    ((sheet, place),) = workbook.defined_names["account.contacts.name"].destinations
    assert rule.type == "list"
    assert rule.formula1.replace("'", "") in (f"{sheet}!{place}", place)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_message_fits_in_what_excel_shows(language):
    for name, text in example_parts(language).items():
        if "/worksheets/" not in name:
            continue
        for rule in re.findall(r"<dataValidation [^>]*>", text):
            for key, longest in (("promptTitle", 32), ("prompt", 255), ("errorTitle", 32), ("error", 255)):
                found = re.search(rf' {key}="([^"]*)"', rule)
                assert found is None or 1 <= len(found[1]) <= longest + 20 * found[1].count("&"), rule


@pytest.mark.parametrize("language", ["nl", "en"])
def test_guidance_is_never_cut_off(template, language):
    """Excel shows 255 characters; the years that are filled in are four characters like '{xx}' or '{vv}'."""
    shown = {
        key
        for chapter in template.chapters
        for _, block in chapter.blocks()
        for key in (
            [f"{chapter.id}.{one.id}" for one in getattr(block, "fields", ())]
            + [f"{chapter.id}.{block.id}.{one.id}" for one in getattr(block, "columns", ()) if one.role == "input"]
        )
    }
    assert {key for key in shown if len(template.help(language, key)) > 255} == set()


def test_inputs_are_open_and_everything_else_is_locked(template, book):
    _, workbook = book
    for chapter in without(template, ()).chapters:
        for _, block in chapter.blocks():
            fields = [(f"{chapter.id}.{one.id}", one) for one in getattr(block, "fields", ())]
            if block.kind == "table":
                fields += [(f"{chapter.id}.{block.id}.{one.id}", one) for one in block.columns]
            for name, one in fields:
                ((sheet, place),) = workbook.defined_names[name].destinations
                cell = workbook[sheet][place.replace("$", "").split(":")[0]]
                is_open = one.role == "input" and getattr(one, "key", None) is None
                assert cell.protection.locked is not is_open, name


def test_every_sheet_is_protected_without_a_password(book):
    _, workbook = book
    for sheet in workbook.worksheets:
        assert sheet.protection.sheet is True, sheet.title
        assert sheet.protection.password is None
