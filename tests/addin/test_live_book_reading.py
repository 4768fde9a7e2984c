from __future__ import annotations

import datetime as dt

import pytest
from round_trips import TRIPS

from addin.live_book import LiveBook
from addin.places import Place
from workbook_builder.errors import InputError
from workbook_builder.template.loader import load_template

pytestmark = pytest.mark.office


def test_the_facts_of_a_plan_come_from_its_hidden_sheet(live):
    assert live.facts() == {
        "template": "accountplan",
        "version": "1.0.0",
        "language": "nl",
        "year": "2027",
        "unit": "1000",
        "account_id": "10021",
        "account_name": "Machinefabriek Zwanerloo B.V.",
        "off": "",
    }


@pytest.mark.parametrize("sheet", ["Blad1", "_manifest"])
def test_a_workbook_of_somebody_else_is_no_plan(new_book, sheet):
    other = LiveBook(new_book(lambda workbook: workbook.add_worksheet(sheet).write("A1", "template")))
    with pytest.raises(InputError) as refused:
        other.facts()
    assert refused.value.text("nl").startswith("De werkmap vooraan is geen accountplan van dit programma;")


def test_a_defined_name_gives_its_rows(live):
    assert live.read("account.name") == [["Machinefabriek Zwanerloo B.V."]]
    assert live.read("account.coc_no") == [["00000021"]]
    assert live.read("account.customer_since") == [[dt.datetime(2011, 9, 15)]]
    groups = live.read("analysis.sales_vv.product_group")
    assert len(groups) == 16
    assert groups[15] == ["Overig / niet ingedeeld"]
    assert live.read("ACCOUNT.CITY") == [["Apeldoorn"]]


def test_many_names_take_one_read_per_sheet(live):
    names = ["plan.year", "plan.unit", "account.name", "account.city", "account.contacts.no", "settings.decimals"]
    with TRIPS.counted() as trips:
        values = live.read_many(names)
    assert list(values) == names
    assert values["plan.year"] == [[2027.0]]
    assert values["account.city"] == [["Apeldoorn"]]
    assert values["account.contacts.no"][29] == [30.0]
    assert trips.kinds["read"] == 3


def test_names_are_found_where_they_are_after_rows_were_inserted(book, live):
    before = live.read("account.city")
    live.host.lift(live.sheet("H1 Account"))
    book.sheets["H1 Account"].range("9:12").insert("down")
    moved = LiveBook(book)
    assert live.locate(["account.city"])["account.city"].address == "D13"
    assert moved.locate(["account.name", "account.city"])["account.city"] == Place("H1 Account", 17, 4)
    assert moved.read("account.city") == before


def test_names_are_found_on_a_renamed_sheet(book):
    book.sheets["H1 Account"].name = "Klant"
    assert LiveBook(book).locate(["account.name"])["account.name"] == Place("Klant", 7, 4)


def test_a_name_that_was_moved_to_another_sheet_is_found_there(book):
    book.names["account.city"].refers_to = "='H2 Accountteam'!$D$3"
    places = LiveBook(book).locate(["account.name", "account.city", "account.country"])
    assert [place.sheet for place in places.values()] == ["H1 Account", "H2 Accountteam", "H1 Account"]


def test_every_name_that_is_gone_is_named(book, live):
    book.names["account.city"].delete()
    book.names["plan.year"].delete()
    with pytest.raises(InputError) as refused:
        live.read_many(["plan.year", "account.name", "account.city", "account.country"])
    assert refused.value.text("nl").splitlines() == [
        "De naam 'plan.year' is weg of verwijst nergens meer naar; herstel hem met Formules > Namen beheren, of neem "
        "de laatste back-up.",
        "De naam 'account.city' is weg of verwijst nergens meer naar; herstel hem met Formules > Namen beheren, of "
        "neem de laatste back-up.",
    ]


def test_a_name_whose_cells_were_deleted_is_gone(book, live):
    book.sheets["Historie"].delete()
    with pytest.raises(InputError, match=r"The name 'history\.years' is gone or refers to nothing"):
        live.read("history.years")


def test_tables_are_found_with_their_places(live):
    found = live.tables()
    log = found.pop("tbl_log")
    assert (log.sheet, log.cols) == ("Logboek", len(load_template().block("log.runs").columns))
    assert {found.pop(name).sheet for name in ("tbl_history", "tbl_not_carried")} == {"Historie", "Niet overgenomen"}
    assert found == {
        "tbl_src_sales": Place("Bron_Omzet", 7, 2, 336, 9),
        "tbl_src_costs": Place("Bron_Kosten", 7, 2, 302, 9),
        "tbl_src_quotations": Place("Bron_Offertes", 7, 2, 15, 13),
        "tbl_src_activities": Place("Bron_Bezoeken", 7, 2, 41, 6),
    }
    assert live.read_table("tbl_src_activities")[0][:3] == ["Contactnr", "Onderwerp", "Datum"]


def test_the_selection_is_a_place(live):
    live.select("H4 Doelstellingen", "D36")
    assert live.selection() == Place("H4 Doelstellingen", 36, 4)


def test_a_sheet_that_is_gone_is_named(live):
    with pytest.raises(InputError, match="Sheet 'Bron' is gone or has another name"):
        live.select("Bron", "A1")
