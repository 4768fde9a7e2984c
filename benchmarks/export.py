"""A sales export of a fixed seed, as large as the one the limits were set on: 60,855 lines of 635 customers."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import random
from pathlib import Path

LINES, ACCOUNTS, GROUPS, SEED = 60_855, 635, 14, 20_140_101
ACCOUNT = "KL00017"  # one of the customers, with some hundred lines
FIRST_DAY, DAYS = dt.date(2010, 12, 29), 1_065
HEADINGS = (
    "Klantnummer", "Klantnaam", "Factuurdatum", "Ordernummer", "Regel", "Artikelomschrijving", "Productgroep",
    "Aantal", "Omzet", "Kostprijs",
)  # fmt: skip


def write_export(path: Path) -> None:
    """Write the export to `path`: csv with semicolons and decimal commas in cp1252, gzipped."""
    draw = random.Random(SEED)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    days = sorted(draw.randrange(DAYS) for _ in range(LINES))
    for number, day in enumerate(days):
        account = min(int(draw.expovariate(4 / ACCOUNTS)), ACCOUNTS - 1)
        group = draw.randrange(GROUPS)
        ten_thousandths = draw.randrange(10_000, 60_000_000)  # amounts of four decimals, as real exports have them
        cost = ten_thousandths * draw.randrange(55, 102) // 100
        writer.writerow(
            [
                f"KL{account:05}",
                f"Klant {account:05} B.V.",
                f"{FIRST_DAY + dt.timedelta(days=day):%d-%m-%Y}",
                f"SO{number // 8:06}",
                number % 8 + 1,
                f"Artikel {group:02}-{draw.randrange(400):03}",
                f"Groep {group:02}",
                draw.randrange(1, 40),
                _amount(ten_thousandths),
                _amount(cost),
            ]
        )
    path.write_bytes(gzip.compress(text.getvalue().encode("cp1252"), compresslevel=6, mtime=0))


def _amount(ten_thousandths: int) -> str:
    return f"{ten_thousandths // 10_000},{ten_thousandths % 10_000:04}"
