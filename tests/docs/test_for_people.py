"""The page for who sells and the checklist for real Excel name what the program has, in its own words."""

from __future__ import annotations

import argparse
import re
import struct
from pathlib import Path

import pytest

from addin import macros
from addin.run import BUTTONS
from workbook_builder.cli import parser
from workbook_builder.errors import catalogue, say
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.layout import lay_out, sheet_name

DOCS = Path(__file__).resolve().parents[2] / "docs"
SALES = (DOCS / "voor-verkoop.md").read_text("utf-8")
CHECKLIST = (DOCS / "checklist-excel.md").read_text("utf-8")
YEAR = (DOCS / "jaarcyclus.md").read_text("utf-8")
TEMPLATE = load_template()
LARGEST_PICTURE = 150_000  # bytes


def words_of(command: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """{words of a command: its parser}."""
    found = {command.prog: command}
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                found |= words_of(below)
    return found


COMMANDS = words_of(parser("nl"))


def commands_on(page: str) -> list[str]:
    """Every command that a page gives, as it is written there."""
    inline = re.findall(r"`(accountplan [^`\n]+)`", page)
    blocks = re.findall(r"^```\n(.*?)^```", page, re.M | re.S)
    return inline + [line for block in blocks for line in block.splitlines() if line.startswith("accountplan ")]


@pytest.mark.parametrize("button", BUTTONS)
def test_every_button_stands_on_the_page_with_its_label_and_its_command_without_macros(button):
    label = say(f"ribbon_{button}", "nl")
    assert re.search(rf"^\| {re.escape(label)} \| [^|]+ \| `accountplan addin run {button}`", SALES, re.M)


@pytest.mark.parametrize("button", BUTTONS)
def test_every_button_is_on_the_checklist_with_what_is_expected_with_and_without_macros(button):
    label = say(f"ribbon_{button}", "en")
    assert re.search(rf"^\| 4\.\d+ \| {re.escape(label)} \| [^|]+ \| [^|]{{10,}} \|$", CHECKLIST, re.M)
    assert re.search(rf"^\| 6\.\d+ \| [^|]*`accountplan addin run {button}`[^|]* \| as ", CHECKLIST, re.M)


@pytest.mark.parametrize("page", [SALES, CHECKLIST, YEAR], ids=["sales", "checklist", "year"])
def test_every_command_and_option_on_the_page_exists(page):
    given = commands_on(page)
    assert len(given) >= 7
    for command in given:
        words = command.split()
        known = max((name for name in COMMANDS if command.startswith(name)), key=len)
        assert known != "accountplan" or words[1].startswith("-"), command
        options = {option for action in COMMANDS[known]._actions for option in action.option_strings}
        assert {word for word in words if word.startswith("--")} <= options, command


def test_the_page_says_what_the_button_refresh_does_today():
    closed_only = "refresh_closed_only" in Path(macros.__file__).read_text("utf-8")
    told = "verwijst de knop *Verversen* naar de opdracht hierboven" in SALES
    assert told == closed_only, "docs/voor-verkoop.md, checklist-excel.md (4.1) and for-it.md tell another Refresh"


def test_every_sentence_that_it_quotes_is_one_that_the_program_says():
    rows = SALES.split("## Wat doe je als …")[1].split("## ")[0]
    quoted = [each for row in re.findall(r"^\| (\*[^|]+)", rows, re.M) for each in re.findall(r"\*([^*]+)\*", row)]
    said = [sentence["nl"] for sentence in catalogue().values()]
    assert len(quoted) >= 8
    patterns = [re.compile(re.escape(each).replace("…", ".*")) for each in quoted]
    missing = [each for each, pattern in zip(quoted, patterns, strict=True) if not any(map(pattern.search, said))]
    assert missing == []


def test_the_sheets_and_columns_that_it_names_are_in_the_workbook():
    names = {sheet_name(TEMPLATE, "nl", chapter) for chapter in TEMPLATE.chapters}
    sheets = re.search(r"Bladen: .*?kijken\.", SALES, re.S)
    assert sheets
    mentioned = set(re.findall(r"\*([A-Z]\w+_?)\*", sheets[0]))
    assert {"Targets", "Evaluatie", "Koppeling", "Controles", "Logboek", "Lijsten"} <= mentioned
    assert [name for name in mentioned if not any(known.startswith(name) for known in names)] == []
    assert "**H7 Actieplan**" in SALES
    assert "H7 Actieplan" in names
    for text, key in (("Eigen doel", "goals.revenue.own_target"), ("Gehouden op", "review.quarters.held_on")):
        assert f"*{text}*" in SALES
        assert TEMPLATE.text("nl", key) == text


def test_the_sections_that_can_be_drilled_into_are_those_that_the_sentences_name():
    layout = lay_out(TEMPLATE, "nl")
    keys = {section.section.key for sheet in layout.sheets for section in sheet.sections}
    for code in ("drill_no_number", "drill_is_typed", "drill_not_a_sum"):
        named = set(re.findall(r"\b(\d\.\d+)\b", say(code, "nl", cell="", cells="")))
        assert {"3.1", "3.5", "6.1"} == named <= keys


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)#]+)\)", SALES + CHECKLIST))))
def test_every_page_and_picture_that_they_point_to_is_there(path):
    assert (DOCS / path).is_file()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"\]\(pictures/([^)]+)\)", SALES))))
def test_the_pictures_are_small_and_say_what_they_show(name):
    content = (DOCS / "pictures" / name).read_bytes()
    width, height = struct.unpack(">II", content[16:24])
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert 500 < width <= 1300
    assert 150 < height < 1200
    assert len(content) < LARGEST_PICTURE
    [told] = re.findall(rf"!\[([^\]]+)\]\(pictures/{name}\)", SALES)
    assert len(told) > 20


@pytest.mark.parametrize("page", [SALES, CHECKLIST], ids=["sales", "checklist"])
def test_every_link_within_the_page_has_its_heading(page):
    headings = [
        re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^##+ (.+)$", page, re.M)
    ]
    assert [target for target in re.findall(r"\]\(#([^)]+)\)", page) if target not in headings] == []


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("README.md", "**Nothing here has been run in Microsoft Excel**"),
        ("docs/for-it.md", "**None of this was run in Microsoft Excel, on Windows or on a Mac**"),
        ("docs/checklist-excel.md", "**Nothing of Accountplan was run in Microsoft Excel**"),
    ],
)
def test_it_is_said_plainly_that_excel_never_ran_it(page, sentence):
    assert sentence in (DOCS.parent / page).read_text("utf-8")
