"""Closed plans whose budget is adopted: the values of now, nothing else touched, kept by whatever comes after."""

from __future__ import annotations

import datetime as dt
import functools
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from by_id import value
from compare import differences, error_cells, same, unlike
from made_exports import made_portfolio, plan_of
from office import recalculated
from saved_plans import PLANS, excel_check, marks_of, used
from user_content import USER_SHEET, members, sheet_part, with_parts, without_prefixes
from workbook_cells import Cells, read_cells

from workbook_builder.approve import LINES, Signature
from workbook_builder.approve_files import approve_file
from workbook_builder.checking.check import check_content
from workbook_builder.cli import main
from workbook_builder.errors import InputError
from workbook_builder.files import backups
from workbook_builder.saved.book import SavedBook
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import render

TEMPLATE = load_template()
WHO = Signature(dt.date(2026, 12, 10), by="M. Jansen")
EXAMPLES = Path(__file__).parents[2] / "examples"


@functools.cache
def small(language: str = "nl") -> bytes:
    """A plan without history: a target of 1,200 at half margin, in twelve equal months."""
    with tempfile.TemporaryDirectory() as folder:
        portfolio = made_portfolio(Path(folder), sales=[["2026-12-31", "A", 0, "0.00", "0.00"]])
        plan = plan_of(portfolio, language=language)
    typed = {"goals.revenue": [{"row": 1, "own_target": 1200, "own_margin_pct": 0.5}]}
    return render(TEMPLATE, plan.with_typed({"targets.seasonality": "equal"}, typed))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The small plan on disk."""
    file = tmp_path / "plan.xlsx"
    file.write_bytes(small())
    return file


def typed(file: Path, name: str, cells: list[list[Any]]) -> None:
    """Type something without computing anything: the stored values of the formulas are then old."""
    book = SavedBook(file.read_bytes(), file)
    book.set_cells(name, cells)
    file.write_bytes(book.to_bytes())


def target(file: Path, amount: float) -> None:
    typed(file, "goals.revenue.own_target", [[amount], *[[None]] * 15])


def frozen(cells: Cells, version: int, line: int) -> list[Any]:
    return cells.named("approval.lines.month")[(version - 1) * len(LINES) + line - 1]


def refused(file: Path, signature: Signature = WHO) -> list[str]:
    """The codes of the problems; the file and its folder stay as they were."""
    content, names = file.read_bytes(), sorted(file.parent.iterdir())
    with pytest.raises(InputError) as caught:
        approve_file(file, signature)
    assert (file.read_bytes(), sorted(file.parent.iterdir())) == (content, names)
    return [problem.code for problem in caught.value.problems]


def test_the_frozen_months_are_those_of_the_budget(path):
    approve_file(path, WHO)
    cells = read_cells(path)
    assert frozen(cells, 1, 1) == [100.0] * 12  # A: 1,200 in twelve equal months
    assert frozen(cells, 1, 5) == [-50.0] * 12  # E: half of it
    assert frozen(cells, 1, 19) == [50.0] * 12  # L: no costs
    assert value(TEMPLATE, cells, "approval.budget.adopted:19") == 600
    assert value(TEMPLATE, cells, "approval.lines_changed") == 0
    assert value(TEMPLATE, cells, "plan.status") == "Vastgesteld"
    assert value(TEMPLATE, cells, "approval.versions.adopted_by:1") == "M. Jansen"


def test_values_that_are_old_in_the_file_are_never_frozen(path):
    target(path, 2400)
    assert value(TEMPLATE, read_cells(path), "budget.gross_revenue") == 1200  # what the file still says
    approve_file(path, WHO)
    assert frozen(read_cells(path), 1, 1) == [200.0] * 12


@functools.cache
def adopted(plan: str) -> bytes:
    """One of `PLANS` after its budget was adopted."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.xlsx"
        file.write_bytes(PLANS[plan]())
        approve_file(file, WHO)
        return file.read_bytes()


