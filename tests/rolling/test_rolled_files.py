"""`accountplan roll-over` on files: what it refuses, what it leaves alone, and many plans at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from pathlib import Path

import pytest
from example_account import EXAMPLE, MAIN_ACCOUNT, YEAR, example_plan
from saved_plans import excel_check
from user_content import members, with_parts

from workbook_builder.cli import main
from workbook_builder.outcome import Outcome
from workbook_builder.rolling.files import RolledFile, Wanted, roll_over_files
from workbook_builder.template.loader import load_template
from workbook_builder.template.profiles import sections_off
from workbook_builder.workbook.named_values import read_plan
from workbook_builder.workbook.renderer import render

TEMPLATE = load_template()
WHEN = dt.datetime(2026, 11, 2, 9, 30)
OTHER = "10077"


@pytest.fixture(scope="module")
def books() -> dict[str, bytes]:
    """A plan in which somebody typed, and one of another account."""
    typed = example_plan("nl").with_typed({"account.description": "Groothandel in lagers"}, {})
    return {MAIN_ACCOUNT: render(TEMPLATE, typed), OTHER: render(TEMPLATE, example_plan("nl", OTHER))}


@pytest.fixture
def old(books: dict[str, bytes], tmp_path: Path) -> Path:
    path = tmp_path / f"Accountplan_{MAIN_ACCOUNT}_{YEAR}.xlsx"
    path.write_bytes(books[MAIN_ACCOUNT])
    return path


def roll(*paths: Path, config: Path = EXAMPLE, **wanted: object) -> list[Outcome]:
    return roll_over_files(paths, config, Wanted(**wanted), when=WHEN)  # type: ignore[arg-type]


def state(folder: Path) -> dict[str, str]:
    """{file: its hash} of everything in a folder."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir()) if path.is_file()
    }


def refused(path: Path, config: Path = EXAMPLE, **wanted: object) -> str:
    """The one sentence of a refusal; nothing was written and the old file is as it was."""
    before = state(path.parent)
    [result] = roll(path, config=config, **wanted)
    assert state(path.parent) == before
    [problem] = result.problems
    assert result.files == ()
    return problem.text("en")


def test_many_plans_at_once_and_one_that_fails_stops_no_other(old, books, tmp_path):
    other, wrong, twin = (tmp_path / name for name in ("ander.xlsx", "notities.xlsx", "kopie.xlsx"))
    other.write_bytes(books[OTHER])
    wrong.write_bytes(b"geen plan")
    twin.write_bytes(books[MAIN_ACCOUNT])
    before = state(tmp_path)
    told: list[Path] = []
    paths = [old, wrong, other, twin]
    results = roll_over_files(paths, EXAMPLE, when=WHEN, done=lambda result: told.append(result.path))
    assert [len(result.problems) for result in results] == [0, 1, 0, 1]
    assert results[3].problems[0].code == "roll_twice"
    assert set(told) == set(paths)
    assert {name: hash_ for name, hash_ in state(tmp_path).items() if name in before} == before
    made = [result.files[0].name for result in results if result.files]
    assert made == [f"Accountplan_{account}_{YEAR + 1}.xlsx" for account in (MAIN_ACCOUNT, OTHER)]
    again, made_here = roll(old, results[0].files[0])
    assert again.files == results[0].files, "nobody worked in it, so it is made anew"
    assert [note.code for note in made_here.notes] == ["roll_made_here"], "and it does not go on to the year after"
    assert made_here.files == ()
    plan = read_plan(results[0].files[0], TEMPLATE)
    assert (plan.year, plan.fields["account.description"]) == (YEAR + 1, "Groothandel in lagers")
    assert plan.fields["rollover.predecessor_hash"] == before[old.name]
    assert plan.fields["rollover.rolled_on"] == WHEN.date()


def test_two_plans_that_would_give_the_same_file_do_not_overwrite_each_other(old, tmp_path):
    earlier = tmp_path / "eerder.xlsx"
    earlier.write_bytes(render(TEMPLATE, dataclasses.replace(example_plan("nl"), year=YEAR - 1)))
    first, second = roll(earlier, old, config=tmp_path / "geen.toml", year=YEAR + 1, out=tmp_path / "nieuw")
    assert [each.code for each in second.problems] == ["roll_same_target"]
    assert "roll_same_target" not in [each.code for each in first.problems]


