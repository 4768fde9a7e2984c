"""The button that gives a table one more row, on a real plan in a live spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import xlwings as xw
from live_contents import changed, contents

from addin import macros
from addin.live_book import LiveBook
from workbook_builder.errors import InputError
from workbook_builder.template.loader import load_template

pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def book(office, plan_file) -> Iterator[xw.Book]:
    opened = office.books.open(str(plan_file))
    yield opened
    opened.close()


def press(book: xw.Book, name: str, down: int = 0) -> tuple[str, str]:
    """Press the button with the cursor in a column; the id of the column and the row where the cursor then is."""
    live = LiveBook(book)
    place = live.locate([name])[name]
    live.select(place.sheet, place._replace(row=place.row + down, rows=1, cols=1).address)
    macros.add_row(LiveBook(book))
    chosen = live.selection()
    assert chosen is not None
    return chosen.sheet, chosen.address


def cell(book: xw.Book, name: str, row: int) -> tuple[str, str]:
    """Sheet and address of row `row` of a column, from 1."""
    place = LiveBook(book).locate([name])[name]
    return place.sheet, place._replace(row=place.row + row - 1, rows=1).address


def fill(book: xw.Book, name: str, rows: int, *, without: int = 0) -> None:
    count = LiveBook(book).locate([name])[name].rows
    LiveBook(book).write(name, [[f"x{n}" if n <= rows and n != without else None] for n in range(1, count + 1)])


def test_the_cursor_goes_to_the_first_row_that_nobody_uses_and_nothing_else_changes(book, said):
    fill(book, "account.customer_goals.goal", 3)
    before = contents(book)
    assert press(book, "account.customer_goals.goal", down=6) == cell(book, "account.customer_goals.goal", 4)
    assert changed(before, contents(book)) == []
    assert said == [
        "Regel 4 van 8 van de tabel 'Doel van de klant' (1.7) staat klaar, met de formules en keuzelijsten; "
        "je kunt typen."
    ]


def test_the_row_has_the_formulas_and_the_lists_of_its_table(book):
    template = load_template()
    fill(book, "analysis.swot.description", 2)
    sheet, address = press(book, "analysis.swot.impact")
    row = int("".join(filter(str.isdigit, address)))
    live = LiveBook(book)
    calculated = [c.id for c in template.block("analysis.swot").columns if c.role == "calculated"]
    places = live.locate([f"analysis.swot.{column}" for column in calculated])
    assert len(places) > 3
    for place in places.values():
        assert book.sheets[sheet].range(place._replace(row=row, rows=1).address).formula.startswith("=")
    live.write("analysis.swot.description", [["a"], ["b"], ["Snel leveren"], *[[None]] * 21])
    live.write("analysis.swot.kind", [*[[None]] * 2, ["Sterkte"], *[[None]] * 21])
    live.write("analysis.swot.impact", [*[[None]] * 2, [4], *[[None]] * 21])
    book.app.calculate()
    assert live.read("analysis.swot.score")[2] == [4]  # a strength counts in full


def test_a_gap_is_used_when_the_rows_behind_it_are_not_free(book):
    fill(book, "analysis.competitors.competitor", 8, without=5)
    assert press(book, "analysis.competitors.threat") == cell(book, "analysis.competitors.competitor", 5)


def test_a_row_counts_as_used_when_any_of_its_cells_is_typed(book):
    fill(book, "account.activities.activity", 1)
    notes = [[None], ["alleen een notitie"], *[[None]] * 6]
    LiveBook(book).write("account.activities.note", notes)
    assert press(book, "account.activities.activity") == cell(book, "account.activities.activity", 3)


def test_a_full_table_says_how_many_rows_it_has_and_what_to_do(book, said):
    fill(book, "analysis.conclusions.conclusion", 5)
    with pytest.raises(InputError) as refused:
        press(book, "analysis.conclusions.conclusion")
    assert refused.value.text("en").startswith(
        "The table 'Conclusie' (3.11) is full: all 5 rows are in use; clear a row"
    )
    assert said == []


def test_in_a_table_that_follows_another_the_row_begins_in_that_other_one(book):
    contacts = [row[0] for row in LiveBook(book).read("account.contacts.name")]
    used = max(n for n, name in enumerate(contacts, 1) if name)
    assert press(book, "account.contact_matrix.wanted", down=1) == cell(book, "account.contacts.name", used + 1)
    LiveBook(book).write("actions.results.cost", [[None], [3.5], *[[None]] * 58])  # typed against the second action
    assert press(book, "actions.follow_up.progress", down=9) == cell(book, "actions.list.action", 3)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("analysis.sales_vv.revenue", "row_from_source"),
        ("goals.revenue.own_target", "row_from_source"),
        ("targets.months.own_weight", "row_fixed"),
        ("analysis.purchase_process.weeks", "row_fixed"),
        ("budget.account_profit", "row_fixed"),
        ("checks.list.code", "row_fixed"),
        ("account.dmu_view.score", "row_not_typed"),
        ("analysis.lost_reasons.value", "row_not_typed"),
        ("account.name", "row_no_table"),
    ],
)
def test_a_table_to_which_nobody_can_add_says_why(book, said, name, code):
    before = LiveBook(book).selection()
    with pytest.raises(InputError) as refused:
        press(book, name)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert before is not None
    assert said == []


@pytest.mark.parametrize("table", ["tbl_src_quotations", "tbl_log"])
def test_a_source_table_refuses(book, table):
    place = LiveBook(book).tables()[table]
    LiveBook(book).select(place.sheet, place._replace(row=place.row + 1, rows=1, cols=1).address)
    with pytest.raises(InputError, match="come from the source"):
        macros.add_row(LiveBook(book))


def test_a_table_of_ones_own_above_a_source_table_does_not(book):
    assert press(book, "log.assumptions.owner") == cell(book, "log.assumptions.assumption", 1)


def test_a_name_that_somebody_deleted_is_named(book):
    book.names["organisation.couplings.note"].delete()
    with pytest.raises(InputError, match=r"organisation\.couplings\.note"):
        press(book, "organisation.couplings.coupling")
