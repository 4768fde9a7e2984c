"""`accountplan init`: a look at an export once, and the accountplan.toml that says how to read it from then on.

It never writes a guess: a decimal sign or date order that can be read two ways, or a required column that cannot be
found, is refused with the key to set. What it was merely unsure of comes back as notes.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Literal

from workbook_builder.errors import InputError, Problem
from workbook_builder.sources import columns
from workbook_builder.sources.columns import COLUMNS, Column, plain
from workbook_builder.sources.config import Source, is_date_format
from workbook_builder.sources.dialect import Choice, choose_date_format, choose_decimal, latest
from workbook_builder.sources.encodings import check_bytes, first_undecodable, probable_encoding
from workbook_builder.sources.readers import open_text, read_chunks, refused_file_faults

LOOK = 30  # records above and around the header
DELIMITERS = (";", ",", "\t", "|")
MOST_TEXTS = 200_000  # distinct texts of a column to judge by
TYPED_DATE = "%Y-%m-%d"  # the default of Source, in which typed dates are written while looking
SALES = COLUMNS["sales"]

Format = Literal["csv", "xlsx", "parquet"]
Records = list[tuple[int, Sequence[str]]]  # 1-based line and fields


@dataclass(frozen=True)
class Detection:
    """The whole text of an accountplan.toml, and what a person should look at before trusting it."""

    config_text: str
    notes: tuple[Problem, ...]


@dataclass(frozen=True)
class Header:
    """Where the headings stand (1-based) and which heading each canonical column has."""

    row: int
    headings: Sequence[str]
    found: dict[str, str]


@dataclass(frozen=True)
class Texts:
    """The distinct texts of one column, and those to judge by: what typed cells gave needs no judging."""

    all: set[str]
    judged: set[str]

    @property
    def typed(self) -> set[str]:
        """What typed cells gave."""
        return self.all - self.judged


def detect(
    path: Path,
    *,
    year: int | None = None,
    language: str = "nl",
    decimal: str | None = None,
    date_format: str | None = None,
    folder: Path = Path(),
) -> Detection:
    """The config for a sales export: csv (also .csv.gz), .xlsx or .parquet.

    `decimal` and `date_format` settle what the file itself leaves open; `year` is the plan year (default: the year
    after the latest date); the path in the config is relative to `folder`, where the config will stand. Raises
    InputError for a file that cannot be read or can be read in two ways.
    """
    if not path.is_file():
        raise InputError(Problem("export_absent", file=path))
    _check_options(decimal, date_format)
    notes: list[Problem] = []
    with refused_file_faults(path):
        source, header = _look(path, notes)
    source = source.model_copy(update={"header_row": header.row, "columns": _complete(path, header, notes)})
    texts = _texts(source)
    if not any(texts["date"].all):
        raise InputError(Problem("source_without_rows", file=path.name))
    signs = Choice(decimal) if decimal else _decimal(source, texts)
    form = Choice(date_format) if date_format else _date_format(source, texts["date"])
    _note_choices(source, signs, form, notes)
    days = (latest(texts["date"].typed, TYPED_DATE), latest(texts["date"].judged, form.name))
    if year is None:
        year = max((day.year + 1 for day in days if day), default=None)
    source = source.model_copy(update={"decimal": signs.name, "date_format": form.name})
    return Detection(_config_text(source, year, language, folder), tuple(notes))


def _check_options(decimal: str | None, date_format: str | None) -> None:
    """Refuse a decimal sign or a form of date that no config could hold."""
    if decimal not in (None, ",", "."):
        raise InputError(Problem("config_value", file="init", key="--decimal", value=decimal, allowed='"," "."'))
    if date_format is not None and not is_date_format(date_format):
        allowed = '"%d-%m-%Y", "%Y-%m-%d"'
        raise InputError(Problem("config_value", file="init", key="--date-format", value=date_format, allowed=allowed))


def _decimal(source: Source, texts: dict[str, Texts]) -> Choice:
    """The decimal sign of the file, by the texts in all columns of numbers."""
    judged = {text for name, found in texts.items() if SALES[name].kind in columns.NUMBERS for text in found.judged}
    return choose_decimal(source.path.name, judged, "." if source.delimiter == "," else ",")


def _date_format(source: Source, texts: Texts) -> Choice:
    """The form of the dates of the file; a file with typed dates only needs none, so it gets ISO."""
    return choose_date_format(source.path.name, texts.judged) if any(texts.judged) else Choice(TYPED_DATE)


def _look(path: Path, notes: list[Problem]) -> tuple[Source, Header]:
    """The file's format, encoding and delimiter as a Source without columns, and its header."""
    kind = _format(path)
    if kind != "csv":
        source = Source(path=path, format=kind, columns={})
        if kind == "xlsx":
            _note_sheets(path, notes)
        return source, _header(path, [_records(source)])
    encoding = probable_encoding(path)
    if encoding == "cp1252":
        if line := first_undecodable(path, encoding):
            raise InputError(Problem("undecodable_anywhere", file=path.name, line=line, encoding="utf-8/cp1252"))
        notes.append(Problem("detect_note_encoding", encoding=encoding))
    check_bytes(path, encoding)
    options = [Source(path=path, encoding=encoding, delimiter=sign, columns={}) for sign in DELIMITERS]
    tables = [_csv_records(source) for source in options]
    header = _header(path, tables)
    chosen = next(
        source for source, table in zip(options, tables, strict=True) if any(row is header.headings for _, row in table)
    )
    return chosen, header


