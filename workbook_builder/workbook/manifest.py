"""The very hidden sheet of a plan: what it is, and every formula cell with a hash, so that an old file stays readable.

Row 1 holds the facts as JSON; every further row a sheet with its formula cells ("D7:1a2b3c4d D8:…"), in as many
rows as the text needs. A formula that somebody overwrote no longer has its hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workbook_builder.plan import Plan
from workbook_builder.template.model import Template

if TYPE_CHECKING:  # reading a plan needs no writer
    from workbook_builder.workbook.writer import Book

MANIFEST = "_manifest"
HASH_DIGITS = 8


def write_manifest(
    book: Book, plan: Plan, template: Template, formulas: Mapping[str, list[tuple[int, int, str]]]
) -> None:
    """Add the manifest sheet; `formulas` gives per sheet (row, column, formula), 0-based."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    from workbook_builder.workbook.writer import LONGEST_TEXT, NO_PASSWORD

    sheet, plain = book.sheet(MANIFEST), book.fixed("plain")
    facts = {
        "template": template.id,
        "version": template.version,
        "language": plan.language,
        "year": str(plan.year),
        "unit": str(plan.unit),
        "account_id": plan.account_id,
        "account_name": plan.account_name,
    }
    sheet.value(0, 0, "facts", plain)
    sheet.value(0, 1, json.dumps(facts, ensure_ascii=True, sort_keys=True), plain)
    row = 1
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
    try:
        facts = json.loads(book[MANIFEST]["B1"].value)
    except (TypeError, ValueError):
        return None
    return facts if isinstance(facts, dict) else None
