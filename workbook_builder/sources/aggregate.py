"""The used sales lines summed once for all accounts: account x product group x year x month.

The statement is plain SQL over a table `sales`, so that it can run where the data is; here DuckDB runs it over a
temporary csv file, which is its fastest way in without pandas or pyarrow.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from workbook_builder.errors import InputError, Problem

DECIMAL = "DECIMAL(38, 18)"
MAX_LINE = 16 << 20  # bytes of one line in the temporary file

TYPES = {
    "account_id": "VARCHAR",
    "product_group": "VARCHAR",
    "date": "DATE",
    "revenue": DECIMAL,
    "cost": DECIMAL,
    "quantity": DECIMAL,
    "margin": DECIMAL,
}

LOW_MARGIN, HIGH_MARGIN = Decimal("-0.20"), Decimal("0.95")
"""Outside these a line is worth a look (check Q8). The statement says them without dividing: 5 x cost > 6 x revenue is
a margin under -20%, and 20 x cost < revenue one above 95%; SIGN keeps both true for credits."""

AGGREGATE = """
SELECT account_id,
       product_group,
       EXTRACT(YEAR FROM date) AS year,
       EXTRACT(MONTH FROM date) AS month,
       SUM(revenue) AS revenue,
       SUM(cost) AS cost,
       SUM(quantity) AS quantity,
       COUNT(*) AS lines,
       SUM(CASE WHEN cost IS NULL AND revenue <> 0 THEN 1 ELSE 0 END) AS lines_without_cost,
       SUM(CASE WHEN cost = 0 AND revenue <> 0 THEN 1 ELSE 0 END) AS lines_with_zero_cost,
       SUM(CASE WHEN revenue <> 0 AND 5 * cost * SIGN(revenue) > 6 * ABS(revenue) THEN 1 ELSE 0 END)
           AS lines_low_margin,
       SUM(CASE WHEN revenue <> 0 AND cost <> 0 AND 20 * cost * SIGN(revenue) < ABS(revenue) THEN 1 ELSE 0 END)
           AS lines_high_margin,
       SUM(CASE WHEN cost IS NOT NULL AND margin IS NOT NULL THEN revenue - cost - margin END) AS margin_difference,
       SUM(CASE WHEN revenue < 0 THEN revenue END) AS credits
FROM sales
GROUP BY account_id, product_group, EXTRACT(YEAR FROM date), EXTRACT(MONTH FROM date)
ORDER BY account_id, year, month, product_group
"""


class MonthSum(NamedTuple):
    """One account, product group, year and month: exact sums in EUR and counts of lines."""

    account_id: str
    product_group: str | None
    year: int
    month: int
    revenue: Decimal
    cost: Decimal | None
    quantity: Decimal | None
    lines: int
    lines_without_cost: int
    lines_with_zero_cost: int
    lines_low_margin: int
    lines_high_margin: int
    margin_difference: Decimal | None
    credits: Decimal | None


class Ledger:
    """The used sales lines on their way from the importer to the aggregate."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("w", encoding="utf-8", newline="")
        self.writer = csv.writer(self.file)

    def add(self, rows: list[Any]) -> None:
        """Write `SalesRow`s; None and an empty text become NULL."""
        self.writer.writerows(rows)

    def month_sums(self) -> list[MonthSum]:
        """The aggregate over every line added, ordered by account, year and month.

        Raises InputError when a sum does not fit DECIMAL(38,18): 20 digits before the comma.
        """
        import duckdb

        self.file.close()
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.read_csv(
                str(self.path),
                header=False,
                delimiter=",",
                quotechar='"',
                escapechar='"',
                columns=TYPES,
                auto_detect=False,
                parallel=False,
                max_line_size=MAX_LINE,
            ).create_view("sales")
            try:
                return [MonthSum(*row) for row in connection.execute(AGGREGATE).fetchall()]
            except (duckdb.OutOfRangeException, duckdb.ConversionException):
                raise InputError(Problem("sums_too_large")) from None


@contextmanager
def ledger() -> Iterator[Ledger]:
    """A ledger on a temporary file that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="accountplan-") as folder:
        opened = Ledger(Path(folder) / "sales.csv")
        try:
            yield opened
        finally:
            opened.file.close()
