"""Workbooks -> the values that IronCalc gives them: a second engine, with another author and another language.

It lacks nothing that the plans use today. Should a plan ever need what it lacks, name that cell and the reason
here, one by one; a tolerance for all cells would hide real faults.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ironcalc
from workbook_cells import ErrorValue, position, sheet_parts

LOCALE, TIME_ZONE, LANGUAGE = "en", "UTC", "en"
FIRST_OF_ERROR = "#"
CONDITIONAL_FORMATS = re.compile(rb"<conditionalFormatting .*?</conditionalFormatting>", re.DOTALL)


def evaluated(book: bytes) -> Callable[[str, str], Any]:
    """A function that gives the value of (sheet, address) after IronCalc evaluated the whole workbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(_without_conditional_formats(book))
        model = ironcalc.load_from_xlsx(str(path), LOCALE, TIME_ZONE, LANGUAGE)
    model.evaluate()
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        numbers = {name: number for number, name in enumerate(sheet_parts(archive))}

    def value(sheet: str, at: str) -> Any:
        column, row = position(at)
        found = model.get_cell_value(numbers[sheet], row, column)
        return ErrorValue(found) if isinstance(found, str) and found.startswith(FIRST_OF_ERROR) else found

    return value


def _without_conditional_formats(book: bytes) -> bytes:
    """The same cells: IronCalc also works out every conditional format, which takes over a minute a plan."""
    lean = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as archive, zipfile.ZipFile(lean, "w") as out:
        for part in archive.infolist():
            out.writestr(part, CONDITIONAL_FORMATS.sub(b"", archive.read(part)))
    return lean.getvalue()
