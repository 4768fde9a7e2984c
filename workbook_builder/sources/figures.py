"""The figures of one account, exact and small: what the workbook is made of.

`load_portfolio` reads every source once and sums the sales lines once for all accounts; `Portfolio.account` is a
slice of that. Other customers' money never enters an account's figures.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any

from workbook_builder.sources.account_names import Names
from workbook_builder.sources.aggregate import MonthSum, ledger
from workbook_builder.sources.cents import PRECISION, SalesMonth, in_cents, merged, without_empty_costs
from workbook_builder.sources.config import Config
from workbook_builder.sources.findings import EXCLUDED, TO_CHECK, Finding, Imported, Tally
from workbook_builder.sources.importer import import_source
from workbook_builder.sources.quality import Quality, assess

Record = dict[str, Any]
LISTS = ("contacts", "quotations", "activities", "costs", "team")

__all__ = ["AccountFigures", "Finding", "Portfolio", "Quality", "SalesMonth", "SourceReport", "load_portfolio"]


@dataclass(frozen=True)
class SourceReport:
    """One source in the import report: counts of the whole file, and counts and EUR (unrounded) of this account.

    `size` is in bytes.
    """

    kind: str
    file: str
    size: int
    sha256: str
    rows_read: int
    rows_used: int
    rows_excluded: int
    rows_to_check: int
    account_rows_used: int
    account_rows_excluded: int
    account_rows_to_check: int
    account_revenue_used: Decimal
    account_revenue_excluded: Decimal
    account_revenue_to_check: Decimal
    first_date: datetime.date | None
    last_date: datetime.date | None


@dataclass(frozen=True)
class AccountFigures:
    """Everything the sources say about one account.

    `sales` in whole cents, sorted by year, month and group (see `SalesMonth`); `control_total` is the revenue of the
    used rows by a plain sum that does not pass through the database, EUR unrounded, as is `control_by_year`.
    `revenue_by_number` is what the lines of `sales` add up to per debtor number that the sources know and year, EUR
    unrounded. The records (`master`, `contacts`, …) hold parsed values by canonical column; a column that is not mapped
    is absent.
    """

    account_id: str
    account_name: str
    debtor_numbers: tuple[str, ...]
    sales: tuple[SalesMonth, ...]
    master: Record
    contacts: tuple[Record, ...]
    quotations: tuple[Record, ...]
    activities: tuple[Record, ...]
    costs: tuple[Record, ...]
    team: tuple[Record, ...]
    findings: tuple[Finding, ...]
    reports: tuple[SourceReport, ...]
    quality: Quality
    control_total: Decimal
    control_by_year: dict[int, Decimal]
    revenue_by_number: dict[str, dict[int, Decimal]]


@dataclass(frozen=True)
class Portfolio:
    """All accounts of the configured sources, read and summed once."""

    imports: Mapping[str, Imported]
    sums: Mapping[str, list[MonthSum]] = field(repr=False)
    """Month sums by account number."""
    records: Mapping[str, Mapping[str | None, list[Record]]] = field(repr=False)
    """Used rows by kind of source and account number; None: rows for every account."""
    names: Names = field(repr=False)

    @property
    def account_ids(self) -> tuple[str, ...]:
        """The AccountIDs, sorted: those of the config's accounts table and every number not in it."""
        return self.names.account_ids

    @property
    def years(self) -> set[int]:
        """The calendar years with used sales lines, over all accounts."""
        return self.imports["sales"].years

    @property
    def last_date(self) -> datetime.date | None:
        """The latest date of a used sales line, over all accounts; None when no line is used."""
        return self.imports["sales"].last_date

    def account(self, account_id: str) -> AccountFigures:
        """The figures of one account; an id that is not in the sources raises InputError with the nearest ids."""
        known = self.names.known(account_id)
        with localcontext(prec=PRECISION):
            return self._figures(known, self.names.numbers(known))

    def _figures(self, account_id: str, numbers: tuple[str, ...]) -> AccountFigures:
        """The figures of one account from the rows of its debtor numbers."""
        sums = without_empty_costs(merged(each for number in numbers for each in self.sums.get(number, ())))
        sales = self.imports["sales"]
        by_year: dict[int, Decimal] = {}
        for (number, year), revenue in sales.by_account_year.items():
            if number in numbers:
                by_year[year] = by_year.get(year, Decimal(0)) + revenue
        findings = tuple(
            finding for each in self.imports.values() for finding in each.findings if finding.account_id in numbers
        )
        lists = {kind: self._records(kind, numbers) for kind in LISTS}
        return AccountFigures(
            account_id=account_id,
            account_name=self.names.name(account_id),
            debtor_numbers=numbers,
            sales=in_cents(sums),
            master=next(iter(self._records("accounts", numbers)), {}),
            contacts=lists["contacts"],
            quotations=lists["quotations"],
            activities=tuple(sorted(lists["activities"], key=lambda row: row["date"])),
            costs=lists["costs"],
            team=lists["team"],
            findings=findings,
            reports=tuple(self._report(each, numbers, findings) for each in self.imports.values()),
            quality=assess(sums, findings, sales.control_rows),
            control_total=sum(by_year.values(), Decimal(0)),
            control_by_year=dict(sorted(by_year.items())),
            revenue_by_number={
                number: _revenue_by_year(self.sums.get(number, ())) for number in numbers if number in self.names.found
            },
        )

    def _records(self, kind: str, numbers: tuple[str, ...]) -> tuple[Record, ...]:
        """The used rows of one kind for some account numbers, rows for every account last."""
        found = self.records.get(kind, {})
        return tuple(row for number in (*numbers, None) for row in found.get(number, ()))

    def _report(self, source: Imported, numbers: tuple[str, ...], findings: tuple[Finding, ...]) -> SourceReport:
        """The report on one source for one account."""
        used = Tally()
        for number in numbers:
            tally = source.by_account.get(number, Tally())
            used.rows += tally.rows
            used.revenue += tally.revenue
        if source.kind == "team":
            used.rows = len(self._records("team", numbers))
        fates = {EXCLUDED: Tally(), TO_CHECK: Tally()}
        for finding in findings:
            if finding.kind == source.kind and finding.status in fates:
                fates[finding.status].add(finding.revenue)
        return SourceReport(
            kind=source.kind,
            file=source.file,
            size=source.size,
            sha256=source.sha256,
            rows_read=source.read.rows,
            rows_used=source.used.rows,
            rows_excluded=source.excluded.rows,
            rows_to_check=source.to_check.rows,
            account_rows_used=used.rows,
            account_rows_excluded=fates[EXCLUDED].rows,
            account_rows_to_check=fates[TO_CHECK].rows,
            account_revenue_used=used.revenue,
            account_revenue_excluded=fates[EXCLUDED].revenue,
            account_revenue_to_check=fates[TO_CHECK].revenue,
            first_date=source.first_date,
            last_date=source.last_date,
        )