def fired(cells: Cells) -> set[str]:
    codes, results = cells.column("checks.list.code"), cells.column("checks.list.result")
    return {code for code, result in zip(codes, results, strict=True) if result}


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, Cells]]:
    """{what happened to a plan: (its file, its cells as LibreOffice computes them)}."""
    folder = tmp_path_factory.mktemp("stories")
    (folder / "used.xlsx").write_bytes(adopted("used"))
    for name in ("adopted", "changed", "twice"):
        file = folder / f"{name}.xlsx"
        file.write_bytes(small())
        approve_file(file, WHO)
    months = read_cells(folder / "changed.xlsx").named("approval.lines.month")
    months[0][0], months[0][1] = 99.0, 101.0  # the year stays 1,200
    typed(folder / "changed.xlsx", "approval.lines.month", months)
    target(folder / "changed.xlsx", 1500)
    twice = folder / "twice.xlsx"
    target(twice, 1500)
    approve_file(twice, Signature(dt.date(2027, 2, 1), reason="Order van februari"))
    typed(twice, "approval.show_version", [[1]])
    target(twice, 1600)
    books = {file.stem: file.read_bytes() for file in folder.glob("*.xlsx")}
    office = recalculated(books)
    return {name: (books[name], office[name]) for name in books}


@pytest.mark.office
def test_a_second_version_leaves_the_first_and_the_budget_lives_on_beside_both(stories):
    content, cells = stories["twice"]
    months = read_cells(content).named("approval.lines.month")
    assert months[:19] == read_cells(stories["adopted"][0]).named("approval.lines.month")[:19]
    assert months[19] == [125.0] * 12
    assert months[38:] == [[None] * 12] * 38
    assert value(TEMPLATE, cells, "approval.versions.reason:2") == "Order van februari"
    assert value(TEMPLATE, cells, "approval.approved_version") == 2
    assert value(TEMPLATE, cells, "approval.budget.adopted:1") == 1200  # version 1 is asked for
    assert value(TEMPLATE, cells, "approval.budget.live:1") == 1600
    assert value(TEMPLATE, cells, "approval.budget.difference:1") == 400


@pytest.mark.office
def test_checks_show_a_frozen_amount_that_somebody_changed_and_the_difference_with_now(stories):
    assert fired(stories["adopted"][1]) & {"R13", "R14", "R15"} == set()
    content, changed = stories["changed"]
    assert fired(changed) >= {"R13", "R14"}
    assert value(TEMPLATE, changed, "approval.lines.verdict:1") == "gewijzigd"
    assert value(TEMPLATE, changed, "plan.light") == "ROOD"
    told = [each for each in check_content(content, "plan.xlsx", TEMPLATE).findings if "adopted" in each.code]
    assert [(each.level, each.particulars["version"], each.particulars["lines"]) for each in told] == [
        ("error", 1, "A")
    ], "also where no program computed the check of the plan anew"
    assert "check_adopted_changed" not in {
        each.code for each in check_content(stories["twice"][0], "plan.xlsx", TEMPLATE).findings
    }


@pytest.mark.office
def test_the_budget_of_now_is_frozen(stories):
    content, office = stories["used"]
    months, statement = office.named("approval.lines.month"), office.named("budget.statement.month")
    ids = [line.id for line in TEMPLATE.block("budget.statement").lines]  # type: ignore[union-attr]
    for number, (line, _) in enumerate(LINES):
        for frozen_amount, live in zip(months[number], statement[ids.index(line)], strict=True):
            assert same(frozen_amount, live if isinstance(live, float) else None)
    stored = read_cells(content)
    assert error_cells(stored) == []
    assert [str(each) for each in differences(stored, office.value)] == []


@pytest.mark.parametrize("plan", [pytest.param(plan, marks=marks_of(plan)) for plan in PLANS if plan != "used"])
def test_a_plan_that_another_program_saved_becomes_the_same(plan, tmp_path):
    assert unlike(read_cells(without_prefixes(adopted(plan))), read_cells(adopted("used"))) == []
    if plan == "fresh":
        assert excel_check(adopted(plan), tmp_path) in (None, [])


