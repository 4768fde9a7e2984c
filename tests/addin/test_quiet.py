from __future__ import annotations

import pytest
from live_contents import protected
from round_trips import CALL_WAS_REJECTED, TRIPS

from addin import patience
from addin.live_book import LiveBook
from addin.quiet import quiet
from workbook_builder.errors import InputError

pytestmark = pytest.mark.office

SHEETS = ("Bron_Bezoeken", "Bron_Offertes", "Koppeling", "H1 Account")
USUAL = {
    "screen_updating": True, "display_alerts": True, "enable_events": True, "interactive": True,
    "status_bar": False, "visible": False, "calculation": "automatic",
}  # fmt: skip
VISITS = [("Contact", "Bezoek", 46000 + number, 2026, "Bezoek", "Jan") for number in range(50)]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(patience, "PAUSES", (0.0,) * 5)


def refresh(live: LiveBook) -> None:
    """What a refresh does: read, then write tables and named cells, or nothing at all."""
    live.facts()
    live.read_many(["account.name", "account.city", "settings.first_year", "settings.last_date"])
    with quiet(live, SHEETS, "Gegevens verversen…"), live.all_or_nothing():
        live.write_table("tbl_src_activities", VISITS, "Bron_Bezoeken")
        live.status("Offertes…")
        live.write_table("tbl_src_quotations", [], "Bron_Offertes")
        live.write_many({"account.city": [["Zwolle"]], "account.postal_code": [["8000 AA"]]})
        live.write_many({"settings.first_year": [[2024]], "settings.first_cost_year": [[2025]]})


def test_excel_is_frozen_inside_and_as_before_outside(office, book, live):
    with quiet(live, ["Koppeling"], "Bezig…"):
        assert office.impl.settings == {
            "screen_updating": False, "display_alerts": False, "enable_events": False, "interactive": True,
            "status_bar": "Bezig…", "visible": False, "calculation": "manual",
        }  # fmt: skip
        assert [name for name, is_protected in protected(book).items() if not is_protected] == ["Koppeling"]
    assert office.impl.settings == USUAL
    assert all(protected(book).values())


def test_settings_that_were_not_usual_come_back_as_they_were(office, live):
    own = {**USUAL, "calculation": "semiautomatic", "enable_events": False, "status_bar": "van een ander"}
    office.impl.settings |= own
    try:
        with quiet(live):
            assert office.impl.settings["calculation"] == "manual"
        assert office.impl.settings == own
    finally:
        office.impl.settings |= USUAL


def test_a_sheet_that_was_not_protected_stays_so(book, live):
    live.host.lift(live.sheet("Koppeling"))
    with quiet(live, ["Koppeling", "Koppeling", "H1 Account"]):
        pass
    assert [name for name, is_protected in protected(book).items() if not is_protected] == ["Koppeling"]


def test_a_fault_inside_comes_out_and_everything_is_put_back(office, book, live):
    with pytest.raises(ZeroDivisionError), quiet(live, SHEETS):
        1 / 0  # noqa: B018
    assert office.impl.settings == USUAL
    assert all(protected(book).values())


def test_a_protection_with_a_password_is_left_alone(office, book, live):
    book.impl.ask("unprotect", "Koppeling", "")
    book.impl.ask("protect", "Koppeling", "geheim")
    with TRIPS.counted() as trips, pytest.raises(InputError) as refused, quiet(live, ["H1 Account", "Koppeling"]):
        pytest.fail("the body must not run")
    assert trips.made.count(("protection", "OfficeProtection.restore")) == 1  # of H1 Account
    assert refused.value.text("nl") == (
        "De beveiliging van blad 'Koppeling' kon niet worden opgeheven; staat er een wachtwoord op, haal dat dan weg "
        "met Controleren > Beveiliging blad opheffen en probeer het opnieuw."
    )
    assert office.impl.settings == USUAL
    assert all(protected(book).values())
    book.impl.ask("unprotect", "Koppeling", "geheim")


def test_an_excel_that_is_being_typed_in_is_said_to_be_busy(office, book):
    with TRIPS.counted() as trips:
        refresh(LiveBook(book))
    first_write = [kind for kind, _ in trips.made].index("write") + 1
    for number in (1, 5, first_write):
        with (
            TRIPS.failing(number, hresult=CALL_WAS_REJECTED),
            pytest.raises(InputError) as refused,
        ):
            refresh(LiveBook(book))
        assert refused.value.text("nl").startswith("Excel wacht op jou: er wordt een cel bewerkt")
        assert office.impl.settings == USUAL
        assert all(protected(book).values())


def test_an_excel_that_never_answers_again_is_said_not_to_be_restored(office, book, live):
    with TRIPS.counted() as trips, quiet(live, ["Koppeling"]):
        pass
    with (
        TRIPS.failing(trips.kinds["setting"] + 1, lasting=1000),
        pytest.raises(InputError) as refused,
        quiet(live, ["Koppeling"]),
    ):
        pass
    assert "Excel liet niet alles terugzetten (" in refused.value.text("nl")
    office.impl.settings |= USUAL
