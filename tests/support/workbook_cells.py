"""Any .xlsx -> its cells as they are stored: formula and value by sheet and address, and its defined names.

Read straight from the XML with the standard library, so that the tests do not lean on the program's own reader: by
the usual spelling of a cell where a sheet has no other, else by parsing it, which takes three times as long. Dates stay
serial numbers and an error stays an `ErrorValue`, because that is how the engines are compared.
"""

from __future__ import annotations

import functools
import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
VALUE, FORMULA, TEXT = f"{MAIN}v", f"{MAIN}f", f"{MAIN}t"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")
PLAIN_CELL = re.compile(
    r'<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")?(?: t="([a-z]+)")?>(?:<f>([^<]*)</f>)?(<v>[^<]*</v>)?</c>'
)
"""A cell as most programs spell it, most of the time; those without anything in them end in "/>"."""
CELL, EMPTY_CELL = re.compile("<c[ >]"), re.compile("<c(?: [^>]*)?/>")
REFERENCE = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!]+))!([^!]+)$")


class ErrorValue(str):
    """The text of an error cell, such as #N/A."""


class Stored(NamedTuple):
    """One cell: its formula without the equals sign (None for a plain value) and its stored value."""

    formula: str | None
    value: Any


@dataclass
class Cells:
    """All cells of a workbook by sheet and address ("B7"), and {defined name: reference}."""

    sheets: dict[str, dict[str, Stored]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def formulas(self) -> list[tuple[str, str, Stored]]:
        """(sheet, address, cell) of every formula cell."""
        return [(name, at, cell) for name, cells in self.sheets.items() for at, cell in cells.items() if cell.formula]

    def value(self, sheet: str, at: str) -> Any:
        """The stored value of a cell; None for an empty one."""
        cell = self.sheets[sheet].get(at)
        return cell.value if cell else None

    def place(self, name: str) -> tuple[str, list[list[str]]]:
        """(sheet, rows of addresses) of a defined name."""
        match = REFERENCE.match(self.names[name].replace("$", ""))
        if not match:
            raise ValueError(f"{name} is not a plain range: {self.names[name]}")
        first, _, last = match[3].partition(":")
        (left, top), (right, bottom) = position(first), position(last or first)
        rows = [[letters(col) + str(row) for col in range(left, right + 1)] for row in range(top, bottom + 1)]
        return (match[1] or match[2]).replace("''", "'"), rows

    def named(self, name: str) -> list[list[Any]]:
        """The stored values of a defined name, row by row."""
        sheet, rows = self.place(name)
        return [[self.value(sheet, at) for at in row] for row in rows]

    def one(self, name: str) -> Any:
        """The stored value of a defined name of one cell."""
        [[value]] = self.named(name)
        return value

    def column(self, name: str) -> list[Any]:
        """The stored values of a defined name of one column."""
        return [value for [value] in self.named(name)]


@functools.cache
def position(address: str) -> tuple[int, int]:
    """(column, row) of an address, both from 1."""
    match = ADDRESS.fullmatch(address)
    if not match:
        raise ValueError(address)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return column, int(match[2])


def letters(column: int) -> str:
    """The letters of a column counted from 1."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def read_cells(book: Path | bytes) -> Cells:
    """Every cell that a workbook stores."""
    with zipfile.ZipFile(io.BytesIO(book) if isinstance(book, bytes) else book) as archive:
        parts = sheet_parts(archive)
        texts = _shared_texts(archive)
        workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        names = {
            each.get("name", ""): each.text or ""
            for each in workbook.iter(f"{MAIN}definedName")
            if not each.get("name", "").startswith("_xlnm")
        }
        sheets = {name: _cells(archive.read(part), texts) for name, part in parts.items()}
    return Cells(sheets, names)


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """{sheet name: its part in the archive}, in order of the tabs."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    parts = {}
    for sheet in workbook.iter(f"{MAIN}sheet"):
        target = targets[sheet.get(RELATION)]
        parts[sheet.get("name", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return parts


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    return ["".join(text.text or "" for text in item.iter(f"{MAIN}t")) for item in root.iter(f"{MAIN}si")]


def _cells(part: bytes, texts: list[str]) -> dict[str, Stored]:
    markup = EMPTY_CELL.sub("", part.decode("utf-8"))
    plain = PLAIN_CELL.findall(markup)
    if len(plain) < len(CELL.findall(markup)) or "&#" in markup:
        return _parsed_cells(part, texts)
    cells = {}
    for at, kind, formula, stored in plain:
        value = _value(kind or "n", _unescaped(stored[3:-4]) if stored else None, texts)
        if formula or value is not None:
            cells[at] = Stored(_unescaped(formula) or None, value)
    return cells


def _unescaped(text: str) -> str:
    return unescape(text, {"&quot;": '"', "&apos;": "'"}) if "&" in text else text


def _parsed_cells(part: bytes, texts: list[str]) -> dict[str, Stored]:
    cells = {}
    for cell in ElementTree.fromstring(part).iter(f"{MAIN}c"):
        formula, stored = None, None
        for child in cell:
            if child.tag == VALUE:
                stored = child.text or ""
            elif child.tag == FORMULA:
                formula = child.text or ""  # of a formula that it shares with another cell
        kind = cell.get("t", "n")
        value = (
            "".join(text.text or "" for text in cell.iter(TEXT)) if kind == "inlineStr" else _value(kind, stored, texts)
        )
        if formula is not None or value is not None:
            cells[cell.get("r", "")] = Stored(formula, value)
    return cells


def _value(kind: str, stored: str | None, texts: list[str]) -> Any:
    if stored is None or (stored == "" and kind == "n"):
        return None
    if kind == "n":
        return float(stored)
    if kind == "s":
        return texts[int(stored)]
    if kind == "str":
        return stored
    return ErrorValue(stored) if kind == "e" else stored == "1"
