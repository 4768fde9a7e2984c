"""Sales lines: the one source that may be large, so columns at a time and a closer look at odd rows only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from workbook_builder.sources.base_importer import Importer
from workbook_builder.sources.columns import COLUMNS, NUMBERS, TEXT
from workbook_builder.sources.columns import KEY as KEY_TEXT
from workbook_builder.sources.config import YEARS, Source
from workbook_builder.sources.findings import EXCLUDED, TO_CHECK, WARNING, ZERO, ControlRow, Finding, Imported, Tally
from workbook_builder.sources.money import in_euros, signed_as_sale
from workbook_builder.sources.parse import Unreadable
from workbook_builder.sources.readers import Chunk

KEY = frozenset({"invoice_no", "line_no"})  # what makes a line the same line


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

    def __init__(self, source: Source, kind: str, accounts: frozenset[str] | None = None) -> None:
        super().__init__(source, kind)
        self.accounts = accounts  # whose lines are handed over and summed; all lines are judged and counted
        self.named: Counter[tuple[str, str | None]] = Counter()
        self.has_key = source.columns.keys() >= KEY
        self.equal: Counter[str] = Counter()  # lines like an earlier one, where no key can tell them apart
        self.sum_above = ZERO  # revenue of every row above that is no total row
        self.sum_at_last_total = ZERO
        self.numbers = [name for name in source.columns if COLUMNS[kind][name].kind in NUMBERS]
        needed = {*SalesRow._fields, "account_name", "doc_type", "currency", *(KEY if self.has_key else ())}
        self.unneeded = {n for n in source.columns if COLUMNS[kind][n].kind in (TEXT, KEY_TEXT) and n not in needed}
        self.late: set[str] = set()  # columns that need a look on the lines of `accounts` only, if they can be read
        changed = source.credit != "signed" or source.cost_sign != "positive" or "currency" in source.columns
        if accounts is not None and not changed:
            self.late = source.columns.keys() - {"account_id", "date", "revenue", "account_name", *KEY, *self.unneeded}

    def use(self, chunk: Chunk) -> list[Any]:
        """The used lines of a chunk as `SalesRow`s, in EUR and with the sign of a sale."""
        late = self.cells.readable(chunk, self.late)
        values = self.cells.values(chunk, without=self.unneeded | late)
        unreadable = self.cells.unreadable_rows(values)
        signed_as_sale(values, self.source)
        without_rate = in_euros(values)
        odd = unreadable | without_rate | self._incomplete(chunk, values)
        lines = len(chunk.lines)
        clean = not odd and self._all_new(self._keys(chunk, values))
        used = range(lines) if clean else self._judged(chunk, values, odd, unreadable, without_rate)
        self._count_names(values, odd)
        revenue = self._count_used(values, used)
        if clean:
            self.sum_above += revenue
        else:
            revenue = sum((each for each in values["revenue"] if type(each) is Decimal), ZERO)
        self.imported.read.rows += lines
        self.imported.read.revenue += revenue
        accounts = values["account_id"]
        handed = used if self.accounts is None else [index for index in used if accounts[index] in self.accounts]
        columns = (self.cells.picked(chunk, values, name, handed) for name in SalesRow._fields)
        return list(map(SalesRow._make, zip(*columns, strict=True)))

    def _judged(
        self,
        chunk: Chunk,
        values: dict[str, list[Any]],
        odd: set[int],
        unreadable: set[int],
        without_rate: set[int],
    ) -> list[int]:
        """The 0-based used rows of a chunk that has odd or repeated ones; the fate of the others is noted."""
        used = []
        for index, key in enumerate(self._keys(chunk, values)):
            if index in odd:
                row = self.cells.row(chunk, values, index)
                self._judge(chunk, index, row, index in unreadable, index in without_rate)
                continue
            self.sum_above += values["revenue"][index]
            if self.is_repeated(key):
                if self.has_key:
                    self.note(chunk.lines[index], TO_CHECK, "duplicate", self.cells.row(chunk, values, index))
                    continue
                self.equal[values["account_id"][index]] += 1
            used.append(index)
        return used

    def _all_new(self, keys: list[int]) -> bool:
        """Whether no row repeats another one or an earlier one; then they count as seen."""
        if self.source.duplicates == "keep":
            return True
        new = set(keys)
        if len(new) < len(keys) or not self.seen.isdisjoint(new):
            return False
        self.seen |= new
        return True

    def _incomplete(self, chunk: Chunk, values: dict[str, list[Any]]) -> set[int]:
        """The 0-based rows of a chunk that lack an account, a date within reach or a revenue, or are a dated total.

        Looks at distinct values first: nearly always there is nothing odd among them.
        """
        accounts, dates, revenues = values["account_id"], values["date"], values["revenue"]
        odd: set[int] = set()
        named_so = {text for text in set(accounts) if isinstance(text, str)}
        totals = {text for text in named_so if text.lower() in self.total_words or text[0] == "*"}
        if totals:
            named = (index for index, text in enumerate(accounts) if text in totals)
            odd.update(i for i in named if self._says_only_total(list(self.cells.row(chunk, values, i).values())))
        if None in set(accounts):
            odd.update(index for index, text in enumerate(accounts) if text is None)
        far = {day for day in set(dates) if type(day) is not date or day.year not in YEARS}
        if far:
            odd.update(index for index, day in enumerate(dates) if day in far)
        if set(map(type, revenues)) != {Decimal}:
            odd.update(index for index, revenue in enumerate(revenues) if type(revenue) is not Decimal)
        return odd

    def _keys(self, chunk: Chunk, values: dict[str, list[Any]]) -> list[int]:
        """What makes a line the same line: its invoice and line number, else the whole record.

        One invoice may hold the same article twice, so without line numbers equal lines stay used, with a warning.
        """
        if not self.has_key:
            return chunk.marks
        numbered = zip(values["account_id"], values["invoice_no"], values["line_no"], chunk.marks, strict=True)
        return [hash((who, invoice, line)) if invoice and line else mark for who, invoice, line, mark in numbered]

    def _count_names(self, values: dict[str, list[Any]], odd: set[int]) -> None:
        """Count which names an account goes by, on every line that is not odd."""
        accounts = values["account_id"]
        pairs = zip(accounts, values.get("account_name") or [None] * len(accounts), strict=True)
        self.named.update((pair for index, pair in enumerate(pairs) if index not in odd) if odd else pairs)

    def _count_used(self, values: dict[str, list[Any]], used: Sequence[int]) -> Decimal:
        """Add the used rows of a chunk to the counts, the period and the control totals; gives their revenue."""
        accounts, dates, revenues = (values[name] for name in ("account_id", "date", "revenue"))
        if len(used) < len(accounts):
            accounts, dates, revenues = ([column[index] for index in used] for column in (accounts, dates, revenues))
        imported = self.imported
        by_year = imported.by_account_year
        for account, day, revenue in zip(accounts, dates, revenues, strict=True):
            if self.accounts is None or account in self.accounts:
                key = account, day.year
                by_year[key] = by_year.get(key, ZERO) + revenue
        for account, rows in Counter(accounts).items():
            imported.by_account.setdefault(account, Tally()).rows += rows
        imported.used.rows += len(accounts)
        total = sum(revenues, ZERO)
        imported.used.revenue += total
        days = set(dates)
        if days:
            imported.years |= {day.year for day in days}
            self.spans(min(days), max(days))
        return total

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
        self.note(line, *self._fate(row, tuple(column[index] for column in chunk.columns), without_rate), row)

    def _fate(self, row: dict[str, Any], texts: tuple[str, ...], without_rate: bool) -> tuple[str, str]:
        """The status and the reason of a readable row that is no total and no ordinary line."""
        blank = {name for name, text in zip(self.source.columns, texts, strict=True) if not text.strip()}
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
        account = row["account_id"] if isinstance(row["account_id"], str) else None
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
