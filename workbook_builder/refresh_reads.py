"""What a refresh has to know of a plan: ids of fields and columns, for who reads no more than needed.

    Plan with `needed_ids` --> refreshed        is the same as        the whole Plan --> refreshed

An open plan is read sheet by sheet, so it counts how many sheets are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.plan import Plan
from workbook_builder.refresh import CONTACTS, GROUPS, HOLIDAYS, TEAM, search_key
from workbook_builder.template.blocks import Block, Form, SourceTable, Statement, Table, declared_fields
from workbook_builder.template.fields import Column
from workbook_builder.template.left_out import without
from workbook_builder.template.model import Template

NAMES = {"product_groups": (GROUPS, "product_group"), "contacts": (CONTACTS, "name"), "team": (TEAM, "employee")}
"""{axis of which a refresh may add a row: the table and the column that name its rows}."""


def needed_ids(template: Template, fresh: Plan) -> list[str]:
    """The ids of what a refresh compares with a fresh plan, without the source tables, which it reads by themselves.

    `fresh` may have its product groups in any row.
    """
    return [name for key, block in without(template, fresh.off).blocks() for name in _ids(key, block, fresh)]


def typed_ids(template: Template, plan: Plan, axis: str) -> list[str]:
    """The ids of the columns in which somebody may have typed against the rows of an axis: they are not free then."""
    return [
        f"{key}.{column.id}"
        for key, block in without(template, plan.off).blocks()
        for column in declared_fields(block)
        if isinstance(column, Column) and column.role == "input" and axis in (column.over, getattr(block, "axis", None))
    ]


def axes_with_news(plan: Plan, fresh: Plan) -> list[str]:
    """The axes for which the sources name something that the plan has no row for, so that it needs a free one."""
    return [axis for axis, (table, column) in NAMES.items() if _has_news(plan, fresh, table, column)]


def _has_news(plan: Plan, fresh: Plan, table: str, column: str) -> bool:
    """Whether some row of the sources is in the plan neither by its number nor, without one, by its name."""
    rows = plan.tables.get(table, ())
    ids = {search_key(row["contact_id"]) for row in rows if row.get("contact_id") is not None}
    names = {search_key(row.get(column)) for row in rows if row.get("contact_id") is None}
    named = [row for row in fresh.tables.get(table, ()) if row.get(column) is not None]
    return any(search_key(row.get("contact_id")) not in ids and search_key(row[column]) not in names for row in named)


def _ids(key: str, block: Block, fresh: Plan) -> Iterator[str]:
    chapter = key.split(".")[0]
    if block.by_roll_over:
        return
    if isinstance(block, Form):
        for one in block.fields:
            name = f"{chapter}.{one.id}"
            if one.role == "sourced" or (one.role == "input" and name in fresh.fields):
                yield name
    elif key not in fresh.tables or key == HOLIDAYS or isinstance(block, SourceTable):
        return
    elif isinstance(block, Statement):
        sourced = {column for line in block.lines for column in line.sourced}
        yield from (f"{key}.{column.id}" for column in block.columns if column.id in sourced)
    elif isinstance(block, Table):
        given = {"name", "employee", "contact_id", *(column for row in fresh.tables[key] for column in row)}
        for column in block.columns:
            if not column.key and (column.role == "sourced" or (column.role == "input" and column.id in given)):
                yield f"{key}.{column.id}"
