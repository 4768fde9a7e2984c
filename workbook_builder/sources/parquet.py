"""Parquet files, read by DuckDB: typed columns, rendered as text in the dialect of the config."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.errors import InputError, Problem
from workbook_builder.sources.cell_text import as_text
from workbook_builder.sources.config import Source
from workbook_builder.sources.readers import CHUNK, Batch


def read_parquet(source: Source) -> Iterator[Batch]:
    """The column names and then the rows, numbered from 1."""
    import duckdb

    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            cursor = connection.execute("SELECT * FROM read_parquet(?)", [_literal(source)])
            yield [0], [[str(column[0]) for column in cursor.description or ()]]
            first = 1
            while rows := cursor.fetchmany(CHUNK):
                yield (
                    list(range(first, first + len(rows))),
                    [[as_text(value, source) for value in row] for row in rows],
                )
                first += len(rows)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(Problem("parquet_damaged", file=source.path.name, reason=reason)) from None


def _literal(source: Source) -> str:
    """The path with its wildcards made plain, so that it names this one file."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(source.path))
