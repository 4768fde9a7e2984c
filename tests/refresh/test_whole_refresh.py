"""A plan that people work in, through whole refreshes of the closed file: ten in a row, killed, refused, at once."""

from __future__ import annotations

import errno
import json
import os
import pickle
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from example_account import MAIN_ACCOUNT, ROOT
from other_exports import add_groups, others
from plan_of_then import TYPED_FIELDS, TYPED_ROWS
from real_sets import shared_folder
from user_content import members, sheet_part, with_parts, with_user_content

from workbook_builder.cli import main
from workbook_builder.create import create_plan, untouched
from workbook_builder.errors import InputError
from workbook_builder.log import log_fault
from workbook_builder.outcome import Outcome
from workbook_builder.refresh_files import refresh_files
from workbook_builder.saved.book import SavedBook
from workbook_builder.saved.ranges import Area, Range
from workbook_builder.sources.config import load_config
from workbook_builder.template.loader import load_template
from workbook_builder.today import portfolio_for, today_for
from workbook_builder.workbook.manifest import MANIFEST
from workbook_builder.workbook.named_values import read_plan

TEMPLATE = load_template()
KILLS, SECONDS = int(os.environ.get("ACCOUNTPLAN_KILLS", "20")), 1.0
HOSTILE = shared_folder() / "hostile" / "xlsx-made"


@pytest.fixture
def plan(then, tmp_path) -> Path:
    """The plan of then, alone in a folder."""
    path = tmp_path / "plan" / "plan.xlsx"
    path.parent.mkdir()
    path.write_bytes(then.plan.read_bytes())
    return path


@pytest.fixture(scope="module")
def refused_plans(then, tmp_path_factory) -> Path:
    """A folder with plans that cannot be refreshed, each named after what is wrong with it."""
    folder, sound = tmp_path_factory.mktemp("refused"), then.plan.read_bytes()
    book = SavedBook(sound, "plan.xlsx")
    book.set_cells(Area(MANIFEST, Range(2, 2, 2, 2)), [["99.0.0"]])
    (folder / "plan_other_version.xlsx").write_bytes(book.to_bytes())
    part = sheet_part(sound, "Bron_Kosten")
    without = re.sub(rb"<tableParts.*?</tableParts>", b"", members(sound)[part])
    links = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
    lost = re.sub(rb"<Relationship [^>]*table[^>]*/>", b"", members(sound)[links])
    (folder / "table_gone.xlsx").write_bytes(with_parts(sound, {part: without, links: lost}))
    return folder


def refreshed(path: Path, config: Path) -> Outcome:
    (outcome,) = refresh_files([path], config)
    assert [problem.text("en") for problem in outcome.problems] == []
    return outcome


def test_ten_refreshes_keep_what_people_put_into_the_plan_and_the_chain_of_the_log(then, plan, worst, emptied):
    body = SavedBook(then.plan.read_bytes(), plan).table("tbl_src_sales").body
    rules = f"F{body.top}:F{body.bottom}"
    plan.write_bytes(with_user_content(then.plan.read_bytes(), "Bron_Omzet", rules))
    before = members(plan.read_bytes())
    for config in [then.today, worst, emptied, then.config, worst] * 2:
        assert refreshed(plan, config).backup is not None
        after = members(plan.read_bytes())
        assert after.keys() == before.keys()
        changed = {name for name in before if before[name] != after[name]}
        assert {name for name in changed if not name.startswith(("xl/worksheets/sheet", "xl/tables/table"))} <= {
            "xl/workbook.xml", "xl/calcChain.xml",
        }  # fmt: skip
    found = read_plan(plan, TEMPLATE)
    assert {name: found.fields[name] for name in TYPED_FIELDS} == TYPED_FIELDS
    for name, rows in TYPED_ROWS.items():
        table, column = name.rsplit(".", 1)
        assert {number: found.tables[table][number - 1][column] for number in rows} == rows
    assert {row["run"] for row in found.tables["log.runs"]} == set(range(1, 12))
    assert log_fault(found) is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills by signal need POSIX; the file system is the same elsewhere")
