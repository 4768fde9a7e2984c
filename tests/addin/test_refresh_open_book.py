"""The button Refresh on a real plan in a live spreadsheet that recalculates: one plan, refreshed there and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import office as libreoffice
import pytest
import xlwings as xw
from compare import error_cells, same
from live_contents import Contents, changed, contents, protected, table_boxes
from plan_of_then import TYPED_FIELDS, TYPED_ROWS, Then, expected_plan, flat, unequal
from round_trips import TRIPS
from test_quiet import USUAL
from workbook_cells import Cells, read_cells

from addin import macros
from addin.live_book import LiveBook
from addin.machine import Machine
from addin.refresh_open_book import refresh_book
from workbook_builder.log import log_fault
from workbook_builder.refresh_files import refresh_files
from workbook_builder.registered import register_config
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.named_values import read_plan
from workbook_builder.workbook.renderer import render

pytestmark = pytest.mark.office

TEMPLATE = load_template()
CHANGED = ["Start", "H1 Account", "H2 Accountteam", "H3 Accountanalyse", "Bron_Omzet", "Bron_Offertes",
           "Bron_Bezoeken", "Koppeling", "Logboek"]  # fmt: skip
FIGURES = ("analysis.revenue_vv", "analysis.cost_vv", "budget.gross_revenue.vv", "checks.list.result")


@dataclass
class Moment:
    """An open plan at one moment: what is in it, and what Excel looks like."""

    contents: Contents
    boxes: dict[str, Any]
    protected: dict[str, bool]
    settings: dict[str, Any]
    figures: dict[str, Any]
    typed: dict[str, Any]

    @classmethod
    def of(cls, book: xw.Book) -> Moment:
        """The book as it is now."""
        live = LiveBook(book)
        return cls(
            contents(book), table_boxes(book), protected(book), dict(book.impl._app.settings),
            live.read_many([name for name in FIGURES if name in book.names]),
            live.read_many([*TYPED_FIELDS, *TYPED_ROWS]),
        )  # fmt: skip


@dataclass
class Scene:
    """The plan of then, refreshed with the button, with nothing new, and back to the exports of then; two saved."""

    then: Then
    after: Path
    back: Path
    moments: list[Moment] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    log: str = ""
    second: list[str] = field(default_factory=list)
    trips_of_second: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def scene(office, then, tmp_path_factory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("scene")
    found = Scene(then, folder / "after.xlsx", folder / "back.xlsx")
    book = office.books.open(str(then.plan))
    office.impl.alerts.clear()
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("HOME", "LOCALAPPDATA", "APPDATA", "XDG_CONFIG_HOME"):
            patch.setenv(variable, str(folder))
        register_config(then.today)
        found.moments.append(Moment.of(book))
        macros.refresh(LiveBook(book))
        found.alerts = list(office.impl.alerts)
        found.log = (Machine.here().own_folder / "accountplan.log").read_text("utf-8")
        with TRIPS.counted() as trips:
            found.second = [note.code for note in refresh_book(LiveBook(book), then.today)]
            found.trips_of_second = dict(trips.kinds)
        found.moments.append(Moment.of(book))
        book.save(str(found.after))
        office.calculation = "manual"
        refresh_book(LiveBook(book), then.config)
        found.moments.append(Moment.of(book))
        book.save(str(found.back))
    yield found
    office.calculation = "automatic"
    book.close()
    office.impl.alerts.clear()


def test_every_figure_is_that_of_a_fresh_plan_and_of_a_refresh_of_the_closed_file(scene, tmp_path):
    then, after = scene.then, scene.after
    live = flat(read_plan(after, TEMPLATE))
    (tmp_path / "fresh.xlsx").write_bytes(render(TEMPLATE, expected_plan(then, read_plan(then.plan, TEMPLATE))))
    fresh = flat(read_plan(tmp_path / "fresh.xlsx", TEMPLATE))
    figures = {name: value for name, value in fresh.items() if not name.startswith("log.")}
    assert len(figures) > 3000
    assert unequal({name: value for name, value in live.items() if not name.startswith("log.")}, figures) == {}
    closed = tmp_path / "closed.xlsx"
    closed.write_bytes(then.plan.read_bytes())
    refresh_files([closed], then.today)
    computed = libreoffice.recalculated({"live": after.read_bytes()})["live"]
    assert error_cells(computed) == []
    assert _differences(computed, read_cells(closed)) == []


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


def test_nothing_but_the_cells_of_the_sources_changes(scene):
    before, after, back = scene.moments
    assert changed(before.contents, after.contents) == CHANGED
    for name in before.contents:
        assert _formulas(before.contents[name]) == _formulas(after.contents[name]), name
        assert _formulas(before.contents[name]) == _formulas(back.contents[name]), name
    assert {table for table in before.boxes if before.boxes[table] != after.boxes[table]} == {
        "tbl_src_sales", "tbl_src_activities", "tbl_log",
    }  # fmt: skip
    assert all(after.protected.values())
    assert after.settings == USUAL
    for moment in (after, back):
        for name, value in TYPED_FIELDS.items():
            assert moment.typed[name] == [[value]]
        for name, rows in TYPED_ROWS.items():
            assert {number: moment.typed[name][number - 1][0] for number in rows} == rows


def _formulas(sheet):
    (top, left, *_), rows = sheet
    return {(top + r, left + c): text for r, row in enumerate(rows) for c, text in enumerate(row)
            if isinstance(text, str) and text.startswith("=")}  # fmt: skip


def test_the_user_reads_in_one_sentence_how_it_went_and_the_log_file_has_it_too(scene):
    [alert] = scene.alerts
    lines = alert.split("\n")
    older = [line for line in lines if "ook de omzet van" in line]  # the group that is new today was sold before too
    assert [line.split()[5] for line in older] == ["2024", "2025"]
    assert [line for line in lines if line not in older] == [
        "Accountplan_10021_2027.xlsx: ververst; omzet 2026 van 493 234 naar 1 024 965 euro, omzet 2027 van 0 naar 0 "
        "euro.",
        "Nieuwe productgroep(en), onder de andere gezet: Lagers en aandrijftechniek. Vul er zo nodig een target voor "
        "in.",
        "De cijfers lopen nu tot en met maand 10: kijk in 3.1 of de 1 eigen prognose(s) voor de rest van het jaar nog "
        "kloppen.",
    ]
    assert "refresh_done" in scene.log


def test_the_second_refresh_writes_nothing(scene):
    assert scene.second == ["refresh_nothing_new"]
    assert {"write", "protection"}.isdisjoint(scene.trips_of_second)


def test_the_log_of_the_plan_goes_on_and_stays_whole(scene):
    lines = read_plan(scene.then.plan, TEMPLATE).tables["log.runs"]
    plan = read_plan(scene.back, TEMPLATE)
    assert plan.tables["log.runs"][: len(lines)] == lines
    assert {row["run"] for row in plan.tables["log.runs"]} == {1, 2, 3}
    assert log_fault(plan) is None


def test_back_to_the_sources_of_then_the_figures_are_those_of_then_also_when_calculation_is_manual(scene):
    before, after, back = scene.moments
    assert len(before.figures) >= 3
    assert after.figures["analysis.revenue_vv"] != before.figures["analysis.revenue_vv"]
    assert back.figures == before.figures
    assert back.settings == {**USUAL, "calculation": "manual"}
