"""The button that shows what a figure is made of, on a real plan in a live spreadsheet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
import xlwings as xw
from live_contents import changed, contents
from round_trips import TRIPS, TripFault

from addin import macros
from addin.live_book import LiveBook
from addin.places import Place
from workbook_builder.errors import InputError

pytestmark = pytest.mark.office

SETTINGS = ("screen_updating", "display_alerts", "enable_events", "calculation", "status_bar")


@pytest.fixture(scope="module")
def book(office, plan_file) -> Iterator[xw.Book]:
    opened = office.books.open(str(plan_file))
    yield opened
    opened.close()


def choose(book: xw.Book, name: str, down: int = 0, across: int = 0) -> Place:
    """Put the cursor on a cell of a defined name."""
    place = LiveBook(book).locate([name])[name]
    cell = place._replace(row=place.row + down, col=place.col + across, rows=1, cols=1)
    LiveBook(book).select(cell.sheet, cell.address)
    return cell


def drill(book: xw.Book) -> tuple[str, list[list]]:
    """The name and the rows of the sheet that the button makes."""
    before = [sheet.name for sheet in book.sheets]
    macros.drill_down(LiveBook(book))
    [new] = [sheet.name for sheet in book.sheets if sheet.name not in before]
    return new, book.sheets[new].used_range.options(ndim=2).value


def sources(book: xw.Book) -> list[dict]:
    headings, *rows = LiveBook(book).read_table("tbl_src_sales")
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_the_lines_of_a_figure_stand_on_a_new_sheet_with_a_total_that_ties(book, said):
    before = contents(book)
    cell = choose(book, "analysis.sales_vv.revenue", down=1)
    name, rows = drill(book)
    assert name == f"Regels {cell.address} H3 Accountanalyse"
    assert changed(before, contents(book)) == [name]
    wanted = [row for row in sources(book) if (row["Jaar"], row["Groepnr"]) == (2026, 2)]
    total = sum(Decimal(str(row["Omzet"])) for row in wanted)
    assert rows[0][0] == f"Bronregels achter H3 Accountanalyse!{cell.address}, zoals ze nu zijn"
    assert rows[1][0] == "Pneumatiek en hydrauliek, Omzet"
    shown = {row[0]: row[1] for row in rows[2:7]}
    assert shown["Cijfer in het plan"] == pytest.approx(float(total) / 1000)
    assert shown["Som van de regels hieronder"] == pytest.approx(float(total))
    assert shown["Gedeeld door de eenheid van het plan, in euro"] == 1000
    assert shown["Som in de eenheid van het plan"] == pytest.approx(float(total) / 1000)
    assert shown["Verschil met het cijfer"] == 0
    assert rows[7] == [None] * len(rows[7])
    headings = [
        "Bronblad", "Telt mee, in euro", "Rij",
        "Groepnr", "Productgroep", "Jaar", "Maand", "Omzet", "Kostprijs", "Aantal", "Regels", "Regels zonder kostprijs",
    ]  # fmt: skip
    assert rows[8] == headings
    lines = [dict(zip(headings, row, strict=True)) for row in rows[9:]]
    assert [{key: line[key] for key in wanted[0]} for line in lines] == wanted
    assert [line["Telt mee, in euro"] for line in lines] == [row["Omzet"] for row in wanted]
    sheet = book.sheets["Bron_Omzet"]  # the row leads back to the line itself
    assert [sheet.range(f"F{int(line['Rij'])}").value for line in lines] == [row["Omzet"] for row in wanted]
    money = f"{total:,.2f}".translate(str.maketrans(",.", ".,"))
    figure = f"{total / 1000:.2f}".replace(".", ",")
    assert said == [
        f"{len(wanted)} bronregels, samen {money}; het cijfer in het plan is {figure}, het verschil 0,00. "
        "Ze staan op een nieuw blad, dat je mag verwijderen."
    ]


def test_the_total_and_the_difference_are_formulas_that_follow_the_lines(book):
    choose(book, "analysis.revenue_vv")
    name, rows = drill(book)
    sheet = book.sheets[name]
    last = len(rows)
    assert sheet.range("B4").formula == f"=SUM(B10:B{last})"
    assert sheet.range("B7").formula == "=ROUND(B3-B6,6)"
    sheet.range(f"B{last}").value = rows[-1][1] + 1000
    book.app.calculate()
    assert sheet.range("B7").value == -1


def test_a_second_time_makes_another_sheet_and_leaves_the_first(book):
    choose(book, "analysis.cost_zz")
    first, rows = drill(book)
    choose(book, "analysis.cost_zz")
    second, again = drill(book)
    assert (second, again) == (f"{first} 2", rows)
    assert book.sheets[first].used_range.options(ndim=2).value == rows
    assert max(len(sheet.name) for sheet in book.sheets) <= 31


def test_an_estimate_within_a_figure_is_stated_as_the_difference(book):
    cell = choose(book, "analysis.expected_vv")
    _, rows = drill(book)
    live = LiveBook(book)
    actual, expected = live.read("analysis.revenue_vv")[0][0], live.read("analysis.expected_vv")[0][0]
    label, difference, reason = rows[6][:3]
    assert label == "Verschil met het cijfer"
    assert difference == pytest.approx(expected - actual)
    first = live.locate(["analysis.sales_vv.forecast"])["analysis.sales_vv.forecast"]
    assert reason.startswith(f"komt niet uit bronregels, maar uit {first._replace(rows=1).address}, ")
    assert cell.sheet == "H3 Accountanalyse"


def test_quotations_keep_their_dates_and_count_one_each(book):
    place = choose(book, "analysis.quotations.year", down=1, across=2)
    _, rows = drill(book)
    count = book.sheets[place.sheet].range(place.address).value
    headings = next(row for row in rows if row[0] == "Bronblad")
    lines = rows[rows.index(headings) + 1 :]
    assert len(lines) == count > 0
    assert {line[1] for line in lines} == {1}
    assert all(isinstance(line[headings.index("Datum")], dt.datetime) for line in lines)
    assert "Gedeeld door de eenheid van het plan, in euro" not in {row[0] for row in rows}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("account.name", r"In H1 Account!D\d+ staat geen getal"),
        ("plan.year", "is ingevuld en niet uit bronregels opgeteld"),
        ("analysis.sales_vv.margin_pct", r"berekend uit J\d+, E\d+; kies een van die cellen"),
        ("goals.revenue.target", "verhouding, doel of schatting"),
        ("src", "is er zelf een"),
        ("targets.months.actual", "staat geen getal"),
    ],
)
def test_a_cell_without_source_lines_says_why_and_changes_nothing(book, said, name, sentence):
    if name == "src":
        LiveBook(book).select("Bron_Omzet", "F12")
    else:
        choose(book, name)
    sheets = [sheet.name for sheet in book.sheets]
    with pytest.raises(InputError) as refused:
        macros.drill_down(LiveBook(book))
    text = refused.value.text("nl")
    assert re.search(sentence, text), text
    assert "\n" not in text
    assert [sheet.name for sheet in book.sheets] == sheets
    assert said == []


def test_a_fault_anywhere_leaves_no_sheet_and_every_setting(book, office):
    choose(book, "analysis.cost_qq")
    settings = {name: getattr(office, name) for name in SETTINGS}
    before, names = contents(book), [sheet.name for sheet in book.sheets]
    with TRIPS.counted() as trips:
        macros.drill_down(LiveBook(book))
    made, told = list(trips.made), len(office.impl.alerts)
    places = {
        kind: [at for at, (what, _) in enumerate(made, 1) if what == kind] for kind in ("write", "setting", "call")
    }
    assert len(places["write"]) >= 3
    assert "Sheets.add" in [what for _, what in made]
    [calculated, *_, alerted] = places["call"]
    refused: dict[str, TripFault | InputError] = {}
    for number in (calculated, *places["setting"][::3], *places["write"]):
        remove_new(book, names)
        choose(book, "analysis.cost_qq")
        finished = True
        with TRIPS.failing(number):
            try:
                macros.drill_down(LiveBook(book))
            except (TripFault, InputError) as fault:
                finished = False
                refused[made[number - 1][1]] = fault
        assert {name: getattr(office, name) for name in SETTINGS} == settings, made[number - 1]
        assert (len(book.sheets) > len(names)) == finished, made[number - 1]
        assert not (finished and number in places["write"])
    remove_new(book, names)
    assert changed(before, contents(book)) == []
    assert "'Regels" in str(refused["Sheets.add"])  # as when the workbook is protected: a sentence with the sheet
    assert len(office.impl.alerts) - told <= 2  # a setting is put back at the second attempt
    assert made[alerted - 1][1] == "App.alert"


def remove_new(book: xw.Book, names: list[str]) -> None:
    for sheet in list(book.sheets):
        if sheet.name not in names:
            sheet.delete()


def test_rows_that_somebody_inserted_lead_nothing_astray(book):
    live = LiveBook(book)
    live.host.lift(live.sheet("H3 Accountanalyse"))
    book.sheets["H3 Accountanalyse"].range("9:11").insert("down")
    cell = choose(book, "analysis.sales_vv.revenue")
    _, rows = drill(book)
    assert rows[0][0].startswith(f"Bronregels achter H3 Accountanalyse!{cell.address},")
    assert rows[1][0] == "Lagers en aandrijftechniek, Omzet"
    assert rows[6][:2] == ["Verschil met het cijfer", 0]
