"""A look inside an .xlsx file before it is opened: calamine aborts the whole program on a bomb.

Only the parts that calamine will read are looked at: unpacked size, checksums, document type declarations, how far
the sheet reaches, and the cells that calamine would give as empty (error values, formulas never calculated).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from xml.etree import ElementTree

from workbook_builder.errors import InputError, Problem
from workbook_builder.zip_guard import MEGABYTE, Limits, ZipFault, check_directory

LIMITS = Limits(size=400 * MEGABYTE, entries=10_000)
MAX_CELLS = 20_000_000  # in the rectangle calamine makes of a sheet, some 32 bytes each
MAX_TEXT = 4 * MEGABYTE  # between two tags
BLOCK = 4 * MEGABYTE

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\sr\s*=\s*[\"'](\d+)")
_COLUMN = re.compile(rb"<(?:\w+:)?c\b[^>]*?\sr\s*=\s*[\"']([A-Z]+)\d")
_CELL_ROW = re.compile(rb"\sr\s*=\s*[\"'][A-Z]+(\d{6,})")
_ERROR = re.compile(rb"<(?:\w+:)?c\b([^>]*\st\s*=\s*[\"']e[\"'][^>]*)>(?:[^v]*?<(?:\w+:)?v>([^<]*))?")
_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^>]*)><f\b[^>]*(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>")
_ADDRESS = re.compile(rb"\sr\s*=\s*[\"']([A-Z]+)(\d+)")

Cell = tuple[int, int]  # 1-based sheet row, 0-based column


@dataclass(frozen=True)
class Sheet:
    """The sheet to read, and the text of the cells that calamine would give as empty."""

    name: str
    unread: dict[Cell, str]


def look_inside(path: Path, wanted: str | None) -> Sheet:
    """The sheet called `wanted` (None: the first); raises InputError for a file that is damaged or hostile."""
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"\xd0\xcf\x11\xe0":
        raise _damaged(path, ".xls, password")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(path, archive)
            sheets = _sheets(path, archive)
            name = wanted if wanted is not None else next(iter(sheets))
            if name not in sheets:
                listed = ", ".join(f"'{each}'" for each in sheets)
                raise InputError(Problem("xlsx_sheet_absent", file=path.name, sheet=name, sheets=listed))
            for part in ("[Content_Types].xml", "_rels/.rels", "xl/sharedStrings.xml", "xl/styles.xml"):
                if part in archive.namelist():
                    for _ in _blocks(path, archive, part):
                        pass
            return Sheet(name, _check_sheet(path, archive, sheets[name]))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _damaged(path, error) from None
    except (ElementTree.ParseError, KeyError, StopIteration) as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, reason: object) -> InputError:
    return InputError(Problem("xlsx_damaged", file=path.name, reason=reason))


def _unsafe(path: Path, reason: str) -> InputError:
    return InputError(Problem("xlsx_unsafe", file=path.name, reason=reason))


def _check_directory(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse by what the zip directory says: too much, too well packed, names twice or outside the file."""
    try:
        check_directory(archive.infolist(), LIMITS)
    except ZipFault as fault:
        if fault.kind == "too_large":
            raise InputError(Problem("xlsx_too_large", file=path.name, size=fault.size // MEGABYTE)) from None
        raise _unsafe(path, fault.reason) from None


def _sheets(path: Path, archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet by the name on its tab, in the order of the tabs."""
    book = ElementTree.fromstring(_whole(path, archive, "xl/workbook.xml"))
    links = ElementTree.fromstring(_whole(path, archive, "xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found: dict[str, str] = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets[sheet.get(_LINK)]
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        if part.startswith("..") or part not in archive.namelist():
            raise _unsafe(path, f"{sheet.get('name')}: {target}")
        found[str(sheet.get("name"))] = part
    return found


def _whole(path: Path, archive: zipfile.ZipFile, part: str) -> bytes:
    """A small part in one piece."""
    return b"".join(_blocks(path, archive, part))


def _blocks(path: Path, archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part in blocks that end at the end of a tag; no document type declaration, no endless text."""
    rest = b""
    with archive.open(part) as file:
        while fresh := file.read(BLOCK):
            block = rest + fresh
            if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
                raise _unsafe(path, f"{part}: DOCTYPE")
            cut = max(block.rfind(b"</row>") + 6, 6) if b"</row>" in block else block.rfind(b">") + 1
            if len(block) - cut > MAX_TEXT + BLOCK:
                raise InputError(Problem("xlsx_too_large", file=path.name, size=len(block) // MEGABYTE))
            yield block[:cut]
            rest = block[cut:]
    yield rest


def _check_sheet(path: Path, archive: zipfile.ZipFile, part: str) -> dict[Cell, str]:
    """The unread cells of a sheet; one that reaches too far to hold in memory is refused."""
    last_row = last_column = 0
    unread: dict[Cell, str] = {}
    for block in _blocks(path, archive, part):
        columns = {column_number(letters) for letters in set(_COLUMN.findall(block))}
        last_column = max(last_column, *columns, 0)
        rows = (int(digits) for pattern in (_ROW, _CELL_ROW) for digits in pattern.findall(block))
        last_row = max(last_row, *rows, 0)
        for attributes, text in _ERROR.findall(block):
            unread[_address(attributes)] = text.decode("utf-8", "replace") or "#ERROR"
        if b"<f" in block:
            for attributes in _FORMULA.findall(block):
                if b't="str"' not in attributes:
                    unread[_address(attributes)] = "#FORMULA?"
    if last_row * last_column > MAX_CELLS:
        raise InputError(Problem("xlsx_sheet_too_far", file=path.name, row=last_row, column=last_column))
    return unread


def _address(attributes: bytes) -> Cell:
    """The place of a cell by its attributes."""
    found = cast("re.Match[bytes]", _ADDRESS.search(attributes))
    if found is None:
        raise ValueError("cell without address")
    return int(found[2]), column_number(found[1]) - 1


def column_number(letters: bytes) -> int:
    """The 1-based number of a column: A is 1, XFD is 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def sheet_names(path: Path) -> list[str]:
    """The names of the sheets, in the order of their tabs."""
    look_inside(path, None)
    with zipfile.ZipFile(path) as archive:
        return list(_sheets(path, archive))
