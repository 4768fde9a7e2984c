"""A plan keeps the sections it chooses; numbers never shift, and nothing that reads a missing section goes wrong."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import random

import pytest
from by_id import value
from compare import differences, error_cells
from example_account import example_plan, openpyxl_book, xml_parts
from filled_plan import with_every_input
from office import recalculated
from workbook_cells import Cells, read_cells

from workbook_builder.errors import InputError
from workbook_builder.plan import Plan
from workbook_builder.template.left_out import without
from workbook_builder.template.loader import load_template
from workbook_builder.template.profiles import choosable_sections, sections_off
from workbook_builder.workbook.named_values import read_plan
from workbook_builder.workbook.renderer import build, render

TEMPLATE = load_template()
KEYS = [section.key for _, section in choosable_sections(TEMPLATE)]
HEADLINES = (
    "plan.revenue.vv", "plan.revenue.xx", "plan.revenue.yy", "plan.margin.vv", "plan.margin.xx", "plan.margin.yy",
    "plan.profit.vv", "plan.profit.xx", "plan.profit.yy", "plan.reference_date",
)  # fmt: skip
WHEN_THERE = (
    "analysis.expected_vv", "targets.months.target", "goals.revenue_xx", "budget.account_profit.vv",
    "summary.summary_revenue", "summary.summary_profit", "account.potential_left", "approval.budget.live",
)  # fmt: skip
"""Figures of sections that may be left out themselves: unchanged as long as they are in the workbook."""
SHORT = sections_off(TEMPLATE, "kern")
LEAST = frozenset(KEYS)


@functools.cache
def filled() -> Plan:
    """The example account with something typed into every input."""
    return with_every_input(TEMPLATE, example_plan("nl"))


def chosen(off: frozenset[str]) -> Plan:
    return dataclasses.replace(filled(), off=off)


@functools.cache
def whole() -> Cells:
    return read_cells(render(TEMPLATE, filled()))


@functools.cache
def book(*off: str) -> bytes:
    return render(TEMPLATE, chosen(frozenset(off)))


def kern() -> bytes:
    return book(*sorted(SHORT))


def least() -> bytes:
    return book(*sorted(LEAST))


def changed_figures(cells: Cells) -> list[str]:
    """The headline figures, and the others that are there, that differ from those of the whole plan."""
    found = {name: value(TEMPLATE, cells, name) for name in HEADLINES}
    for name in WHEN_THERE:
        with contextlib.suppress(KeyError):
            found[name] = value(TEMPLATE, cells, name)
    return [name for name, figure in found.items() if figure != value(TEMPLATE, whole(), name)]


def index_lines(content: bytes) -> dict[str, tuple[str, object, bool]]:
    """{number: (title, what it says of how far it is, whether it is a link)} of the index on the first sheet."""
    start = openpyxl_book(content).worksheets[0]
    rows = [row for row in start.iter_rows() if row[1].value]
    return {str(row[1].value): (row[2].value, row[5].value, row[2].hyperlink is not None) for row in rows}


def is_read(key: str) -> bool:
    """Whether anything of a section stays in a plan without it."""
    return any(section.blocks for _, section in choosable_sections(without(TEMPLATE, {key})) if section.key == key)


READ = [key for key in KEYS if is_read(key)]
ALONE = ["1.1", "1.3", "1.4", "1.10", "2.1", "3.1", "3.2", "3.4", "3.10", "4.2", "4.4", "6.1", "6.4", "7", "8.3"]
REST = [key for key in READ if key not in ALONE]
TOGETHER = [" ".join(REST[first : first + 5]) for first in range(0, len(REST), 5)]


@pytest.mark.parametrize("off", [*ALONE, *TOGETHER, " ".join(key for key in KEYS if key not in READ)])
def test_without_a_section_there_is_no_error_and_every_figure_is_that_of_the_whole_plan(off):
    """What most is computed from alone, the rest by five; those that nothing else reads go together."""
    cells = read_cells(render(TEMPLATE, chosen(frozenset(off.split()))))
    assert error_cells(cells) == []
    assert changed_figures(cells) == []


@pytest.mark.parametrize("content", [kern, least])
def test_the_figures_of_a_short_plan_are_those_of_the_whole_plan(content):
    assert changed_figures(read_cells(content())) == []


def some_off() -> bytes:
    """Without a third of the sections, drawn at random but always the same."""
    return book(*sorted(random.Random(8).sample(KEYS, len(KEYS) // 3)))


@pytest.mark.office
def test_short_plans_have_no_error_and_the_values_of_libreoffice():
    books = {"kern": kern(), "least": least(), "some": some_off()}
    for name, office in recalculated(books).items():
        stored = read_cells(books[name])
        assert [str(each) for each in differences(stored, office.value)] == []
        assert error_cells(stored) + error_cells(office) == []


def test_the_short_profile_keeps_the_six_parts_and_the_two_pages():
    assert set(KEYS) - SHORT == {
        "1.1", "1.4", "1.7", "1.10", "3.10", "4.2", "4.3", "4.4", "5.5", "7", "8.1", "8.2", "8.3", "8.4", "8.6", "8.7",
        "targets.months", "targets.groups", "targets.weeks", "review.quarters", "review.figures",
        "approval.status", "approval.budget", "approval.versions", "approval.lines",
    }  # fmt: skip


def test_the_index_still_names_a_section_that_is_left_out_as_not_applicable():
    lines = index_lines(kern())
    assert lines["3.8"] == ("Inkoopstrategie van het account", "n.v.t.", False)
    assert lines["6.1"] == ("Financiën", "n.v.t.", False)
    assert lines["3.10"][2]
    assert index_lines(least())["4.2"][1:] == ("n.v.t.", False)


def test_numbers_do_not_shift_and_empty_chapters_have_no_sheet():
    names = openpyxl_book(kern()).sheetnames
    assert "Organisatie" not in names
    assert "H6 Budget" not in names
    bands = [cell.value for [cell] in openpyxl_book(kern())["H3 Accountanalyse"].iter_rows(min_col=2, max_col=2)]
    assert [str(text).split()[0] for text in bands if str(text)[:2] == "3."] == ["3.10"]


def test_what_is_left_of_a_section_left_out_stands_where_nobody_sees_it():
    states = {sheet.title: sheet.sheet_state for sheet in openpyxl_book(kern()).worksheets}
    unseen = {name for name, state in states.items() if state != "visible"}
    assert set(states.values()) == {"visible", "veryHidden"}
    assert {"_analysis", "_budget", "_manifest"} <= unseen
    assert unseen == {name for name in states if name.startswith("_")}
    assert {state for name, state in states.items() if name in unseen} == {"veryHidden"}


def test_no_link_leads_to_a_section_that_is_left_out():
    for part in xml_parts(kern()).values():
        assert 'location="_' not in part
        assert "location=\"'_" not in part


def test_checks_that_need_a_missing_section_go_quiet():
    cells = read_cells(render(TEMPLATE, dataclasses.replace(example_plan("nl"), off=LEAST)))
    codes = cells.column("checks.list.code")
    verdicts = dict(zip(codes, cells.column("checks.list.verdict"), strict=True))
    results = dict(zip(codes, cells.column("checks.list.result"), strict=True))
    for quiet in ("R2", "R3", "R4", "R6", "P1a", "P1c", "P1d", "P3a", "P3j", "Q11b"):
        assert (verdicts[quiet], results[quiet]) == ("n.v.t.", 0)
    assert (verdicts["R1"], verdicts["Q2"]) == ("goed", "goed")


SECRET = "Geheime concurrent"


@pytest.mark.parametrize(
    ("key", "table", "row"),
    [
        ("3.7", "analysis.competitors", {"competitor": SECRET, "threat": 5}),
        ("1.10", "account.contacts", {"phone": SECRET}),
        ("2.1", "team.members", {"backup": SECRET}),
        ("6.2", "budget.staff", {"employee": "x", "note": SECRET}),
    ],
)
def test_what_nobody_needs_of_a_missing_section_is_not_in_the_file(key, table, row):
    plan = example_plan("nl").with_typed({}, {table: [{"row": 1, **row}]})
    assert SECRET not in texts_of(build(TEMPLATE, dataclasses.replace(plan, off=SHORT | {key})))


def test_a_plan_remembers_what_it_left_out_and_what_is_read_of_it(tmp_path):
    (tmp_path / "plan.xlsx").write_bytes(kern())
    plan = read_plan(tmp_path / "plan.xlsx", TEMPLATE)
    assert plan.off == SHORT
    before = read_cells(kern())
    assert differences(read_cells(render(TEMPLATE, plan)), before.value) == []


def test_a_choice_from_a_missing_table_may_be_typed():
    assert rule_of(openpyxl_book(kern()), "actions.watch.swot").type == "list"  # 3.10 is kept
    assert rule_of(openpyxl_book(kern()), "actions.list.responsible").type == "textLength"  # 2.1 is not
    assert rule_of(openpyxl_book(book(*sorted(LEAST - {"7"}))), "actions.watch.swot").type == "textLength"


def rule_of(workbook, name):
    """The validation of the first cell of a defined name."""
    ((sheet, place),) = workbook.defined_names[name].destinations
    cell = place.replace("$", "").split(":")[0]
    (rule,) = [rule for rule in workbook[sheet].data_validations.dataValidation if cell in rule.sqref]
    return rule


@pytest.mark.parametrize(
    ("key", "block"),
    [("3.7", "summary.competition"), ("7", "summary.next_actions")],
)
def test_a_block_that_shows_the_rows_of_a_missing_section_says_so_instead_of_standing_empty(key, block):
    assert without(TEMPLATE, {key}).block(block).kind == "absent"
    text = f"Niet van toepassing: {key} {TEMPLATE.text('nl', f'sections.{key}')} staat niet in dit plan."
    assert text in texts_of(build(TEMPLATE, chosen(frozenset({key}))))


def test_any_section_may_be_left_out_and_only_an_unknown_one_is_refused():
    assert sections_off(TEMPLATE, "volledig", KEYS) == LEAST
    with pytest.raises(InputError, match=r"9\.1"):
        sections_off(TEMPLATE, "kern", ["9.1"])
    with pytest.raises(InputError, match="kort"):
        sections_off(TEMPLATE, "kort")


def texts_of(content: bytes) -> set[str]:
    return {str(cell.value) for cells in read_cells(content).sheets.values() for cell in cells.values()}


def test_the_template_itself_leaves_nothing_out():
    assert TEMPLATE.off == frozenset()
    assert sections_off(TEMPLATE) == frozenset()


def test_links_to_rows_of_a_missing_section_are_not_judged():
    cells = read_cells(book("7"))
    assert any(cells.column("analysis.swot.action"))
    assert set(cells.column("analysis.swot.action_found")) <= {"", None}
    assert set(cells.column("analysis.swot.goal_found")) & {0.0, 1.0}  # 4.2 is there
    verdicts = dict(zip(cells.column("checks.list.code"), cells.column("checks.list.verdict"), strict=True))
    assert (verdicts["P1b"], verdicts["P1c"]) == ("n.v.t.", "n.v.t.")
