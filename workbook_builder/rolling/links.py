"""What names another thing (goal D3, contact Jansen, the last product group) -> what it is called in the new plan."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from workbook_builder.plan import Plan
from workbook_builder.refresh import CONTACTS, search_key
from workbook_builder.rolling.rows import RowMaps
from workbook_builder.template.blocks import Table
from workbook_builder.template.fields import Column, FieldBase
from workbook_builder.template.model import Template


class Link(NamedTuple):
    """The text for the new plan, or None with the code of the reason why there is none."""

    text: Any
    why: str = ""


class Links:
    """Follows the links of an old plan to the rows of the new one."""

    def __init__(self, template: Template, old: Plan, fresh: Plan, maps: RowMaps) -> None:
        self.template, self.old, self.fresh, self.maps = template, old, fresh, maps

    def followed(self, one: FieldBase, value: Any) -> Link:
        """What a typed value of this field becomes; it is its own when the field does not pick from a table."""
        if not one.pick or not isinstance(value, str):
            return Link(value)
        table, _, name = one.pick.rpartition(".")
        block = self.template.block(table)
        assert isinstance(block, Table)
        column = next(each for each in block.columns if each.id == name)
        if column.key:
            return self._number(table, column, value)
        return self._name(table, name, value)

    def _number(self, table: str, column: Column, value: str) -> Link:
        """Of "D3" the number that goal 3 has now."""
        found = re.fullmatch(rf"{re.escape(column.key or '')}([1-9][0-9]*)", value.strip())
        if not found:
            return Link(value)  # no number of ours: as it was typed
        row = int(found[1])
        rows = self.maps.of_table(table)
        now = rows.of(row)
        return Link(f"{column.key}{now}") if now else Link(None, "link_closed")

    def _name(self, table: str, name: str, value: str) -> Link:
        """The name itself, as the sources write it now; none of a contact who left."""
        wanted = search_key(value)
        rows = self.maps.of_table(table)
        given = self.fresh.tables.get(table, ())
        for row, values in enumerate(self.old.tables.get(table, ()), 1):
            if search_key(values.get(name)) != wanted:
                continue
            if row in rows.closed:
                return Link(None, "link_left" if table == CONTACTS else "link_closed")
            now = rows.of(row)
            fresh = given[now - 1].get(name) if now and now <= len(given) else None
            role = next(one.role for one in self.template.block(table).columns if one.id == name)  # type: ignore[union-attr]
            return Link(fresh if fresh and role == "sourced" else value)
        return Link(value)
