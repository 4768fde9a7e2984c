from __future__ import annotations

import pytest
from example_account import example_parts

CHAPTERS = {
    "1": "Account omschrijving",
    "2": "Accountteam",
    "3": "Accountanalyse",
    "4": "Doelstellingen voor account",
    "5": "Account Strategie",
    "6": "Budgettering",
    "7": "Actieplan",
    "8": "Sterk verkort accountplan",
}
SECTIONS = {  # with plan year 2027: xx = 2027, yy = 2029, vv = 2026, zz = 2025, qq = 2024, uu = 2023
    "1.1": "Algemene gegevens account",
    "1.2": "Organigram bedrijf",
    "1.3": "Organigram DMU",
    "1.4": "Bedrijfsonderdelen",
    "1.5": "Missie klant",
    "1.6": "Strategie klant",
    "1.7": "Doelstellingen klant",
    "1.8": "Activiteiten klant",
    "1.9": "Contactmatrix",
    "1.10": "Contacten",
    "2.1": "Leden accountteam",
    "2.2": "Afspraken accountteam vergadering",
    "2.3": "Andere afspraken rondom accountteam",
    "3.1": "2026 / Huidige diensten en producten welke wij leveren aan klant in euro x 1000",
    "3.2": "2025 / Diensten en producten welke wij leveren aan klant in euro x 1000",
    "3.3": "2024 / Diensten en producten welke wij leveren aan klant in euro x 1000",
    "3.4": "Omzet, kosten en marge 2023-2026",
    "3.5": "Offerte resultaat",
    "3.6": "Specifieke wensen klant tav onze dienstverlening",
    "3.7": "Concurrentie situatie",
    "3.8": "Inkoopstrategie van het account",
    "3.9": "Inkoopproces bij klant",
    "3.10": "SWOT analyse",
    "3.11": "Conclusie",
    "4.1": "Waarde voor en van het account",
    "4.2": "Kwantitatieve doelstellingen 2027",
    "4.3": "Kwalitatieve doelstellingen 2027",
    "4.4": "Kwantitatieve doelstellingen 2027-2029",
    "4.5": "Kwalitatieve doelstellingen 2027-2029",
    "5.1": "Accountstrategie",
    "5.2": "Product diensten mix",
    "5.3": "Prijsmix",
    "5.4": "Promotiemix",
    "5.5": "Relatiemix",
    "6.1": "Financiën",
    "6.2": "Medewerkers",
    "6.3": "Middelen",
    "6.4": "Accountwinst",
    "8.1": "Naam klant",
    "8.2": "DMU",
    "8.3": "Doelstelling 2027",
    "8.4": "Kritisch",
    "8.5": "Concurrentie",
    "8.6": "Te ondernemen acties",
    "8.7": "Tijdspad acties",
}


def test_the_index_counts_45_sections():
    assert len(SECTIONS) == 45


@pytest.fixture(scope="module")
def sheets():
    """{chapter number: the texts of its second column, from top to bottom} of the Dutch example workbook."""
    from example_account import example_plan, openpyxl_book

    from workbook_builder.template.loader import load_template
    from workbook_builder.workbook.renderer import build

    book = openpyxl_book(build(load_template(), example_plan("nl")))
    return {
        sheet["B1"].value.split()[0]: [row[0].value for row in sheet.iter_rows(min_col=2, max_col=2) if row[0].value]
        for sheet in book.worksheets
        if sheet.title.startswith("H") and sheet.title[1].isdigit()
    }


def test_every_chapter_has_its_sheet_with_number_and_title(sheets):
    assert {number: texts[0] for number, texts in sheets.items()} == {
        number: f"{number}  {title}" for number, title in CHAPTERS.items()
    }


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_sections_of_a_chapter_stand_in_order_under_their_number_and_title(sheets, chapter):
    expected = [f"{key}  {title}" for key, title in SECTIONS.items() if key.split(".")[0] == chapter]
    if chapter == "7":
        expected = ["7  Actieplan"]  # the chapter is one section; its title stands on the sheet and on the band
    found = [text for text in sheets[chapter][1:] if isinstance(text, str) and text in expected]
    assert found == expected


def test_no_chapter_has_a_section_that_the_index_does_not_know(template):
    keys = {section.key for chapter in template.chapters if chapter.number for section in chapter.sections}
    assert keys == {*SECTIONS, "7"}


def test_the_first_sheet_links_to_every_section(template):
    parts = example_parts("nl")
    links = parts["xl/worksheets/sheet1.xml"].count("<hyperlink ")
    others = sum(1 for chapter in template.chapters if chapter.tab != "start")
    assert links == others + len(SECTIONS) + 1  # every other sheet, every section, and chapter 7's own
