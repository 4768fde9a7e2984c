"""Workbooks -> their values as headless LibreOffice computes them, and the same workbooks as it saves them.

LibreOffice trusts the values that a file stores, so it is told to compute every formula again, else it would only
repeat what it is asked to judge. Opening a plan takes it longer than computing it: of workbooks that differ in no
more than what is typed the first is opened, and into that one is typed what the others have otherwise.
"""

from __future__ import annotations

import atexit
import functools
import io
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from office_link import OfficeLink, soffice
from workbook_cells import Cells, ErrorValue, Stored, position, read_cells

BESIDE_THE_CELLS = re.compile(
    rb"<conditionalFormatting .*?</conditionalFormatting>|<dataValidations .*?</dataValidations>"
    rb"|<hyperlinks>.*?</hyperlinks>|<mergeCells .*?</mergeCells>|<drawing [^>]*/>|<legacyDrawing [^>]*/>"
    rb"|<sheetProtection [^>]*/>|<headerFooter>.*?</headerFooter>|<rowBreaks .*?</rowBreaks>|<cols>.*?</cols>"
    rb"|<c [^>]*/>",
    re.DOTALL,
)
DRAWINGS = re.compile(rb"<drawing [^>]*/>|<legacyDrawing [^>]*/>")
CELLS = re.compile(rb"<sheetData>.*</sheetData>", re.DOTALL)
CONTENTS_AND_LOOKS = ("xl/sharedStrings.xml", "xl/styles.xml", "xl/charts/", "xl/drawings/", "docProps/")
"""Parts that typing changes, or no formula reads."""
NOTHING = Stored(None, None)
K = TypeVar("K")
Typed = dict[str, dict[tuple[int, int], Any]]


def recalculated(books: Mapping[K, bytes]) -> dict[K, Cells]:
    """{key: the cells of that workbook after a full recalculation}; raises as `stored_and_recalculated` does."""
    return {key: office for key, (_, office) in stored_and_recalculated(books).items()}


def stored_and_recalculated(books: Mapping[K, bytes]) -> dict[K, tuple[Cells, Cells]]:
    """{key: the cells of that workbook as stored, and after a full recalculation}, without looks, charts and lists.

    Raises `OfficeMissing` without LibreOffice and `OfficeError` when it cannot open one of the workbooks.
    """
    soffice()
    stored = {key: read_cells(book) for key, book in books.items()}
    frames = {key: _frame(book) for key, book in books.items()}
    office: dict[K, Cells] = {}
    for first, book in books.items():
        if first in office:
            continue
        with Opened(book) as opened:
            for key, cells in stored.items():
                if key not in office and frames[key] == frames[first]:
                    typed = typed_over(stored[first], cells)
                    if typed is not None:
                        office[key] = opened.computed(typed, cells)
    return {key: (stored[key], office[key]) for key in books}


def typed_over(opened: Cells, other: Cells) -> Typed | None:
    """{sheet: {(column, row): value}} that make one workbook of another; None when typing alone does not do it."""
    typed: Typed = {}
    for sheet, cells in other.sheets.items():
        before = opened.sheets[sheet]
        for at in cells.keys() | before.keys():
            old, new = before.get(at, NOTHING), cells.get(at, NOTHING)
            if new.formula is not None:
                if new.formula != old.formula:
                    return None
            elif new != old:
                if not _can_be_typed(new.value):
                    return None
                typed.setdefault(sheet, {})[position(at)] = new.value
    return typed


def _can_be_typed(value: Any) -> bool:
    """Whether a file holds the value as it is typed: no truth value, no error, no text with an escaped character."""
    return value is None or isinstance(value, float) or (type(value) is str and "_x" not in value)


def _frame(book: bytes) -> bytes:
    """All that a workbook is besides the contents and looks of its cells: its sheets, names and tables."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return b"".join(
            CELLS.sub(b"", BESIDE_THE_CELLS.sub(b"", archive.read(name)))
            for name in sorted(archive.namelist())
            if not name.startswith(CONTENTS_AND_LOOKS)
        )


class Opened:
    """A workbook that is open in LibreOffice, for as long as the block takes."""

    def __init__(self, book: bytes) -> None:
        self.content = _cells_alone(book)

    def __enter__(self) -> Opened:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "book.xlsx"
            path.write_bytes(self.content)
            self.number = desk().ask("open", str(path), False)  # `computed` calculates everything anyway
        desk().ask("automatic", self.number, False)
        return self

    def __exit__(self, *fault: object) -> None:
        desk().ask("close", self.number)

    def computed(self, typed: Typed, cells: Cells) -> Cells:
        """What every cell of `cells` shows when `typed` is typed, after a full recalculation."""
        rows = desk().ask("computed", self.number, typed)
        return Cells(
            {sheet: {at: Stored(cell.formula, _shown(rows[sheet], at)) for at, cell in each.items()}
             for sheet, each in cells.sheets.items()},
            cells.names,
        )  # fmt: skip


def _shown(rows: list[list[Any]], at: str) -> Any:
    column, row = position(at)
    found = rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[0]) else None
    return ErrorValue(found[0]) if isinstance(found, tuple) else found


@functools.cache
def desk() -> OfficeLink:
    """The LibreOffice that all workbooks of this run of the tests are opened in."""
    link = OfficeLink()
    atexit.register(link.stop)
    return link


def without_charts(book: bytes) -> bytes:
    """The same workbook, on whose sheets no charts, pictures and notes stand."""
    return _without(DRAWINGS, book)


def _cells_alone(book: bytes) -> bytes:
    """The same cells without what LibreOffice need not read: a third of its time."""
    return _without(BESIDE_THE_CELLS, book)


def _without(pattern: re.Pattern[bytes], book: bytes) -> bytes:
    """The workbook without what matches in its sheets."""
    lean = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as archive, zipfile.ZipFile(lean, "w") as out:
        for part in archive.infolist():
            content = archive.read(part)
            is_sheet = part.filename.startswith("xl/worksheets/sheet")
            out.writestr(part, pattern.sub(b"", content) if is_sheet else content)
    return lean.getvalue()


def saved_again(book: bytes) -> bytes:
    """The workbook after LibreOffice opened, recalculated and saved it; raises as `stored_and_recalculated` does."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "before.xlsx", Path(folder) / "after.xlsx"
        before.write_bytes(book)
        number = desk().ask("open", str(before))
        desk().ask("save", number, str(after), ".xlsx")
        desk().ask("close", number)
        return after.read_bytes()


def printed_pages(book: bytes, sheet: str | None = None) -> list[str]:
    """The text of each page that LibreOffice prints of the workbook, or of one of its sheets; raises as above."""
    with tempfile.TemporaryDirectory() as folder:
        file, pages = Path(folder) / "book.xlsx", Path(folder) / "book.pdf"
        file.write_bytes(book)
        number = desk().ask("open", str(file), False)
        desk().ask("print", number, str(pages), sheet)
        desk().ask("close", number)
        text = subprocess.run(["pdftotext", "-layout", str(pages), "-"], check=True, capture_output=True).stdout
    return [page for page in text.decode("utf-8").split("\f") if page.strip()]
