"""Workbooks -> the same workbooks recalculated by headless LibreOffice, many at once.

LibreOffice trusts the values that a file stores; a private profile tells it to recalculate every formula on load,
else it would only repeat what it is asked to judge.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from workbook_cells import Cells, read_cells

SECONDS = 300  # for one batch; a start takes about two seconds, a plan four or five
PLANS_A_START = 8
BESIDE_THE_CELLS = re.compile(
    rb"<conditionalFormatting .*?</conditionalFormatting>|<dataValidations .*?</dataValidations>"
    rb"|<hyperlinks>.*?</hyperlinks>|<mergeCells .*?</mergeCells>|<drawing [^>]*/>|<legacyDrawing [^>]*/>",
    re.DOTALL,
)
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


class OfficeMissing(RuntimeError):
    """LibreOffice is part of the test set-up and is not there."""


def soffice() -> str:
    """The LibreOffice program; raises `OfficeMissing` with what to do when there is none."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return found
    raise OfficeMissing(
        "LibreOffice was not found: the tests recalculate every workbook with it. Install it (Debian and Ubuntu: "
        "sudo apt-get install libreoffice-calc; Windows and Mac: www.libreoffice.org) and put soffice on the PATH."
    )


def recalculated(books: Mapping[str, bytes]) -> dict[str, Cells]:
    """{key: the cells of that workbook after a full recalculation}, worked out without its looks, charts and lists.

    Raises `OfficeMissing` without LibreOffice and `RuntimeError` when it gives no answer for one of the workbooks.
    """
    lean = {key: _cells_alone(book) for key, book in books.items()}
    return {key: read_cells(book) for key, book in saved_again(lean).items()}


def _cells_alone(book: bytes) -> bytes:
    """The same cells without what LibreOffice need not read and write: a third of its time."""
    lean = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as archive, zipfile.ZipFile(lean, "w") as out:
        for part in archive.infolist():
            content = archive.read(part)
            is_sheet = part.filename.startswith("xl/worksheets/sheet")
            out.writestr(part, BESIDE_THE_CELLS.sub(b"", content) if is_sheet else content)
    return lean.getvalue()


def saved_again(books: Mapping[str, bytes]) -> dict[str, bytes]:
    """{key: that workbook opened, recalculated and saved}, two at once; raises as `recalculated` does."""
    program, keys = soffice(), list(books)
    size = min(PLANS_A_START, (len(keys) + 1) // 2)
    batches = [keys[start : start + size] for start in range(0, len(keys), size)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda batch: _one_start(program, {key: books[key] for key in batch}), batches))
    return {key: book for answer in answers for key, book in answer.items()}


def _one_start(program: str, books: Mapping[str, bytes]) -> dict[str, bytes]:
    """The books after one start of LibreOffice on a profile of its own."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        settings = work / "profile" / "user"
        settings.mkdir(parents=True)
        (settings / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, "utf-8")
        (work / "in").mkdir()
        files = {key: work / "in" / f"{number:04}.xlsx" for number, key in enumerate(books)}
        for key, file in files.items():
            file.write_bytes(books[key])
        profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
        convert = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(work / "out")]
        command = [program, profile, "--headless", *convert, *map(str, files.values())]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        missing = [key for key, file in files.items() if not (work / "out" / file.name).exists()]
        if missing:
            raise RuntimeError(f"LibreOffice gave no answer for {missing}: {done.stdout}{done.stderr}")
        return {key: (work / "out" / file.name).read_bytes() for key, file in files.items()}
