"""Last year's plan + a fresh plan of the next year + the rules of the template -> the new plan, and a report.

A fresh plan has the figures and everything that the sources know; what people typed is laid over it, by the rule of its
field. The rows of things come from `rows`, what links become from `links`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from workbook_builder.errors import say
from workbook_builder.holidays import dutch_holidays
from workbook_builder.log import LOG, Run, first_log, year_totals
from workbook_builder.plan import Plan, Row, Value
from workbook_builder.reading.findings import Finding
from workbook_builder.reading.labels import Labels
from workbook_builder.refresh import HOLIDAYS
from workbook_builder.rolling.earlier import budget_total, earlier_years
from workbook_builder.rolling.links import Links
from workbook_builder.rolling.opening import opening
from workbook_builder.rolling.report import BESIDE, Fate, Report, section_rows, value_rows
from workbook_builder.rolling.rows import RowMaps, is_filled
from workbook_builder.saved.cells import clean_text
from workbook_builder.template.blocks import Form, Statement, Table
from workbook_builder.template.fields import Column
from workbook_builder.template.model import Template
from workbook_builder.template.roll_over_rules import (
    CONFIRMATIONS,
    HISTORY,
    Holder,
    Typed,
    holders,
    sections_to_confirm,
    typed_inputs,
)

SALES, NOT_CARRIED = "src_sales.rows", "not_carried.values"
NOT_IN_THE_PLAN = ("read_row_added", "read_cells_added", "read_copy_differs", "read_formula_overwritten",
                   "read_text_changed")  # fmt: skip
"""Findings of the reader about what somebody typed where the plan has no place for it."""


class Predecessor(NamedTuple):
    """The old file: its name, its SHA-256 and its size in bytes."""

    file: str
    sha256: str
    size: int


class Rolled(NamedTuple):
    """The new plan, and what became of each value of the old one."""

    plan: Plan
    report: Report


class Cell(NamedTuple):
    """A cell of a plan: the row of a table from 1, the line of a statement, None in a form; the item of an axis."""

    place: int | str | None
    item: int | None


def rolled(
    template: Template,
    old: Plan,
    fresh: Plan,
    predecessor: Predecessor,
    *,
    findings: Iterable[Finding] = (),
    run: Run | None = None,
) -> Rolled:
    """The plan of the next year.

    `old` is read with this template, `fresh` made of the same account with the same unit. `findings` are those of the
    reader of the old file; what somebody typed beside the plan is named in the report. `run` says who rolls over, when.
    """
    return _Roll(template, old, fresh, predecessor).done(findings, run)


class _Roll:
    def __init__(self, template: Template, old: Plan, fresh: Plan, predecessor: Predecessor) -> None:
        self.template, self.old, self.fresh, self.predecessor = template, old, fresh, predecessor
        self.blocks = dict(template.blocks())
        self.maps = RowMaps(template, old, fresh)
        self.links = Links(template, old, fresh, self.maps)
        self.earlier = earlier_years(template, old, fresh.language, self.maps, predecessor.file, predecessor.sha256)
        self.holders = holders(template)
        self.calendar = _of_the_calendar(template, old, fresh.year)
        self.fields: dict[str, Value] = dict(fresh.fields)
        self.tables: dict[str, list[dict[str, Any]]] = {
            key: [dict(row) for row in rows] for key, rows in fresh.tables.items()
        }
        self.fates: list[Fate] = []

    def done(self, findings: Iterable[Finding], run: Run | None) -> Rolled:
        """Everything, in order."""
        for typed in typed_inputs(self.template):
            for cell, value in self._typed(typed):
                self.fates.append(self._fate(typed, cell, value))
        self._mark_where_things_come_from()
        self._beside(findings)
        report = Report(self.fresh.year, tuple(self.fates))
        self._report(report, run)
        self._log(run)
        return Rolled(dataclasses.replace(self.fresh, fields=self.fields, tables=self.tables), report)

    def _typed(self, typed: Typed) -> Iterator[tuple[Cell, Any]]:
        """Every filled cell of an input in the old plan."""
        block, name = self.blocks[typed.block], typed.id.rpartition(".")[2]
        if isinstance(block, Form):
            if is_filled(self.old.fields.get(typed.id)):
                yield Cell(None, None), self.old.fields[typed.id]
            return
        lines = {line.id for line in block.lines if name in line.inputs} if isinstance(block, Statement) else set()
        for row, values in enumerate(self.old.tables.get(typed.block, ()), 1):
            place: int | str = values["line"] if isinstance(block, Statement) else row
            if isinstance(block, Statement) and place not in lines:
                continue
            value = values.get(name)
            if isinstance(value, list | tuple):
                yield from ((Cell(place, item), one) for item, one in enumerate(value, 1) if is_filled(one))
            elif is_filled(value):
                yield Cell(place, None), value

    def _fate(self, typed: Typed, cell: Cell, value: Any) -> Fate:
        """Put a value where its rule says; what became of it."""
        fate = Fate(typed.id, typed.section, cell.place, cell.item, value, typed.rule, "carried")
        now, why = self._now(typed, cell)
        if now is None:
            return self._left(fate, why)
        if typed.block == HOLIDAYS and cell.place in self.calendar:
            return dataclasses.replace(fate, rule="source")
        if typed.rule in ("reset", "history"):
            return self._left(fate, "reset" if typed.rule == "reset" else "not_in_history")
        if typed.rule == "reference":
            shows = [each for each in self.holders.get(typed.id, ()) if each.one.before_as == "value"]
            shown = [self._put_in(each, typed, now, value) for each in shows]
            if any(shown):
                return fate
            return self._left(fate, "no_room")
        link = self.links.followed(typed.one, value)
        if link.text is None:
            return self._left(fate, link.why)
        if typed.rule == "source":
            found = self._get(typed.id, typed.block, now)
            if is_filled(found) and not _same(found, link.text):
                return self._left(fate, "source_says")
        self._put(typed.id, typed.block, now, link.text)
        return fate

    def _left(self, fate: Fate, why: str) -> Fate:
        """The fate of a value that is not in the new plan."""
        if (fate.id, fate.place, fate.item) in self.earlier.archived:
            return dataclasses.replace(fate, became="archived")
        return dataclasses.replace(fate, became="named", why=why)

    def _now(self, typed: Typed, cell: Cell) -> tuple[Cell | None, str]:
        """Where a cell is in the new plan; None, and why, when its row stays behind."""
        block = self.blocks[typed.block]
        place, item = cell
        if isinstance(block, Table) and isinstance(place, int):
            rows = self.maps.of_table(typed.block)
            if place in rows.closed and not self.maps.leads(typed.block):
                return None, rows.why.get(place, "closed")
            now = rows.of(place)
            if now is None:
                return None, rows.why.get(place, "closed")
            place = now
        over = typed.one.over if isinstance(typed.one, Column) else None
        if over and item is not None:
            items = self.maps.of(over)
            item = items.of(item)
            if item is None:
                return None, items.why.get(cell.item or 0, "closed")
        return Cell(place, item), ""

    def _get(self, name: str, block: str, cell: Cell) -> Any:
        """What the new plan has in a cell."""
        if cell.place is None:
            return self.fields.get(name)
        row = self._row(block, cell.place)
        value = row.get(name.rpartition(".")[2])
        if cell.item is None:
            return value
        return value[cell.item - 1] if isinstance(value, list | tuple) and len(value) >= cell.item else None

    def _put(self, name: str, block: str, cell: Cell, value: Any) -> None:
        """Put a value in a cell of the new plan."""
        if cell.place is None:
            self.fields[name] = value
            return
        row, column = self._row(block, cell.place), name.rpartition(".")[2]
        if cell.item is None:
            row[column] = value
            return
        values = list(row.get(column) or ())
        values += [None] * (cell.item - len(values))
        values[cell.item - 1] = value
        row[column] = values

    def _row(self, block: str, place: int | str) -> dict[str, Any]:
        """The row of a table, or the line of a statement, of the new plan."""
        rows = self.tables.setdefault(block, [])
        if isinstance(place, str):
            found = next((row for row in rows if row.get("line") == place), None)
            if found is None:
                rows.append(found := {"line": place})
            return found
        rows += [{} for _ in range(place - len(rows))]
        return rows[place - 1]

    def _put_in(self, holder: Holder, typed: Typed, cell: Cell, value: Any) -> bool:
        """Put last year's value where it is shown; whether there was a place for it."""
        block = self.blocks[holder.block]
        if isinstance(block, Table) and isinstance(cell.place, int) and cell.place > self.template.rows(holder.block):
            return False
        self._put(holder.id, holder.block, cell, value)
        return True

    def _mark_where_things_come_from(self) -> None:
        """The number, the first deadline, the moves and what was computed of what came along from last year's plan."""
        for name, shown in self.holders.items():
            for holder in shown:
                if holder.one.before_as == "value":
                    continue
                source = name.rpartition(".")[0]
                rows = self.maps.of_table(source)
                for row, now in rows.now.items():
                    if self._is_used(source, row):
                        self._put(holder.id, holder.block, Cell(now, None), self._mark(name, holder, row))

    def _is_used(self, table: str, row: int) -> bool:
        rows = self.old.tables.get(table, ())
        block = self.blocks[table]
        assert isinstance(block, Table)
        typed = [one.id for one in block.columns if one.role == "input" and not one.key]
        return row <= len(rows) and any(is_filled(rows[row - 1].get(one)) for one in typed)

    def _mark(self, name: str, holder: Holder, row: int) -> Any:
        """What a mark of last year shows for a row of then."""
        table, _, column = name.rpartition(".")
        before = _cell(self.old.tables.get(holder.block, ()), row, holder.id.rpartition(".")[2])
        if holder.one.before_as == "id":
            block = self.blocks[table]
            assert isinstance(block, Table)
            key = next((one.key for one in block.columns if one.key), "")
            return f"{self.old.year} {key if key not in ('number', 'label') else ''}{row}"
        if holder.one.before_as == "times":
            return int(before) + 1 if isinstance(before, int | float) else 1
        now = _cell(self.old.tables.get(table, ()), row, column)
        return before if is_filled(before) and holder.one.before_as == "first" else now

    def _beside(self, findings: Iterable[Finding]) -> None:
        """Name what somebody typed where the plan has no place for it."""
        for one in findings:
            if one.code in NOT_IN_THE_PLAN:
                where = f"{one.sheet}!{one.cell}" if one.cell else one.sheet
                self.fates += [
                    Fate("", BESIDE, None, None, value, None, "named", "beside", where)
                    for value in one.values
                    if is_filled(value)
                ]

    def _report(self, report: Report, run: Run | None) -> None:
        """Fill the sheet of the roll-over and that of earlier years."""
        language = self.fresh.language
        labels = Labels(self.template, self.fresh)
        rows, fields = opening(self.template, self.old, self.fresh.year)
        self.fields |= {
            **fields,
            "rollover.predecessor": clean_text(self.predecessor.file),
            "rollover.predecessor_year": self.old.year,
            "rollover.predecessor_hash": self.predecessor.sha256,
            "rollover.rolled_on": run.when.date() if run else None,
            "rollover.found": report.count(),
            "rollover.carried": report.count("carried"),
            "rollover.archived": report.count("archived"),
            "rollover.named": report.count("named"),
            "rollover.budget_total": budget_total(self.template, self.old),
        }
        self.tables["rollover.opening"] = [dict(row) for row in rows]
        self.tables["rollover.sections"] = [dict(row) for row in section_rows(self.template, report, labels, language)]
        self.tables[NOT_CARRIED] = [dict(row) for row in value_rows(self.template, report, labels, language)]
        self.tables[CONFIRMATIONS] = self._confirmations(report, labels)
        self.tables[HISTORY] = [dict(row) for row in self.earlier.lines]

    def _confirmations(self, report: Report, labels: Labels) -> list[dict[str, Any]]:
        """Per section with something to confirm: how many values, and when they were last confirmed."""
        carried = (fate for fate in report.fates if fate.became == "carried" and fate.rule == "confirm")
        counts = Counter(fate.section for fate in carried)
        before = {row.get("section"): row for row in self.old.tables.get(CONFIRMATIONS, ())}
        signed = self.old.fields.get("plan.signed_on")
        rows = self.tables.get(CONFIRMATIONS, [])
        for section, number in sections_to_confirm(self.template).items():
            rows += [{} for _ in range(number - len(rows))]
            if counts[section] and section not in self.fresh.off:  # nobody can look at what the plan leaves out
                row = before.get(section, {})
                dates = [row.get("confirmed_on"), row.get("last_confirmed"), signed]
                rows[number - 1] |= {
                    "title": labels.of_section(section),
                    "section": section,
                    "values": counts[section],
                    "last_confirmed": next((each for each in dates if isinstance(each, dt.date)), None),
                }
        return rows

    def _log(self, run: Run | None) -> None:
        """The log begins with the old file: its name and hash, and its revenue and cost beside those of now."""
        old, now = (year_totals(plan.tables.get(SALES, ())) for plan in (self.old, self.fresh))
        years = sorted(old.keys() & now.keys())
        line: dict[str, Value] = {
            "run": 0,
            "file": clean_text(self.predecessor.file),
            "kind": say("roll_log", self.fresh.language),
            "size": self.predecessor.size,
            "sha256": self.predecessor.sha256,
            "version": self.fresh.tables[LOG][0].get("version") if self.fresh.tables.get(LOG) else None,
            "revenue_before": sum(old[year][0] for year in years),
            "revenue_after": sum(now[year][0] for year in years),
        }
        if all(totals[year][1] is not None for totals in (old, now) for year in years):
            line["cost_before"], line["cost_after"] = (
                sum(totals[year][1] or 0 for year in years) for totals in (old, now)
            )
        if run is not None:
            when = run.when.replace(microsecond=0, tzinfo=None)
            line |= {"date": when.date(), "time": when.time().isoformat(), "user": clean_text(run.user) or None}
        rest = [{name: value for name, value in row.items() if name != "previous"} for row in self.fresh.tables[LOG]]
        log = first_log([line, *rest])
        self.tables[LOG] = [dict(row) for row in log.rows]
        self.fields |= log.state


def _of_the_calendar(template: Template, old: Plan, year: int) -> frozenset[int]:
    """The rows of public holidays as the calendar gave them, of days that are holidays in the new year too.

    Nobody typed these, and the new plan has them on their new dates.
    """
    still = {key for _, key in dutch_holidays(year)}
    then = {
        (day, template.text(old.language, f"holidays.{key}")) for day, key in dutch_holidays(old.year) if key in still
    }
    rows = enumerate(old.tables.get(HOLIDAYS, ()), 1)
    return frozenset(row for row, values in rows if (values.get("date"), values.get("name")) in then)


def _cell(rows: Sequence[Row], row: int, column: str) -> Any:
    return rows[row - 1].get(column) if row <= len(rows) else None


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return clean_text(one).strip() == clean_text(other).strip()
    return bool(one == other) or str(one) == str(other)
