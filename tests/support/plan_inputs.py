"""A plan -> what people and sources put into it, by place: nothing that a formula computes."""

from __future__ import annotations

from typing import Any

from workbook_builder.plan import Plan
from workbook_builder.template.blocks import Form, SourceTable, Statement, Table
from workbook_builder.template.model import Template


def inputs(template: Template, plan: Plan, roles: tuple[str, ...] = ("input", "sourced")) -> dict[tuple[Any, ...], Any]:
    """{(id, row or line, item of a repeated column): value} of every filled cell; numbers to 12 digits."""
    found: dict[tuple[Any, ...], Any] = {}
    for chapter in template.chapters:
        for _, block in chapter.blocks():
            key = f"{chapter.id}.{block.id}"
            if isinstance(block, Form):
                for one in block.fields:
                    if one.role in roles:
                        _add(found, (f"{chapter.id}.{one.id}",), plan.fields.get(f"{chapter.id}.{one.id}"))
            elif isinstance(block, Table | SourceTable):
                for number, row in enumerate(plan.tables.get(key, ()), 1):
                    for column in block.columns:
                        if column.role in roles and not column.key:
                            _add(found, (f"{key}.{column.id}", number), row.get(column.id))
            elif isinstance(block, Statement):
                for line, row in zip(block.lines, plan.tables.get(key, ()), strict=False):
                    for column in block.columns:
                        cell = block.cell(line, column)
                        if cell and cell.role in roles:
                            _add(found, (f"{key}.{column.id}", line.id), row.get(column.id))
    return found


def _add(found: dict[tuple[Any, ...], Any], place: tuple[Any, ...], value: Any) -> None:
    if isinstance(value, list | tuple):
        for number, one in enumerate(value, 1):
            _add(found, (*place, number), one)
    elif value is not None and value != "":
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        found[place] = float(f"{value:.12g}") if is_number else value
