"""A plan without many sections through everything that happens to a plan: refreshed, checked, adopted, traced."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from by_id import addresses
from drilled_book import StoredBook
from example_account import example_plan
from plan_of_then import Then, expected_plan, flat, unequal
from workbook_cells import position, read_cells

from workbook_builder.approve import VERSIONS, Signature
from workbook_builder.approve_files import approve_file
from workbook_builder.checking.check import check_content
from workbook_builder.drill.lines import Tracer
from workbook_builder.drill.tree import Cells
from workbook_builder.errors import InputError
from workbook_builder.refresh_files import refresh_files
from workbook_builder.template.loader import load_template
from workbook_builder.template.profiles import sections_off
from workbook_builder.workbook.named_values import read_plan
from workbook_builder.workbook.renderer import render

TEMPLATE = load_template()
SHORT = sections_off(TEMPLATE, "kern", ["1.10"])  # 3.1 and 1.10 name the rows of others, and are not seen
WHO = Signature(dt.date(2026, 12, 10), by="Petra S.")


@pytest.fixture(scope="module")
def short_then(then: Then) -> bytes:
    """The plan of then without many sections."""
    return render(TEMPLATE, dataclasses.replace(read_plan(then.plan, TEMPLATE), off=SHORT))


@pytest.fixture
def path(short_then: bytes, tmp_path: Path) -> Path:
    file = tmp_path / "plan.xlsx"
    file.write_bytes(short_then)
    return file


def test_a_refresh_gives_every_figure_of_a_fresh_plan_and_rows_stay_with_their_names(then, path, tmp_path):
    old = read_plan(path, TEMPLATE)
    (result,) = refresh_files([path], then.today)
    assert [problem.text("en") for problem in result.problems] == []
    assert "Lagers en aandrijftechniek" in " ".join(note.text("nl") for note in result.notes)
    fresh = dataclasses.replace(expected_plan(then, old), off=SHORT)
    (tmp_path / "fresh.xlsx").write_bytes(render(TEMPLATE, fresh))
    after, wanted = flat(read_plan(path, TEMPLATE)), flat(read_plan(tmp_path / "fresh.xlsx", TEMPLATE))
    assert len(wanted) > 2000
    own = {name: value for name, value in wanted.items() if not name.startswith("log.")}
    assert unequal({name: value for name, value in after.items() if not name.startswith("log.")}, own) == {}
    now = read_plan(path, TEMPLATE)
    for table, column in (("analysis.sales_vv", "product_group"), ("account.contacts", "contact_id")):
        before, after_it = ([row[column] for row in plan.tables[table]] for plan in (old, now))
        known = [(number, name) for number, name in enumerate(before) if name is not None]
        assert [(number, after_it[number]) for number, _ in known] == known
        assert sum(name is not None for name in after_it) == len(known) + 1
    checked = check_content(path.read_bytes(), path, TEMPLATE)
    assert [finding.text("nl") for finding in checked.findings if finding.level != "note"] == []


def test_its_budget_is_adopted_from_the_section_that_nobody_sees(path):
    approve_file(path, WHO)
    plan = read_plan(path, TEMPLATE)
    assert plan.tables[VERSIONS][0]["adopted_by"] == "Petra S."
    assert plan.tables["approval.budget"][18]["adopted"] == pytest.approx(plan.fields["plan.profit"])


def test_a_plan_without_the_sheet_for_it_refuses_adoption_in_one_sentence(tmp_path):
    file = tmp_path / "plan.xlsx"
    file.write_bytes(render(TEMPLATE, dataclasses.replace(example_plan(), off=SHORT | {"approval.versions"})))
    before = file.read_bytes()
    with pytest.raises(InputError, match=r"approval\.versions"):
        approve_file(file, WHO)
    assert file.read_bytes() == before


def test_a_figure_is_traced_to_its_source_lines_through_what_nobody_sees(short_then):
    book = StoredBook(short_then)
    cells = read_cells(short_then)
    sheet, [at] = addresses(TEMPLATE, cells, "plan.revenue.vv")
    col, row = position(at)
    traced = Tracer(book, book.cell("plan.unit")).trace(Cells(sheet, row, col))
    assert traced is not None
    assert list(traced.tables) == ["tbl_src_sales"]