def _revenue_by_year(sums: Iterable[MonthSum]) -> dict[int, Decimal]:
    """{year: revenue in EUR, unrounded} of month sums."""
    years: dict[int, Decimal] = {}
    for each in sums:
        years[each.year] = years.get(each.year, Decimal(0)) + each.revenue
    return years


def load_portfolio(config: Config, account_id: str | None = None) -> Portfolio:
    """Every configured source, read once and summed once, for all accounts or for `account_id` alone.

    Raises InputError for a source that cannot be used, and for an account that is not in it.
    """
    imports: dict[str, Imported] = {}
    records: dict[str, dict[str | None, list[Record]]] = {}
    sums: dict[str, list[MonthSum]] = {}
    wanted = None if account_id is None else config.numbers(account_id)
    with ledger() as lines:
        for kind, source in config.sources.by_kind().items():
            if kind == "sales":
                imports[kind] = import_source(source, kind, lines.add, wanted)
                continue
            imports[kind] = import_source(source, kind)
            by_account = records.setdefault(kind, {})
            for row in imports[kind].rows:
                by_account.setdefault(row.get("account_id"), []).append(row)
        names = Names(config.accounts, imports, records.get("accounts", {}))
        if account_id is not None:
            names.known(account_id)
        for each in lines.month_sums():
            sums.setdefault(each.account_id, []).append(each)
    return Portfolio(imports, sums, records, names)
