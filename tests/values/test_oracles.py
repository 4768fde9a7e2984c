"""Every formula cell of many plans: the stored value equals what two other engines compute."""

from __future__ import annotations

import datetime as dt
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from compare import differences, error_cells
from filled_plan import with_every_input
from ironcalc_oracle import evaluated
from made_exports import made_portfolio, many_groups, plan_of
from office import stored_and_recalculated
from workbook_cells import MAIN, Cells

from workbook_builder.plan import Plan
from workbook_builder.sources.config import load_config
from workbook_builder.sources.figures import load_portfolio
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import render

EXAMPLE = Path(__file__).parents[2] / "examples" / "groothandel" / "accountplan.toml"
MAIN_ACCOUNT, WITHOUT_COST, LOSING, NO_HISTORY = "10021", "10077", "10092", "10189"
LEAST_FORMULAS = 2500  # a plan holds some 2,800; far fewer would mean that we compare nothing

EXAMPLE_PLANS = {
    f"{what} {language}": (account, language)
    for what, account in (
        ("main account", MAIN_ACCOUNT),
        ("without cost", WITHOUT_COST),
        ("negative margin", LOSING),
        ("no history", NO_HISTORY),
    )
    for language in ("nl", "en")
}
CLOSED, RUNNING = dt.date(2027, 1, 31), dt.date(2026, 10, 31)  # last date of the export; the plan year is 2027
MADE_PLANS = {
    "more than 15 groups, closed year": ("nl", 1, CLOSED),
    "more than 15 groups, closed year, in thousands": ("en", 1000, CLOSED),
    "more than 15 groups, running year, in thousands": ("nl", 1000, RUNNING),
    "more than 15 groups, running year, in millions": ("en", 1_000_000, RUNNING),
}
FILLED_PLANS = {"every input filled nl": "nl", "every input filled en": "en"}
NAMES = [*EXAMPLE_PLANS, *MADE_PLANS, *FILLED_PLANS]


@dataclass(frozen=True)
class Judged:
    """A built workbook, its cells as stored, and its cells after recalculation by LibreOffice."""

    book: bytes
    stored: Cells
    office: Cells


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Plan]:
    example = load_portfolio(load_config(EXAMPLE))
    made = made_portfolio(tmp_path_factory.mktemp("made"), sales=many_groups())
    plans = {name: plan_of(example, account, language=language) for name, (account, language) in EXAMPLE_PLANS.items()}
    for name, (language, unit, last_date) in MADE_PLANS.items():
        plans[name] = plan_of(made, language=language, unit=unit, last_date=last_date)
    for name, language in FILLED_PLANS.items():
        plan = plan_of(example, MAIN_ACCOUNT, language=language)
        plans[name] = with_every_input(load_template(), plan)
    return plans


@pytest.fixture(scope="module")
def judged(plans: dict[str, Plan]) -> dict[str, Judged]:
    books = {name: render(load_template(), plan) for name, plan in plans.items()}
    return {name: Judged(books[name], *cells) for name, cells in stored_and_recalculated(books).items()}


@pytest.mark.office
@pytest.mark.parametrize("name", NAMES)
def test_every_formula_stores_the_value_that_libreoffice_computes(judged, name):
    plan = judged[name]
    assert len(plan.stored.formulas()) > LEAST_FORMULAS
    assert [str(each) for each in differences(plan.stored, plan.office.value)] == []


@pytest.mark.office
@pytest.mark.parametrize("name", NAMES)
def test_every_formula_stores_the_value_that_ironcalc_computes(judged, name):
    plan = judged[name]
    assert [str(each) for each in differences(plan.stored, evaluated(plan.book))] == []


@pytest.mark.office
@pytest.mark.parametrize("name", NAMES)
def test_no_cell_holds_an_error(judged, name):
    plan = judged[name]
    assert error_cells(plan.stored) == []
    assert error_cells(plan.office) == []


@pytest.mark.office
@pytest.mark.parametrize("name", NAMES)
def test_every_formula_has_a_stored_value(judged, name):
    stored = judged[name].stored
    assert [f"{sheet}!{at}" for sheet, at, cell in stored.formulas() if cell.value is None] == []


@pytest.mark.office
@pytest.mark.parametrize("name", NAMES)
def test_excel_is_told_to_recalculate_everything_when_it_opens_the_plan(judged, name):
    with zipfile.ZipFile(BytesIO(judged[name].book)) as archive:
        workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    assert workbook.find(f"{MAIN}calcPr").get("fullCalcOnLoad") == "1"


@pytest.mark.parametrize("name", ["main account nl", "more than 15 groups, running year, in millions"])
def test_the_same_plan_gives_the_same_bytes(plans, name):
    assert render(load_template(), plans[name]) == render(load_template(), plans[name])


@pytest.mark.office
@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(" nl")])
def test_both_languages_store_the_same_numbers_in_the_same_cells(judged, name):
    dutch, english = (
        [
            {at: cell.value for at, cell in cells.items() if isinstance(cell.value, float)}
            for cells in judged[each].stored.sheets.values()
        ]
        for each in (name, name.removesuffix("nl") + "en")
    )
    assert dutch == english
