"""The very hidden sheet of a plan: what it is, and every formula cell with a hash, so that an old file stays readable.

The first rows hold the facts, one to a row; every further row a sheet with its formula cells ("D7:1a2b3c4d D8:…"), in
as many rows as the text needs. A formula that somebody overwrote no longer has its hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workbook_builder.plan import Plan
from workbook_builder.template.model import Template
from workbook_builder.workbook.layout import NOWHERE

if TYPE_CHECKING:  # reading a plan needs no writer
    from workbook_builder.workbook.writer import Book

MANIFEST = NOWHERE
HASH_DIGITS = 8
FACTS = ("template", "version", "language", "year", "unit", "account_id", "account_name", "off")


def write_manifest(
    book: Book, plan: Plan, template: Template, formulas: Mapping[str, list[tuple[int, int, str]]]
) -> None:
    """Add the manifest sheet; `formulas` gives per sheet (row, column, formula), 0-based."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    from workbook_builder.workbook.writer import LONGEST_TEXT, NO_PASSWORD

    sheet, plain = book.sheet(MANIFEST), book.fixed("plain")
    facts = (
        template.id,
        template.version,
        plan.language,
        str(plan.year),
        str(plan.unit),
        plan.account_id,
        plan.account_name,
        " ".join(sorted(plan.off)),
    )
    row = 0
    for key, fact in zip(FACTS, facts, strict=True):
        sheet.value(row, 0, key, plain)
        sheet.value(row, 1, fact, plain)
        row += 1
    for name, cells in formulas.items():
        text = " ".join(f"{xl_rowcol_to_cell(at, col)}:{formula_hash(formula)}" for at, col, formula in cells)
        for start in range(0, len(text), LONGEST_TEXT):
            sheet.value(row, 0, name, plain)
            sheet.value(row, 1, text[start : start + LONGEST_TEXT], plain)
            row += 1
    sheet.raw.very_hidden()
    sheet.raw.protect(NO_PASSWORD)


def formula_hash(formula: str) -> str:
    """The first digits of the SHA-256 of a formula with its equals sign, in hexadecimal."""
    return hashlib.sha256(formula.encode()).hexdigest()[:HASH_DIGITS]


def read_facts(book: Any) -> dict[str, str] | None:
    """The facts of an open openpyxl workbook, or None when it has no manifest of ours."""
    if MANIFEST not in book.sheetnames:
        return None
    return facts_in(book[MANIFEST].iter_rows(max_row=len(FACTS), max_col=2, values_only=True))


def facts_in(rows: Iterable[Sequence[Any]]) -> dict[str, str] | None:
    """The facts in the first rows of the manifest, each a key and its fact; None when they are not ours."""
    facts = {str(key): str("" if fact is None else fact) for key, fact in rows}
    return facts if tuple(facts) == FACTS and facts["year"].isdigit() and facts["unit"].isdigit() else None
