"""What docs/changing-the-template.md tells is done, line by line, in a copy; the plan made with it shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from by_id import value
from example_account import example_plan, openpyxl_book, template_copy
from workbook_cells import read_cells

from workbook_builder.check_template import check_template
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import render

DOC = Path(__file__).resolve().parents[2] / "docs" / "changing-the-template.md"
CHANGE = re.compile(r"^```diff\n# (?P<file>\S+)\n(?P<lines>.*?)^```$", re.M | re.S)


def apply(folder: Path, file: str, lines: list[str]) -> None:
    """Do one change of the page: its lines with a space or '-' must stand in the file once, one after another."""
    path = folder / file
    text = path.read_text("utf-8")
    old = "".join(line[1:] + "\n" for line in lines if line[0] in " -")
    new = "".join(line[1:] + "\n" for line in lines if line[0] in " +")
    if not old:
        path.write_text(f"{text.rstrip()}\n\n{new}", "utf-8")
        return
    assert text.count(f"\n{old}") == 1, f"{file}: {old!r} stands {text.count(old)} times"
    path.write_text(text.replace(f"\n{old}", f"\n{new}"), "utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = template_copy(tmp_path_factory.mktemp("changes"))
    changes = list(CHANGE.finditer(DOC.read_text("utf-8")))
    assert len(changes) == 12
    for change in changes:
        apply(folder, change["file"], change["lines"].splitlines())
    return folder


@pytest.fixture(scope="module")
def book(folder) -> bytes:
    courses = [{"row": 1, "course": "Onderhandelen", "days": 2, "day_rate": 650}, {"row": 2, "days": 1, "day_rate": 80}]
    dmu = [{"row": 1, "contact": "Anouk Bergsteen", "attitude": "mentor", "influence": 4}]
    tables = {"team.courses": courses, "account.dmu": dmu}
    return render(load_template(folder), example_plan("nl").with_typed({}, tables))


def test_the_changed_template_passes_its_check(folder):
    keys = [section.key for section in check_template(folder).chapter("team").sections]
    assert keys == ["2.1", "2.2", "2.3", "2.4"]


def test_the_text_is_the_new_one(book):
    assert (
        "Beurzen, demodagen en acties; wat wij zelf betalen loopt vanzelf door naar de begroting in 6.1."
        in texts_on(book, "H5 Strategie")
    )


def test_the_list_offers_the_new_item(book):
    assert "Voertuig" in read_cells(book).column("lists.resource_kind")


def test_the_weight_counts_in_the_formula_that_uses_it(folder, book):
    cells = read_cells(book)
    assert cells.column("lists.attitude.scores") == [3, 1, 0, -1, -3, 0]
    assert value(load_template(folder), cells, "account.dmu_view.score:1") == 3  # a mentor was 2


def test_the_threshold_is_what_a_new_plan_starts_with(book):
    assert read_cells(book).one("settings.profit_norm") == 0.15


def test_the_new_section_computes_has_its_example_and_counts_in_the_index(folder, book):
    cells = read_cells(book)
    assert value(load_template(folder), cells, "team.courses.cost")[:3] == [1300, 80, 0]  # 2 x 650 and 1 x 80
    assert value(load_template(folder), cells, "team.courses.cost:total") == 1380
    assert {"2.4  Opleiding", "Onderhandelen met inkoop"} <= texts_on(book, "H2 Accountteam")
    start = openpyxl_book(book).worksheets[0]
    rows = {str(row[1].value): row[2].value for row in start.iter_rows() if row[1].value}
    assert rows["2.4"] == "Opleiding"


def texts_on(book: bytes, sheet: str) -> set[str]:
    return {str(cell.value) for cell in read_cells(book).sheets[sheet].values()}