def test_killed_at_any_moment_the_plan_is_old_or_new_and_the_next_run_cleans_up(then, plan, tmp_path):
    """Twenty random moments; ACCOUNTPLAN_KILLS in the environment says how many."""
    config = load_config(then.today)
    sources = tmp_path / "today.pickle"
    sources.write_bytes(pickle.dumps(today_for(MAIN_ACCOUNT, config, portfolio_for(config, {MAIN_ACCOUNT}))))
    program = str(ROOT / "tests" / "support" / "killed_refreshes.py")
    done = subprocess.run(
        [sys.executable, program, str(plan), str(sources), str(KILLS), str(SECONDS)],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["old"] + found["new"] == KILLS
    assert found["broken"] == 0
    assert found["left by kills"] > 0  # else none was killed at work
    assert found["left after the next run"] == []


def test_of_two_at_once_one_refreshes_and_the_other_hears_that_the_plan_is_in_use(then, plan, monkeypatch):
    started, goes_on = threading.Event(), threading.Event()
    to_bytes = SavedBook.to_bytes

    def slow(book: SavedBook) -> bytes:
        started.set()
        goes_on.wait(60)
        return to_bytes(book)

    monkeypatch.setattr(SavedBook, "to_bytes", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(refresh_files, [plan], then.today)
        assert started.wait(60)
        (loser,) = refresh_files([plan], then.today)
        goes_on.set()
        (winner,) = first.result()
    assert [problem.code for problem in loser.problems] == ["file_in_use"]
    assert winner.problems == ()
    assert read_plan(plan, TEMPLATE).tables["log.runs"][-1]["run"] == 2


def test_a_full_disk_leaves_the_old_plan_and_says_so(then, plan, monkeypatch):
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = plan.read_bytes()
    monkeypatch.setattr("workbook_builder.files.os.fsync", full)
    (outcome,) = refresh_files([plan], then.today)
    assert [problem.code for problem in outcome.problems] == ["file_not_replaced"]
    assert plan.name in outcome.problems[0].text("nl")
    assert plan.read_bytes() == before
    assert [found.name for found in plan.parent.iterdir()] == [plan.name]


def test_plans_that_cannot_be_refreshed_are_each_refused_by_their_name(then, refused_plans, capsys):
    plans = sorted(refused_plans.glob("*.xlsx"))
    before = {path: path.read_bytes() for path in plans}
    assert main(["refresh", *map(str, plans), "--config", str(then.today), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    outcomes = refresh_files(plans, then.today)
    assert [[problem.code for problem in outcome.problems] for outcome in outcomes] == [[path.stem] for path in plans]
    for path in plans:
        assert path.name in said
        assert path.read_bytes() == before[path]
    assert "99.0.0" in said  # the version that made the plan
    assert "tbl_src_costs" in said
    assert sorted(refused_plans.iterdir()) == plans


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="no hostile workbooks: set ACCOUNTPLAN_SHARED to what holds hostile/")
def test_hostile_workbooks_end_in_a_sentence_and_change_nothing(then, tmp_path):
    plans = []
    for path in sorted(HOSTILE.glob("*.xlsx")):
        plans.append(tmp_path / path.name)
        plans[-1].write_bytes(path.read_bytes())
    before = {path: path.read_bytes() for path in plans}
    for path, outcome in zip(plans, refresh_files(plans, then.today), strict=True):
        assert len(outcome.problems) == 1, path.name
        assert outcome.problems[0].code.startswith("plan_"), path.name
        assert path.name in outcome.problems[0].text("nl")
    assert {path: path.read_bytes() for path in sorted(tmp_path.iterdir())} == before


def test_groups_that_find_no_row_count_in_the_last_one_and_a_check_says_so(then, plan, tmp_path, capsys):
    config = others(then.today, tmp_path, add_groups)
    assert main(["refresh", str(plan), "--config", str(config), "--lang", "en"]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if line]
    assert all(plan.name in line for line in said)
    [crowded] = [line for line in said if "No row left for product group(s)" in line]
    assert "15 groups have a row of their own" in crowded
    found = read_plan(plan, TEMPLATE)
    groups = [row["product_group"] for row in found.tables["analysis.sales_vv"]]
    largest = [f"Nieuw {number:02}" for number in range(19, 12, -1)]
    assert groups[8:15] == largest  # the seven rows that were free
    assert all(f"Nieuw {number:02}" in crowded for number in range(13))
    # a new plan would give the fifteen largest a row; eight of those have none in this one
    assert found.fields["settings.groups_without_row"] == 8
    checks = {row["code"]: row["result"] for row in found.tables["checks.list"]}
    assert (checks["Q11a"], checks["Q11b"], checks["Q11c"]) == (1, 0, 0)


def test_a_plan_that_was_refreshed_is_not_made_anew(then, tmp_path):
    plan = tmp_path / then.plan.name
    plan.write_bytes(then.plan.read_bytes())
    assert untouched(plan)
    refreshed(plan, then.today)
    content = plan.read_bytes()
    with pytest.raises(InputError) as caught:
        create_plan(then.today, MAIN_ACCOUNT, year=2027, out=tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["plan_has_work"]
    assert plan.read_bytes() == content
