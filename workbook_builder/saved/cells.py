"""A value -> the XML of its cell, and back.

Texts are written into the cell itself, so that the part with the shared strings stays as it is.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from decimal import Decimal

from workbook_builder.errors import InputError, Problem
from workbook_builder.saved.markup import ATTRIBUTE, escape


@dataclass(frozen=True)
class Formula:
    """A formula without its equals sign; the value behind it is not known yet."""

    text: str


Value = str | bool | int | float | Decimal | dt.date | None
LONGEST_TEXT = 32_767  # characters in a cell
FIRST_DAY, FIRST_DAY_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))  # & last: it makes none
_NUMERIC_ENTITY = re.compile(r"&#(?:x([0-9A-Fa-f]+)|([0-9]+));")


def attributes_of(tag: bytes) -> dict[bytes, bytes]:
    """The attributes of a start tag, as they are written, by their name with its prefix."""
    return {found[1]: found[2] if found[2] is not None else found[3] for found in ATTRIBUTE.finditer(tag)}


def cell_xml(prefix: bytes, at: str, style: bytes, value: Value | Formula, *, date1904: bool = False) -> bytes:
    """The element of a cell: name (such as "B8"), style index (b"" for none) and value; None or "" is an empty cell.

    Numbers are written as XlsxWriter writes them, to 16 digits: a refreshed plan and a fresh one hold the same. Raises
    `ValueError` for a number that is not finite and `InputError` for a text that does not fit a cell.
    """
    p = prefix.decode()
    look = f' s="{style.decode()}"' if style else ""
    start = f'<{p}c r="{at}"{look}'
    if value is None or value == "":
        return f"{start}/>".encode()
    if isinstance(value, Formula):
        return f"{start}><{p}f>{escape(value.text)}</{p}f></{p}c>".encode()
    if isinstance(value, bool):
        return f'{start} t="b"><{p}v>{int(value)}</{p}v></{p}c>'.encode()
    if isinstance(value, str):
        text = f'<{p}is><{p}t xml:space="preserve">{text_xml(value, at)}</{p}t></{p}is>'
        return f'{start} t="inlineStr">{text}</{p}c>'.encode()
    return f"{start}><{p}v>{number_text(value, date1904=date1904)}</{p}v></{p}c>".encode()


def number_text(value: float | Decimal | dt.date, *, date1904: bool = False) -> str:
    """A number or date as a workbook stores it; a date is a count of days."""
    if isinstance(value, dt.date):
        moment = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)
        value = (moment - (FIRST_DAY_1904 if date1904 else FIRST_DAY)) / dt.timedelta(days=1)
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value} is no number for a cell")
    return f"{number:.16G}"


def clean_text(text: str) -> str:
    """A text as a workbook can hold it: line ends as Excel's, U+FFFD for what XML has no place for."""
    return NOT_IN_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def text_xml(text: str, at: str) -> str:
    """A text as the content of an element; raises `InputError` when it is too long for a cell."""
    clean = clean_text(text)
    if len(clean.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        raise InputError(Problem("cell_text_too_long", cell=at, length=len(clean), longest=LONGEST_TEXT))
    return escape(_LOOKS_ESCAPED.sub("_x005F_", clean))


def plain_text(raw: bytes) -> str:
    """The text that stands in an element, entities and Excel's own escapes resolved."""
    return excel_text(formula_text(raw))


def excel_text(text: str) -> str:
    """A text of a workbook with Excel's own escapes (_x000D_) resolved."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def formula_text(raw: bytes) -> str:
    """The text that stands in an element, entities resolved; formulas know no escapes of Excel's."""
    text = raw.decode("utf-8")
    if "&" not in text:
        return text
    text = _NUMERIC_ENTITY.sub(lambda found: chr(int(found[1], 16) if found[1] else int(found[2])), text)
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def stored_number(text: str) -> int | float:
    """The number that a cell stores as text; a whole one as int."""
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
