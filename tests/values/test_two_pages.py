"""Chapter 8 is promised on two A4 pages, full or empty: its rows cannot grow, and LibreOffice prints it so."""

from __future__ import annotations

import dataclasses
import re

import pytest
from example_account import example_plan, xml_parts
from filled_plan import with_every_input
from office import printed_pages
from workbook_cells import read_cells

from workbook_builder.plan import Plan
from workbook_builder.template.loader import load_template
from workbook_builder.template.profiles import sections_off
from workbook_builder.workbook.renderer import render

TEMPLATE = load_template()
PAGE = 842 - 0.5 * 72 - 0.6 * 72  # points: A4 is 842 high, less the margins above and below
SHORT = sections_off(TEMPLATE, "kern")
SHEET = {"nl": "H8 Kort", "en": "C8 Summary"}
CASES = {
    "empty": lambda: example_plan("nl", "10189"),
    "fresh": lambda: example_plan("en"),
    "full": lambda: with_every_input(TEMPLATE, example_plan("nl")),
    "short and empty": lambda: dataclasses.replace(example_plan("nl", "10189"), off=SHORT),
    "short and full": lambda: dataclasses.replace(with_every_input(TEMPLATE, example_plan("nl")), off=SHORT),
}
SIX_PARTS = {
    1: ("Wat doet de organisatie?", "Medewerkers (FTE)", "Cultuur", "Contact"),
    2: ("Marktpositie",),
    3: ("Doel van de klant", "Onze doelen"),
    4: ("SWOT-punt",),
    5: ("Omzet", "Omzetdoel per productgroep", "Omzetdoel", "Wie van ons", "Bezoeken", "Kwalitatief doel"),
    6: ("Evaluatie", "Deals", "Training"),
}


@pytest.fixture(scope="module", params=CASES)
def made(request: pytest.FixtureRequest) -> tuple[Plan, bytes]:
    plan = CASES[request.param]()
    return plan, render(TEMPLATE, plan)


@pytest.fixture
def sheet(made) -> str:
    plan, book = made
    parts = xml_parts(book)
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"])
    return parts[f"xl/worksheets/sheet{names.index(SHEET[plan.language]) + 1}.xml"]


def test_every_row_has_a_fixed_height(sheet):
    rows = re.findall(r"<row [^>]*>", sheet)
    assert len(rows) > 50
    assert [row for row in rows if 'customHeight="1"' not in row] == []


def test_the_rows_of_both_pages_fit_at_a_scale_of_at_least_85_per_cent(sheet):
    scale = int(re.search(r'<pageSetup [^>]*scale="(\d+)"', sheet)[1])
    assert scale >= 85
    assert 'orientation="portrait"' in sheet
    [cut] = [int(row) for row in re.findall(r'<brk id="(\d+)"', sheet)]
    heights = {int(row): float(points) for row, points in re.findall(r'<row r="(\d+)"[^>]*? ht="([\d.]+)"', sheet)}
    pages = [sum(points for row, points in heights.items() if (row > cut) == below) for below in (False, True)]
    assert max(pages) * scale / 100 <= PAGE


def test_the_six_parts_of_a_short_plan_are_found_on_them(made):
    plan, book = made
    if plan.off:
        texts = {str(cell.value) for cell in read_cells(book).sheets[SHEET[plan.language]].values()}
        assert [(part, label) for part, labels in SIX_PARTS.items() for label in labels if label not in texts] == []
        if plan.fields.get("account.culture"):
            position = TEMPLATE.label("nl", "market_position", str(plan.fields["account.market_position"]))
            goal = str(plan.tables["account.customer_goals"][0]["goal"])
            assert {position, goal[:20]} <= {text[:20] for text in texts}  # the setting for long texts is at its least


@pytest.mark.office
def test_libreoffice_prints_it_on_exactly_two_pages(made):
    plan, book = made
    feet = [page.strip().splitlines()[-1] for page in printed_pages(book, SHEET[plan.language])]
    assert [SHEET[plan.language] in foot for foot in feet] == [True, True]
