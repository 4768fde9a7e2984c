"""Every input of a plan against its declaration: is the validation that it was made with still on its cells.

Pasting a cell pastes its validation too, or the lack of one. Excel keeps a list that stands on another sheet in an
extension of its own; that counts as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from workbook_builder.reading.contents import Spot
from workbook_builder.reading.findings import Finding
from workbook_builder.reading.found_cells import Grid
from workbook_builder.reading.plan_values import fields_by_name
from workbook_builder.reading.reader import OpenPlan
from workbook_builder.saved.book import SavedBook
from workbook_builder.saved.markup import Element
from workbook_builder.saved.ranges import Range, cell_name, parse_range
from workbook_builder.template.fields import FieldBase
from workbook_builder.workbook.validation_kinds import validation_kind

IN_FILES = {"length": "textLength", "integer": "whole"}  # what XlsxWriter calls otherwise than files do
MOST_CELLS, MOST_IN_ALL = 20_000, 500_000  # of one range and of a sheet that are looked at one by one
SHOWN = 8  # cells named in one finding


class Rule(NamedTuple):
    """A validation of a file: its kind, and what it compares with first."""

    kind: str
    first: str


def validation_findings(plan: OpenPlan) -> Iterator[Finding]:
    """A finding for each input of which cells have no validation, or another one than they were made with."""
    rules = {sheet: rules_on(plan.book, sheet) for sheet in plan.cells.contents}
    bare: dict[str, int] = {}
    found: list[Finding] = []
    for name, fields in fields_by_name(plan.template).items():
        grid = plan.cells.grid(name)
        if grid is None:
            continue
        wrong = _wrong_cells(plan, grid, fields, rules[grid.contents.sheet])
        if wrong:
            bare[grid.contents.sheet] = bare.get(grid.contents.sheet, 0) + 1
            shown = ", ".join(cell_name(*spot) for spot in wrong[:SHOWN]) + (" …" if len(wrong) > SHOWN else "")
            particulars = {"cells": shown, "count": len(wrong)}
            first = cell_name(*wrong[0])
            found.append(Finding("check_validation", grid.contents.sheet, first, name, particulars=particulars))
    for sheet in bare:
        if not rules[sheet]:  # a program has dropped them all: one sentence is enough
            yield Finding("check_validations_gone", sheet, particulars={"count": bare[sheet]})
    yield from (one for one in found if rules[one.sheet])


def _wrong_cells(
    plan: OpenPlan,
    grid: Grid,
    fields: Sequence[FieldBase | None],
    rules: Mapping[Spot, Rule],
) -> list[Spot]:
    wrong: list[Spot] = []
    for i, row in enumerate(grid.spots):
        one = fields[i] if len(fields) > 1 else fields[0]
        if one is None or one.role != "input":
            continue
        kind = validation_kind(one)
        if not kind:
            continue
        for spot in row:
            rule = rules.get(spot) if spot else None
            if spot and (rule is None or rule.kind != IN_FILES.get(kind, kind) or not _is_list_of(one, rule)):
                wrong.append(spot)
    return wrong


def _is_list_of(one: FieldBase, rule: Rule) -> bool:
    """Whether a validation offers the choices of its field; of other kinds nothing is asked."""
    return not one.list or rule.first.lower() == f"lists.{one.list}".lower()


def rules_on(book: SavedBook, sheet: str) -> dict[Spot, Rule]:
    """{cell: its validation} of a worksheet; those that only show a message when a cell is chosen are left out."""
    found: dict[Spot, Rule] = {}
    room = MOST_IN_ALL
    elements = book.sheet(sheet).elements()
    for number, each in enumerate(elements):
        if each.name not in ("dataValidation", "x14:dataValidation"):
            continue
        kind = each.attributes.get("type", "none")
        ranges, first = each.attributes.get("sqref", ""), ""
        for inner in _inside(elements, number):
            if inner.name in ("formula1", "x14:formula1", "xm:f") and inner.text.strip():
                first = first or inner.text.strip()
            elif inner.name == "xm:sqref":
                ranges = inner.text
        if kind != "none":
            for range_ in filter(None, map(parse_range, ranges.split())):
                if room > 0:
                    here = dict.fromkeys(_cells(range_), Rule(kind, first))
                    found |= here
                    room -= len(here)
    return found


def _inside(elements: list[Element], number: int) -> Iterator[Element]:
    """The elements inside an element."""
    path = elements[number].path
    for each in elements[number + 1 :]:
        if each.path[: len(path)] != path or len(each.path) == len(path):
            return
        yield each


def _cells(range_: Range) -> Iterator[Spot]:
    """The cells of a range; of a whole column only as far down as a plan can be long."""
    columns = range(range_.left, min(range_.right, range_.left + 400) + 1)
    rows = range(range_.top, min(range_.bottom, range_.top + MOST_CELLS // len(columns)) + 1)
    return ((row, column) for row in rows for column in columns)
