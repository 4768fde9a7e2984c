"""A plan keeps the sections it chooses; numbers never shift, and nothing that reads a missing section goes wrong."""

from __future__ import annotations

import pytest
from by_id import value
from compare import differences, error_cells
from example_account import example_plan, openpyxl_book
from filled_plan import with_every_input
from office import recalculated
from workbook_cells import read_cells

from workbook_builder.errors import InputError
from workbook_builder.plan import Plan
from workbook_builder.template.loader import load_template
from workbook_builder.template.model import Template
from workbook_builder.template.profiles import choosable_sections, sections_off
from workbook_builder.workbook.reader import read_plan
from workbook_builder.workbook.renderer import build, render

TEMPLATE = load_template()
NEEDED = {section.key for _, section in choosable_sections(TEMPLATE) if section.always}
FREE = [section.key for _, section in choosable_sections(TEMPLATE) if not section.always]
HEADLINES = (
    "plan.revenue.vv", "plan.revenue.xx", "plan.revenue.yy", "plan.margin.vv", "plan.margin.xx", "plan.margin.yy",
    "plan.profit.vv", "plan.profit.xx", "plan.profit.yy", "analysis.expected_vv", "targets.months.target",
    "summary.summary_revenue", "summary.summary_profit",
)  # fmt: skip
SHORT = sections_off(TEMPLATE, "kern")
LEAST = frozenset(FREE)
WHOLE = read_cells(render(TEMPLATE, example_plan("nl")))


def chosen(off: frozenset[str], language: str = "nl") -> Plan:
    plan = with_every_input(TEMPLATE, example_plan(language))
    return Plan(**{**vars(plan), "off": off})


@pytest.fixture(scope="module")
def books() -> dict[str, bytes]:
    return {name: render(TEMPLATE, chosen(off)) for name, off in (("kern", SHORT), ("least", LEAST))}


@pytest.mark.parametrize("key", FREE)
def test_any_section_can_be_left_out_without_an_error_in_the_others(key):
    cells = read_cells(render(TEMPLATE, chosen(frozenset({key}))))
    assert error_cells(cells) == []


@pytest.mark.office
@pytest.mark.parametrize("name", ["kern", "least"])
def test_a_short_plan_has_no_error_and_the_values_of_libreoffice(books, name):
    stored = read_cells(books[name])
    office = recalculated({name: books[name]})[name]
    assert [str(each) for each in differences(stored, office.value)] == []
    assert error_cells(stored) + error_cells(office) == []


def test_the_short_profile_keeps_the_six_parts_and_the_two_pages():
    kept = {section.key for _, section in choosable_sections(TEMPLATE)} - SHORT
    assert {"1.1", "1.7", "1.10", "3.10", "4.2", "4.3", "4.4", "5.5", "targets.months", "targets.weeks"} <= kept
    assert {f"8.{number}" for number in range(1, 8)} <= kept
    assert not kept & {"1.2", "3.8", "6.2", "organisation.core"}


def test_the_index_still_names_a_section_that_is_left_out_as_not_applicable(books):
    start = openpyxl_book(books["kern"]).worksheets[0]
    rows = {str(row[1].value): row for row in start.iter_rows() if row[1].value}
    assert (rows["3.8"][2].value, rows["3.8"][5].value) == ("Inkoopstrategie van het account", "n.v.t.")
    assert rows["3.8"][2].hyperlink is None
    assert rows["3.10"][2].hyperlink is not None


def test_numbers_do_not_shift_and_empty_chapters_have_no_sheet(books):
    book = openpyxl_book(books["kern"])
    assert "Organisatie" not in book.sheetnames
    bands = [cell.value for [cell] in book["H3 Accountanalyse"].iter_rows(min_col=2, max_col=2) if cell.value]
    assert [str(text).split()[0] for text in bands if str(text)[:2] == "3."] == ["3.1", "3.2", "3.3", "3.10"]


