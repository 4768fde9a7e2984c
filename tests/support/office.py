"""Workbooks -> the same workbooks recalculated by headless LibreOffice, many at once.

LibreOffice trusts the values that a file stores; a private profile tells it to recalculate every formula on load,
else it would only repeat what it is asked to judge.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from workbook_cells import Cells, read_cells

SECONDS = 300  # for one batch; a start takes about two seconds, a plan about one
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
    """{key: the cells of that workbook after a full recalculation}; half of the books on each of two processors.

    Raises `OfficeMissing` without LibreOffice and `RuntimeError` when it gives no answer for one of the workbooks.
    """
    return {key: read_cells(book) for key, book in saved_again(books).items()}


def saved_again(books: Mapping[str, bytes]) -> dict[str, bytes]:
    """{key: that workbook opened, recalculated and saved}; raises as `recalculated` does."""
    program, keys = soffice(), list(books)
    halves = [half for half in (keys[::2], keys[1::2]) if half]
    with ThreadPoolExecutor(len(halves)) as pool:
        answers = list(pool.map(lambda half: _one_start(program, {key: books[key] for key in half}), halves))
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
