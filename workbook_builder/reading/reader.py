"""A closed workbook -> the plan in it and what was odd about it.

    bytes --> open_plan --> OpenPlan   the manifest, what stands on every sheet, and the cells of every id
                            .read()    the Plan and the findings

The file is never written. `check` goes on from an `OpenPlan`.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from workbook_builder.errors import InputError, Problem
from workbook_builder.plan import Plan
from workbook_builder.reading.additions import beside_the_plan, other_sheets, over_the_plan
from workbook_builder.reading.contents import Contents, contents_of
from workbook_builder.reading.findings import Finding
from workbook_builder.reading.found_cells import FoundCells
from workbook_builder.reading.labels import Labels
from workbook_builder.reading.plan_values import FoundValues
from workbook_builder.reading.sheet_maps import Record, SheetMap, map_sheet, record_of, sheets_now, with_key_rows
from workbook_builder.reading.typed import Choices
from workbook_builder.reading.versions import former_id, former_labels, steps_since
from workbook_builder.saved.book import SavedBook, Stored
from workbook_builder.saved.ranges import Area, Range, column_letters, parse_range, parse_reference
from workbook_builder.template.blocks import Checks, Table
from workbook_builder.template.left_out import without
from workbook_builder.template.model import Template, VersionStep
from workbook_builder.workbook.layout import Layout, lay_out
from workbook_builder.workbook.manifest import COLUMNS, FACTS, MANIFEST, facts_in, records_in
from workbook_builder.workbook.named_values import plan_in

MANY_NAMES = 5  # gone on one sheet, to be said in one sentence
MANY_UNVALUED = 0.1  # of the formulas without a value, for the values to be computed


class Reading(NamedTuple):
    """A plan as far as it could be found, and everything that was odd, in the order of the sheets."""

    plan: Plan
    findings: tuple[Finding, ...]


def read_tolerantly(path: Path, template: Template) -> Reading:
    """The plan in a closed file, which is never written, and the findings.

    The plan is as `workbook.named_values.read_plan` gives it, in the language of the file; a value that cannot be what
    its field asks for stays in the plan as it was typed, and a finding names it. Raises `InputError` when the file is
    absent, damaged, too large, or no plan of ours.
    """
    return read_content(content_of(path), path, template)


def content_of(path: Path) -> bytes:
    """The bytes of a file; raises `InputError` when there is none or it cannot be read."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise InputError(Problem("plan_absent", file=path)) from None
    except OSError as fault:
        raise InputError(Problem("plan_damaged", file=path, fault=fault.strerror)) from None


def read_content(content: bytes, file: object, template: Template) -> Reading:
    """The same for the bytes of a file, which `file` names in refusals."""
    return open_plan(content, file, template).read()


@dataclass(frozen=True)
class OpenPlan:
    """A saved plan of which everything has been found that can be: see `FoundCells` for the cells of an id."""

    book: SavedBook
    facts: Mapping[str, str]
    steps: tuple[VersionStep, ...]
    records: Mapping[str, Record]
    cells: FoundCells
    findings: tuple[Finding, ...]

    @property
    def template(self) -> Template:
        """The template of the plan, without the sections that it leaves out."""
        return self.cells.layout.template

    def read(self) -> Reading:
        """The plan and everything that was odd, with the label of each field in the plan's language."""
        language, template = self.facts["language"], self.template
        tables = self.book.tables
        values = FoundValues(self.cells, tables, language, Choices(template, language, former_labels(self.steps)))
        facts = {**self.facts, "version": template.version}
        plan = plan_in(values, facts, template, self.book.package.file)
        for name in self.cells.areas:  # those of tables too, which nothing is read by
            self.cells.grid(name)
        own = [name for name in self.cells.contents if name not in {s.contents.sheet for s in self.cells.maps.values()}]
        found = [
            *self.findings,
            *_grouped(self.cells.findings),
            *_gone(self.cells),
            *values.findings,
            *over_the_plan(self.cells),
            *beside_the_plan(self.cells, list(tables.values())),
            *other_sheets(self.cells, self.records, own),
        ]
        labels = Labels(template, plan)
        return Reading(plan, tuple(sorted(map(labels.labelled, found), key=self.place)))

    def place(self, one: Finding) -> tuple[int, int, int]:
        """Where a finding comes in the list: by sheet, then by row and column."""
        sheets = list(self.book.sheets)
        range_ = parse_range(one.cell) if one.cell else None
        order = sheets.index(one.sheet) if one.sheet in sheets else -1
        return (order, range_.top, range_.left) if range_ else (order, 0, 0)


def open_plan(content: bytes, file: object, template: Template) -> OpenPlan:
    """The plan in the bytes of a file; raises `InputError` as `read_tolerantly` does."""
    book = SavedBook(content, file)
    facts, records, manifest = _manifest(book)
    if facts is None or facts["template"] != template.id or facts["language"] not in template.languages:
        raise InputError(Problem("plan_not_ours", file=file))
    steps = steps_since(template, facts["version"], file)
    layout = lay_out(without(template, facts["off"].split()), facts["language"])
    findings = [Finding("read_older_version", particulars={"version": facts["version"]})] if steps else []
    contents = {name: contents_of(book, name) for name in book.worksheets() if name != manifest}
    if _lacks_values(contents):
        contents = _computed(book, contents)
        findings.append(Finding("read_no_values"))
    if not any(record.names for record in records.values()):
        records = _with_names(records, book, layout)
    homes = {name: record.sheet for record in records.values() for name in record.names}
    names = _names(book, homes)
    former = functools.partial(former_id, steps)
    maps = _maps(records, contents, names, layout.template, former)
    findings += _sheets(records, maps)
    cells = FoundCells(layout, maps, homes, names, contents, former)
    return OpenPlan(book, facts, steps, records, cells, tuple(findings))


