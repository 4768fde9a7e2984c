"""Two real sales sets that are not part of the project: their headings and dialects, and where they may lie.

Set ACCOUNTPLAN_SHARED to the folder that holds data/; without it the folder `shared` beside the project is looked for.
"""

from __future__ import annotations

import os
from pathlib import Path

DUTCH = {
    "account_id": "Klantnummer",
    "account_name": "Klantnaam",
    "date": "Factuurdatum",
    "invoice_no": "Ordernummer",
    "product": "Artikelomschrijving",
    "product_group": "Productgroep",
    "quantity": "Aantal",
    "revenue": "Omzet",
    "cost": "Kostprijs",
}
ENGLISH = {
    "account_id": "account_id",
    "account_name": "account_name",
    "date": "date",
    "invoice_no": "doc_no",
    "product": "product",
    "product_group": "product_group",
    "quantity": "qty",
    "revenue": "revenue",
    "cost": "cost",
}
FLAVOURS = {
    "nl": ("transacties.csv", DUTCH, {"encoding": "cp1252", "date_format": "%d-%m-%Y"}),
    "as-is": ("transactions.csv", ENGLISH, {"delimiter": ",", "decimal": ".", "date_format": "%Y-%m-%d"}),
}
SETS = ("northwind", "adventureworks")


def shared_folder() -> Path:
    """The folder that may hold the sets."""
    return Path(os.environ.get("ACCOUNTPLAN_SHARED", Path(__file__).parents[3] / "shared"))


def export_of(folder: Path, name: str, flavour: str) -> Path:
    """The export of a set in a flavour, packed or not."""
    return next((folder / "data" / name / flavour).glob(f"{FLAVOURS[flavour][0]}*"))
