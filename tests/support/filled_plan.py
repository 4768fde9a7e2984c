"""A plan -> the same plan with something typed into every input cell, so that every formula has work to do."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from workbook_builder.plan import Plan
from workbook_builder.template.blocks import Form, Statement, Table
from workbook_builder.template.fields import FieldBase
from workbook_builder.template.model import Template

LEFT_ALONE = {  # a typed value here would replace what the sources gave, or is judged by a case of its own
    "plan.reference_date",
    "plan.closed_period",
    "plan.closed_month",
    "lists.holidays",
    "team.members",
    "account.contacts",
}


def with_every_input(template: Template, plan: Plan) -> Plan:
    """The plan with a valid value in every input of every form, table and statement."""
    fields, tables = dict(plan.fields), dict(plan.tables)
    for chapter in template.chapters:
        for _, block in chapter.blocks():
            key = f"{chapter.id}.{block.id}"
            if isinstance(block, Form):
                for one in block.fields:
                    name = f"{chapter.id}.{one.id}"
                    if one.role == "input" and name not in LEFT_ALONE:
                        fields[name] = _typed(template, plan, one, len(name))
            elif isinstance(block, Table) and key not in LEFT_ALONE:
                given = tables.get(key, ())
                rows = []
                for i in range(template.rows(key)):
                    row = dict(given[i]) if i < len(given) else {}
                    for column in block.columns:
                        if column.role == "input":
                            row[column.id] = _typed(template, plan, column, i)
                    rows.append(row)
                tables[key] = rows
            elif isinstance(block, Statement) and any(line.inputs for line in block.lines):
                tables[key] = [
                    {"line": line.id, **{name: _in_line(template, plan, block, name, i) for name in line.inputs}}
                    for i, line in enumerate(block.lines)
                    if line.inputs
                ]
    return dataclasses.replace(plan, fields=fields, tables=tables)


def _in_line(template: Template, plan: Plan, block: Statement, name: str, seed: int) -> Any:
    """A value in a line of a statement: costs are negative."""
    column = next(column for column in block.columns if column.id == name)
    return _typed(template, plan, column, seed) if column.type in ("text", "date") else -12.5


def _typed(template: Template, plan: Plan, one: FieldBase, seed: int) -> Any:
    """A value that the validation of `one` allows; `seed` makes neighbours differ."""
    if one.type == "choice" and one.list:
        items = template.lists[one.list].items
        return items[seed % len(items)]
    if one.pick == "team.members.employee":
        members = plan.tables["team.members"]
        return members[seed % len(members)]["employee"]
    if one.type == "date":
        return dt.date(plan.year, seed % 12 + 1, seed % 28 + 1)
    if one.type == "text":
        return f"Tekst {seed} met tien tekens"[: one.max_length or 200]
    low = one.min if isinstance(one.min, int | float) else 0
    high = one.max if isinstance(one.max, int | float) else low + 90
    if one.type == "percent":
        return min(high, low + 0.01 * (seed % 20 + 5)) if low >= 0 else 0.01 * (seed % 20)
    return int(low + (high - low) * (seed % 7) / 7)
