"""A workbook -> the plan it holds, read from its stored values by defined name.

`read_plan` opens a file with openpyxl, read only; `plan_in` takes the values of a workbook that is open otherwise.

Labels become the ids of their list again, in whichever language they are written; n.b., n.v.t. and empty texts
become None. Nothing is recalculated and the file is never written.
"""

from __future__ import annotations

import datetime as dt
import json
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from workbook_builder.errors import InputError, Problem
from workbook_builder.plan import Plan, Row, Value
from workbook_builder.template.blocks import Block, Checks, Form, SourceTable, Statement, Table
from workbook_builder.template.fields import FieldBase
from workbook_builder.template.left_out import without
from workbook_builder.template.model import Template
from workbook_builder.workbook.layout import table_name
from workbook_builder.workbook.manifest import MANIFEST, read_facts

FIRST_DAY, LAST_DAY = dt.datetime(1899, 12, 30), 2_958_466  # of Excel's calendar, as numbers of days
LARGEST, MOST_PARTS = 200 << 20, 2000  # bytes unpacked and parts of a workbook we open


def read_plan(path: Path, template: Template) -> Plan:
    """Everything the plan in `path` holds: fields by id, rows by table id, in the plan's unit.

    Rows keep their place in the table, so empty rows before the last filled one are there too. Raises `InputError`
    when the file is absent, damaged, too large, or not a plan of this template.
    """
    book = _open(path)
    return plan_in(_OpenBook(book), read_facts(book), template, path)


class Values(Protocol):
    """The stored values of an open workbook, where a plan is read from; a date may be a number of days."""

    def block(self, name: str) -> list[list[Any]]:
        """The cells of a defined name, row by row; none when the name is gone."""

    def table(self, name: str) -> list[list[Any]]:
        """The rows of an Excel table without its headings; none when the table is gone."""


def plan_in(values: Values, facts: Mapping[str, str] | None, template: Template, file: object) -> Plan:
    """Everything the plan in an open workbook holds, as `read_plan` says; `facts` are those of its hidden sheet."""
    facts = checked_facts(file, facts, template)
    off = frozenset(facts["off"].split())
    template = without(template, off)
    cells = _Cells(values, template)
    fields: dict[str, Value] = {}
    tables: dict[str, list[Row]] = {}
    for chapter in template.chapters:
        for _, block in chapter.blocks():
            _read_block(cells, chapter.id, block, fields, tables)
    return Plan(
        account_id=facts["account_id"],
        account_name=facts["account_name"],
        year=int(facts["year"]),
        language=facts["language"],
        unit=int(facts["unit"]),
        off=off,
        fields=fields,
        tables=tables,
    )


def _read_block(
    cells: _Cells, chapter: str, block: Block, fields: dict[str, Value], tables: dict[str, list[Row]]
) -> None:
    """Add what one block holds to the fields and tables."""
    key = f"{chapter}.{block.id}"
    if isinstance(block, Form):
        for one in block.fields:
            fields[f"{chapter}.{one.id}"] = cells.one(f"{chapter}.{one.id}", one)
    elif isinstance(block, Table):
        tables[key] = _filled(cells.rows(key, block.columns), block)
        for column in block.columns:
            if column.total_id and not column.over:
                fields[f"{chapter}.{column.total_id}"] = cells.one(f"{chapter}.{column.total_id}", column)
    elif isinstance(block, Statement):
        tables[key] = cells.lines(key, block)
        for row in tables[key]:
            fields[f"{chapter}.{row['line']}"] = row[block.headline]
    elif isinstance(block, SourceTable):
        tables[key] = cells.source(table_name(chapter), block)
    elif isinstance(block, Checks):
        tables[key] = cells.rows(key, block.columns)


def as_json(plan: Plan, template: Template) -> str:
    """The plan as JSON: account_id, account_name, plan_year, language, unit, fields, tables; empty rows left out."""
    tables = {table: [row for row in rows if _counts(template, table, row)] for table, rows in plan.tables.items()}
    document = {
        "account_id": plan.account_id,
        "account_name": plan.account_name,
        "plan_year": plan.year,
        "language": plan.language,
        "unit": plan.unit,
        "fields": plan.fields,
        "tables": tables,
    }
    return json.dumps(document, ensure_ascii=False, indent=2, default=str)  # dates as 2026-12-31


