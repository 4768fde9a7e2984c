from __future__ import annotations

import datetime as dt
import subprocess
from decimal import Decimal

import pytest
from live_contents import changed, contents, table_boxes
from round_trips import TRIPS
from workbook_cells import read_cells

from addin.cell_values import Formula
from addin.live_book import LiveBook
from addin.places import Place
from addin.quiet import quiet
from workbook_builder.errors import InputError

pytestmark = pytest.mark.office

LAGERS, OVERIG = 1, 16  # rows of the product groups


def sales(group: int, year: int, month: int, revenue: str, cost: str) -> tuple[object, ...]:
    """A line of the sales table: revenue and cost in EUR."""
    return (group, f"Groep {group}", year, month, Decimal(revenue), Decimal(cost), 10, 1, 0)


def refresh_sales(live: LiveBook, rows: list[tuple[object, ...]]) -> None:
    with quiet(live, ["Bron_Omzet"]):
        live.write_table("tbl_src_sales", rows, "Bron_Omzet")


SHORT = [
    sales(LAGERS, 2026, 1, "1000.50", "600.25"),
    sales(OVERIG, 2026, 12, "2000.00", "1500.00"),
    sales(LAGERS, 2025, 7, "99.99", "50.00"),
]
LONG = [sales(LAGERS, 2026, number % 12 + 1, "10.01", "5.00") for number in range(500)]


@pytest.mark.parametrize(
    ("rows", "last_row", "revenue", "cost", "first_group"),
    [(SHORT, 10, 3.0005, 2.10025, 1.0005), (LONG, 507, 5.005, 2.5, 5.005), ([], 9, 0.0, 0.0, 0.0)],
    ids=["shorter", "longer", "empty"],
)
def test_a_table_is_as_long_as_its_rows_and_the_plan_recalculates(
    book, live, rows, last_row, revenue, cost, first_group
):
    before = contents(book)
    refresh_sales(live, rows)
    assert table_boxes(book)["tbl_src_sales"] == ("Bron_Omzet", (7, 2, last_row, 10))
    assert live.read("analysis.revenue_vv") == [[pytest.approx(revenue, abs=1e-12)]]
    assert live.read("analysis.cost_vv") == [[pytest.approx(cost, abs=1e-12)]]
    assert live.read("analysis.sales_vv.revenue")[0] == [pytest.approx(first_group, abs=1e-12)]
    assert changed(before, contents(book)) == ["Bron_Omzet"]
    below = book.sheets["Bron_Omzet"].range(f"A{last_row + 1}:Z600").options(ndim=2).value
    assert {value for row in below for value in row} == {None}


def test_the_same_rows_again_change_nothing(book, live):
    refresh_sales(live, SHORT)
    before, boxes = contents(book), table_boxes(book)
    refresh_sales(live, SHORT)
    assert changed(before, contents(book)) == []
    assert table_boxes(book) == boxes


def test_a_table_grows_and_shrinks_again_without_leftovers(book, live):
    refresh_sales(live, SHORT)
    before = contents(book)
    refresh_sales(live, LONG)
    assert live.read("analysis.revenue_vv") == [[pytest.approx(5.005)]]
    refresh_sales(live, SHORT)
    assert changed(before, contents(book)) == []
    assert live.read("analysis.revenue_vv") == [[pytest.approx(3.0005)]]


def test_new_rows_of_a_table_look_like_the_last_one(book, live):
    sheet = book.sheets["Bron_Omzet"]
    look = sheet.range("F342").number_format
    assert look != "General"
    refresh_sales(live, LONG)
    assert [sheet.range(cell).number_format for cell in ("F343", "F507", "G507")] == [look] * 3
    assert sheet.range("C8").value == "Groep 1"


def test_the_saved_table_has_the_new_length(book, live, tmp_path):
    refresh_sales(live, SHORT)
    book.save(str(tmp_path / "saved.xlsx"))
    cells = read_cells(tmp_path / "saved.xlsx").sheets["Bron_Omzet"]
    assert [cells[at].value for at in ("B7", "B8", "F8", "F10")] == ["Groepnr", 1, 1000.5, 99.99]
    assert all(cells[at].value is None for at in ("B11", "F11") if at in cells)


def test_a_table_takes_two_bulk_operations_and_one_look_before(live):
    live.tables()
    with TRIPS.counted() as trips, quiet(live, ["Bron_Bezoeken"]):
        live.write_table("tbl_src_activities", [], "Bron_Bezoeken")
    assert [what for kind, what in trips.made if kind in ("read", "write")] == [
        "Range.raw_value",
        "Table.resize",
        "Range.raw_value",
    ]


def test_a_table_does_not_grow_over_what_somebody_typed_below_it(book, live):
    live.host.lift(live.sheet("Bron_Omzet"))
    book.sheets["Bron_Omzet"].range("E345").raw_value = "mijn notitie"
    before, boxes = contents(book), table_boxes(book)
    with pytest.raises(InputError) as refused:
        refresh_sales(live, LONG)
    assert refused.value.text("nl") == (
        "Blad 'Bron_Omzet': onder de tabel 'tbl_src_sales' staat iets in E345; verplaats dat, want de tabel wordt "
        "langer."
    )
    assert changed(before, contents(book)) == []
    assert table_boxes(book) == boxes
    refresh_sales(live, SHORT)
    assert book.sheets["Bron_Omzet"].range("E345").value == "mijn notitie"


def test_a_table_that_is_gone_is_named(live):
    with pytest.raises(InputError, match="The table 'tbl_src_weg' is gone"):
        live.write_table("tbl_src_weg", [])


