"""Template -> docs/data-dictionary.md: every id with its labels, type, role, list, validation and formula.

The same declarations that the workbook is made of; nothing is described twice. A test holds the file in step.
Run as a program it writes the file that is named on the command line.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from workbook_builder.template.blocks import (
    Block,
    Chart,
    Check,
    Checks,
    Completeness,
    Form,
    Index,
    Line,
    Note,
    SectionCounts,
    SourceTable,
    Statement,
    Table,
)
from workbook_builder.template.fields import Column, FieldBase, FormField
from workbook_builder.template.loader import load_template
from workbook_builder.template.model import Chapter, Section, Template

INTRODUCTION = """\
# Data dictionary

Written by `make docs` from `templates/accountplan`; do not edit it by hand.

An id is one thing everywhere: the field in the template, the key of its text, the defined name in the workbook, the
key in `accountplan read`. In labels and formulas `{xx}` is the plan year, `{vv}`, `{zz}`, `{qq}` and `{uu}` are the
four years before it, `{xx1}` and `{yy}` the two after it, `{unit}` is the unit of money.

- **Types.** `text`; `integer`; `number`; `money`: EUR in the unit of the plan; `euro`: EUR and cents; `percent`: 0.1
  is 10 %; `date`; `choice`: one item of a list.
- **Roles.** `input`: typed by a person; `calculated`: a formula; `sourced`: from the exports, or fixed by the template.
- **At a roll-over.** What becomes of a typed value in the plan of the next year: `keep`; `confirm` (kept, and marked
  until somebody confirms it); `source` (what the sources say now, else kept); `reference` (shown as last year's beside
  an empty cell); `reset` (starts afresh); `history` (goes to the sheet of earlier years).
- **Formulas.** Excel's, with `${id}` for a cell or range; the words after a colon are explained in
  `workbook_builder/workbook/formulas.py`.
"""
COUNTED = {
    "number_cells": "its number cells that hold something else",
    "nameless_rows": "its cells that are filled in on a row without its name",
}
FIELD_HEAD = ("id", "nl", "en", "type", "unit", "role", "what it may hold", "at a roll-over")


def data_dictionary(template: Template) -> str:
    """The whole dictionary as Markdown: chapters in order of the sheets, then axes and lists."""
    parts = [INTRODUCTION]
    for chapter in template.chapters:
        parts.append(f"## {_numbered(chapter.number, _both(template, f'chapters.{chapter.id}'))} (`{chapter.id}`)\n")
        parts.append(f"Sheet {' / '.join(_sheets(template, chapter))}.\n")
        for section in chapter.sections:
            parts += _section(template, chapter, section)
    parts += _axes(template)
    parts += _lists(template)
    return "\n".join(parts)


def _sheets(template: Template, chapter: Chapter) -> list[str]:
    """The name on the tab by language: it goes with the title, as help goes with a label."""
    return [f"`{template.help(language, f'chapters.{chapter.id}')}`" for language in ("nl", "en")]


def _section(template: Template, chapter: Chapter, section: Section) -> Iterator[str]:
    title = _both(template, f"sections.{section.key}")
    yield f"### {_numbered(section.key, title) if chapter.number else title}\n"
    for block in section.blocks:
        yield from _block(template, chapter, block)


def _block(template: Template, chapter: Chapter, block: Block) -> Iterator[str]:
    key = f"{chapter.id}.{block.id}"
    if isinstance(block, Form):
        yield f"Form `{key}`.\n"
        yield _fields(template, block, [(f"{chapter.id}.{one.id}", one) for one in block.fields])
    elif isinstance(block, Table):
        rows = f"a row for every item of the axis `{block.axis}`" if block.axis else f"{block.rows} rows"
        yield f"Table `{key}`, {rows}.\n"
        yield _fields(template, block, [(f"{key}.{one.id}", one) for one in block.columns])
        yield from _totals(template, chapter, key, block.columns)
        yield from _rows_at_roll_over(block)
    elif isinstance(block, SourceTable):
        yield f"Source table `{key}` (the Excel table `tbl_{chapter.id}`), as many rows as the source has.\n"
        yield _fields(template, block, [(f"{key}.{one.id}", one) for one in block.columns])
    elif isinstance(block, Statement):
        yield from _statement(template, chapter, block)
    elif isinstance(block, Checks):
        columns = [name for name in template.texts[template.languages[0]] if name.startswith(f"{key}.")]
        yield f"Checks `{key}`; the columns are {', '.join(f'`{name}`' for name in columns)}.\n"
        yield _table(
            ("check", "nl", "en", "severity", "look at", "left", "right", "tolerance"),
            [_check(template, check) for check in block.checks],
        )
    elif isinstance(block, Chart):
        yield f"Chart `{key}` ({block.chart}): {_both(template, f'{key}.title')}.\n"
    elif isinstance(block, Note):
        yield f"Note `{key}`: {_both(template, key)}\n"
    elif isinstance(block, Index | Completeness):
        parts = f"`{key}.title` and `{key}.filled` (the part that is filled in)"
        yield f"{block.kind.capitalize()} `{key}`, made by the program: {parts}.\n"
    elif isinstance(block, SectionCounts):
        parts = f"`{key}.title` and `{key}.count` ({COUNTED[block.id]})"
        yield f"Counts per section `{key}`, made by the program: {parts}.\n"
    else:
        yield f"{block.kind.capitalize()} `{key}`, made by the program.\n"


def _fields(template: Template, block: Form | Table | SourceTable, fields: Sequence[tuple[str, FieldBase]]) -> str:
    """A table of the fields, and below it the formulas of those that have one."""
    rows = [
        (
            f"`{name}`",
            *_labels(template, name),
            one.type,
            one.unit or "",
            one.role,
            _holds(one),
            _at_roll_over(block, one),
        )
        for name, one in fields
    ]
    formulas = [_formula(name, one.formula) for name, one in fields if one.formula]
    return _table(FIELD_HEAD, rows) + _paragraph(formulas)


def _at_roll_over(block: Block, one: FieldBase) -> str:
    """What becomes of a typed value in the plan of the next year, or what it shows of last year's."""
    if one.before:
        return f"shows `{one.before}` of last year" + (f" ({one.before_as})" if one.before_as != "value" else "")
    is_typed = one.role == "input" and not getattr(one, "key", None)
    return one.roll_over or block.roll_over or "" if is_typed else ""