def _manifest(book: SavedBook) -> tuple[dict[str, str] | None, dict[str, Record], str]:
    """The facts and records of the hidden sheet, and its name; it may have been renamed."""
    for name in sorted(book.worksheets(), key=lambda name: name != MANIFEST):
        sheet = book.sheet(name)
        if len(sheet.rows) < len(FACTS):
            continue
        rows: list[list[Stored]] = [[None] * COLUMNS for _ in range(max(sheet.rows))]
        first = next(iter(sheet.cells(1)), None)
        if first is None or sheet.value(first) != FACTS[0]:
            continue
        for number in sheet.rows:
            for cell in sheet.cells(number):
                if cell.column <= COLUMNS:
                    rows[number - 1][cell.column - 1] = sheet.value(cell)
        facts = facts_in([row[:2] for row in rows[: len(FACTS)]])
        records = {sheet: record_of(sheet, one) for sheet, one in records_in(rows[len(FACTS) :]).items()}
        return facts, records, name
    return None, {}, ""


def _with_names(records: Mapping[str, Record], book: SavedBook, layout: Layout) -> dict[str, Record]:
    """The records of a plan whose manifest has no names yet, with the names as they stand now."""
    found: dict[str, dict[str, Range]] = {}
    for name, area in _names(book, layout.named()).items():
        found.setdefault(area.sheet, {})[name] = area.range
    return {sheet: replace(record, names=found.get(sheet, {})) for sheet, record in records.items()}


def _names(book: SavedBook, known: Iterable[str]) -> dict[str, Area]:
    """{id: the cells that its name means}; where the name of the workbook is gone, that of a copied sheet serves."""
    ids = {name.lower(): name for name in known}
    found: dict[str, Area] = {}
    for each in sorted(book.all_names(), key=lambda each: each.sheet is not None):
        name, area = ids.get(each.name.lower()), parse_reference(each.refers)
        if name and name not in found and area and area.sheet in book.sheets:
            found[name] = area
    return found


def _maps(
    records: Mapping[str, Record],
    contents: Mapping[str, Contents],
    names: Mapping[str, Area],
    template: Template,
    former: Callable[[str], str],
) -> dict[str, SheetMap]:
    """{sheet of then: where everything of it is}."""
    homes = {name: home for home, record in records.items() for name in record.names}
    places = sheets_now(records.values(), contents, names)
    maps = {}
    for home, sheet in places.items():
        here = {name: area for name, area in names.items() if area.sheet == sheet}
        maps[home] = map_sheet(records[home], contents[sheet], here)
    keys: dict[str, str] = {}
    for chapter in template.chapters:
        for _, block in chapter.blocks():
            for column in block.columns if isinstance(block, Table | Checks) else ():
                name = former(f"{chapter.id}.{block.id}.{column.id}")
                if column.key and name in homes:
                    keys[name] = homes[name]
    with_key_rows(maps, keys, names)
    return maps


def _lacks_values(contents: Mapping[str, Contents]) -> bool:
    formulas = sum(len(each.formulas) for each in contents.values())
    return sum(each.unvalued for each in contents.values()) > MANY_UNVALUED * formulas


def _computed(book: SavedBook, contents: Mapping[str, Contents]) -> dict[str, Contents]:
    """The contents with the values of the formulas, computed in memory."""
    from workbook_builder.saved.stored_values import fresh_values

    fresh_values(book, list(contents))
    return {name: contents_of(book, name) for name in contents}


def _sheets(records: Mapping[str, Record], maps: Mapping[str, SheetMap]) -> Iterator[Finding]:
    """A finding for every sheet of the plan that was renamed or is gone, and for lines that were put in."""
    for home in records:
        if home not in maps:
            yield Finding("read_sheet_gone", home)
        elif maps[home].contents.sheet != home:
            yield Finding("read_sheet_renamed", maps[home].contents.sheet, particulars={"original": home})
    for sheet in maps.values():
        for code, lines in (("read_rows_in", sheet.rows.put_in()), ("read_columns_in", sheet.columns.put_in())):
            if lines:
                shown = ", ".join(map(str if code == "read_rows_in" else column_letters, lines))
                yield Finding(code, sheet.contents.sheet, particulars={"lines": shown})


def _grouped(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, with many names that are gone from one sheet in one of them."""
    counts = Counter(one.sheet for one in findings if one.code == "read_name_gone")
    said: set[str] = set()
    for one in findings:
        if one.code != "read_name_gone" or counts[one.sheet] <= MANY_NAMES:
            yield one
        elif one.sheet not in said:
            said.add(one.sheet)
            yield Finding("read_names_gone", one.sheet, particulars={"count": counts[one.sheet]})


def _gone(cells: FoundCells) -> Iterator[Finding]:
    """A finding for the rows that were taken out of a table."""
    for item in cells.layout.placed_blocks():
        if isinstance(item.block, Table | Checks):
            grids = [grid for column in item.columns if (grid := cells.grid(f"{item.key}.{column.id}"))]
            if not grids:
                continue
            rows = min(len(grids[0].spots), max(cells.rows_then(f"{item.key}.{one.id}") for one in item.columns))
            gone = [i + 1 for i in range(rows) if not any(spot for grid in grids for spot in grid.spots[i])]
            if gone and len(gone) < rows:
                shown = ", ".join(map(str, gone))
                yield Finding("read_rows_gone", grids[0].contents.sheet, "", item.key, particulars={"rows": shown})