def _format(path: Path) -> Format:
    """The format by what the first bytes of the file are, not by its name."""
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"PAR1":
        return "parquet"
    return "xlsx" if start in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") or path.suffix.lower() == ".xlsx" else "csv"


def _note_sheets(path: Path, notes: list[Problem]) -> None:
    """Say which sheet is read when there are more."""
    from workbook_builder.sources.workbook_guard import sheet_names

    first, *others = sheet_names(path)
    if others:
        notes.append(Problem("detect_note_sheet", sheet=first, others=", ".join(f"'{name}'" for name in others)))


def _records(source: Source) -> Records:
    """The first records of a workbook or a Parquet file, with their rows."""
    if source.format == "xlsx":
        from workbook_builder.sources.xlsx import read_xlsx as read
    else:
        from workbook_builder.sources.parquet import read_parquet as read
    records: Records = []
    for lines, batch in read(source):
        records += zip(lines, batch, strict=True)
        if len(records) >= LOOK or source.format == "parquet":
            break
    return records[:LOOK]


def _csv_records(source: Source) -> Records:
    """The first records of a text file as this delimiter divides them, with the lines where they start."""
    records: Records = []
    with open_text(source.path, source.encoding) as file:
        first = file.readline()
        said = first.lower().lstrip("\ufeff").startswith("sep=")
        reader = csv.reader(file if said else chain([first], file), delimiter=source.delimiter)
        start = 1
        try:
            for record in islice(reader, LOOK):
                records.append((start, record))
                start = reader.line_num + 1 + said
        except csv.Error:
            return records
    return records


def _header(path: Path, tables: list[Records]) -> Header:
    """The record, in any of the tables, whose fields are most like headings; required columns count first."""
    best: Header | None = None
    best_score = (0, 0)
    for table in tables:
        for line, record in table:
            found = _matched(record)
            score = sum(SALES[name].required for name in found), len(found)
            if score > best_score:
                best, best_score = Header(line, record, found), score
    if best is None or len(best.found) < 2:
        wanted = ", ".join(f"'{column.synonyms[1]}'" for column in SALES.values() if column.required)
        raise InputError(Problem("detect_no_table", file=path.name, wanted=wanted))
    return best


def _matched(record: Sequence[str]) -> dict[str, str]:
    """The heading of each canonical column that has one: the likeliest synonym first, each heading used once."""
    by_word: dict[str, str] = {}
    for heading in record:
        by_word.setdefault(_as_one(heading), heading.strip().lstrip("\ufeff"))
    found: dict[str, str] = {}
    for name, column in SALES.items():
        present = [by_word[_as_one(each)] for each in column.synonyms if _as_one(each) in by_word]
        free = [heading for heading in present if heading not in found.values()]
        if free:
            found[name] = free[0]
    return found


def _complete(path: Path, header: Header, notes: list[Problem]) -> dict[str, str]:
    """The columns found, with required ones that have only a similar heading; refused when one has none."""
    found = dict(header.found)
    problems = []
    for name, column in SALES.items():
        if column.required and name not in found:
            similar = _similar(column, [text for text in header.headings if text.strip() not in found.values()])
            if len(similar) == 1:
                found[name] = similar[0].strip()
                notes.append(Problem("detect_note_heading", heading=found[name], column=name))
            else:
                listed = ", ".join(f"'{text.strip()[:40]}'" for text in header.headings if text.strip())
                problems.append(
                    Problem(
                        "detect_column_absent",
                        file=path.name,
                        line=header.row,
                        column=name,
                        headings=listed,
                        example=column.synonyms[1],
                    )
                )
    if problems:
        raise InputError(*problems)
    if "cost" not in found:
        notes.append(Problem("detect_note_no_cost"))
    return {name: found[name] for name in SALES if name in found}


