"""An open workbook -> everything in it, to compare before and after; asked outside xlwings, so nothing is counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import xlwings as xw

Contents = dict[str, tuple[str, Any]]


def contents(book: xw.Book, sheets: Iterable[str] | None = None) -> Contents:
    """{sheet: (address in use, its formulas and constants as typed)} of these sheets, or of all."""
    found = {}
    for name in sheets or book.impl.ask("sheets"):
        box = book.impl.ask("used", name)
        found[name] = box, book.impl.ask("formulas", name, box)
    return found


def table_boxes(book: xw.Book) -> dict[str, Any]:
    """{table: (sheet, box)}."""
    return dict(book.impl.ask("tables"))


def protected(book: xw.Book) -> dict[str, bool]:
    """{sheet: whether it is protected}."""
    return {name: book.impl.ask("protected", name) for name in book.impl.ask("sheets")}


def changed(before: Contents, after: Contents) -> list[str]:
    """The sheets of which a formula or constant changed; the size in use may grow by formats alone."""
    return [name for name in {**before, **after} if _filled(before.get(name)) != _filled(after.get(name))]


def _filled(sheet: Any) -> Any:
    if sheet is None:
        return None
    (top, left, *_), rows = sheet
    return {(top + r, left + c): text for r, row in enumerate(rows) for c, text in enumerate(row) if text != ""}