def _open(path: Path) -> Any:
    """The workbook with its stored values; nothing that looks like a bomb is opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST:
                raise InputError(Problem("plan_too_large", file=path))
            if MANIFEST.encode() not in archive.read("xl/workbook.xml"):
                raise InputError(Problem("plan_not_ours", file=path))
    except (FileNotFoundError, IsADirectoryError):
        raise InputError(Problem("plan_absent", file=path)) from None
    except KeyError:
        raise InputError(Problem("plan_not_ours", file=path)) from None
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as fault:
        raise InputError(Problem("plan_damaged", file=path, fault=fault)) from None
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl names extensions that it does not read; we do not need them
            return openpyxl.load_workbook(path, data_only=True)
    except Exception as fault:  # a damaged file fails anywhere inside openpyxl, with any exception
        raise InputError(Problem("plan_damaged", file=path, fault=type(fault).__name__)) from None


def checked_facts(path: object, facts: Mapping[str, str] | None, template: Template) -> Mapping[str, str]:
    """The facts of a plan of this template; raises `InputError` when they are of another, or of another version."""
    if facts is None or facts.get("template") != template.id or facts.get("language") not in template.languages:
        raise InputError(Problem("plan_not_ours", file=path))
    if facts.get("version") != template.version:
        found = facts.get("version", "?")
        raise InputError(Problem("plan_other_version", file=path, found=found, needed=template.version))
    return facts


class _OpenBook:
    """The values of a workbook that openpyxl has open."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.names = {name.lower(): defined for name, defined in book.defined_names.items()}

    def block(self, name: str) -> list[list[Any]]:
        """See `Values`."""
        defined = self.names.get(name.lower())
        if defined is None:
            return []
        for sheet, reference in defined.destinations:
            if sheet in self.book.sheetnames:
                cells = self.book[sheet][reference.replace("$", "")]
                if not isinstance(cells, tuple):
                    return [[cells.value]]
                return [[cell.value for cell in row] for row in cells]
        return []

    def table(self, name: str) -> list[list[Any]]:
        """See `Values`."""
        for sheet in self.book.worksheets:
            if name in sheet.tables:
                return [[cell.value for cell in row] for row in sheet[sheet.tables[name].ref][1:]]
        return []


class _Cells:
    """Values of an open workbook by defined name, as those of a plan."""

    def __init__(self, values: Values, template: Template) -> None:
        self.values = values
        self.template = template
        self.missing = {
            template.text(language, f"values.{key}")
            for language in template.languages
            for key in ("na", "not_applicable")
        }
        self.choices = {
            list_id: {
                template.label(language, list_id, item): item
                for language in template.languages
                for item in choices.items
            }
            for list_id, choices in template.lists.items()
        }

    def one(self, name: str, field: FieldBase) -> Value:
        """The value of a named cell; None when the name is gone."""
        block = self._block(name)
        return self._value(block[0][0], field) if block else None

    def rows(self, key: str, columns: Any) -> list[Row]:
        """One row per row of the named columns; a column over an axis gives a list."""
        columns = [column for column in columns if column.look != "gantt"]
        blocks = {column.id: self._block(f"{key}.{column.id}") for column in columns}
        count = max((len(block) for block in blocks.values()), default=0)
        return [{column.id: self._row_value(blocks[column.id], i, column) for column in columns} for i in range(count)]

    def lines(self, key: str, statement: Statement) -> list[Row]:
        """One row per line of a statement, with its id; a column that the line leaves empty gives None."""
        blocks = {column.id: self._block(f"{key}.{column.id}") for column in statement.columns}
        rows: list[Row] = []
        for i, line in enumerate(statement.lines):
            row: dict[str, Any] = {"line": line.id}
            for column in statement.columns:
                one = statement.cell(line, column)
                row[column.id] = self._row_value(blocks[column.id], i, one) if one else None
            rows.append(row)
        return rows

    def _row_value(self, block: list[list[Any]], i: int, column: Any) -> Any:
        if i >= len(block):
            return None
        values = [self._value(value, column) for value in block[i]]
        return values if column.over else values[0]

    def source(self, name: str, block: SourceTable) -> list[Row]:
        """The rows of an Excel table that hold more than formulas, by the order of its declared columns."""
        kept = [column.id for column in block.columns if column.role != "calculated"]
        rows = [
            {column.id: self._value(value, column) for column, value in zip(block.columns, row, strict=False)}
            for row in self.values.table(name)
        ]
        return [row for row in rows if any(_is_filled(row.get(name)) for name in kept)]

    def _block(self, name: str) -> list[list[Any]]:
        return self.values.block(name)

    def _value(self, value: Any, field: FieldBase) -> Value:
        if value is None or value == "" or (field.role == "calculated" and value in self.missing):
            return None
        if field.list and isinstance(value, str):
            return self.choices[field.list].get(value, value)
        if isinstance(value, dt.datetime):
            return value.date()
        if field.type == "date" and isinstance(value, int | float) and 0 <= value < LAST_DAY:
            return (FIRST_DAY + dt.timedelta(days=value)).date()
        return value  # type: ignore[no-any-return]


def _is_filled(value: Any) -> bool:
    return any(map(_is_filled, value)) if isinstance(value, list) else value is not None


def _filled(rows: list[Row], table: Table) -> list[Row]:
    """The rows up to the last one that holds more than its key."""
    keys = {column.id for column in table.columns if column.key and column.key != "label"}
    while rows and not any(_is_filled(value) for column, value in rows[-1].items() if column not in keys):
        rows.pop()
    return rows


def _counts(template: Template, table: str, row: Row) -> bool:
    """Whether a row says anything: it has a heading or something filled in, or the whole table is calculated."""
    block = template.block(table)
    if not isinstance(block, Table):
        return True
    columns = [column for column in block.columns if column.look != "gantt"]
    telling = [c.id for c in columns if c.key == "label" or (c.role != "calculated" and not c.key)]
    return any(_is_filled(row[column]) for column in telling or row)
