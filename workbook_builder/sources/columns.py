"""The canonical columns of every kind of source: one declaration for config, header matching and parsing.

The config maps these names to the headings of an export; `detect` finds headings by the synonyms (Dutch and
English); the importer parses each cell by its kind of value.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

TEXT, KEY, AMOUNT, QUANTITY, HOURS, INTEGER, DATE = "text", "key", "amount", "quantity", "hours", "integer", "date"
NUMBERS = frozenset({AMOUNT, QUANTITY, HOURS, INTEGER})


@dataclass(frozen=True)
class Column:
    """One canonical column: its name, kind of value, whether a source must map it, and headings people use."""

    name: str
    kind: str = TEXT
    required: bool = False
    synonyms: tuple[str, ...] = ()


def _column(name: str, kind: str = TEXT, synonyms: str = "", *, required: bool = False) -> Column:
    """A column whose synonyms are written in one comma-separated line, the likeliest first."""
    words = tuple(word.strip() for word in synonyms.split(",") if word.strip())
    return Column(name, kind, required, (name.replace("_", " "), *words))


_ACCOUNT = (
    "debiteurnummer, debiteurnr, deb nr, klantnummer, klantnr, klantcode, relatienr, relatienummer, relatiecode, "
    "customer no, customerno, customer number, customer id, account no, account, verkooprelatie, sold to, bill to, "
    "debiteur, klant"
)

_SALES = (
    _column("account_id", KEY, _ACCOUNT, required=True),
    _column("date", DATE, "factuurdatum, boekdatum, boekingsdatum, datum, invoice date, posting date", required=True),
    _column(
        "revenue",
        AMOUNT,
        "omzet, netto omzet, omzet excl btw, bedrag excl btw, regelbedrag, netto bedrag, sales amount, net sales, "
        "net amount, som van omzet, amount, bedrag",
        required=True,
    ),
    _column("account_name", TEXT, "klantnaam, debiteurnaam, bedrijfsnaam, customer name, company name, relatie, naam"),
    _column(
        "invoice_no",
        KEY,
        "factuurnummer, factuurnr, faktuurnr, documentnr, documentnummer, boekstuk, ordernummer, ordernr, "
        "invoice number, document no, doc no, order no",
    ),
    _column("line_no", KEY, "regelnummer, regelnr, regel, line number, line"),
    _column("doc_type", TEXT, "documentsoort, document type, soort, type"),
    _column("product", TEXT, "artikelomschrijving, artikel, product, itemcode, artikelnummer, item, omschrijving"),
    _column("product_group", TEXT, "productgroep, artikelgroep, omzetgroep, assortimentsgroep, item group, category"),
    _column("quantity", QUANTITY, "aantal, hoeveelheid, qty"),
    _column(
        "cost",
        AMOUNT,
        "kostprijs, kostprijs omzet, inkoopwaarde, kostenbedrag, cost amount, cost of sales, cogs, total cost",
    ),
    _column("margin", AMOUNT, "brutomarge, marge, winst, gross margin, gross profit"),
    _column("discount", AMOUNT, "korting, kortingsbedrag, discount amount"),
    _column("vat_amount", AMOUNT, "btw bedrag, btw, vat"),
    _column("revenue_incl", AMOUNT, "bedrag incl btw, omzet incl btw, amount incl vat, amount including vat"),
    _column("currency", TEXT, "valuta, munt, currency code"),
    _column("rate", QUANTITY, "koers, wisselkoers, exchange rate"),
    _column("cost_centre", KEY, "kostenplaats, kpl, cost center"),
    _column("salesperson", TEXT, "vertegenwoordiger, verkoper, accountmanager, sales rep, rep"),
)

_ACCOUNTS = (
    _column("account_id", KEY, _ACCOUNT, required=True),
    _column("name", TEXT, "klantnaam, debiteurnaam, bedrijfsnaam, naam, company name, customer name"),
    _column("administration", TEXT, "administratie, bedrijf, division"),
    _column("coc_no", KEY, "kvk, kvk nummer, kvknr, chamber of commerce"),
    _column("vat_no", KEY, "btw nummer, btwnr, vat number"),
    _column("address", TEXT, "adres, straat, street"),
    _column("postal_code", TEXT, "postcode, zip, zip code"),
    _column("city", TEXT, "plaats, woonplaats, stad"),
    _column("country", TEXT, "land"),
    _column("industry", TEXT, "branche, sector, bedrijfstak"),
    _column("employees", INTEGER, "medewerkers, aantal medewerkers, werknemers, number employees"),
    _column("annual_revenue", AMOUNT, "jaaromzet, jaaromzet klant, turnover"),
    _column("parent", TEXT, "moeder, moedermaatschappij, concern, parent company"),
    _column("payment_days", INTEGER, "betaaltermijn, betalingstermijn, betaaltermijn dagen, payment terms"),
    _column("credit_limit", AMOUNT, "kredietlimiet, kredietruimte"),
    _column("customer_since", DATE, "klant sinds, klant vanaf"),
    _column("contract_until", DATE, "contract tot, contract einde, einddatum contract, contract end"),
    _column("account_manager", TEXT, "accountmanager, vertegenwoordiger, verkoper, salesperson"),
)

_CONTACTS = (
    _column("account_id", KEY, _ACCOUNT, required=True),
    _column("contact_id", KEY, "contactnummer, contactnr, contactpersoonnr, contact no", required=True),
    _column("name", TEXT, "naam, contactpersoon, contact name, full name"),
    _column("function", TEXT, "functie, job title, title"),
    _column("department", TEXT, "afdeling"),
    _column("phone", TEXT, "telefoon, telefoonnummer, tel, mobiel"),
    _column("email", TEXT, "e mail, emailadres, mail"),
    _column("linkedin", TEXT, "linkedin profiel, linkedin url"),
    _column("contact_language", TEXT, "taal, language"),
    _column("active", TEXT, "actief, status"),
)

_QUOTATIONS = (
    _column("account_id", KEY, _ACCOUNT, required=True),
    _column("quotation_no", KEY, "offertenummer, offertenr, offerte, quote no, quote number", required=True),
    _column("date", DATE, "offertedatum, datum, quote date, quotation date", required=True),
    _column("amount", AMOUNT, "bedrag, offertebedrag, waarde, value", required=True),
    _column("description", TEXT, "omschrijving, onderwerp, subject"),
    _column("product_group", TEXT, "productgroep, artikelgroep, item group"),
    _column("outcome", TEXT, "uitkomst, resultaat, status, result"),
    _column("lost_reason", TEXT, "verliesreden, reden verlies, reden, reason lost"),
    _column("competitor", TEXT, "concurrent"),
    _column("decided_on", DATE, "besluitdatum, datum besluit, decision date"),
)

_ACTIVITIES = (
    _column("account_id", KEY, _ACCOUNT, required=True),
    _column("date", DATE, "datum, bezoekdatum, activity date, visit date", required=True),
    _column("type", TEXT, "soort, activiteit, activity type"),
    _column("contact_id", KEY, "contactnummer, contactnr, contactpersoon, contact"),
    _column("employee", TEXT, "medewerker, vertegenwoordiger, salesperson"),
    _column("subject", TEXT, "onderwerp, omschrijving, description"),
)

_COSTS = (
    _column("account_id", KEY, _ACCOUNT, required=True),
    _column("date", DATE, "datum, boekdatum, posting date", required=True),
    _column("kind", TEXT, "soort, kostensoort, cost type, type", required=True),
    _column("amount", AMOUNT, "bedrag, kosten, kostenbedrag, cost"),
    _column("hours", HOURS, "uren, aantal uren"),
    _column("employee", TEXT, "medewerker"),
    _column("activity", TEXT, "activiteit, taak, task"),
    _column("description", TEXT, "omschrijving, onderwerp, subject"),
)

_TEAM = (
    _column("employee", TEXT, "medewerker, naam, name", required=True),
    _column("account_id", KEY, _ACCOUNT),
    _column("role", TEXT, "rol"),
    _column("rasci", TEXT),
    _column("position", TEXT, "functie, function"),
    _column("hourly_rate", AMOUNT, "uurtarief, tarief, rate"),
    _column("available_hours", QUANTITY, "beschikbare uren, uren beschikbaar"),
    _column("backup", TEXT, "vervanger, achtervang"),
)

COLUMNS: dict[str, dict[str, Column]] = {
    kind: {column.name: column for column in columns}
    for kind, columns in {
        "sales": _SALES,
        "accounts": _ACCOUNTS,
        "contacts": _CONTACTS,
        "quotations": _QUOTATIONS,
        "activities": _ACTIVITIES,
        "costs": _COSTS,
        "team": _TEAM,
    }.items()
}
KINDS = tuple(COLUMNS)

TOTAL_WORDS = (
    "totaal",
    "subtotaal",
    "eindtotaal",
    "totaalgeneraal",
    "totalen",
    "total",
    "subtotal",
    "totals",
    "grand total",
)


def plain(text: str) -> str:
    """`text` in lower case, without accents and punctuation, words divided by one space (for comparing headings)."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare.lower()).split())
