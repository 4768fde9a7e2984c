"""Last year's plan -> the lines of the sheet of earlier years: those it had, and what it wanted and what came of it.

The budget is the adopted one where there is one. What came of the budget is not taken from the old plan: the sources
of the new plan say it, and `history.plans.actual` shows it. It is recorded when the year after that rolls over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbook_builder.approve import BUDGET, FROZEN, LINES, STATEMENT, is_untouched
from workbook_builder.plan import Plan, Row
from workbook_builder.rolling.rows import RowMaps, is_filled
from workbook_builder.template.blocks import Table, declared_fields
from workbook_builder.template.fields import Column, FieldBase
from workbook_builder.template.model import Template
from workbook_builder.template.roll_over_rules import HISTORY, full_id

KEPT = ("description", "plan_year", "kind", "item_id", "metric", "baseline", "target", "recorded", "status", "reason",
        "source_file", "hash")  # fmt: skip
HASH_DIGITS = 12  # of the hash of a file: enough to tell files apart
LONGEST = 200  # characters of a text in a line


@dataclass(frozen=True)
class Earlier:
    """The lines, and of which typed cells they hold the value: (id of the column, row, item of a repeated column)."""

    lines: list[Row]
    archived: frozenset[tuple[str, int | str, int | None]]


def earlier_years(template: Template, old: Plan, language: str, maps: RowMaps, file: str, hash_: str) -> Earlier:
    """The history of the new plan, in its language; `file` and `hash_` name the old file in the lines of its year."""
    if maps.is_off(HISTORY):
        return Earlier([], frozenset())  # the report names what would have gone there
    words = _Words(template, old, language)
    mine = {"plan_year": old.year, "source_file": file, "hash": hash_[:HASH_DIGITS]}
    lines: list[Row] = [*_carried(old), *({**line, **mine} for line in _budget(template, old, language))]
    archived: set[tuple[str, int | str, int | None]] = set()
    known = {(line.get("kind"), line.get("description")) for line in lines}
    for key, block in template.blocks():
        if not isinstance(block, Table) or not block.history:
            continue
        rows = maps.of_table(key)
        for row in range(1, template.rows(key) + 1):
            if block.history.only_closed and row not in rows.closed:
                continue
            line, places = _line(template, old, words, key, block, row)
            if not line.get("description"):
                continue
            archived |= places
            if block.history.kind == "contact" and ("contact", line["description"]) in known:
                continue  # one who left is named once
            lines.append({"kind": block.history.kind, "item_id": _item_id(block, row), **line, **mine})
    return Earlier(lines, frozenset(archived))


def budget_total(template: Template, old: Plan) -> float | None:
    """The sum of the lines of last year's budget, as the sheet of the adopted budget shows them; None without any."""
    rows = old.tables.get(BUDGET, ())
    adopted = [row.get("adopted") for row in rows]
    chosen = adopted if any(_is_number(each) for each in adopted) else [row.get("live") for row in rows]
    numbers = [float(each) for each in chosen if each is not None and _is_number(each)]
    return sum(numbers) if numbers else None


def unknown_year(old: Plan) -> int | None:
    """The year before that of the old plan, when it had a budget of which that plan does not know what came."""
    lines = [
        row
        for row in old.tables.get(HISTORY, ())
        if (row.get("kind"), row.get("plan_year")) == ("budget", old.year - 1)
    ]
    return old.year - 1 if lines and not any(_is_number(row.get("actual")) for row in lines) else None


def changed_versions(old: Plan) -> list[int]:
    """The versions of the adopted budget of which an amount was changed by hand."""
    rows = [row for row in old.tables.get(FROZEN, ()) if _is_number(row.get("version"))]
    return sorted({int(row["version"]) for row in rows if not is_untouched(row)})


def _carried(old: Plan) -> Iterator[Row]:
    """The lines that the old plan had; what became of the budget before it was known by then."""
    for row in old.tables.get(HISTORY, ()):
        kept = {name: row.get(name) for name in KEPT}
        if row.get("kind") == "budget" and row.get("plan_year") == old.year - 1:
            kept["recorded"] = row.get("actual")
        yield kept


