"""A section added by a power user, in TOML and texts alone, is in the workbook as if it had always been there."""

from __future__ import annotations

import io

import openpyxl
import pytest
from example_account import edit, example_plan, template_copy

from workbook_builder.check_template import check_template
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import render

SECTION = """
[[sections]]
key = "2.4"
[[sections.blocks]]
kind = "form"
id = "budget"
roll_over = "reset"
fields = [
  { id = "training_days", type = "integer", min = 0, max = 40 },
  { id = "training_rate", type = "euro", min = 0 },
  { id = "training_cost", type = "euro", formula = '${training_days}*${training_rate}' },
  { id = "trainer", type = "choice", list = "trainer" },
]
[[sections.blocks]]
kind = "note"
id = "training_note"
"""
TEXTS = {
    "nl": {
        "section": ["Opleiding", "Wat het team dit jaar leert."],
        "days": ["Opleidingsdagen {xx}", "Hele dagen van het hele team."],
        "cost": "Opleidingskosten",
        "note": "Alleen dagen die in {xx} vallen.",
        "inside": "Eigen trainer",
    },
    "en": {
        "section": ["Training", "What the team learns this year."],
        "days": ["Training days {xx}", "Whole days of the whole team."],
        "cost": "Cost of training",
        "note": "Only days that fall in {xx}.",
        "inside": "Own trainer",
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = template_copy(tmp_path_factory.mktemp("section"))
    chapter = folder / "chapters" / "2_team.toml"
    chapter.write_text(chapter.read_text("utf-8") + SECTION, "utf-8")
    lists = folder / "lists.toml"
    lists.write_text(lists.read_text("utf-8") + '\ntrainer = { items = ["inside", "outside"] }\n', "utf-8")
    for language, texts in TEXTS.items():
        path = folder / "texts" / f"{language}.toml"
        edit(path, '"2.3" = ', f'"2.4" = {texts["section"]}\n"2.3" = '.replace("'", '"'))
        days = str(texts["days"]).replace("'", '"')
        edit(path, "[team]\n", f'[team]\ntraining_days = {days}\ntraining_rate = "Tarief"\ntrainer = "Trainer"\n'
             f'training_cost = "{texts["cost"]}"\ntraining_note = "{texts["note"]}"\n')  # fmt: skip
        edit(path, "[list_titles]\n", '[list_titles]\ntrainer = "Trainer"\n')
        path.write_text(
            path.read_text("utf-8") + f'\n[lists.trainer]\ninside = "{texts["inside"]}"\noutside = "Bureau"\n', "utf-8"
        )
    return folder


@pytest.fixture(scope="module", params=["nl", "en"])
def made(request, folder):
    """The language and the workbook with the new section, for a plan with 6 days at 812.50."""
    plan = example_plan(request.param)
    fields = {**plan.fields, "team.training_days": 6, "team.training_rate": 812.5, "team.trainer": "inside"}
    filled = type(plan)(**{**vars(plan), "fields": fields})
    book = render(load_template(folder), filled)
    return (
        request.param,
        openpyxl.load_workbook(io.BytesIO(book)),
        openpyxl.load_workbook(io.BytesIO(book), data_only=True),
    )


def cell(book, name):
    """The one cell of a defined name."""
    ((sheet, place),) = book.defined_names[name].destinations
    return book[sheet][place.replace("$", "")]


def texts_on(sheet):
    return [value for row in sheet.iter_rows(values_only=True) for value in row if isinstance(value, str)]


def test_the_changed_template_passes_its_check(folder):
    assert [section.key for section in check_template(folder).chapter("team").sections] == ["2.1", "2.2", "2.3", "2.4"]


def test_its_heading_hint_labels_and_note_stand_on_the_sheet(made):
    language, book, _ = made
    sheet = cell(book, "team.training_days").parent
    found = texts_on(sheet)
    texts = TEXTS[language]
    assert sheet.title == {"nl": "H2 Accountteam", "en": "C2 Team"}[language]
    assert f"2.4  {texts['section'][0]}" in found
    assert texts["section"][1] in found
    assert str(texts["days"][0]).replace("{xx}", "2027") in found
    assert texts["cost"] in found
    assert str(texts["note"]).replace("{xx}", "2027") in found


def test_its_field_holds_the_value_of_the_plan(made):
    language, book, _ = made
    assert cell(book, "team.training_days").value == 6
    assert cell(book, "team.training_days").protection.locked is False
    assert cell(book, "team.trainer").value == TEXTS[language]["inside"]


def test_its_formula_is_compiled_locked_and_computed(made):
    _, book, values = made
    cost = cell(book, "team.training_cost")
    row = cost.row
    assert cost.value == f"=D{row - 2}*D{row - 1}"
    assert cost.protection.locked is True
    assert cell(values, "team.training_cost").value == 4875  # 6 days x 812.50


def test_its_input_is_validated_with_its_guidance(made):
    language, book, _ = made
    days = cell(book, "team.training_days")
    (rule,) = [rule for rule in days.parent.data_validations.dataValidation if days.coordinate in rule.sqref]
    assert (rule.type, rule.operator, rule.formula1, rule.formula2) == ("whole", None, "0", "40")
    assert rule.promptTitle == str(TEXTS[language]["days"][0]).replace("{xx}", "2027")
    assert rule.prompt == TEXTS[language]["days"][1]
    sentence = {
        "nl": "Vul een geheel getal in van 0 tot en met 40.",
        "en": "Enter a whole number from 0 to 40.",
    }
    assert rule.error == sentence[language]


def test_its_list_of_choices_stands_with_the_others(made):
    language, book, _ = made
    trainer = cell(book, "team.trainer")
    (rule,) = [rule for rule in trainer.parent.data_validations.dataValidation if trainer.coordinate in rule.sqref]
    assert (rule.type, rule.formula1) == ("list", "lists.trainer")
    ((sheet, place),) = book.defined_names["lists.trainer"].destinations
    assert [row[0].value for row in book[sheet][place.replace("$", "")]] == [TEXTS[language]["inside"], "Bureau"]


def test_the_first_sheet_links_to_it(made):
    language, book, _ = made
    start = book.worksheets[0]
    (label,) = [c for row in start.iter_rows() for c in row if c.value == TEXTS[language]["section"][0]]
    sheet = cell(book, "team.training_days").parent
    (band,) = [c for row in sheet.iter_rows() for c in row if isinstance(c.value, str) and c.value.startswith("2.4  ")]
    assert label.hyperlink.location == f"'{sheet.title}'!B{band.row}"
