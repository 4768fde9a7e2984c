"""What was found in checked plans -> text for a person and JSON for a program."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from workbook_builder.checking.check import Checked
from workbook_builder.errors import say
from workbook_builder.reading.findings import Finding, Level

LEVELS: tuple[Level, ...] = ("error", "warning", "note")
SIMILAR = 5  # findings of one kind on one sheet that are written out
WIDTH = 118  # characters of a line
COLUMNS = ("plan", "account", "year", "profit", "status", "light", "error", "warning", "note")
AT_RIGHT = ("year", "profit", "error", "warning", "note")


def worst_first(plans: Sequence[Checked]) -> list[Checked]:
    """The plans: those that cannot be read, then by errors, by warnings, and by name."""
    return sorted(
        plans, key=lambda one: (not one.problems, -one.count("error"), -one.count("warning"), one.path.name.lower())
    )


def plan_text(one: Checked, language: str) -> str:
    """Everything about a plan: its name, its headline figures, and the findings, the worst first."""
    lines = [f"{one.path}"]
    if one.problems:
        return "\n".join([*lines, *(_wrapped(_level("error", language), p.text(language)) for p in one.problems)])
    about = {"account": f"{one.account_name} ({one.account_id})", "year": str(one.year)}
    about |= {"profit": profit_text(one, language), "status": one.status, "light": one.light}
    lines.append("  " + " · ".join(f"{say(f'check_column_{key}', language)}: {text}" for key, text in about.items()))
    for level in LEVELS:
        lines += _findings([finding for finding in one.findings if finding.level == level], level, language)
    if not one.findings:
        lines.append(_wrapped("", say("check_nothing", language)))
    return "\n".join(lines)


def _findings(findings: Sequence[Finding], level: Level, language: str) -> Iterator[str]:
    """A line for each finding; of many of one kind on one sheet the first ones and a count."""
    counts = Counter((one.code, one.sheet) for one in findings)
    said: Counter[tuple[str, str]] = Counter()
    for one in findings:
        kind = (one.code, one.sheet)
        said[kind] += 1
        if said[kind] <= SIMILAR:
            yield _wrapped(_level(level, language), one.text(language))
        if said[kind] == SIMILAR < counts[kind]:
            rest = counts[kind] - SIMILAR
            yield _wrapped(_level(level, language), say("check_more", language, count=rest, sheet=one.sheet))


def _level(level: Level, language: str) -> str:
    return say(f"check_level_{level}", language)


def _wrapped(word: str, text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=f"  {word:<14}", subsequent_indent=" " * 16)


def overview_text(plans: Sequence[Checked], language: str) -> str:
    """One line a plan, the worst first."""
    rows = [[say(f"check_column_{column}", language) for column in COLUMNS]]
    rows += [[_cell(one, column, language) for column in COLUMNS] for one in worst_first(plans)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
    shown = [
        "  ".join(
            text.rjust(width) if column in AT_RIGHT else text.ljust(width)
            for text, width, column in zip(row, widths, COLUMNS, strict=True)
        ).rstrip()
        for row in rows
    ]
    return "\n".join([shown[0], "-" * len(shown[0]), *shown[1:]])


def _cell(one: Checked, column: str, language: str) -> str:
    if column == "plan":
        return one.path.name
    if one.problems:
        return say("check_unreadable", language) if column == "account" else ""
    if column in LEVELS:
        return str(sum(finding.level == column for finding in one.findings))
    texts = {"account": one.account_name[:40], "year": str(one.year), "profit": profit_text(one, language)}
    return {**texts, "status": one.status, "light": one.light}[column]


def profit_text(one: Checked, language: str) -> str:
    """The account profit in whole euros, so that plans in other units compare; n.b. when the plan does not know it."""
    if one.profit is None:
        return say("check_unknown", language)
    text = f"{one.profit * one.unit:,.0f}"
    return text.replace(",", ".") if language == "nl" else text


def as_json(plans: Sequence[Checked], language: str) -> str:
    """The plans in the order given, with every finding; `profit` in euros, None when it is not known."""
    return json.dumps([_document(one, language) for one in plans], ensure_ascii=False, indent=2, default=str)


def _document(one: Checked, language: str) -> dict[str, Any]:
    return {
        "file": str(one.path),
        "good": one.is_good,
        "account_id": one.account_id,
        "account_name": one.account_name,
        "plan_year": one.year or None,
        "profit": None if one.profit is None else one.profit * one.unit,
        "status": one.status,
        "light": one.light,
        "problems": [problem.text(language) for problem in one.problems],
        "findings": [
            {
                "code": finding.code,
                "level": finding.level,
                "sheet": finding.sheet,
                "cell": finding.cell,
                "id": finding.id,
                "label": finding.label,
                "values": list(finding.values),
                "text": finding.text(language),
            }
            for finding in one.findings
        ],
    }