def test_a_short_plan_gets_the_sheet_of_its_history_and_asks_to_confirm_only_what_it_shows(tmp_path):
    off = sections_off(TEMPLATE, "kern")
    typed = dataclasses.replace(example_plan("nl"), off=off).with_typed({"account.description": "Lagers"}, {})
    path = tmp_path / "kern.xlsx"
    path.write_bytes(render(TEMPLATE, typed))
    [result] = roll(path)
    assert isinstance(result, RolledFile)
    assert excel_check(result.files[0].read_bytes(), tmp_path) in (None, [])
    plan = read_plan(result.files[0], TEMPLATE)
    assert off - plan.off == {"history.plans"}
    budget = {line["item_id"]: line["target"] for line in plan.tables["history.plans"] if line["kind"] == "budget"}
    old = {line["line"]: line["xx"] for line in read_plan(path, TEMPLATE).tables["budget.statement"]}
    assert len(budget) == 19
    assert budget["A"] == pytest.approx(old["gross_revenue"])
    to_confirm = {row["section"] for row in plan.tables["rollover.confirmations"] if row.get("values")}
    assert "1.1" in to_confirm
    assert not to_confirm & plan.off


def test_the_command_gives_the_new_file_and_the_counts_and_warns_of_a_year_that_is_not_the_next(old, tmp_path, capsys):
    out, year = tmp_path / "nieuw", str(YEAR + 2)
    words = ["roll-over", str(old), "--config", str(EXAMPLE), "--out", str(out), "--lang", "en", "--year", year]
    code = main(words)
    said = capsys.readouterr()
    assert (code, said.out.strip()) == (0, str(out / f"Accountplan_{MAIN_ACCOUNT}_{year}.xlsx"))
    first, second, *table = said.err.splitlines()
    assert "rolls over to 2029, not to the year after it" in first
    assert "rolled over to 2029; of " in second
    assert table[0].split()[:2] == ["found", "along"]
    assert table[-1].split()[0] == "Together"


def test_a_plan_that_cannot_be_rolled_over_gives_exit_code_2_and_is_listed(tmp_path, capsys):
    missing = [str(tmp_path / name) for name in ("een.xlsx", "twee.xlsx")]
    assert main(["roll-over", *missing, "--config", str(EXAMPLE), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "0 of 2 plans rolled over." in said
    assert f"Not done: {', '.join(missing)}." in said


def test_a_file_that_is_no_plan_or_damaged_is_refused(tmp_path, old):
    path = tmp_path / "map" / "kapot.xlsx"
    path.parent.mkdir()
    path.write_bytes(old.read_bytes()[:9000])
    assert "kapot.xlsx" in refused(path)
    path.write_bytes(b"PK\x03\x04 geen werkmap")
    assert "kapot.xlsx" in refused(path)


def test_a_plan_of_a_newer_template_is_refused(old):
    parts = members(old.read_bytes())
    texts = parts["xl/sharedStrings.xml"].replace(b">1.0.0<", b">9.0.0<")
    assert texts != parts["xl/sharedStrings.xml"]
    old.write_bytes(with_parts(old.read_bytes(), {"xl/sharedStrings.xml": texts}))
    assert "was made with template 9.0.0 and this program knows 1.0.0" in refused(old)


def test_a_plan_that_is_open_in_excel_is_refused(old):
    (old.parent / f"~${old.name}").write_bytes(b"")
    assert "is open in Excel" in refused(old)


def test_the_config_of_another_customer_is_refused(old, tmp_path):
    export = tmp_path / "ander" / "verkoop.csv"
    export.parent.mkdir()
    export.write_text("klant;datum;omzet\n1;31-12-2026;10,00\n", "utf-8")
    config = export.parent / "accountplan.toml"
    assert main(["init", str(export), "--out", str(config), "--lang", "en"]) == 0
    assert f"Customer {MAIN_ACCOUNT} is not in verkoop.csv" in refused(old, config)


@pytest.mark.parametrize(
    ("year", "said"),
    [(YEAR, "cannot roll over to 2027; give a later year"), (YEAR - 1, "give a later year"), (3000, "cannot be"),
     (2040, "has no usable lines in 2037-2040")],
)  # fmt: skip
def test_a_year_that_cannot_be_is_refused(old, year, said):
    assert said in refused(old, year=year)


def test_a_new_plan_in_which_somebody_worked_is_never_replaced(old, books):
    target = old.with_name(f"Accountplan_{MAIN_ACCOUNT}_{YEAR + 1}.xlsx")
    core = members(books[OTHER])["docProps/core.xml"].replace(b"T", b"U")
    target.write_bytes(with_parts(books[OTHER], {"docProps/core.xml": core}))
    assert "it stays as it is" in refused(old)
