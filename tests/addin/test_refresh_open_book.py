"""The button Refresh on a real plan in a live spreadsheet that recalculates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import office as libreoffice
import pytest
import xlwings as xw
from compare import error_cells, same
from live_contents import changed, contents, protected, table_boxes
from plan_of_then import TYPED_FIELDS, TYPED_ROWS, expected_plan, flat, unequal
from round_trips import TRIPS
from test_quiet import USUAL
from workbook_cells import Cells

from addin import macros
from addin.live_book import LiveBook
from addin.refresh_open_book import refresh, refresh_book
from workbook_builder.log import log_fault
from workbook_builder.refresh_files import refresh_files
from workbook_builder.registered import register_config
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.reader import read_plan
from workbook_builder.workbook.renderer import render

pytestmark = pytest.mark.office

TEMPLATE = load_template()
CHANGED = ["Start", "H1 Account", "H3 Accountanalyse", "Bron_Omzet", "Bron_Offertes", "Bron_Bezoeken", "Koppeling",
           "Logboek"]  # fmt: skip


@pytest.fixture
def old(office, then, log_file) -> Iterator[xw.Book]:
    """The plan of then, open."""
    opened = office.books.open(str(then.plan))
    yield opened
    opened.close()
    office.impl.alerts.clear()


@pytest.fixture(scope="module")
def looked_at(office, then) -> Iterator[xw.Book]:
    """The plan of then, open for tests that leave it as it is."""
    opened = office.books.open(str(then.plan))
    yield opened
    opened.close()


def saved(book: xw.Book, path: Path) -> Path:
    book.save(str(path))
    return path


def test_every_figure_is_that_of_a_fresh_plan_and_of_a_refresh_of_the_closed_file(old, then, tmp_path):
    before = contents(old)
    refresh(LiveBook(old), then.today)
    assert changed(before, contents(old)) == CHANGED
    after = saved(old, tmp_path / "after.xlsx")
    live = flat(read_plan(after, TEMPLATE))
    (tmp_path / "fresh.xlsx").write_bytes(render(TEMPLATE, expected_plan(then, read_plan(then.plan, TEMPLATE))))
    fresh = flat(read_plan(tmp_path / "fresh.xlsx", TEMPLATE))
    figures = {name: value for name, value in fresh.items() if not name.startswith("log.")}
    assert len(figures) > 3000
    assert unequal({name: value for name, value in live.items() if not name.startswith("log.")}, figures) == {}
    closed = tmp_path / "closed.xlsx"
    closed.write_bytes(then.plan.read_bytes())
    refresh_files([closed], then.today)
    both = libreoffice.recalculated({"live": after.read_bytes(), "closed": closed.read_bytes()})
    assert error_cells(both["live"]) == []
    assert _differences(both["live"], both["closed"]) == []


def _differences(live: Cells, closed: Cells) -> list[str]:
    """The cells that differ, but for when it was, the result of the checks, and the hashes of log lines."""
    columns = {"F", "G", "I", "J", "T"}  # of the log: date, time, red, amber, previous
    found = []
    for sheet in live.sheets.keys() | closed.sheets.keys():
        left, right = live.sheets.get(sheet, {}), closed.sheets.get(sheet, {})
        for at in left.keys() | right.keys():
            one, other = left.get(at), right.get(at)
            if sheet == "Logboek" and (at.rstrip("0123456789") in columns or at == "D12"):
                continue
            if (one and one.formula) != (other and other.formula) or not same(one and one.value, other and other.value):
                found.append(f"{sheet}!{at}: {one} {other}")
    return found


def test_nothing_but_the_cells_of_the_sources_changes(office, old, then):
    before, boxes = contents(old), table_boxes(old)
    refresh(LiveBook(old), then.today)
    after, now = contents(old), table_boxes(old)
    for name in before:
        assert _formulas(before[name]) == _formulas(after[name]), name
    assert {table for table in boxes if boxes[table] != now[table]} == {
        "tbl_src_sales", "tbl_src_activities", "tbl_log",
    }  # fmt: skip
    assert all(protected(old).values())
    assert office.impl.settings == USUAL
    for name, value in TYPED_FIELDS.items():
        assert LiveBook(old).read(name) == [[value]]
    for name, rows in TYPED_ROWS.items():
        cells = LiveBook(old).read(name)
        assert {number: cells[number - 1][0] for number in rows} == rows


def _formulas(sheet):
    (top, left, *_), rows = sheet
    return {(top + r, left + c): text for r, row in enumerate(rows) for c, text in enumerate(row)
            if isinstance(text, str) and text.startswith("=")}  # fmt: skip


def test_the_user_reads_in_one_sentence_how_it_went_and_the_log_file_has_it_too(office, old, then, log_file):
    register_config(then.today)
    macros.refresh(LiveBook(old))
    assert office.impl.alerts == [
        "Accountplan_10021_2027.xlsx: ververst; omzet 2026 van 493 234 naar 1 024 965 euro, omzet 2027 van 0 naar 0 "
        "euro.\nNieuwe productgroep(en), onder de andere gezet: Lagers en aandrijftechniek. Vul er zo nodig een target "
        "voor in."
    ]
    assert "refresh_done" in log_file.read_text("utf-8")


def test_the_second_refresh_writes_nothing(office, old, then):
    refresh_book(LiveBook(old), then.today)
    before = contents(old)
    with TRIPS.counted() as trips:
        notes = refresh_book(LiveBook(old), then.today)
    assert [note.code for note in notes] == ["refresh_nothing_new"]
    assert trips.kinds["write"] == trips.kinds["protection"] == 0
    assert changed(before, contents(old)) == []


def test_the_log_of_the_plan_goes_on_and_stays_whole(old, then, tmp_path):
    lines = read_plan(then.plan, TEMPLATE).tables["log.runs"]
    refresh_book(LiveBook(old), then.today)
    refresh_book(LiveBook(old), then.config)
    plan = read_plan(saved(old, tmp_path / "after.xlsx"), TEMPLATE)
    assert plan.tables["log.runs"][: len(lines)] == lines
    assert {row["run"] for row in plan.tables["log.runs"]} == {1, 2, 3}
    assert log_fault(plan) is None


def test_a_plan_that_goes_back_to_the_sources_of_then_has_the_figures_of_then(old, then):
    figures = ("analysis.revenue_vv", "analysis.cost_vv", "budget.gross_revenue.vv", "checks.list.result")
    before = {name: LiveBook(old).read(name) for name in figures if name in old.names}
    assert len(before) >= 3
    refresh_book(LiveBook(old), then.today)
    assert LiveBook(old).read("analysis.revenue_vv") != before["analysis.revenue_vv"]
    refresh_book(LiveBook(old), then.config)
    assert {name: LiveBook(old).read(name) for name in before} == before
