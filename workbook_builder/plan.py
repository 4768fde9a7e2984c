"""What a plan holds, apart from any file: values by field id and rows by table id.

Written by `prefill` (from the sources), by the reader (from a workbook) and by hand in tests; taken by the
renderer. Choices are ids of their list, dates are `datetime.date`, money is in the unit of the plan, a missing
value is None.
"""

from __future__ import annotations

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
