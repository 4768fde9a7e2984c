"""Template -> what becomes of every typed value at a roll-over, and what is wrong with those rules.

Every input has one rule: its own, else that of its block. `rolling/` does what the rules say, the data dictionary tells
them, and a template in which an input has none is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from workbook_builder.errors import Problem
from workbook_builder.template.blocks import Block, Form, SourceTable, Statement, Table, declared_fields
from workbook_builder.template.fields import Column, FieldBase, RollRule
from workbook_builder.template.model import Template

HISTORY = "history.plans"
CONFIRMATIONS = "rollover.confirmations"
COLUMN_OF_LINE = 4  # parts of chapter.block.column.line


class Typed(NamedTuple):
    """An input: `chapter.field` in a form, `chapter.block.column` in a table or statement."""

    id: str
    section: str
    block: str
    one: FieldBase
    rule: RollRule | None


class Holder(NamedTuple):
    """A field that shows what last year's plan held of an input, or of the number of a row."""

    id: str
    block: str
    one: FieldBase


def typed_in(chapter: str, block: Block) -> Iterator[tuple[str, FieldBase]]:
    """The inputs of a block, each with its id."""
    if isinstance(block, Form):
        yield from ((f"{chapter}.{one.id}", one) for one in block.fields if one.role == "input")
    elif isinstance(block, Table | SourceTable):
        columns = (one for one in block.columns if one.role == "input" and not one.key)
        yield from ((f"{chapter}.{block.id}.{one.id}", one) for one in columns)
    elif isinstance(block, Statement):
        typed = {name for line in block.lines for name in line.inputs}
        yield from ((f"{chapter}.{block.id}.{one.id}", one) for one in block.columns if one.id in typed)


def typed_inputs(template: Template) -> Iterator[Typed]:
    """Every input of a template with its rule, in order; None is an input for which no rule is declared."""
    for chapter in template.chapters:
        for section, block in chapter.blocks():
            for name, one in typed_in(chapter.id, block):
                yield Typed(name, section.key, f"{chapter.id}.{block.id}", one, one.roll_over or block.roll_over)


def holders(template: Template) -> dict[str, list[Holder]]:
    """{id of an input or of the number of a row: the fields that show what last year's plan held of it}."""
    found: dict[str, list[Holder]] = {}
    for key, block in template.blocks():
        for one in declared_fields(block):
            if one.before:
                name = f"{key.split('.')[0]}.{one.id}" if isinstance(block, Form) else f"{key}.{one.id}"
                found.setdefault(one.before, []).append(Holder(name, key, one))
    return found


def sections_to_confirm(template: Template) -> dict[str, int]:
    """{section with inputs to be confirmed: its row in the list of confirmations, from 1}."""
    sections = dict.fromkeys(typed.section for typed in typed_inputs(template) if typed.rule == "confirm")
    return {section: row for row, section in enumerate(sections, 1)}


def entity_of(template: Template, key: str) -> str:
    """What a row of a table stands for: an item of its axis, else a row of that table alone."""
    return getattr(template.block(key), "axis", None) or key


def roll_over_faults(template: Template) -> Iterator[Problem]:
    """A problem for every input without a rule, and for every rule that cannot be followed."""
    known = {typed.id: typed for typed in typed_inputs(template)}
    shown, archived = holders(template), set(_archived(template))
    for typed in known.values():
        if typed.rule is None:
            yield Problem("roll_rule_absent", place=typed.id)
        elif typed.rule == "reference" and not _with_value(shown.get(typed.id, ())):
            yield Problem("roll_rule_no_place", place=typed.id)
        elif typed.rule == "history" and typed.id not in archived:
            yield Problem("roll_rule_no_history", place=typed.id)
    for key, block in template.blocks():
        chapter = key.split(".")[0]
        inputs = dict(typed_in(chapter, block))
        if block.roll_over and all(one.roll_over for one in inputs.values()):
            yield Problem("roll_rule_idle", place=key, rule=block.roll_over)
        for one in declared_fields(block):
            name = f"{chapter}.{one.id}" if isinstance(block, Form) else f"{key}.{one.id}"
            if one.roll_over and name not in inputs:
                yield Problem("roll_rule_idle", place=name, rule=one.roll_over)
        if isinstance(block, Table):
            yield from _row_faults(template, key, block)
    if any(typed.rule == "confirm" for typed in known.values()):
        yield from _no_room_to_confirm(template)
    for name, each in shown.items():
        for holder in each:
            yield from _holder_faults(template, name, holder, known)


def _with_value(found: list[Holder] | tuple[()]) -> bool:
    return any(holder.one.before_as == "value" for holder in found)


def _holder_faults(template: Template, name: str, holder: Holder, known: Mapping[str, Typed]) -> Iterator[Problem]:
    """What is wrong with a field that shows last year's value."""
    column, shows = _column(template, name), holder.one.before_as
    is_shown = column is not None and ((shows == "id" and column.key) or (shows == "computed" and column.formula))
    if holder.one.role != "sourced" or not (name in known or is_shown):
        yield Problem("roll_holder_lost", place=holder.id, name=name)
    elif holder.one.before_as == "value":
        typed = known[name]
        if typed.rule != "reference":
            yield Problem("roll_holder_idle", place=holder.id, name=name, rule=typed.rule)
        same = ("type", "list", "over")
        if any(getattr(typed.one, what, None) != getattr(holder.one, what, None) for what in same):
            yield Problem("roll_holder_other", place=holder.id, name=name)


def _column(template: Template, name: str) -> Column | None:
    """The column of a table with that id; None when there is none."""
    key, _, column = name.rpartition(".")
    block = dict(template.blocks()).get(key)
    return next((one for one in block.columns if one.id == column), None) if isinstance(block, Table) else None


def _archived(template: Template) -> Iterator[str]:
    """The ids of columns of which the values go to the history."""
    for key, block in template.blocks():
        if isinstance(block, Table) and block.history:
            yield from (full_id(key, name) for name in block.history.columns.values())


def full_id(key: str, name: str) -> str:
    """The id of a column as a table names it: its own, or one of another block."""
    if "." not in name:
        return f"{key}.{name}"
    parts = name.split(".")
    return ".".join(parts[:-1]) if len(parts) == COLUMN_OF_LINE else name


def _row_faults(template: Template, key: str, block: Table) -> Iterator[Problem]:
    """Columns that `closed`, `history` and `named_by` name and that are not there."""
    blocks = dict(template.blocks())
    named = [block.closed.column] if block.closed else []
    named += [block.named_by] if block.named_by else []
    if block.history:
        named += block.history.columns.values()
        columns = {one.id for one in declared_fields(blocks[HISTORY])} if HISTORY in blocks else set()
        yield from (
            Problem("reference_unknown", place=f"{key}.history", name=name)
            for name in block.history.columns
            if name not in columns
        )
        kinds = template.lists["history_kind"].items if "history_kind" in template.lists else ()
        if block.history.kind not in kinds:
            yield Problem("reference_unknown", place=f"{key}.history", name=block.history.kind)
    for name in named:
        where, _, column = full_id(key, name).rpartition(".")
        found = blocks.get(where)
        if found is None or column not in {one.id for one in declared_fields(found)}:
            yield Problem("reference_unknown", place=key, name=name)


def _no_room_to_confirm(template: Template) -> Iterator[Problem]:
    needed = len(sections_to_confirm(template))
    room = template.rows(CONFIRMATIONS) if CONFIRMATIONS in dict(template.blocks()) else 0
    if needed > room:
        yield Problem("roll_no_room", place=CONFIRMATIONS, needed=needed, room=room)
