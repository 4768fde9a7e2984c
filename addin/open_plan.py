"""An open plan as the reader of plans asks for it: values by id, read sheet by sheet, and where each id has its cells.

LiveBook --> OpenPlan --> reader.plan_in --> Plan
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from addin.live_book import LiveBook
from addin.places import Place, Rows
from workbook_builder.errors import InputError, Problem, raise_if
from workbook_builder.plan import Plan, year_words
from workbook_builder.template.blocks import SourceTable, declared_fields
from workbook_builder.template.left_out import without
from workbook_builder.template.model import Template
from workbook_builder.workbook.layout import lay_out, table_name
from workbook_builder.workbook.named_values import checked_facts, plan_in


class OpenPlan:
    """What was read of an open plan so far; an id that was not asked for is empty.

    Raises `InputError` for a book that is no plan, or a plan of another version of the template.
    """

    def __init__(self, live: LiveBook, template: Template) -> None:
        self.live = live
        self.template = template
        self.file = live.book.name
        try:
            self.facts: Mapping[str, str] = checked_facts(self.file, live.facts(), template)
        except InputError as fault:
            if [problem.code for problem in fault.problems] == ["plan_not_ours"]:
                raise InputError(Problem("book_not_ours")) from None
            raise
        self.off = frozenset(self.facts["off"].split())
        self.layout = lay_out(without(template, self.off), self.facts["language"])
        self.sources = {
            placed.key: (table_name(placed.chapter.id), sheet.name)
            for sheet in self.layout.sheets
            for section in sheet.sections
            for placed in section.blocks
            if isinstance(placed.block, SourceTable)
        }
        """{id of a source table: its name in Excel, and the sheet it was made on}."""
        self.places: dict[str, Place] = {}
        self._cells: dict[str, Rows] = {}
        self._tables: dict[str, Rows] = {}

    def take(self, ids: Iterable[str], sources: Iterable[str] = ()) -> None:
        """Read these ids, with one read per sheet, and the source tables of these ids.

        Raises `InputError` with every name, source table and column of one that is gone or has another size.
        """
        known = set(self.layout.names)
        wanted = [name for name in ids if name in known and name not in self._cells]
        tables = dict(self.sources[key] for key in sources)
        cells, rows = self.live.read_sheets(wanted, tables)
        self.places |= self.live.locate(wanted)
        raise_if([*self._other_sizes(wanted), *self._other_columns(rows)])
        self._cells |= cells
        self._tables |= {table: each[1:] for table, each in rows.items()}

    def plan(self) -> Plan:
        """What was read, as a plan."""
        return plan_in(self, self.facts, self.template, self.file)

    def block(self, name: str) -> list[list[Any]]:
        """See `reader.Values`."""
        return [[_plain(value) for value in row] for row in self._cells.get(name, ())]

    def table(self, name: str) -> list[list[Any]]:
        """See `reader.Values`."""
        return [[_plain(value) for value in row] for row in self._tables.get(name, ())]

    def sheet_of(self, key: str) -> str:
        """The sheet of a source table, whatever its name is now."""
        table, sheet = self.sources[key]
        return self.live.table_place(table, sheet).sheet

    def cell(self, name: str, row: int = 1) -> Place:
        """The cell of an id in a row, from 1."""
        place = self.places[name]
        return place._replace(row=place.row + row - 1, rows=1)

    def cells(self, name: str) -> Iterator[tuple[Place, Any]]:
        """Each cell of an id with its value, as Excel gave it."""
        for number, row in enumerate(self._cells[name], 1):
            yield self.cell(name, number), row[0]

    def headings(self, key: str) -> list[str]:
        """The headings of a table, from the left, with the years that they name."""
        columns, words = declared_fields(self.template.block(key)), year_words(int(self.facts["year"]))
        texts = (self.template.text(self.facts["language"], f"{key}.{column.id}") for column in columns)
        return [text.format_map(words) for text in texts]

    def heading_cells(self, key: str) -> Iterator[tuple[Place, Any]]:
        """The cell above each column of a table that was read, with its text, where that is still our own heading."""
        for column, text in zip(declared_fields(self.template.block(key)), self.headings(key), strict=True):
            if f"{key}.{column.id}" in self.places:
                above = self.cell(f"{key}.{column.id}", 0)
                if self.live.seen(above) == text:
                    yield above, text

    def _other_sizes(self, names: Iterable[str]) -> list[Problem]:
        problems = []
        for name in names:
            place, made = self.places[name], self.layout.areas[name]
            if (place.rows, place.cols) != (made.rows, made.cols):
                refers = f"{place.sheet}!{place.address}"
                problems.append(Problem("name_lost", file=self.file, name=name, refers=refers))
        return problems

    def _other_columns(self, tables: Mapping[str, Rows]) -> list[Problem]:
        """A column of a source table that was removed, moved or renamed, or that somebody added."""
        problems = []
        for key, (table, _) in self.sources.items():
            if table not in tables:
                continue
            place, found, wanted = self.live.table_place(table), tables[table][0], self.headings(key)
            where = {"file": self.file, "sheet": place.sheet, "table": table}
            wrong = [one for one, other in zip(wanted, [*found, *wanted], strict=False) if one != other]
            if len(found) < len(wanted):
                wrong += wanted[len(found) :]
            if wrong:
                problems.append(Problem("table_columns", **where, column=wrong[0]))
            elif len(found) > len(wanted) and not self._computed(place, len(wanted)):
                problems.append(Problem("table_own_column", **where, column=found[len(wanted)]))
        return problems

    def _computed(self, table: Place, width: int) -> bool:
        """Whether the columns behind our own hold formulas: those go along when the table grows."""
        own = table._replace(row=table.row + 1, col=table.col + width, rows=1, cols=table.cols - width)
        return all(isinstance(text, str) and text.startswith("=") for text in self.live.formulas(own)[0])


def _plain(value: Any) -> Any:
    """A whole number as one: Excel hands out every number as a float, and a number that names somebody is a text."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value
