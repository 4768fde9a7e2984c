"""What became of every value that somebody typed in last year's plan, counted, and shown in the new plan.

Each value has one fate: carried (it is in the new plan), archived (it is in the sheet of earlier years) or named (it is
in the list of the report, with the reason). The three add up to the values that were found.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from workbook_builder.errors import say
from workbook_builder.plan import Plan, Row
from workbook_builder.reading.labels import Labels
from workbook_builder.template.blocks import Table
from workbook_builder.template.fields import RollRule
from workbook_builder.template.model import Template
from workbook_builder.template.roll_over_rules import typed_inputs

Became = Literal["carried", "archived", "named"]
LONGEST = 400  # characters of a value in the list; a longer one is cut there, never in the plan
LEFT = "left"
"""Why what was typed about a contact who left stays behind; it is personal, so the list names it without the value."""
BESIDE = "beside"
"""The section of what stood where the plan has no place for it."""


@dataclass(frozen=True)
class Fate:
    """What became of one value: `place` is the row (from 1) or the line, `item` the column of a repeated one.

    `why` is the code of the reason for what is named; `where` the cell for a value beside the plan.
    """

    id: str
    section: str
    place: int | str | None
    item: int | None
    value: Any
    rule: RollRule | None
    became: Became
    why: str = ""
    where: str = ""


@dataclass(frozen=True)
class Report:
    """The fates of all values in order of the old plan."""

    year: int
    fates: Sequence[Fate] = field(default=())

    def count(self, became: Became | None = None) -> int:
        """How many values became this; how many were found without a fate named."""
        return len(self.fates) if became is None else sum(fate.became == became for fate in self.fates)

    def by_section(self) -> dict[str, Counter[str]]:
        """{section: {"found", the rule of what was carried, "archived", "named": count}}, in order."""
        found: dict[str, Counter[str]] = {}
        for fate in self.fates:
            counts = found.setdefault(fate.section, Counter())
            counts["found"] += 1
            counts[fate.rule or "keep" if fate.became == "carried" else fate.became] += 1
        return found


COLUMNS = ("found", "keep", "confirm", "source", "reference", "archived", "named")
SHEET = ("found", "kept", "to_confirm", "by_source", "as_reference", "archived", "named")


def section_rows(template: Template, report: Report, labels: Labels, language: str) -> Sequence[Row]:
    """The counts per section, as rows of `rollover.sections`."""
    return [
        {
            "title": _title(labels, section, language),
            "section": section,
            **{name: counts[column] for name, column in zip(SHEET, COLUMNS, strict=True)},
        }
        for section, counts in report.by_section().items()
    ][: template.rows("rollover.sections")]


def value_rows(template: Template, report: Report, labels: Labels, language: str) -> list[Row]:
    """A row of `not_carried.values` for each value that is not in the new plan."""
    lists = _lists(template)
    return [
        {
            "value": say("roll_not_kept", language)
            if fate.why == LEFT
            else shown(template, language, fate, lists)[:LONGEST],
            "field": label(template, labels, fate),
            "section": fate.section if fate.section != BESIDE else say("roll_beside", language),
            "place": place(template, fate),
            "rule": fate.rule,
            "fate": fate.became,
            "reason": reason(fate, language),
            "id": fate.id or None,
        }
        for fate in report.fates
        if fate.became != "carried"
    ]


def as_text(template: Template, report: Report, plan: Plan, language: str) -> str:
    """The counts per section as a table for a terminal."""
    labels = Labels(template, plan)
    counted = [(_title(labels, section, plan.language), counts) for section, counts in report.by_section().items()]
    return _table(counted, language)


def many_as_text(reports: Sequence[tuple[str, Report]], language: str) -> str:
    """The counts per new plan, each with its name, as a table for a terminal; nothing without a plan."""
    counted = [(name, sum(report.by_section().values(), Counter())) for name, report in reports]
    return _table(counted, language) if counted else ""


def _table(counted: Sequence[tuple[str, Mapping[str, int]]], language: str) -> str:
    """A line of counts for each, and their sum."""
    total: Counter[str] = Counter()
    for _, counts in counted:
        total.update(counts)
    heads = ["", *(say(f"roll_head_{name}", language) for name in COLUMNS)]
    lines = [[name, *(str(counts.get(column) or "") for column in COLUMNS)] for name, counts in counted]
    lines.append([say("roll_head_total", language), *(str(total[name]) for name in COLUMNS)])
    widths = [max(len(line[i]) for line in [heads, *lines]) for i in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(
            zip(line, widths, strict=True))).rstrip()
        for line in [heads, *lines]
    )  # fmt: skip


def _title(labels: Labels, section: str, language: str) -> str:
    if section == BESIDE:
        return say("roll_beside", language)
    return labels.of_section(section)


def label(template: Template, labels: Labels, fate: Fate) -> str:
    """What the field is called in the new plan."""
    if not fate.id:
        return fate.where
    text = labels.of(fate.id)
    if isinstance(fate.place, str):
        line = fate.id.partition(".")[0] + f".{fate.place}"
        text = f"{labels.of(line)}, {text}"
    return text


def place(template: Template, fate: Fate) -> str | None:
    """The row as people know it: D3, or its number; with the column of a repeated one."""
    if fate.where:
        return fate.where
    if not isinstance(fate.place, int):
        return f"{fate.item}" if fate.item else None
    block = template.block(fate.id.rpartition(".")[0])
    key = next((one.key for one in block.columns if one.key), None) if isinstance(block, Table) else None
    text = f"{key}{fate.place}" if key and key not in ("number", "label") else f"{fate.place}"
    return f"{text}, {fate.item}" if fate.item else text


def shown(template: Template, language: str, fate: Fate, lists: Mapping[str, str]) -> str:
    """The value as text: a choice by its label."""
    value = fate.value
    if isinstance(value, str):
        name = lists.get(fate.id)
        return template.label(language, name, value) if name and value in template.lists[name].items else value
    if isinstance(value, dt.date):
        return f"{value:%d-%m-%Y}"
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", "," if language == "nl" else ".")
    return str(value)


def _lists(template: Template) -> dict[str, str]:
    """{id of an input: the list of its choices}."""
    return {typed.id: typed.one.list for typed in typed_inputs(template) if typed.one.list}


def reason(fate: Fate, language: str) -> str:
    """Why a value is not in the new plan, in a few words."""
    if fate.became == "archived":
        return say("roll_why_archived", language)
    return say(f"roll_why_{fate.why}", language)