def _as_one(heading: str) -> str:
    """A heading as one word: 'Netto bedrag', 'netto-bedrag' and 'Nettobedrag' are the same."""
    return plain(heading).replace(" ", "")


def _similar(column: Column, headings: list[str]) -> list[str]:
    """The headings that hold all words of a synonym of the column ('Omzet (EUR)')."""
    return [
        heading
        for heading in headings
        if any(set(synonym.split()) <= set(plain(heading).split()) for synonym in column.synonyms)
    ]


def _texts(source: Source) -> dict[str, Texts]:
    """The texts of every column; a typed cell is known by being written differently in another dialect."""
    texts = _distinct(source)
    if source.format == "csv":
        return {name: Texts(found, found) for name, found in texts.items()}
    other = _distinct(source.model_copy(update={"decimal": ".", "date_format": "%d-%m-%Y"}))
    return {name: Texts(found, found & other[name]) for name, found in texts.items()}


def _distinct(source: Source) -> dict[str, set[str]]:
    """The distinct texts of every mapped column that holds numbers or dates."""
    texts: dict[str, set[str]] = {name: set() for name in source.columns}
    judged = [
        (position, texts[name])
        for position, name in enumerate(source.columns)
        if SALES[name].kind not in (columns.TEXT, columns.KEY)
    ]
    for chunk in read_chunks(source):
        for position, found in judged:
            if len(found) < MOST_TEXTS:
                found.update(row[position] for row in chunk.rows)
    return texts


def _note_choices(source: Source, decimal: Choice, date_format: Choice, notes: list[Problem]) -> None:
    """Say what was assumed, and what no dialect reads."""
    if decimal.assumed and source.format == "csv":
        notes.append(Problem("detect_note_decimal", decimal=decimal.name))
    if "%y" in date_format.name:
        notes.append(Problem("detect_note_two_digit_year", date_format=date_format.name))
    for choice, name in ((decimal, "revenue"), (date_format, "date")):
        if choice.unreadable is not None:
            notes.append(Problem("detect_note_unreadable", heading=source.columns[name], sample=choice.unreadable[:40]))


_COMMENTS = {
    "nl": {
        "top": "Wat er gelezen wordt en hoe. Gemaakt door 'accountplan init'; pas het gerust aan.",
        "year": "het planjaar; --year gaat voor",
        "unit": "bedragen in dit aantal euro: 1, 1000 of 1000000",
        "path": "vanaf de map van dit bestand",
        "header": "de regel met de koppen",
        "columns": 'ons gegeven = "kop in de export"',
    },
    "en": {
        "top": "What is read and how. Made by 'accountplan init'; change it as you like.",
        "year": "the plan year; --year outranks it",
        "unit": "amounts in this many euros: 1, 1000 or 1000000",
        "path": "from the folder of this file",
        "header": "the line with the headings",
        "columns": 'ours = "heading in the export"',
    },
}


def _config_text(source: Source, year: int | None, language: str, folder: Path) -> str:
    """The accountplan.toml for a source."""
    say = _COMMENTS[language]
    path = Path(os.path.relpath(source.path, folder)).as_posix()
    lines = [f"# {say['top']}", "[plan]"]
    lines += [f"year = {year}  # {say['year']}"] if year else []
    lines += [f'language = "{language}"', f"unit = 1000  # {say['unit']}", 'profile = "volledig"', ""]
    lines += ["[sources.sales]", f"path = {_quoted(path)}  # {say['path']}", f'format = "{source.format}"']
    if source.format == "csv":
        lines += [f"delimiter = {_quoted(source.delimiter)}", f'encoding = "{source.encoding}"']
    lines += [f'decimal = "{source.decimal}"', f'date_format = "{source.date_format}"']
    lines += [f"header_row = {source.header_row}  # {say['header']}"] if source.header_row > 1 else []
    lines += ["", f"[sources.sales.columns]  # {say['columns']}"]
    lines += [f"{name} = {_quoted(heading)}" for name, heading in source.columns.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text as a TOML string."""
    return json.dumps(text, ensure_ascii=False)
