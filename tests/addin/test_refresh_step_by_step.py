"""The whole refresh of an open plan, on paper: with no figures to compute, every step of it can be made to fail."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw
from example_account import MAIN_ACCOUNT
from other_exports import others
from paper_desk import PaperBook, paper_book
from plan_of_then import TYPED_FIELDS, TYPED_ROWS, rewritten
from round_trips import CALL_WAS_REJECTED, TRIPS, TripFault
from test_quiet import USUAL
from workbook_cells import read_cells

from addin import macros, patience, refresh_open_book
from addin.live_book import LiveBook
from addin.open_plan import OpenPlan
from addin.refresh_open_book import refresh_book, sources_of
from workbook_builder.cli import main
from workbook_builder.create import create_plan
from workbook_builder.errors import AccountplanError, InputError
from workbook_builder.log import log_fault
from workbook_builder.plan import Plan
from workbook_builder.refresh_files import refresh_files
from workbook_builder.registered import register_config
from workbook_builder.template.blocks import Form, Statement, declared_fields
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.layout import lay_out

TEMPLATE = load_template()
EVERY = 1 if os.environ.get("ACCOUNTPLAN_EVERY_STEP") else 16
MOVED = ("plan.reference_date", "plan.closed_period", "plan.closed_month")  # inputs that move with the last date
OF_THE_MOMENT = re.compile(r"[FGIJT]\d+|D12")  # of the log: date, time, red, amber, hash of the line before; last hash


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(patience, "PAUSES", (0.0,) * 5)


@pytest.fixture
def old(paper, then, log_file) -> xw.Book:
    """The plan of then, open."""
    return paper.books.open(str(then.plan))


def content(book: xw.Book) -> PaperBook:
    """What is in an open book now."""
    return book.impl._app.link.books[book.impl.number]


def refreshed_file(plan: Path, folder: Path, config: Path) -> Path:
    """The plan in that folder, or a copy of the plan there, refreshed while it is closed."""
    path = folder / plan.name
    path.write_bytes(plan.read_bytes())
    (outcome,) = refresh_files([path], config)
    assert outcome.problems == ()
    return path


def differences(live: PaperBook, closed: Path) -> list[str]:
    """The constants that differ from those in a file, but for when it was and the result of the checks."""
    left = live.constants()
    right = {
        sheet: {at: cell.value for at, cell in cells.items() if cell.formula is None}
        for sheet, cells in read_cells(closed).sheets.items()
    }
    assert left.keys() == right.keys()
    log = live.tables["tbl_log"][0]
    return [
        f"{sheet}!{at}: {left[sheet].get(at)!r} {right[sheet].get(at)!r}"
        for sheet in left
        for at in left[sheet].keys() | right[sheet].keys()
        if left[sheet].get(at) != right[sheet].get(at) and not (sheet == log and OF_THE_MOMENT.fullmatch(at))
    ]


def typed(book: PaperBook, language: str = "nl") -> Iterator[tuple[str, tuple[int, int], object]]:
    """Every filled input: its sheet, its cell and what is in it."""
    layout = lay_out(TEMPLATE, language)
    for chapter in TEMPLATE.chapters:
        for _, block in chapter.blocks():
            prefix = chapter.id if isinstance(block, Form) else f"{chapter.id}.{block.id}"
            for one in declared_fields(block):
                name = f"{prefix}.{one.id}"
                lines = block.lines if isinstance(block, Statement) else ()
                is_sourced = one.role != "input" or any(one.id in line.sourced for line in lines)
                if is_sourced or name in MOVED or name not in layout.areas:
                    continue
                area = layout.areas[name]
                for row in range(area.row + 1, area.row + 1 + area.rows):
                    for col in range(area.col + 1, area.col + 1 + area.cols):
                        if (value := book.values[area.sheet].get((row, col))) is not None:
                            yield area.sheet, (row, col), value


def opened_plan(book: xw.Book) -> Plan:
    """The log of an open plan, as a refresh reads it."""
    opened = OpenPlan(LiveBook(book), TEMPLATE)
    opened.take(["log.lines", "log.last_hash", "log.broken_line"], ["log.runs"])
    return opened.plan()


def test_the_filled_inputs_are_found_where_they_were_typed(then):
    words = {value for _, _, value in typed(paper_book(then.plan.read_bytes()))}
    assert words > {*TYPED_FIELDS.values(), *(value for rows in TYPED_ROWS.values() for value in rows.values())}


@pytest.mark.parametrize("after", [False, True], ids=["refused", "answer_lost"])
def test_a_fault_at_any_round_trip_leaves_old_or_new_and_every_setting_restored(paper, old, worst, monkeypatch, after):
    """Every sixteenth step of the worst refresh there is; with ACCOUNTPLAN_EVERY_STEP=1 in the environment all."""
    today = sources_of(MAIN_ACCOUNT, worst)
    monkeypatch.setattr(refresh_open_book, "sources_of", lambda account, config: today)
    before = content(old).copy()
    with TRIPS.counted() as trips:
        refresh_book(LiveBook(old), worst)
    done, count = content(old).copy(), trips.count
    assert not done.same_as(before)
    wrong, whole = [], 0
    for number in range(1 + 2 * after, count + 1, EVERY):
        paper.impl.link.books[old.impl.number] = before.copy()
        with TRIPS.failing(number, after=after):
            try:
                refresh_book(LiveBook(old), worst)
                failed = False
            except (TripFault, InputError):
                failed = True
        whole += not failed
        if not content(old).same_as(before if failed else done) or paper.impl.settings != USUAL:
            wrong.append((number, TRIPS.made[number - 1]))
    assert wrong == []
    assert 0 < whole < count / EVERY / 2  # a fault in putting back is overcome; most faults stop the refresh


def test_ten_refreshes_keep_every_word_and_formula_and_the_chain_of_the_log(old, then, worst, emptied):
    before = content(old).copy()
    kept = list(typed(before))
    assert len(kept) > 400
    for config in [then.today, worst, emptied, then.config, worst] * 2:
        assert refresh_book(LiveBook(old), config)[0].code == "refresh_done"
        now = content(old)
        assert [value for sheet, at, value in kept if now.values[sheet].get(at) != value] == []
        assert (now.formulas, now.protected, now.names) == (before.formulas, before.protected, before.names)
    plan = opened_plan(old)
    assert {row["run"] for row in plan.tables["log.runs"]} == set(range(1, 12))
    assert log_fault(plan) is None


def test_tables_that_grow_shrink_and_end_empty_are_those_of_the_refreshed_file(old, then, worst, emptied, tmp_path):
    closed = then.plan
    for config in (worst, emptied, then.today):
        refresh_book(LiveBook(old), config)
        closed = refreshed_file(closed, tmp_path, config)
        assert differences(content(old), closed) == []
        assert refresh_book(LiveBook(old), config)[0].code == "refresh_nothing_new"


def test_a_plan_in_english_is_refreshed_and_spoken_of_in_english(paper, then, log_file, tmp_path):
    plan = create_plan(then.config, MAIN_ACCOUNT, year=2027, language="en", out=tmp_path / "plans").path
    book = paper.books.open(str(plan))
    register_config(then.today)
    macros.refresh(LiveBook(book))
    assert paper.impl.alerts[0].startswith(f"{plan.name}: refreshed; revenue 2026 from ")
    assert paper.impl.settings == USUAL
    closed = refreshed_file(plan, tmp_path, then.today)
    assert differences(content(book), closed) == []


def test_a_short_plan_is_refreshed_like_the_file_the_sheets_that_nobody_sees_included(paper, then, tmp_path):
    config = then.config.with_name("kort.toml")
    whole = then.config.read_text("utf-8")
    assert 'profile = "volledig"' in whole
    config.write_text(whole.replace('profile = "volledig"', 'profile = "kern"\nwithout = ["1.10"]'), "utf-8")
    plan = create_plan(config, MAIN_ACCOUNT, year=2027, out=tmp_path / "plans").path
    book = paper.books.open(str(plan))
    assert refresh_book(LiveBook(book), then.today)[0].code == "refresh_done"
    closed = refreshed_file(plan, tmp_path, then.today)
    assert differences(content(book), closed) == []
    assert refresh_book(LiveBook(book), then.today)[0].code == "refresh_nothing_new"


def test_the_command_refreshes_the_open_plan_and_says_so_in_the_terminal_too(paper, old, then, tmp_path, capsys):
    assert main(["refresh", "--open", "--config", str(then.today), "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert said.out == f"{then.plan.name}\n"
    assert said.err.startswith(f"{then.plan.name}: refreshed; revenue 2026 from ")
    assert paper.impl.alerts[0].startswith(f"{then.plan.name}: ververst; omzet 2026 van ")
    closed = refreshed_file(then.plan, tmp_path, then.today)
    assert differences(content(old), closed) == []
    assert main(["refresh", "--open", "Ander.xlsx", "--lang", "en"]) == 2
    assert capsys.readouterr().err.startswith("Ander.xlsx is not open in Excel")


def refused(book: xw.Book, config: Path | None) -> str:
    """What the user is told; the book and the settings of Excel are as they were."""
    before, app = content(book).copy(), book.impl._app
    app.alerts.clear()
    with pytest.raises(AccountplanError):
        refresh_open_book.refresh(LiveBook(book), config)
    assert content(book).same_as(before)
    assert app.settings == USUAL
    [told] = app.alerts
    return str(told)


def test_sources_that_cannot_be_those_of_the_plan_are_refused_in_a_sentence(old, then, tmp_path):
    gone = others(then.today, tmp_path / "gone", lambda folder: (folder / "verkoopregels.csv").unlink())
    assert "verkoopregels.csv" in refused(old, gone)

    def without_account(folder: Path) -> None:
        for name in ("verkoopregels", "klanten", "contacten", "kosten", "offertes", "bezoeken"):
            rewritten(folder / f"{name}.csv", lambda row: row["Klantnummer"] != MAIN_ACCOUNT)

    assert MAIN_ACCOUNT in refused(old, others(then.today, tmp_path / "other", without_account))

    def cut_short(folder: Path) -> None:
        rewritten(folder / "verkoopregels.csv", lambda row: row["Factuurdatum"][-7:] == "05-2026")

    assert "least_rows" in refused(old, others(then.today, tmp_path / "short", cut_short))
    assert "accountplan use" in refused(old, None)


def test_while_a_cell_is_edited_excel_is_said_to_wait_and_nothing_is_written(old, then):
    with TRIPS.counted() as trips:
        refresh_book(LiveBook(old), then.today)
    first_write = [kind for kind, _ in trips.made].index("write") + 1
    refresh_book(LiveBook(old), then.config)
    for number in (3, first_write):
        with TRIPS.failing(number, hresult=CALL_WAS_REJECTED):
            assert refused(old, then.today).startswith("Excel wacht op jou: er wordt een cel bewerkt")
