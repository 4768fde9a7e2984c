"""Sales lines: the one source that may be large, so columns at a time and a closer look at odd rows only."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from workbook_builder.sources.columns import COLUMNS, NUMBERS
from workbook_builder.sources.config import YEARS, Source
from workbook_builder.sources.findings import EXCLUDED, TO_CHECK, WARNING, ZERO, ControlRow, Finding, Imported, Tally
from workbook_builder.sources.importing import Importer
from workbook_builder.sources.money import in_euros, signed_as_sale
from workbook_builder.sources.parse import Unreadable
from workbook_builder.sources.readers import Chunk


class SalesRow(NamedTuple):
    """A used sales line: EUR unrounded; cost, quantity and delivered margin are None when the line has none."""

    account_id: str
    product_group: str | None
    date: date
    revenue: Decimal
    cost: Decimal | None
    quantity: Decimal | None
    margin: Decimal | None


class SalesImporter(Importer):
    """The import of the sales lines."""

    money = "revenue"

    def __init__(self, source: Source, kind: str) -> None:
        super().__init__(source, kind)
        self.named: Counter[tuple[str, str | None]] = Counter()
        self.has_key = {"invoice_no", "line_no"} <= source.columns.keys()
        self.equal: Counter[str] = Counter()  # lines like an earlier one, where no key can tell them apart
        self.sum_above = ZERO  # revenue of every row above that is no total row
        self.sum_at_last_total = ZERO
        self.numbers = [name for name in source.columns if COLUMNS[kind][name].kind in NUMBERS]

    def use(self, chunk: Chunk) -> list[Any]:
        """The used lines of a chunk as `SalesRow`s, in EUR and with the sign of a sale."""
        if not chunk.rows:
            return []
        values = self.cells.values(chunk)
        unreadable = self.cells.unreadable_rows(values)
        signed_as_sale(values, self.source)
        without_rate = in_euros(values)
        odd = unreadable | without_rate | self._incomplete(values)
        nothing: list[Any] = [None] * len(chunk.rows)
        sales = map(SalesRow._make, zip(*(values.get(name, nothing) for name in SalesRow._fields), strict=True))
        used: list[SalesRow] = []
        for index, (sale, key) in enumerate(zip(sales, self._keys(chunk, values), strict=True)):
            if index in odd:
                row = {name: column[index] for name, column in values.items()}
                self._judge(chunk, index, row, index in unreadable, index in without_rate)
                continue
            self.sum_above += sale.revenue
            if self.is_repeated(key):
                if self.has_key:
                    row = {name: column[index] for name, column in values.items()}
                    self.note(chunk.lines[index], TO_CHECK, "duplicate", row)
                    continue
                self.equal[sale.account_id] += 1
            used.append(sale)
        named = enumerate(zip(values["account_id"], values.get("account_name", nothing), strict=True))
        self.named.update(pair for index, pair in named if index not in odd)
        self._count_used(used)
        self.imported.read.rows += len(chunk.rows)
        self.imported.read.revenue += sum((each for each in values["revenue"] if isinstance(each, Decimal)), ZERO)
        return used

    def _incomplete(self, values: dict[str, list[Any]]) -> set[int]:
        """The 0-based rows of a chunk that lack an account, a date within reach or a revenue, or are a dated total."""
        accounts, dates, revenues = values["account_id"], values["date"], values["revenue"]
        totals = (
            index
            for index, text in enumerate(accounts)
            if text is not None and (text.lower() in self.total_words or text[0] == "*")
        )
        return {
            *(index for index in totals if self._says_only_total([column[index] for column in values.values()])),
            *(index for index, text in enumerate(accounts) if text is None),
            *(index for index, day in enumerate(dates) if type(day) is not date or day.year not in YEARS),
            *(index for index, revenue in enumerate(revenues) if type(revenue) is not Decimal),
        }

    def _keys(self, chunk: Chunk, values: dict[str, list[Any]]) -> list[int]:
        """What makes a line the same line: its invoice and line number, else the whole record.

        One invoice may hold the same article twice, so without line numbers equal lines stay used, with a warning.
        """
        if not self.has_key:
            return chunk.marks
        numbered = zip(values["account_id"], values["invoice_no"], values["line_no"], chunk.marks, strict=True)
        return [hash((who, invoice, line)) if invoice and line else mark for who, invoice, line, mark in numbered]

    def _count_used(self, used: list[SalesRow]) -> None:
        """Add the used lines of a chunk to the counts, the period and the control totals."""
        by_year = self.imported.by_account_year
        for sale in used:
            key = sale.account_id, sale.date.year
            by_year[key] = by_year.get(key, ZERO) + sale.revenue
        for account, rows in Counter(sale.account_id for sale in used).items():
            self.imported.by_account.setdefault(account, Tally()).rows += rows
        self.imported.used.rows += len(used)
        self.imported.used.revenue += sum((sale.revenue for sale in used), ZERO)
        days = {sale.date for sale in used}
        if days:
            self.spans(min(days), max(days))

    def _judge(self, chunk: Chunk, index: int, row: dict[str, Any], unreadable: bool, without_rate: bool) -> None:
        """Note the fate of a row that is no ordinary sales line; its unreadable cells become problems."""
        line = chunk.lines[index]
        revenue = row["revenue"]
        if all(value is None for value in row.values()):
            self.note(line, EXCLUDED, "empty_row", row)
            return
        if self._is_total(row):
            self._note_total(line, row)
            return
        if unreadable:
            self.problems += self.cells.problems(line, row)
            return
        self.sum_above += revenue or ZERO
        self.note(line, *self._fate(row, chunk.rows[index], without_rate), row)

    def _fate(self, row: dict[str, Any], texts: tuple[str, ...], without_rate: bool) -> tuple[str, str]:
        """The status and the reason of a readable row that is no total and no ordinary line."""
        blank = {name for name, text in zip(self.source.columns, texts, strict=False) if not text.strip()}
        complete = row["account_id"] is not None and row["date"] is not None
        if blank.issuperset(self.numbers) and (len(self.numbers) > 1 or not complete):
            return EXCLUDED, "text_row"
        if without_rate:
            return TO_CHECK, "no_rate"
        if row["account_id"] is None:
            return TO_CHECK, "no_account"
        if row["revenue"] is None:
            return TO_CHECK, "no_revenue"
        return TO_CHECK, "no_date" if row["date"] is None else "date_out_of_range"

    def _says_only_total(self, row: list[Any]) -> bool:
        """Whether the only text in a row is a word for a total; a customer may be called TOTAL, but not only that."""
        texts = [value for value in row if isinstance(value, str)]
        return len(texts) == 1 and self.is_total_word(texts[0])

    def _is_total(self, row: dict[str, Any]) -> bool:
        """Whether a row is a total of rows above it; a line with an account, a date and some other text never is.

        Without account and date, a text that starts with a word for a total is enough; with one of them the whole
        text must be that word, because 'Total Energies' may be a customer. A bare amount equal to the running sum is
        a total too.
        """
        account = row["account_id"]
        dated = type(row["date"]) is date
        if account is not None and dated:
            return self._says_only_total(list(row.values()))
        if account is not None and self.starts_as_total(account):
            return True
        texts = [value for value in row.values() if isinstance(value, str)]
        said = [*texts, *(str(value) for value in row.values() if isinstance(value, Unreadable))]
        if account is None and not dated:
            revenue = row["revenue"]
            sums = (self.sum_above, self.sum_above - self.sum_at_last_total)
            if isinstance(revenue, Decimal) and revenue and not texts and revenue in sums:
                return True
            return any(self.starts_as_total(text) for text in said)
        return any(self.is_total_word(text) for text in said)

    def _note_total(self, line: int, row: dict[str, Any]) -> None:
        """Exclude a total row and compare it with the rows above it."""
        self.note(line, EXCLUDED, "total_row", row)
        difference = None
        if isinstance(row["revenue"], Decimal):
            sums = (self.sum_above, self.sum_above - self.sum_at_last_total)
            difference = min((row["revenue"] - above for above in sums), key=abs)
        self.imported.control_rows.append(ControlRow(line, difference))
        self.sum_at_last_total = self.sum_above

    def finished(self) -> Imported:
        """The import with the name of every account and warnings about names and numbers that look alike."""
        imported = super().finished()
        for (account, _), revenue in imported.by_account_year.items():
            imported.by_account[account].revenue += revenue
        names: dict[str, list[str]] = {account: [] for account, _ in self.named}
        for (account, name), _ in self.named.most_common():
            if name:
                names[account].append(name)
        imported.names = {account: found[0] for account, found in names.items() if found}
        for account, found in names.items():
            if len(found) > 1:
                self._warn("several_names", account, ", ".join(found))
        for account, count in self.equal.items():
            self._warn("equal_lines", account, str(count))
        self._warn_about_zeros(list(names))
        return imported

    def _warn_about_zeros(self, accounts: list[str]) -> None:
        """Warn for account numbers that differ only in leading zeros; they stay different accounts."""
        alike: dict[str, list[str]] = {}
        for account in accounts:
            alike.setdefault(account.lstrip("0"), []).append(account)
        for group in alike.values():
            if len(group) > 1:
                for account in group:
                    self._warn("leading_zeros", account, ", ".join(sorted(group)))

    def _warn(self, reason: str, account: str, text: str) -> None:
        """Keep a warning about an account; it changes no count."""
        self.imported.findings.append(Finding(self.kind, None, WARNING, reason, account, None, text))