def _rows_at_roll_over(table: Table) -> Iterator[str]:
    """Which rows stay behind, and what of a row goes to the history."""
    if table.closed:
        closed = table.closed
        ends = (("at least", closed.at_least), ("at most", closed.at_most))
        numbers = [f"{word} {end:g}" for word, end in ends if end is not None]
        items = [f"`{item}`" for item in closed.items]
        when = ", ".join([*items, *numbers]) or ("gone" if closed.picked else "filled")
        yield f"At a roll-over a row stays behind when `{closed.column}` is {when}.\n"
    if table.history:
        columns = ", ".join(f"`{name}` from `{source}`" for name, source in table.history.columns.items())
        rows = "rows that stay behind" if table.history.only_closed else "every row"
        yield f"History of {rows}, of the kind `{table.history.kind}`: {columns}.\n"


def _totals(template: Template, chapter: Chapter, key: str, columns: Sequence[Column]) -> Iterator[str]:
    lines = []
    for one in columns:
        if one.total:
            name = f"{chapter.id}.{one.total_id}" if one.total_id else f"{key}.{one.id}.total"
            label = f" ({_both(template, name)})" if one.total_id else ""
            lines.append(_formula(name, "the sum of the column" if one.total == "sum" else one.total) + label)
    if lines:
        yield "Totals under the columns:\n"
        yield "\n".join(lines) + "\n"


