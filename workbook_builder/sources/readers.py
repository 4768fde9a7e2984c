"""One adapter per format of source; each gives the same thing: chunks of raw text rows with their line numbers.

The reader knows files and headings; what a text means is decided in `parse` and `importer`.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import accumulate, chain, islice
from pathlib import Path

from workbook_builder.errors import InputError, Problem, raise_if
from workbook_builder.sources.config import Source
from workbook_builder.sources.encodings import BLOCK, CheckedBytes, first_undecodable, probable_encoding

CHUNK = 10_000  # rows

Row = tuple[str, ...]
Batch = tuple[list[int], Sequence[Sequence[str]]]  # 1-based lines, and the whole records that start there


@dataclass(frozen=True)
class Chunk:
    """Some rows of a source as text: whole `records`, and the mapped `columns` in the order of `Source.columns`.

    `lines` are 1-based: the line of the file where the record starts, the sheet row, or the row of a Parquet file.
    """

    lines: list[int]
    columns: list[Row]
    records: Sequence[Sequence[str]]

    @property
    def rows(self) -> list[Row]:
        """The mapped columns row by row."""
        return list(zip(*self.columns, strict=True))

    @cached_property
    def marks(self) -> list[int]:
        """64-bit hashes of the whole records, unmapped columns included: equal records have equal marks."""
        return list(map(hash, map(tuple, self.records)))


def read_chunks(source: Source) -> Iterator[Chunk]:
    """The rows of a source as text in the source's own dialect; raises InputError for what cannot be read."""
    if not source.path.is_file():
        raise InputError(Problem("source_absent", file=source.path))
    with refused_file_faults(source.path):
        if source.format == "csv":
            yield from _read_csv(source)
        elif source.format == "xlsx":
            from workbook_builder.sources.xlsx import read_xlsx

            yield from _chunks(source, read_xlsx(source))
        else:
            from workbook_builder.sources.parquet import read_parquet

            yield from _chunks(source, read_parquet(source))


@contextmanager
def refused_file_faults(path: Path) -> Iterator[None]:
    """Turn what the operating system or gzip says about a file into a refusal."""
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise InputError(Problem("gzip_damaged", file=path.name)) from None
    except OSError as error:
        raise InputError(Problem("source_unreadable", file=path, reason=error.strerror or error)) from None


def column_positions(source: Source, headings: Sequence[str]) -> list[int]:
    """The 0-based position of every mapped column; absent or repeated headings are collected and raised."""
    present = [heading.strip().lstrip("\ufeff") for heading in headings]
    problems = []
    for name, heading in source.columns.items():
        wanted = heading.strip()
        if wanted not in present:
            near = get_close_matches(wanted, present, n=3, cutoff=0.5) or [text for text in present if text][:8]
            problems.append(
                Problem(
                    "column_absent",
                    file=source.path.name,
                    line=source.header_row,
                    heading=wanted,
                    column=name,
                    near=_listed(near),
                )
            )
        elif present.count(wanted) > 1:
            problems.append(
                Problem("column_twice", file=source.path.name, line=source.header_row, heading=wanted, column=name)
            )
    raise_if(problems)
    return [present.index(heading.strip()) for heading in source.columns.values()]


def _listed(headings: list[str]) -> str:
    """Headings as a message shows them: on one line, cut to 40 characters, without control characters."""
    shown = ("".join(filter(str.isprintable, " ".join(text.split())))[:40] for text in headings)
    return ", ".join(f"'{text}'" for text in shown) or "-"


def _chunks(source: Source, batches: Iterator[Batch]) -> Iterator[Chunk]:
    """Chunks of the batches of an adapter, the first of which is the header alone."""
    header = next(batches, None)
    if header is None or not any(header[1][0]):
        raise InputError(Problem("source_empty", file=source.path.name))
    width = len(header[1][0])
    positions = column_positions(source, header[1][0])
    for lines, records in batches:
        if set(map(len, records)) != {width}:
            records = [_fitted(source.path, *each, width) for each in zip(lines, records, strict=True)]
        by_position = list(zip(*records, strict=True))
        yield Chunk(lines, [by_position[position] for position in positions], records)


def _fitted(path: Path, line: int, record: Sequence[str], width: int) -> Sequence[str]:
    """The record in the width of the header: a blank line is filled, empty fields too many go; else refused."""
    if len(record) == width:
        return record
    if not any(record[width:]) and (len(record) > width or not record):
        return [*record[:width], *[""] * (width - len(record))]
    code = "fields_too_many" if len(record) > width else "fields_too_few"
    raise InputError(Problem(code, file=path.name, line=line, fields=len(record), width=width))


def _read_csv(source: Source) -> Iterator[Chunk]:
    """The chunks of a csv or csv.gz file."""
    try:
        with open_text(source.path, source.encoding) as file:
            yield from _chunks(source, _csv_batches(source, file))
    except UnicodeDecodeError:
        probable = probable_encoding(source.path)
        line = first_undecodable(source.path, source.encoding)
        code = "undecodable" if probable != source.encoding else "undecodable_anywhere"
        raise InputError(
            Problem(code, file=source.path.name, line=line, encoding=source.encoding, probable=probable)
        ) from None


def open_text(path: Path, encoding: str) -> io.TextIOWrapper:
    """The characters of a text file: strictly decoded, its byte order mark dropped, line ends untouched."""
    codec = "utf-8-sig" if encoding in ("utf-8", "utf_8") else encoding
    checked = io.BufferedReader(CheckedBytes(path, encoding), BLOCK)
    return io.TextIOWrapper(checked, encoding=codec, errors="strict", newline="")


def _csv_batches(source: Source, file: io.TextIOWrapper) -> Iterator[Batch]:
    """The header and then the records below it, each with the line where it starts."""
    above, lines = _below(source, file)
    reader = csv.reader(lines, delimiter=source.delimiter, strict=True)
    size = 1
    try:
        while True:
            before = reader.line_num
            records = list(islice(reader, size))
            if not records:
                return
            start = above + before + 1
            if reader.line_num - before == len(records):
                yield list(range(start, start + len(records))), records
            else:
                yield list(accumulate(map(_height, records[:-1]), initial=start)), records
            size = CHUNK
    except csv.Error as error:
        code = "quote_unclosed" if "end of data" in str(error) else "csv_broken"
        raise InputError(Problem(code, file=source.path.name, line=_broken_line(source), reason=error)) from None


def _height(record: list[str]) -> int:
    """The number of lines of the file that a record takes."""
    return 1 + sum(text.count("\n") + text.count("\r") - text.count("\r\n") for text in record)


def _broken_line(source: Source) -> int:
    """The line where the first record starts that csv cannot read."""
    with open_text(source.path, source.encoding) as file:
        above, lines = _below(source, file)
        reader = csv.reader(lines, delimiter=source.delimiter, strict=True)
        last = 0
        try:
            for _ in reader:
                last = reader.line_num
        except csv.Error:
            pass
    return above + last + 1


def _below(source: Source, file: io.TextIOWrapper) -> tuple[int, Iterator[str]]:
    """How many lines stand above the header, and the lines from there: title rows and a `sep=` line are left out."""
    above = source.header_row - 1
    if above:
        return above, islice(file, above, None)
    first = file.readline()
    said = first.lstrip("\ufeff").rstrip("\r\n")
    if not said.lower().startswith("sep=") or len(said) != 5:
        return 0, chain([first], file)
    if said[4] != source.delimiter:
        raise InputError(Problem("other_delimiter", file=source.path.name, delimiter=source.delimiter, said=said[4]))
    return 1, file
