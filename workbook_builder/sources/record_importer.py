"""The rows of every other source (master data, contacts, quotations, activities, costs, team): small, one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

from workbook_builder.sources.base_importer import Importer
from workbook_builder.sources.columns import COLUMNS, DATE
from workbook_builder.sources.config import YEARS
from workbook_builder.sources.findings import EXCLUDED, TO_CHECK, Imported
from workbook_builder.sources.parse import Unreadable
from workbook_builder.sources.readers import Chunk

KEYS = {"accounts": ("account_id",), "contacts": ("account_id", "contact_id")}


class RecordImporter(Importer):
    """The import of a source whose used rows are dicts of values by canonical column."""

    def use(self, chunk: Chunk) -> list[Any]:
        """The used rows of a chunk as dicts; a column that is not mapped is not in them."""
        values = self.cells.values(chunk)
        unreadable = self.cells.unreadable_rows(values)
        used = []
        for index, line in enumerate(chunk.lines):
            row = {name: column[index] for name, column in values.items()}
            self.imported.read.rows += 1
            if index in unreadable and not self._is_total(row):
                self.problems += self.cells.problems(line, row)
                continue
            fate = self._fate(row, chunk.marks[index])
            if fate is not None:
                self.note(line, *fate, row)
                continue
            self.count_used(row.get("account_id"), row.get("amount"))
            if isinstance(day := row.get("date"), date):
                self.spans(day, day)
            used.append(row)
        return used

    def _is_total(self, row: dict[str, Any]) -> bool:
        """Whether a row is a total: its account says so, or it has no account and some text is a total word."""
        account = row.get("account_id")
        if isinstance(account, str):
            return self.is_total_word(account)
        return any(self.is_total_word(str(value)) for value in row.values() if isinstance(value, str | Unreadable))

    def _fate(self, row: dict[str, Any], mark: int) -> tuple[str, str] | None:
        """The status and the reason of a row that is not used, or None for one that is."""
        if all(value is None for value in row.values()):
            return EXCLUDED, "empty_row"
        if self._is_total(row):
            return EXCLUDED, "total_row"
        for name, column in COLUMNS[self.kind].items():
            value = row.get(name)
            if not column.required:
                continue
            if value is None:
                return TO_CHECK, {"account_id": "no_account", "date": "no_date"}.get(name, "incomplete")
            if column.kind == DATE and value.year not in YEARS:
                return TO_CHECK, "date_out_of_range"
        if self.kind == "costs" and row.get("amount") is None and row.get("hours") is None:
            return TO_CHECK, "no_amount"
        key = KEYS.get(self.kind)
        if self.is_repeated(hash(tuple(row.get(name) for name in key)) if key else mark):
            return TO_CHECK, "duplicate"
        return None

    def finished(self) -> Imported:
        """The import; what is read is worth what its rows are worth."""
        imported = super().finished()
        imported.read.revenue = imported.used.revenue + imported.excluded.revenue + imported.to_check.revenue
        return imported
