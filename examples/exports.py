"""How the example's files look: headings, number and date notation, and the config that describes them.

make_example.py decides what happened; this module writes it down the way Dutch ERP and CRM systems export it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date

# One declaration per file: (our column, heading in the file); None is a column that Accountplan does not use.
# fmt: off
COLUMNS: dict[str, tuple[tuple[str | None, str], ...]] = {
    "sales": (
        ("account_id", "Klantnummer"), ("account_name", "Klantnaam"), ("date", "Factuurdatum"),
        ("invoice_no", "Factuurnummer"), ("line_no", "Regel"), (None, "Artikelnummer"),
        ("product", "Artikelomschrijving"), ("product_group", "Productgroep"), ("quantity", "Aantal"),
        ("revenue", "Omzet"), ("cost", "Kostprijs"), ("salesperson", "Verkoper"),
    ),
    "accounts": (
        ("account_id", "Klantnummer"), ("name", "Naam"), ("coc_no", "KvK-nummer"), ("vat_no", "Btw-nummer"),
        ("address", "Adres"), ("postal_code", "Postcode"), ("city", "Plaats"), ("country", "Land"),
        ("industry", "Branche"), ("employees", "Medewerkers"), ("parent", "Moederbedrijf"),
        ("payment_days", "Betaaltermijn"), ("credit_limit", "Kredietlimiet"), ("customer_since", "Klant sinds"),
        ("contract_until", "Contract tot"), ("account_manager", "Accountmanager"),
    ),
    "contacts": (
        ("account_id", "Klantnummer"), ("contact_id", "Contactnummer"), ("name", "Naam"), ("function", "Functie"),
        ("department", "Afdeling"), ("phone", "Telefoon"), ("email", "E-mail"), ("contact_language", "Taal"),
        ("active", "Actief"),
    ),
    "quotations": (
        ("account_id", "Klantnummer"), ("quotation_no", "Offertenummer"), ("date", "Datum"),
        ("description", "Omschrijving"), ("product_group", "Productgroep"), ("amount", "Bedrag"),
        ("outcome", "Uitkomst"), ("lost_reason", "Verliesreden"), ("competitor", "Concurrent"),
        ("decided_on", "Besluitdatum"),
    ),
    "activities": (
        ("account_id", "Klantnummer"), ("date", "Datum"), ("type", "Soort"), ("contact_id", "Contactnummer"),
        ("employee", "Medewerker"), ("subject", "Onderwerp"),
    ),
    "costs": (
        ("account_id", "Klantnummer"), ("date", "Datum"), ("kind", "Soort"), ("employee", "Medewerker"),
        ("activity", "Activiteit"), ("hours", "Uren"), ("amount", "Bedrag"), ("description", "Omschrijving"),
    ),
    "team": (
        ("employee", "Medewerker"), ("role", "Teamrol"), ("rasci", "RASCI"), ("position", "Functieplaats"),
        ("hourly_rate", "Uurtarief"), ("available_hours", "Beschikbare uren"), ("backup", "Vervanger"),
    ),
}
# fmt: on

# Source, its file, and what the config says about it.
FILES = (
    ("sales", "verkoopregels.csv", "Factuurregels uit het ERP, netto omzet zonder btw. Creditnota's zijn negatief."),
    ("accounts", "klanten.csv", "Stamgegevens van de klanten (paragraaf 1.1)."),
    ("contacts", "contacten.csv", "Contactpersonen uit het CRM (paragraaf 1.10)."),
    ("quotations", "offertes.csv", "Offertes en wat ervan geworden is (paragraaf 3.5)."),
    ("activities", "bezoeken.csv", "Bezoeken, telefoongesprekken, evaluaties en andere contactmomenten."),
    ("costs", "kosten.csv", "Uren en andere directe kosten per klant (hoofdstuk 6)."),
    ("team", "team.csv", "Het accountteam: wie doet wat, tegen welk uurtarief (paragraaf 2.1)."),
)


def dutch(hundredths: int) -> str:
    """Hundredths as a number with a decimal comma and two decimals, without a thousands separator."""
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100},{abs(hundredths) % 100:02d}"


def dmy(day: date) -> str:
    """The date as dd-mm-jjjj."""
    return f"{day.day:02d}-{day.month:02d}-{day.year}"


def csv_bytes(source: str, rows: Iterable[list]) -> bytes:
    """The file of a source: heading row and rows, semicolons, CRLF, cp1252."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(heading for _, heading in COLUMNS[source])
    writer.writerows(rows)
    return text.getvalue().encode("cp1252")


def config_bytes(plan_year: int, account_id: str) -> bytes:
    """accountplan.toml: the plan year and, per source, the dialect and which heading is which column of ours."""
    parts = [
        "# Technische Groothandel Wolverdijk (verzonnen): voorbeeldconfiguratie van Accountplan.",
        "# Paden gelden vanaf de map van dit bestand. Links staat onze naam van een kolom, rechts de kop in de export.",
        f"# Een accountplan maken: accountplan new --config accountplan.toml --account {account_id}",
        "",
        "[plan]",
        f"year = {plan_year}            # het planjaar; --year gaat voor",
        'language = "nl"        # nl of en; --language gaat voor',
        "unit = 1000            # cijfers in het plan in duizenden euro's (1, 1000 of 1000000)",
        'profile = "volledig"   # alle paragrafen van de bruto index',
    ]
    for source, file_name, comment in FILES:
        dialect = [
            'format = "csv"',
            'delimiter = ";"',
            'decimal = ","',
            'encoding = "cp1252"',
            'date_format = "%d-%m-%Y"  # dd-mm-jjjj',
        ]
        parts += ["", f"# {comment}", f"[sources.{source}]", f'path = "{file_name}"', *dialect]
        parts += ["", f"[sources.{source}.columns]"]
        parts += [f'{ours} = "{heading}"' for ours, heading in COLUMNS[source] if ours]
    return ("\n".join(parts) + "\n").encode("utf-8")