def _statement(template: Template, chapter: Chapter, block: Statement) -> Iterator[str]:
    key = f"{chapter.id}.{block.id}"
    yield (
        f"Statement `{key}`: lines over columns. `{chapter.id}.<line>` is the cell in the column `{block.headline}`.\n"
    )
    columns = [(f"{key}.{one.id}", one) for one in block.columns]
    rows = [
        (
            f"`{name}`",
            *_labels(template, name),
            one.type,
            "calculated" if one.formula else "by line",
            _holds(one),
            one.roll_over or block.roll_over or "" if any(one.id in line.inputs for line in block.lines) else "",
        )
        for name, one in columns
    ]
    yield _table(("column", "nl", "en", "type", "role", "what it may hold", "at a roll-over"), rows)
    formulas = [_formula(name, one.formula) for name, one in columns if one.formula]
    if formulas:
        yield "\n".join(formulas) + "\n"
    lines = [_line(template, f"{chapter.id}.{line.id}", line) for line in block.lines]
    yield _table(("line", "nl", "en", "type", "unit", "look", "not by formula"), lines)
    formulas = []
    for line in block.lines:
        for column, formula in line.formulas.items():
            where = "the other columns" if column == "*" else f"column `{column}`"
            shown = f"`{formula}`" if formula else "empty"
            formulas.append(f"- `{chapter.id}.{line.id}`, {where}: {shown}")
    if formulas:
        yield "\n".join(formulas) + "\n"


def _line(template: Template, name: str, line: Line) -> tuple[str, ...]:
    by_hand = [
        f"{word} in {', '.join(ids)}" for word, ids in (("typed", line.inputs), ("sourced", line.sourced)) if ids
    ]
    return f"`{name}`", *_labels(template, name), line.type or "", line.unit or "", line.look, "; ".join(by_hand)


def _check(template: Template, check: Check) -> tuple[str, ...]:
    left, right, tolerance = (f"`{formula}`" for formula in (check.left, check.right, check.tolerance))
    labels = _labels(template, f"checks.{check.id}")
    return f"`{check.id}`", *labels, check.severity, f"`{check.place}`", left, right, tolerance


def _axes(template: Template) -> Iterator[str]:
    yield "## Axes\n\nWhat rows and columns repeat over.\n"
    rows = [
        (f"`{name}`", str(axis.size), f"`{axis.labels}`", ", ".join(map(str, axis.offsets)))
        for name, axis in template.axes.items()
    ]
    yield _table(("axis", "items", "labels", "years from the plan year"), rows)


def _lists(template: Template) -> Iterator[str]:
    yield "## Lists\n\nThe choices of a `choice` field. A score is the number that formulas use for the item.\n"
    for name, choices in template.lists.items():
        yield f"### {_both(template, f'list_titles.{name}')} (`lists.{name}`)\n"
        scores = [f"{score:g}" for score in choices.scores] or [""] * len(choices.items)
        rows = [
            (f"`{item}`", *_labels(template, f"lists.{name}.{item}"), score)
            for item, score in zip(choices.items, scores, strict=True)
        ]
        yield _table(("id", "nl", "en", "score"), rows)


def _holds(one: FieldBase) -> str:
    """What a field may hold and starts with, in words."""
    said = []
    if one.list:
        said.append(f"list `{one.list}`")
    if one.pick:
        said.append(f"one of `{one.pick}`")
    if one.min is not None:
        said.append(f"at least {_bound(one.min)}")
    if one.max is not None:
        said.append(f"at most {_bound(one.max)}")
    if one.max_length:
        said.append(f"at most {one.max_length} characters")
    if one.valid:
        said.append(f"`{one.valid}`")
    if one.default is not None:
        said.append(f"starts as {one.default}")
    if isinstance(one, FormField) and one.falls_back:
        said.append(f"without a number {f'`{one.otherwise}`' if one.otherwise else one.default} applies")
    if isinstance(one, Column) and one.over:
        said.append(f"a column for every item of `{one.over}`")
    if isinstance(one, Column) and one.key:
        said.append(f"fixed: {one.key}")
    return ", ".join(said)


def _bound(bound: float | str) -> str:
    return f"`{bound}`" if isinstance(bound, str) else f"{bound:g}"


def _formula(name: str, formula: str) -> str:
    return f"- `{name}`: {formula}" if formula.startswith("the ") else f"- `{name}`: `{formula}`"


def _paragraph(lines: list[str]) -> str:
    return "\n" + "\n".join(lines) + "\n" if lines else ""


def _labels(template: Template, key: str) -> tuple[str, str]:
    dutch, english = (template.text(language, key) for language in ("nl", "en"))
    return dutch, english


def _both(template: Template, key: str) -> str:
    return " / ".join(dict.fromkeys(_labels(template, key)))


def _numbered(number: str, title: str) -> str:
    return f"{number} {title}".strip()


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(data_dictionary(load_template()), encoding="utf-8", newline="\n")
