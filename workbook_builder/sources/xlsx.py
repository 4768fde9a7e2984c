"""Sheets of .xlsx workbooks, read by calamine: typed cells, rendered as text in the dialect of the config."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from workbook_builder.errors import InputError, Problem
from workbook_builder.sources.cell_text import as_text
from workbook_builder.sources.config import Source
from workbook_builder.sources.readers import CHUNK, Batch
from workbook_builder.sources.workbook_guard import look_inside


def read_xlsx(source: Source) -> Iterator[Batch]:
    """The header and then the rows below it, numbered as on the sheet; formulas count by their stored value."""
    from python_calamine import CalamineError, CalamineWorkbook

    inside = look_inside(source.path, source.sheet)
    try:
        with CalamineWorkbook.from_path(source.path) as workbook:
            sheet = workbook.get_sheet_by_name(inside.name)
            first_column = sheet.start[1] if sheet.start else 0
            rows = enumerate(sheet.iter_rows(), 1)
            numbered = islice(rows, source.header_row - 1, None)
            size = 1
            while batch := list(islice(numbered, size)):
                _fill_unread(batch, inside.unread, first_column)
                yield (
                    [line for line, _ in batch],
                    [[as_text(value, source) for value in row] for _, row in batch],
                )
                size = CHUNK
    except CalamineError as error:
        raise InputError(Problem("xlsx_damaged", file=source.path.name, reason=error)) from None
    except BaseException as error:
        if (
            type(error).__name__ != "PanicException"
        ):  # what a fault in calamine itself arrives as; it has no public name
            raise
        raise InputError(Problem("xlsx_damaged", file=source.path.name, reason=error)) from None


def _fill_unread(batch: list[tuple[int, list[Any]]], unread: dict[tuple[int, int], str], first_column: int) -> None:
    """Put the text of error cells and formulas without a value where calamine leaves nothing."""
    if not unread:
        return
    rows = dict(batch)
    for (line, column), text in unread.items():
        row = rows.get(line)
        if row is not None and 0 <= column - first_column < len(row):
            row[column - first_column] = text
