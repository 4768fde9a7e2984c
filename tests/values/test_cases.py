"""Cases written down as data (tests/cases/*.toml): what goes in, and what the cells must then hold.

A case gives lines of exports (`sales`, `costs`, `quotations`, `team`: rows of the columns in made_exports), what a
user types (`fields` by id, `tables` by id and row number), and what is expected by id. The whole program runs:
export, figures, plan, workbook; then LibreOffice computes every formula again.
"""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import pytest
from by_id import value
from compare import differences, error_cells, same
from made_exports import made_portfolio, plan_of
from office import stored_and_recalculated

from workbook_builder.plan import Plan
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import render

FOLDER = Path(__file__).parents[1] / "cases"
SOURCES = ("costs", "quotations", "team", "contacts", "activities")
KEYS = {"name", "year", "unit", "language", "last_date", "sales", *SOURCES, "without", "fields", "tables", "expect"}
NOTHING_SOLD = [["2026-12-31", "A", 0, "0.00", "0.00"]]


def cases() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            assert case.keys() <= KEYS, f"{path.name}: unknown keys {case.keys() - KEYS}"
            assert case["name"] not in found, f"{path.name}: two cases are called {case['name']}"
            assert case["expect"], f"{path.name}: {case['name']} expects nothing"
            found[case["name"]] = case
    return found


CASES = cases()


def made_plan(case: dict[str, Any], folder: Path) -> Plan:
    """The fresh plan of the case's exports, with what the user types laid over it."""
    sources = {kind: case[kind] for kind in SOURCES if kind in case}
    plan = plan_of(
        made_portfolio(folder, sales=case.get("sales", NOTHING_SOLD), **sources),
        year=case.get("year", 2027),
        language=case.get("language", "nl"),
        unit=case.get("unit", 1000),
        last_date=case.get("last_date"),
    )
    typed = plan.with_typed(case.get("fields", {}), case.get("tables", {}))
    return dataclasses.replace(typed, off=frozenset(case.get("without", ())))


@pytest.fixture(scope="module")
def built(request, tmp_path_factory):
    """{name of a case that is asked for: its cells as stored, and as LibreOffice computes them}."""
    asked = {item.callspec.params["name"] for item in request.session.items if item.path == request.path}
    books = {}
    for name in CASES:
        if name in asked:
            books[name] = render(load_template(), made_plan(CASES[name], tmp_path_factory.mktemp("case")))
    return stored_and_recalculated(books)


@pytest.mark.office
@pytest.mark.parametrize("name", CASES)
def test_the_case_gives_the_expected_values_stored_and_recalculated(built, name):
    template, expected = load_template(), CASES[name]["expect"]
    stored, office = built[name]
    found = {key: (value(template, stored, key), value(template, office, key)) for key in expected}
    wrong = [
        f"{key}: expected {expected[key]}, stored {at_rest}, LibreOffice {computed}"
        for key, (at_rest, computed) in found.items()
        if not (alike(expected[key], at_rest) and alike(expected[key], computed))
    ]
    assert wrong == []


@pytest.mark.office
@pytest.mark.parametrize("name", CASES)
def test_no_case_has_an_error_or_a_stored_value_that_libreoffice_contradicts(built, name):
    stored, office = built[name]
    assert [str(each) for each in differences(stored, office.value)] == []
    assert error_cells(stored) + error_cells(office) == []


def alike(expected: Any, found: Any) -> bool:
    """Whether a value, or every value of a list, is the expected one; a shorter expected list is a prefix."""
    if isinstance(expected, list):
        return isinstance(found, list) and len(expected) <= len(found) and all(map(same, expected, found))
    return same(expected, found)
