"""What an import found: the fate of every row that is not simply used, and the counts that must add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from workbook_builder.errors import say

USED, EXCLUDED, TO_CHECK, WARNING = "used", "excluded", "to_check", "warning"
ZERO = Decimal(0)


@dataclass(frozen=True)
class Finding:
    """One row that is excluded or to check, or (status "warning", line None) something about an account.

    `line` is the 1-based line of the file, `reason` a code whose sentence is message `row_<reason>`, `revenue` EUR
    unrounded (None when the row has none), `text` what the row says, for a person to recognise it by.
    """

    kind: str
    line: int | None
    status: str
    reason: str
    account_id: str | None
    revenue: Decimal | None
    text: str

    def sentence(self, language: str = "nl") -> str:
        """Why the row has this status, in "nl" or "en"."""
        return say(f"row_{self.reason}", language, text=self.text)


@dataclass
class Tally:
    """A number of rows and the revenue in them (EUR, unrounded)."""

    rows: int = 0
    revenue: Decimal = ZERO

    def add(self, revenue: Decimal | None) -> None:
        """Count one row."""
        self.rows += 1
        self.revenue += revenue or ZERO


@dataclass(frozen=True)
class ControlRow:
    """A total row of the export: its line, and what it says minus the sum of the rows above it (EUR; None: no sum).

    The sum is that since the previous total row or since the first row, whichever is nearer.
    """

    line: int
    difference: Decimal | None


@dataclass
class Imported:
    """One source, read: its file, the counts by status, and everything per account that is not an aggregate.

    Every row read is used, excluded or to check: `used`, `excluded` and `to_check` add up to `read`, in rows and in
    revenue. `rows` holds the used rows unless they were handed on while reading.
    """

    kind: str
    file: str
    size: int
    sha256: str
    read: Tally = field(default_factory=Tally)
    used: Tally = field(default_factory=Tally)
    excluded: Tally = field(default_factory=Tally)
    to_check: Tally = field(default_factory=Tally)
    rows: list[Any] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    control_rows: list[ControlRow] = field(default_factory=list)
    by_account: dict[str, Tally] = field(default_factory=dict)
    """Used rows and revenue per account number."""
    by_account_year: dict[tuple[str, int], Decimal] = field(default_factory=dict)
    """Revenue of used sales rows per account number and year, a plain Decimal sum: the control total."""
    years: set[int] = field(default_factory=set)
    """Calendar years with used rows, over all accounts."""
    names: dict[str, str] = field(default_factory=dict)
    """The most frequent name of each account number."""
    first_date: date | None = None
    last_date: date | None = None

    def note(self, finding: Finding) -> None:
        """Keep a finding about a row and count it under its status."""
        self.findings.append(finding)
        (self.excluded if finding.status == EXCLUDED else self.to_check).add(finding.revenue)
