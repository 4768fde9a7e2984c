"""What the import of any kind of source keeps while reading, and how a row that is not used is noted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from workbook_builder.errors import InputError, Problem
from workbook_builder.sources.cell_values import SHOWN_TEXT, Cells
from workbook_builder.sources.columns import TOTAL_WORDS
from workbook_builder.sources.config import Source
from workbook_builder.sources.encodings import sha256
from workbook_builder.sources.findings import Finding, Imported, Tally
from workbook_builder.sources.readers import Chunk


class Importer:
    """The import of one source in progress; `SalesImporter` and `RecordImporter` judge the rows."""

    money = "amount"  # the column whose sum says what a row is worth

    def __init__(self, source: Source, kind: str) -> None:
        path = source.path
        size, digest = (path.stat().st_size, sha256(path)) if path.is_file() else (0, "")
        self.source = source
        self.kind = kind
        self.cells = Cells(source, kind)
        self.imported = Imported(kind, path.name, size, digest)
        self.problems: list[Problem] = []
        self.total_words = frozenset((*TOTAL_WORDS, *(word.lower() for word in source.total_words)))
        self.seen: set[int] = set()

    def use(self, chunk: Chunk) -> list[Any]:
        """The used rows of a chunk; the others are noted."""
        raise NotImplementedError

    def finished(self) -> Imported:
        """The import after the last chunk; a source without a single row is refused."""
        if self.imported.read.rows == 0:
            raise InputError(Problem("source_without_rows", file=self.source.path.name))
        return self.imported

    def is_repeated(self, key: int) -> bool:
        """Whether a used row had this key before, in a source in which that makes a duplicate."""
        if self.source.duplicates == "keep":
            return False
        repeated = key in self.seen
        self.seen.add(key)
        return repeated

    def is_total_word(self, text: str) -> bool:
        """Whether the whole of `text` is a word for a total, or nothing but asterisks (SAP's subtotals)."""
        return text.lower().rstrip(": ") in self.total_words or not text.strip("* ")

    def starts_as_total(self, text: str) -> bool:
        """Whether `text` is a word for a total, alone or followed by what it totals ('Totaal Kaas')."""
        first = text.lower().split(maxsplit=1)[0] if text.strip() else ""
        return self.is_total_word(text) or first.rstrip(":") in self.total_words

    def note(self, line: int, status: str, reason: str, row: dict[str, Any]) -> None:
        """Note the fate of a row that is not used."""
        amount = row.get(self.money)
        text = " | ".join(str(value) for value in row.values() if value is not None)
        self.imported.note(
            Finding(
                kind=self.kind,
                line=line,
                status=status,
                reason=reason,
                account_id=row.get("account_id"),
                revenue=amount if isinstance(amount, Decimal) else None,
                text=text[:SHOWN_TEXT],
            )
        )

    def count_used(self, account: str | None, amount: Decimal | None) -> None:
        """Count a used row, in the whole and for its account."""
        self.imported.used.add(amount)
        if account:
            self.imported.by_account.setdefault(account, Tally()).add(amount)

    def spans(self, first: date, last: date) -> None:
        """Widen the period of the used rows."""
        imported = self.imported
        imported.first_date = min(first, imported.first_date or first)
        imported.last_date = max(last, imported.last_date or last)