def test_nothing_but_the_cells_of_the_approval_changes(path):
    old = read_cells(path)
    approve_file(path, WHO)
    new = read_cells(path)
    changed = {
        (sheet, at)
        for sheet, cells in old.sheets.items()
        for at in cells.keys() | new.sheets[sheet].keys()
        if _plain(cells.get(at)) != _plain(new.sheets[sheet].get(at))
    }
    allowed = set()
    for name in ("plan.status", "plan.signed_by", "plan.signed_on", "approval.versions", "approval.lines"):
        sheet, rows = new.place(name)
        allowed |= {(sheet, at) for row in rows for at in row}
    assert changed
    assert changed <= allowed


def _plain(cell: Any) -> Any:
    """The formula of a cell, or its value when it has none."""
    return None if cell is None else cell.formula or cell.value


def with_formula(file: Path, name: str, formula: str) -> None:
    """Put a formula in the first cell of an id, as somebody does who types one over an input."""
    book = SavedBook(file.read_bytes(), file)
    area = book.area(name)
    at = str(area.range).partition(":")[0]
    part = book.sheets[area.sheet]
    text = members(file.read_bytes())[part].decode()
    cell = re.search(rf'<c r="{at}"((?: s="\d+")?)[^>]*?(?:/>|>.*?</c>)', text)
    assert cell
    edited = text.replace(cell[0], f'<c r="{at}"{cell[1]}><f>{formula}</f><v>1200</v></c>')
    file.write_bytes(with_parts(file.read_bytes(), {part: edited.encode()}))


def test_a_budget_that_rests_on_a_formula_that_nobody_here_can_compute_is_refused(path):
    with_formula(path, "goals.revenue.own_target", "MIJNFUNCTIE(3)")
    assert refused(path) == ["approve_old_values"]


def test_a_formula_on_a_sheet_of_the_users_own_matters_only_when_the_plan_reads_it(tmp_path):
    file = tmp_path / "plan.xlsx"
    part = sheet_part(used(), USER_SHEET)
    unknown = members(used())[part].replace(b"H2*2+SUM(tbl_src_sales[Omzet])", b"MIJNFUNCTIE(H2)")
    file.write_bytes(with_parts(used(), {part: unknown}))
    content = file.read_bytes()
    approve_file(file, WHO)
    file.write_bytes(content)
    with_formula(file, "goals.revenue.own_target", f"'{USER_SHEET}'!H2+'{USER_SHEET}'!D2")
    for backup in backups(file):
        backup.unlink()
    assert refused(file) == ["approve_old_values"]


def test_a_budget_with_an_error_is_refused_by_line_and_month(path):
    with_formula(path, "targets.by_group.target", "1/0")  # January of the first group
    assert set(refused(path)) == {"approve_error"}


def test_a_plan_that_is_open_in_excel_is_refused(path):
    (path.parent / "~$plan.xlsx").write_bytes(b"")
    assert refused(path) == ["file_open_in_excel"]


def test_a_file_that_is_no_plan_is_refused(tmp_path):
    file = tmp_path / "x.xlsx"
    file.write_bytes(b"no workbook")
    assert refused(file) == ["plan_damaged"]


@pytest.mark.parametrize(("language", "status"), [("nl", "Vastgesteld"), ("en", "Adopted")])
def test_the_command_adopts_each_plan_it_can_and_says_what_it_did(tmp_path, capsys, language, status):
    files = [tmp_path / "one.xlsx", tmp_path / "two.xlsx"]
    files[0].write_bytes(small(language))
    files[1].write_bytes(b"no workbook")
    options = ["--by", "M. Jansen", "--on", "2026-12-10", "--lang", language]
    assert main(["approve", *map(str, files), *options]) == 2
    said = capsys.readouterr()
    assert said.out.split() == [str(files[0])]
    assert "M. Jansen" in said.err
    assert "10-12-2026" in said.err
    assert str(files[1]) in said.err
    cells = read_cells(files[0])
    assert value(TEMPLATE, cells, "plan.status") == status
    assert main(["approve", str(files[0]), "--on", "10-12-2026", "--lang", language]) == 2
    assert "2026-12-31" in capsys.readouterr().err
