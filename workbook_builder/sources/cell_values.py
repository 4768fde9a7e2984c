"""The cells of a chunk as values, column by column, each distinct text parsed once."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from typing import Any

from workbook_builder.errors import Problem
from workbook_builder.sources import columns
from workbook_builder.sources.columns import COLUMNS
from workbook_builder.sources.config import Source
from workbook_builder.sources.parse import (
    Cached,
    Unreadable,
    clean_id,
    parse_amount,
    parse_date,
    parse_hours,
    parse_integer,
)
from workbook_builder.sources.readers import Chunk

SHOWN_TEXT = 60  # characters of a cell that a message shows
LONGEST_TEXT = 32_767  # characters that a cell of Excel holds


def _parser(kind: str, source: Source) -> Callable[[str], Any]:
    """The function that reads a cell of this kind in the source's dialect; an empty text is None."""
    if kind == columns.DATE:
        return lambda text: parse_date(text, source.date_format)
    if kind == columns.HOURS:
        return lambda text: parse_hours(text, source.decimal)
    if kind == columns.INTEGER:
        return lambda text: parse_integer(text, source.decimal)
    if kind in columns.NUMBERS:
        return lambda text: parse_amount(text, source.decimal)
    return _text


def _text(text: str) -> str | None:
    """The text of a cell on one line, or None; one that no Excel cell can hold is Unreadable."""
    cleaned = clean_id(text)
    if len(cleaned) > LONGEST_TEXT:
        raise Unreadable(cleaned)
    return cleaned or None


CODES = {columns.DATE: "date_unreadable", columns.TEXT: "text_too_long", columns.KEY: "text_too_long"}


class Cells:
    """Parses the chunks of one source."""

    def __init__(self, source: Source, kind: str) -> None:
        self.source = source
        self.names = list(source.columns)
        self.kinds = {name: COLUMNS[kind][name].kind for name in self.names}
        self.caches: dict[str, Cached[Any]] = {name: Cached(_parser(self.kinds[name], source)) for name in self.names}

    def values(self, chunk: Chunk, without: Container[str] = ()) -> dict[str, list[Any]]:
        """The values of a chunk by canonical column, one list a column; what cannot be read is an Unreadable."""
        return {
            name: self.caches[name].values(column)
            for name, column in zip(self.names, chunk.columns, strict=True)
            if name not in without
        }

    def readable(self, chunk: Chunk, names: Iterable[str]) -> set[str]:
        """Which of these columns hold nothing in this chunk that cannot be read."""
        texts = dict(zip(self.names, chunk.columns, strict=True))
        return {name for name in names if self.caches[name].learn(texts[name])}

    def picked(self, chunk: Chunk, values: dict[str, list[Any]], name: str, rows: Sequence[int]) -> list[Any]:
        """The values of one column in some rows; None in all of them when the column is not mapped."""
        if name in values:
            return [values[name][index] for index in rows]
        if name not in self.caches:
            return [None] * len(rows)
        texts = chunk.columns[self.names.index(name)]
        return self.caches[name].values([texts[index] for index in rows])

    def row(self, chunk: Chunk, values: dict[str, list[Any]], index: int) -> dict[str, Any]:
        """One row of a chunk with all its columns, those that `values` was made without too."""
        return {
            name: values[name][index] if name in values else self.caches[name].values(column[index : index + 1])[0]
            for name, column in zip(self.names, chunk.columns, strict=True)
        }

    def unreadable_rows(self, values: dict[str, list[Any]]) -> set[int]:
        """The 0-based rows of a chunk in which some cell cannot be read."""
        return {
            index
            for name, column in values.items()
            if Unreadable in set(map(type, column))
            for index, value in enumerate(column)
            if type(value) is Unreadable
        }

    def problems(self, line: int, row: dict[str, Any]) -> list[Problem]:
        """One problem for each cell of a row that cannot be read, with its line, heading and text."""
        return [
            Problem(
                CODES.get(self.kinds[name], "number_unreadable"),
                file=self.source.path.name,
                line=line,
                heading=self.source.columns[name],
                text=str(value)[:SHOWN_TEXT],
                dialect=self.source.date_format if self.kinds[name] == columns.DATE else self.source.decimal,
            )
            for name, value in row.items()
            if type(value) is Unreadable
        ]
