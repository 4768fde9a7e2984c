"""The exports of the example changed: the most that a refresh can meet, the least, and more groups than have a row.

The most: everything of the main account is another. Every field of the customer, its contacts and the team changes,
there is a new product group and contact, and every source table gets other lines and more of them. For a plan of
`plan_of_then` the last employee is new as well.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from example_account import MAIN_ACCOUNT
from plan_of_then import rewritten

Row = dict[str, str]
NEVER_CHANGED = ("Klantnummer", "Contactnummer", "Contactpersoon", "Medewerker", "Productgroep", "Uitkomst", "Soort")


def others(config: Path, folder: Path, change: Callable[[Path], None], more: str = "") -> Path:
    """A copy of a config and its exports in that folder, changed; `more` stands at the end of the config."""
    shutil.copytree(config.parent, folder / "exports")
    change(folder / "exports")
    copy = folder / "exports" / config.name
    copy.write_text(copy.read_text("utf-8") + more, "utf-8")
    return copy


def take_away(folder: Path) -> None:
    """Leave the account no cost, quotation or visit, and the sales of one year."""
    for name in ("kosten", "offertes", "bezoeken"):
        rewritten(folder / f"{name}.csv", lambda row: row["Klantnummer"] != MAIN_ACCOUNT)
    rewritten(folder / "verkoopregels.csv", lambda row: row["Factuurdatum"][-4:] == "2026")


def add_groups(folder: Path) -> None:
    """Sell the account for a million and more in each of twenty new product groups, the last of them the most."""
    new = [
        {"Productgroep": f"Nieuw {number:02}", "Factuurnummer": f"F26999{number:02}", "Omzet": f"10{number:02}000,00"}
        for number in range(20)
    ]
    _rewritten(folder / "verkoopregels.csv", *new)


def change_everything(folder: Path) -> None:
    """Rewrite the exports in a folder."""
    for name in ("klanten", "contacten", "team", "offertes", "bezoeken", "kosten", "verkoopregels"):
        _rewritten(folder / f"{name}.csv", *([ADDED[name]] if name in ADDED else []), change=_other)


def _rewritten(path: Path, *added: Row, change: Callable[[str], str] = str) -> None:
    with path.open(encoding="cp1252", newline="") as file:
        rows: list[Row] = list(csv.DictReader(file, delimiter=";"))
    own = [row for row in rows if row.get("Klantnummer", MAIN_ACCOUNT) == MAIN_ACCOUNT]
    new = [{**own[-1], **each} for each in added]
    for row in own:
        row |= {name: change(text) for name, text in row.items() if name not in NEVER_CHANGED}
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
    "contacten": {"Contactnummer": "10021-99", "Naam": "Willemijn Zandstra"},
    "offertes": {"Offertenummer": "OF26-9999"},
    "bezoeken": {"Onderwerp": "Kennismaking", "Contactnummer": "10021-99"},
    "kosten": {"Omschrijving": "Nagekomen"},
    "verkoopregels": {"Factuurnummer": "F2699999", "Productgroep": "Smeermiddelen en oli\xebn"},
}
