"""Every row of a source gets one fate: used, excluded with a reason, or to check with a reason.

The three add up to the rows read, in count and in revenue; nothing is dropped in silence. Cells that cannot be
read refuse the whole file: all of them are collected, with their lines, and raised once.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import localcontext
from typing import Any

from workbook_builder.errors import InputError
from workbook_builder.sources.base_importer import Importer
from workbook_builder.sources.cents import PRECISION
from workbook_builder.sources.config import Source
from workbook_builder.sources.findings import Imported
from workbook_builder.sources.readers import read_chunks
from workbook_builder.sources.record_importer import RecordImporter
from workbook_builder.sources.sales_importer import SalesImporter

MAX_PROBLEMS = 200  # unreadable cells after which a file is not read on


def import_source(
    source: Source,
    kind: str,
    take: Callable[[list[Any]], None] | None = None,
    accounts: frozenset[str] | None = None,
) -> Imported:
    """A whole source with the fate of every row; raises InputError with every cell that cannot be read.

    Used rows are `SalesRow`s for sales and dicts of values by canonical column for the other kinds. They are handed
    to `take`, a chunk at a time, or kept in `Imported.rows` when there is no `take`. Of sales only the lines of
    `accounts` are handed over, when given; every line is judged and counted all the same.
    """
    importer: Importer = SalesImporter(source, kind, accounts) if kind == "sales" else RecordImporter(source, kind)
    take = take or importer.imported.rows.extend
    with localcontext(prec=PRECISION), _collector_paused():
        for chunk in read_chunks(source):
            take(importer.use(chunk))
            if len(importer.problems) > MAX_PROBLEMS:
                break
        if importer.problems:
            raise InputError(*importer.problems)
        return importer.finished()


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No searching for reference cycles among millions of small rows, which hold none: a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
