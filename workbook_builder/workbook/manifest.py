"""The very hidden sheet of a plan: what it is and where everything stood when it was made, so that it stays readable.

The first rows hold the facts, one to a row; every further row a sheet with, each in a column of its own and in as many
rows as the text needs: its formula cells with a hash ("D7:1a2b3c4d D8:…"), its fixed texts and numbers with a shorter
one, and its defined names ("account.name=D7 account.contacts.no=B308:B337 …"). A formula that somebody overwrote no
longer has its hash; rows that somebody inserted show in the places of texts and names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from workbook_builder.plan import Plan
from workbook_builder.workbook.layout import Layout

if TYPE_CHECKING:  # reading a plan needs no writer
    from workbook_builder.workbook.writer import Book, Scalar

MANIFEST = "_manifest"
HASH_DIGITS, TEXT_DIGITS = 8, 6
FACTS = ("template", "version", "language", "year", "unit", "account_id", "account_name", "off")
COLUMNS = 4  # that the sheet uses


@dataclass(frozen=True)
class SheetRecord:
    """What stood on a sheet when the plan was made, by address ("D7"); the names by id, as "D7" or "B308:B337"."""

    formulas: Mapping[str, str]
    texts: Mapping[str, str]
    names: Mapping[str, str]


def write_manifest(
    book: Book,
    plan: Plan,
    layout: Layout,
    formulas: Mapping[str, list[tuple[int, int, str]]],
    written: Mapping[str, Mapping[tuple[int, int], Scalar]],
) -> None:
    """Add the manifest sheet.

    `formulas` gives per sheet (row, column, formula), `written` {(row, column): value} of all other cells; 0-based.
    """
    from workbook_builder.workbook.writer import LONGEST_TEXT, NO_PASSWORD

    sheet, plain_look = book.sheet(MANIFEST), book.fixed("plain")
    template = layout.template
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
        sheet.value(row, 0, key, plain_look)
        sheet.value(row, 1, fact, plain_look)
        row += 1
    for name, texts in _records(layout, formulas, written).items():
        chunks = [[text[at : at + LONGEST_TEXT] for at in range(0, len(text), LONGEST_TEXT)] for text in texts]
        for pieces in zip_longest(*chunks, fillvalue=""):
            sheet.value(row, 0, name, plain_look)
            for column, piece in enumerate(pieces, 1):
                sheet.value(row, column, piece, plain_look)
            row += 1
    sheet.raw.very_hidden()
    sheet.raw.protect(NO_PASSWORD)


def _records(
    layout: Layout,
    formulas: Mapping[str, list[tuple[int, int, str]]],
    written: Mapping[str, Mapping[tuple[int, int], Scalar]],
) -> dict[str, tuple[str, str, str]]:
    """{sheet: its formulas, its fixed texts and numbers, its names}."""
    from workbook_builder.workbook.formulas import address, column_letters

    fixed = {sheet: dict(cells) for sheet, cells in written.items()}
    for area in layout.typed_into():
        for row in range(area.row, area.row + area.rows):
            for col in range(area.col, area.col + area.cols):
                fixed[area.sheet].pop((row, col), None)
    names: dict[str, list[str]] = {}
    for name, area in layout.named().items():
        names.setdefault(area.sheet, []).append(f"{name}={address(area, area.sheet, fixed=False)}")
    return {
        sheet: (
            " ".join(
                f"{column_letters(col)}{row + 1}:{formula_hash(text)}" for row, col, text in formulas.get(sheet, ())
            ),
            " ".join(
                f"{column_letters(col)}{row + 1}:{text_hash(value)}" for (row, col), value in fixed[sheet].items()
            ),
            " ".join(names.get(sheet, ())),
        )
        for sheet in written
    }


def plain(formula: str) -> str:
    """A formula in capitals, without spaces, equals sign and quotes around names of sheets: programs differ in those.

    The texts in it stay as they are.
    """
    parts = formula.removeprefix("=").split('"')
    parts[::2] = ["".join(part.split()).replace("'", "").upper() for part in parts[::2]]
    return '"'.join(parts)


def formula_hash(formula: str) -> str:
    """The first digits of the SHA-256 of a formula in its plain spelling, in hexadecimal."""
    return hashlib.sha256(plain(formula).encode()).hexdigest()[:HASH_DIGITS]


def text_hash(value: Scalar) -> str:
    """The same, shorter, of a fixed text or number; white space in a text does not count."""
    text = f"{value:.12g}" if isinstance(value, int | float) else "".join(str(value).split())
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:TEXT_DIGITS]


def read_facts(book: Any) -> dict[str, str] | None:
    """The facts of an open openpyxl workbook, or None when it has no manifest of ours."""
    if MANIFEST not in book.sheetnames:
        return None
    return facts_in(book[MANIFEST].iter_rows(max_row=len(FACTS), max_col=2, values_only=True))


def facts_in(rows: Iterable[Sequence[Any]]) -> dict[str, str] | None:
    """The facts in the first rows of the manifest, each a key and its fact; None when they are not ours."""
    facts = {str(key): str("" if fact is None else fact) for key, fact in rows}
    return facts if tuple(facts) == FACTS and facts["year"].isdigit() and facts["unit"].isdigit() else None


def records_in(rows: Iterable[Sequence[Any]]) -> dict[str, SheetRecord]:
    """{sheet: what stood there} in the rows of the manifest below the facts; what cannot be read is left out."""
    texts: dict[str, list[str]] = {}
    for sheet, *pieces in rows:
        if isinstance(sheet, str):
            before = texts.setdefault(sheet, ["", "", ""])
            texts[sheet] = [old + ("" if new is None else str(new)) for old, new in zip(before, pieces, strict=False)]
    return {
        sheet: SheetRecord(_pairs(formulas, ":"), _pairs(fixed, ":"), _pairs(names, "="))
        for sheet, (formulas, fixed, names) in texts.items()
    }


def _pairs(text: str, sign: str) -> dict[str, str]:
    found = (piece.partition(sign) for piece in text.split())
    return {key: value for key, _, value in found if value}
