"""What a plan holds, apart from any file: values by field id and rows by table id.

Written by `prefill` (from the sources), by the reader (from a workbook) and by hand in tests; taken by the
renderer. Choices are ids of their list, dates are `datetime.date`, money is in the unit of the plan, a missing
value is None.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Value = str | int | float | Decimal | dt.date | bool | None
Row = Mapping[str, Any]
"""{column id: value}; a column that repeats over an axis holds a list."""


@dataclass(frozen=True)
class Plan:
    """One account plan as data. `unit` is the number of euros a figure counts in (1, 1000 or 1000000)."""

    account_id: str
    account_name: str
    year: int
    language: str
    unit: int
    fields: Mapping[str, Value] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    """The keys of the sections that this plan leaves out."""

    def with_typed(self, fields: Mapping[str, Value], tables: Mapping[str, Sequence[Row]]) -> Plan:
        """The plan with what somebody typed laid over it.

        A row says where it belongs: `row` counts from 1, a line of a statement is named by `line`; the cells that it
        does not name stay as they are.
        """
        laid = {table: _laid_over(self.tables.get(table, ()), rows) for table, rows in tables.items()}
        return dataclasses.replace(self, fields={**self.fields, **fields}, tables={**self.tables, **laid})


def year_words(year: int) -> dict[str, Any]:
    """The years that texts name: xx the plan year, yy its horizon, vv, zz, qq and uu the years before."""
    return {"xx": year, "xx1": year + 1, "yy": year + 2, "vv": year - 1, "zz": year - 2, "qq": year - 3, "uu": year - 4}


def _laid_over(given: Sequence[Row], typed: Sequence[Row]) -> Sequence[Row]:
    filled = [dict(row) for row in given]
    for row in typed:
        if "line" in row:
            filled.append(dict(row))
            continue
        at = row["row"] - 1
        filled += [{} for _ in range(at + 1 - len(filled))]
        filled[at].update({column: value for column, value in row.items() if column != "row"})
    return filled
