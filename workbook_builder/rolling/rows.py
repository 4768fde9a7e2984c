"""Last year's plan + a fresh plan -> where the row of each thing is now.

A thing is an item of an axis (a product group, a contact, a goal) or a row of a table of its own; tables over the same
axis share its rows. What the sources name (groups, contacts, team) is found again by its key, years by the year, goals
and actions that are not done with close ranks, everything else keeps its row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbook_builder.plan import Plan, Row
from workbook_builder.refresh import CONTACTS, GROUPS, search_key
from workbook_builder.template.blocks import Closing, Table
from workbook_builder.template.model import Template
from workbook_builder.template.roll_over_rules import CONFIRMATIONS, entity_of, full_id, sections_to_confirm

CONTACT_ID = "contact_id"


@dataclass(frozen=True)
class Rows:
    """{row of then: row of now}, from 1; why a row has none; and which rows are done with."""

    now: Mapping[int, int]
    why: Mapping[int, str] = field(default_factory=dict)
    closed: frozenset[int] = frozenset()

    def of(self, row: int) -> int | None:
        """The row of now, None when it has none."""
        return self.now.get(row)


class RowMaps:
    """The rows of every axis and table of a plan."""

    def __init__(self, template: Template, old: Plan, fresh: Plan) -> None:
        self.template, self.old, self.fresh = template, old, fresh
        self._closings: dict[str, tuple[str, Closing]] = {}
        self._tables: dict[str, list[str]] = {}
        self._entities: dict[str, str] = {}
        for key, block in template.blocks():
            if isinstance(block, Table):
                entity = self._entities[key] = entity_of(template, key)
                self._tables.setdefault(entity, []).append(key)
                if block.closed:
                    self._closings[entity] = (key, block.closed)
        self._found: dict[str, Rows] = {}

    def of(self, entity: str) -> Rows:
        """The rows of an axis or of the table of that id."""
        if entity not in self._found:
            self._found[entity] = self._rows(entity)
        return self._found[entity]

    def of_table(self, key: str) -> Rows:
        """The rows of a table."""
        return self.of(self._entities[key])

    def leads(self, key: str) -> bool:
        """Whether a table names the items of the axis of its rows."""
        return self.leading(self._entities[key]) == key

    def is_off(self, key: str) -> bool:
        """Whether the new plan leaves out the section of a block."""
        chapter = self.template.chapter(key.split(".")[0])
        sections = {f"{chapter.id}.{block.id}": section.key for section, block in chapter.blocks()}
        return sections[key] in self.fresh.off

    def leading(self, entity: str) -> str | None:
        """The table that names the items of an axis, if there is one."""
        axis = self.template.axes.get(entity)
        return axis.labels.rpartition(".")[0] if axis and "." in axis.labels else None

    def _rows(self, entity: str) -> Rows:
        size = self._size(entity)
        axis = self.template.axes.get(entity)
        if axis and axis.labels == "years":
            return self._years(axis.offsets)
        if entity == CONFIRMATIONS:
            return self._sections()
        leading = self.leading(entity)
        if leading and leading in self.fresh.tables:
            return self._by_key(leading, axis.labels.rpartition(".")[2] if axis else "", size)
        if leading and entity_of(self.template, leading) != entity:
            return self.of(entity_of(self.template, leading))
        closed = self._closed(entity)
        if entity not in self._closings:
            return Rows({row: row for row in range(1, size + 1)})
        open_rows = [row for row in self._filled(entity) if row not in closed]
        why = dict.fromkeys(closed, self.why_closed(entity))
        return Rows({row: number for number, row in enumerate(open_rows, 1)}, why, closed)

    def _size(self, entity: str) -> int:
        axis = self.template.axes.get(entity)
        return axis.size if axis else self.template.rows(entity)

    def _years(self, offsets: Sequence[int]) -> Rows:
        """Each year keeps its own figures; one that the new plan does not show has no row."""
        places = {self.fresh.year + offset: row for row, offset in enumerate(offsets, 1)}
        years = {row: self.old.year + offset for row, offset in enumerate(offsets, 1)}
        now = {row: places[year] for row, year in years.items() if year in places}
        return Rows(now, {row: "year_gone" for row in years if row not in now})

    def _sections(self) -> Rows:
        """Each section to confirm has the row that this template gives it."""
        places = sections_to_confirm(self.template)
        rows = list(enumerate(self.old.tables.get(CONFIRMATIONS, ()), 1))
        now = {row: places[values["section"]] for row, values in rows if values.get("section") in places}
        return Rows(now, {row: "no_name" for row, _ in rows if row not in now})

    def _by_key(self, key: str, name: str, size: int) -> Rows:
        """Rows found again by the key of their thing; one that no source names takes a row below the others."""
        old, new = self.old.tables.get(key, ()), self.fresh.tables[key]
        places = _places(new, name)
        closed = self._closed(entity_of(self.template, key))
        now: dict[int, int] = {}
        why: dict[int, str] = dict.fromkeys(closed, self.why_closed(entity_of(self.template, key)))
        if key == GROUPS:
            now[size] = size  # the last row takes the rest
        for row, values in enumerate(old, 1):
            found = next((places[each] for each in _keys(values, name) if each in places), None)
            if row not in now and found is not None and found not in now.values():
                now[row] = found
        free = [row for row in range(1, size + 1) if row > len(new) or not _keys(new[row - 1], name)]
        for row, values in enumerate(old, 1):
            if row in now or row in closed:
                continue
            if not _keys(values, name):
                why[row] = "no_name"
            elif key == GROUPS:
                why[row] = "group_gone"
            elif free:
                now[row] = free.pop(0)
            else:
                why[row] = "no_room"
        for row in range(len(old) + 1, size + 1):
            if row not in now:
                why[row] = "no_name"
        return Rows(now, why, closed)

    def _closed(self, entity: str) -> frozenset[int]:
        """The rows that are done with."""
        if entity not in self._closings:
            return frozenset()
        key, closing = self._closings[entity]
        name, _, column = full_id(key, closing.column).rpartition(".")
        rows = enumerate(self.old.tables.get(name, ()), 1)
        if closing.picked:
            gone = self._gone_names(key, column)
            return frozenset(row for row, values in rows if search_key(values.get(column)) in gone)
        return frozenset(row for row, values in rows if _is_closed(closing, values.get(column)))

    def why_closed(self, entity: str) -> str:
        """Why a row that is done with stays behind: "left" of what was typed about a contact who left."""
        if entity not in self._closings:
            return "closed"
        key, closing = self._closings[entity]
        source = self._picked_from(key, closing.column)[0] if closing.picked else key
        return "left" if source == CONTACTS else "closed"

    def _picked_from(self, key: str, column: str) -> tuple[str, str]:
        """(the table, its column) from which a column picks its names."""
        block = self.template.block(key)
        assert isinstance(block, Table)
        source, _, name = (next(one.pick for one in block.columns if one.id == column) or "").rpartition(".")
        return source, name

    def _gone_names(self, key: str, column: str) -> set[str]:
        """The names, in the table that a column picks from, whose rows are done with."""
        source, name = self._picked_from(key, column)
        closed = self.of_table(source).closed
        rows = enumerate(self.old.tables.get(source, ()), 1)
        return {search_key(values.get(name)) for row, values in rows if row in closed and values.get(name) is not None}

    def _filled(self, entity: str) -> list[int]:
        """The rows in which something is typed, in any table over the same things."""
        found: set[int] = set()
        for key in self._tables.get(entity, ()):
            block = self.template.block(key)
            assert isinstance(block, Table)
            typed = [one.id for one in block.columns if one.role == "input" and not one.key]
            for row, values in enumerate(self.old.tables.get(key, ()), 1):
                if any(is_filled(values.get(column)) for column in typed):
                    found.add(row)
        return sorted(found)


def is_filled(value: Any) -> bool:
    """Whether somebody put something there; of a repeated column, anywhere in it."""
    if isinstance(value, list | tuple):
        return any(map(is_filled, value))
    return value is not None and value != ""


def _is_closed(closing: Closing, value: Any) -> bool:
    if closing.items:
        return value in closing.items
    if closing.at_least is not None or closing.at_most is not None:
        low, high = closing.at_least, closing.at_most
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and (low is None or value >= low) and (high is None or value <= high)
    return is_filled(value)


def _keys(row: Row, name: str) -> list[tuple[str, str]]:
    """What a thing is found again by: its number where the source gives one, and its name."""
    return [(column, search_key(row[column])) for column in (CONTACT_ID, name) if is_filled(row.get(column))]


def _places(rows: Sequence[Row], name: str) -> dict[tuple[str, str], int]:
    """{key: the first row that has it}."""
    found: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows, 1):
        for each in _keys(row, name):
            found.setdefault(each, number)
    return found


__all__ = ["CONTACTS", "RowMaps", "Rows", "is_filled"]