def test_checks_that_need_a_missing_section_go_quiet():
    cells = read_cells(render(TEMPLATE, Plan(**{**vars(example_plan("nl")), "off": LEAST})))
    codes = cells.column("checks.list.code")
    verdicts = dict(zip(codes, cells.column("checks.list.verdict"), strict=True))
    results = dict(zip(codes, cells.column("checks.list.result"), strict=True))
    for quiet in ("P1c", "P1d", "P3a"):
        assert (verdicts[quiet], results[quiet]) == ("n.v.t.", 0)
    assert verdicts["R1"] == "goed"


def test_nothing_of_a_missing_section_is_in_the_file():
    plan = example_plan("nl").with_typed(
        {}, {"analysis.competitors": [{"row": 1, "competitor": "Geheime concurrent", "threat": 5}]}
    )
    with_it = build(TEMPLATE, plan)
    without = build(TEMPLATE, Plan(**{**vars(plan), "off": frozenset({"3.7"})}))
    assert "Geheime concurrent" in texts_of(with_it)
    assert "Geheime concurrent" not in texts_of(without)


def test_a_plan_remembers_what_it_left_out(tmp_path, books):
    (tmp_path / "plan.xlsx").write_bytes(books["kern"])
    assert read_plan(tmp_path / "plan.xlsx", TEMPLATE).off == SHORT


def test_a_choice_from_a_missing_table_may_be_typed(books):
    assert rule_of(openpyxl_book(books["kern"]), "actions.watch.swot").type == "list"  # 3.10 is kept
    least = openpyxl_book(render(TEMPLATE, chosen(LEAST - {"7"})))
    assert rule_of(least, "actions.watch.swot").type == "textLength"


def rule_of(book, name):
    """The validation of the first cell of a defined name."""
    ((sheet, place),) = book.defined_names[name].destinations
    cell = place.replace("$", "").split(":")[0]
    (rule,) = [rule for rule in book[sheet].data_validations.dataValidation if cell in rule.sqref]
    return rule


def test_the_sections_that_name_the_rows_of_others_are_kept_always():
    tables = {axis.labels.rpartition(".")[0] for axis in TEMPLATE.axes.values() if "." in axis.labels}
    naming = {
        section.key
        for chapter in TEMPLATE.chapters
        for section, block in chapter.blocks()
        if f"{chapter.id}.{block.id}" in tables
    }
    assert naming == {"1.4", "1.10", "2.1", "3.1"}
    assert naming <= NEEDED


@pytest.mark.parametrize("key", sorted(NEEDED))
def test_what_names_the_rows_of_others_has_to_stay(key):
    with pytest.raises(InputError, match=key.replace(".", r"\.")):
        sections_off(TEMPLATE, "volledig", [key])


@pytest.mark.parametrize("key", FREE)
def test_the_figures_that_matter_do_not_change_when_a_section_is_left_out(key):
    plan = example_plan("nl")
    short = read_cells(render(TEMPLATE, Plan(**{**vars(plan), "off": frozenset({key})})))
    changed = [name for name in HEADLINES if value(TEMPLATE, short, name) != value(TEMPLATE, WHOLE, name)]
    assert changed == []


def test_the_figures_of_a_short_plan_are_those_of_the_whole_plan(books):
    plan = example_plan("nl")
    whole = read_cells(render(TEMPLATE, plan))
    short = read_cells(render(TEMPLATE, Plan(**{**vars(plan), "off": SHORT})))
    for name in HEADLINES:
        assert value(TEMPLATE, whole, name) == value(TEMPLATE, short, name), name


def texts_of(book: bytes) -> set[str]:
    return {str(cell.value) for cells in read_cells(book).sheets.values() for cell in cells.values()}


def test_the_template_itself_leaves_nothing_out():
    assert isinstance(TEMPLATE, Template)
    assert TEMPLATE.off == frozenset()
