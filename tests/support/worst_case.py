"""The exports of the example on a day on which everything of the main account is another: the most a refresh can meet.

Every field of the customer, its contacts and the team changes, there is a new product group and contact, and every
source table gets other lines and more of them. For a plan of `plan_of_then` the last employee is new as well.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from example_account import MAIN_ACCOUNT

Row = dict[str, str]
NEVER_CHANGED = ("Klantnummer", "Contactnummer", "Contactpersoon", "Medewerker", "Productgroep", "Uitkomst", "Soort")


def change_everything(folder: Path) -> None:
    """Rewrite the exports in a folder."""
    for name in ("klanten", "contacten", "team", "offertes", "bezoeken", "kosten", "verkoopregels"):
        _rewritten(folder / f"{name}.csv", ADDED[name])


def _rewritten(path: Path, added: Mapping[str, str]) -> None:
    with path.open(encoding="cp1252", newline="") as file:
        rows: list[Row] = list(csv.DictReader(file, delimiter=";"))
    own = [row for row in rows if row.get("Klantnummer", MAIN_ACCOUNT) == MAIN_ACCOUNT]
    new = [{**own[-1], **added}] if added else []
    for row in own:
        row |= {name: _other(text) for name, text in row.items() if name not in NEVER_CHANGED}
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows([*rows, *new])


def _other(text: str) -> str:
    """Another text, number or day of the same kind; nothing stays nothing."""
    for pattern, change in CHANGES.items():
        if re.fullmatch(pattern, text):
            return change(text)
    return text


CHANGES: dict[str, Callable[[str], str]] = {
    r"\d\d-\d\d-\d{4}": lambda text: f"{int(text[:2]) % 27 + 1:02}{text[2:]}",
    r"-?\d+(,\d+)?": lambda text: f"{float(text.replace(',', '.')) + 1:.2f}".replace(".", ","),
    r".+": lambda text: f"{text} (nieuw)",
}
ADDED: dict[str, Row] = {
    "klanten": {},
    "contacten": {"Contactnummer": "10021-99", "Naam": "Willemijn Zandstra"},
    "team": {},
    "offertes": {"Offertenummer": "OF26-9999"},
    "bezoeken": {"Onderwerp": "Kennismaking", "Contactnummer": "10021-99"},
    "kosten": {"Omschrijving": "Nagekomen"},
    "verkoopregels": {"Factuurnummer": "F2699999", "Productgroep": "Smeermiddelen en oli\xebn"},
}