def test_a_table_is_found_without_knowing_its_sheet(live):
    with quiet(live, ["Bron_Offertes"]):
        live.write_table("tbl_src_quotations", [])
    assert live.tables()["tbl_src_quotations"].rows == 3


def test_names_are_written_and_neighbours_in_one_write(book, live):
    before = contents(book)
    with TRIPS.counted() as trips, quiet(live, ["Koppeling", "H1 Account"]):
        live.write_many(
            {
                "settings.first_year": [[2024]],
                "settings.last_date": [[dt.date(2026, 11, 30)]],
                "settings.first_cost_year": [[2025]],
                "account.postal_code": [["0123 AB"]],
                "account.city": [["'s-Hertogenbosch"]],
                "settings.sources.rows_used": [[number] for number in range(7)],
                "settings.sources.rows_read": [[number * 2] for number in range(3)],
            }
        )
    assert [what for kind, what in trips.made if kind == "write"] == ["Range.raw_value"] * 3
    assert live.read_many(["settings.first_year", "settings.first_cost_year", "settings.last_date"]) == {
        "settings.first_year": [[2024.0]],
        "settings.first_cost_year": [[2025.0]],
        "settings.last_date": [[dt.datetime(2026, 11, 30)]],
    }
    assert live.read("account.postal_code") == [["0123 AB"]]
    assert live.read("account.city") == [["'s-Hertogenbosch"]]
    assert live.read("settings.sources.rows_read") == [[0], [2], [4], [None], [None], [None], [None]]
    assert changed(before, contents(book)) == ["H1 Account", "Koppeling"]


def test_one_cell_is_written_by_its_name(live):
    live.write("plan.version", [["1.0"]])
    assert live.read("plan.version") == [["1.0"]]


def test_a_text_from_outside_never_becomes_a_formula(book, live):
    with quiet(live, ["H1 Account"]):
        live.write("account.name", [['=HYPERLINK("http://example.invalid","klik")']])
    assert live.read("account.name") == [['=HYPERLINK("http://example.invalid","klik")']]


def test_rows_that_do_not_fit_write_nothing(book, live):
    before = contents(book, ["H1 Account"])
    with pytest.raises(ValueError, match="do not fit"):
        live.write_many({"account.city": [["Zwolle"]], "account.country": [["Nederland"], ["België"]]})
    assert changed(before, contents(book, ["H1 Account"])) == []


def failing_refresh(live: LiveBook) -> None:
    """Write two tables, names and a sheet, and then a name that is not there."""
    with quiet(live, ["Bron_Omzet", "Bron_Kosten", "H1 Account"]), live.all_or_nothing():
        live.write_table("tbl_src_sales", LONG, "Bron_Omzet")
        live.write_table("tbl_src_costs", [], "Bron_Kosten")
        live.write_many({"account.coc_no": [["99999999"]], "account.customer_since": [[None]]})
        live.add_sheet("Detail", [["a", 1]])
        live.write("account.weg", [[1]])


def test_everything_written_is_taken_back_when_something_fails(book, live):
    before, boxes = contents(book), table_boxes(book)
    with pytest.raises(InputError, match=r"The name 'account\.weg' is gone"):
        failing_refresh(live)
    assert changed(before, contents(book)) == []
    assert table_boxes(book) == boxes
    assert live.read("account.coc_no") == [["00000021"]]


def move_and_fail(live: LiveBook) -> None:
    with live.all_or_nothing():
        live.write("account.city", [["Meppel"]])
        live.write("account.weg", [["x"]])


def test_what_was_written_before_stays_when_a_later_refresh_fails(live):
    live.read("account.city")
    with quiet(live, ["H1 Account"]):
        live.write("account.city", [["Zwolle"]])
        with pytest.raises(InputError):
            move_and_fail(live)
    assert live.read("account.city") == [["Zwolle"]]


def test_a_new_sheet_holds_rows_with_formats_and_a_total(book, live):
    live.select("H3 Accountanalyse", "E15")
    rows = [["Factuur", "Datum", "Bedrag"], ["0001", dt.date(2026, 3, 1), Decimal("12.50")], ["=A1", None, 7]]
    name = live.add_sheet("Omzet: lagers", [*rows, ["Totaal", None, Formula("=SUM(C2:C3)")]], {3: "#,##0.00"})
    assert name == "Omzet- lagers"
    assert live.add_sheet("omzet- lagers") == "omzet- lagers 2"
    sheet = book.sheets[name]
    assert book.impl.ask("sheets").index(name) == book.impl.ask("sheets").index("H3 Accountanalyse") + 1
    assert sheet.range("A1:C4").value == [
        ["Factuur", "Datum", "Bedrag"],
        ["0001", dt.datetime(2026, 3, 1), 12.5],
        ["=A1", None, 7.0],
        ["Totaal", None, 19.5],
    ]
    assert sheet.range("C2").number_format == "#,##0.00"


def test_cells_become_a_pdf_and_a_folder_that_is_not_there_is_refused(live, tmp_path):
    live.to_pdf(Place("H8 Kort", 1, 1, 60, 8), tmp_path / "kort.pdf")
    text = subprocess.run(["pdftotext", tmp_path / "kort.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "Sterk verkort accountplan" in text
    with pytest.raises(InputError, match=r"kort\.pdf cannot be written"):
        live.to_pdf(Place("H8 Kort", 1, 1, 60, 8), tmp_path / "weg" / "kort.pdf")


def test_a_message_is_shown(office, live):
    live.alert("De cijfers zijn ververst.")
    assert office.impl.alerts[-1] == "De cijfers zijn ververst."
