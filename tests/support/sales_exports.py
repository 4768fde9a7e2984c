"""The text of small exports and of the config that reads them."""

from __future__ import annotations

import json

HEADINGS = {
    "account_id": "Klantnummer",
    "account_name": "Klantnaam",
    "date": "Factuurdatum",
    "product_group": "Productgroep",
    "revenue": "Omzet",
    "cost": "Kostprijs",
}
HEADER = "Klantnummer;Klantnaam;Factuurdatum;Productgroep;Omzet;Kostprijs\n"


def config_text(path: str, columns: dict[str, str], **settings: object) -> str:
    """An accountplan.toml with one sales source; `settings` are keys of [sources.sales]."""
    keys = {"path": path, "date_format": "%d-%m-%Y", **settings}
    lines = ["[sources.sales]"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    lines += ["[sources.sales.columns]"]
    lines += [f"{name} = {json.dumps(heading)}" for name, heading in columns.items()]
    return "\n".join(lines) + "\n"