def _budget(template: Template, old: Plan, language: str) -> Iterator[Row]:
    """The budget per line, for the year: the last version that was adopted, else as it stood."""
    adopted = _adopted(old)
    live = {row["line"]: row.get("xx") for row in old.tables.get(STATEMENT, ())}
    if not adopted and not any(map(_is_number, live.values())):
        return
    version = max((version for version, _ in adopted), default=0)
    for number, (line, code) in enumerate(LINES, 1):
        target = adopted.get((version, number)) if adopted else live.get(line)
        yield {
            "kind": "budget",
            "item_id": code,
            "description": template.text(language, f"axes.budget_lines.{number}"),
            "target": target if _is_number(target) else None,
            "status": template.label(language, "plan_status", "adopted" if adopted else _status(template, old)),
        }


def _status(template: Template, old: Plan) -> str:
    status = old.fields.get("plan.status")
    return str(status) if status in template.lists["plan_status"].items else "draft"


def _adopted(old: Plan) -> dict[tuple[int, int], float | None]:
    """{(version, line): the amount of the year} of the adopted budgets; None where a month is not known."""
    found: dict[tuple[int, int], float | None] = {}
    for row in old.tables.get(FROZEN, ()):
        version, number, months = row.get("version"), row.get("line_no"), row.get("month") or ()
        if _is_number(version) and _is_number(number):
            known = all(map(_is_number, months)) and bool(months)
            found[int(version), int(number)] = float(sum(months)) if known else None  # type: ignore[arg-type]
    return found


def _line(
    template: Template, old: Plan, words: _Words, key: str, block: Table, row: int
) -> tuple[dict[str, Any], set[tuple[str, int | str, int | None]]]:
    """The cells of a line for one row, and the typed cells of which it holds the value."""
    assert block.history
    line: dict[str, Any] = {}
    places: set[tuple[str, int | str, int | None]] = set()
    for name, source in block.history.columns.items():
        column = full_id(key, source)
        value, place, one = _value(template, old, column, source, row)
        if not is_filled(value):
            continue
        target = "recorded" if name == "actual" else name
        shown = words.shown(one, value)
        if target in ("baseline", "target", "recorded") and not _is_number(shown):
            continue  # a text where a number belongs: it is named instead
        line[target] = shown[:LONGEST] if isinstance(shown, str) else shown
        if not isinstance(shown, str) or len(shown) <= LONGEST:
            places.add(place)
    return line, places


def _value(
    template: Template, old: Plan, column: str, source: str, row: int
) -> tuple[Any, tuple[str, int | str, int | None], FieldBase]:
    """The value of a column in a row of the old plan, its place, and its field."""
    key, _, name = column.rpartition(".")
    one = next(each for each in declared_fields(template.block(key)) if each.id == name)
    rows = old.tables.get(key, ())
    if source.count(".") == column.count(".") + 1:  # a line of a statement, whose columns are the rows here
        line = source.rpartition(".")[2]
        values = next((each.get(name) for each in rows if each.get("line") == line), None)
        known = isinstance(values, list | tuple) and row <= len(values)
        return (values[row - 1] if known else None), (column, line, row), one  # type: ignore[index]
    value = rows[row - 1].get(name) if row <= len(rows) else None
    return value, (column, row, None), one


def _item_id(block: Table, row: int) -> str:
    """The number of a row as the plan showed it: D3, A12, else its number."""
    key = next((one.key for one in block.columns if isinstance(one, Column) and one.key), "number")
    return f"{key}{row}" if key not in ("number", "label") else str(row)


class _Words:
    """Values as the new plan shows them: choices by their label, and the words of formulas in its language."""

    def __init__(self, template: Template, old: Plan, language: str) -> None:
        self.template, self.language = template, language
        keys = [key for key in template.texts[language] if key.startswith("formulas.")]
        self.words: Mapping[str, str] = {template.text(old.language, key): template.text(language, key) for key in keys}

    def shown(self, one: FieldBase, value: Any) -> Any:
        """The value for a cell of a line."""
        if one.list and value in self.template.lists[one.list].items:
            return self.template.label(self.language, one.list, str(value))
        if one.role == "calculated" and isinstance(value, str):
            return self.words.get(value, value)
        return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
