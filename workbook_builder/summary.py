"""`accountplan summary`: the shortened plan of a closed workbook as a PDF, printed by LibreOffice.

    path --> the sheet of chapter 8 --> a copy with only that sheet --> LibreOffice --> PDF beside the plan

The plan itself is only read. LibreOffice gets the copy on a profile of its own, in which macros do not run and links to
other files are not followed. It prints the values that the plan holds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from workbook_builder.closed_plan import Places
from workbook_builder.errors import InputError, Problem
from workbook_builder.files import LARGEST
from workbook_builder.saved.book import SavedBook
from workbook_builder.saved.markup import edited, without
from workbook_builder.saved.ranges import parse_reference
from workbook_builder.summary_file import keep_pdf, summary_stem

CHAPTER, UNSEEN = "summary", "_summary"  # the second is what other chapters read of a plan without it
FORMULA = ("worksheet", "sheetData", "row", "c", "f")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SECONDS = 180  # for one plan; it takes about five
PLACES = {
    "win32": [
        r"%ProgramFiles%\LibreOffice\program\soffice.exe",
        r"%ProgramFiles(x86)%\LibreOffice\program\soffice.exe",
    ],
    "darwin": ["/Applications/LibreOffice.app/Contents/MacOS/soffice"],
}  # where it is installed, for a system that does not find it by name
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{locale}</value></prop></item>
</oor:items>
"""
LOCALES = {"nl": "nl-NL", "en": "en-GB"}  # how numbers are written


def summarise(path: Path, folder: Path | None = None) -> Path:
    """Print chapter 8 of a plan to a PDF in `folder` (default: beside the plan), and give its path.

    Raises `InputError` for a file that is no plan of ours, and where LibreOffice is not there or fails.
    """
    program = libreoffice()
    content = _read(path)
    book = SavedBook(content, path)
    facts = Places(book).facts()
    if facts is None:
        raise InputError(Problem("plan_not_ours", file=path))
    pages = printed(program, with_only(book, summary_sheet(book)), LOCALES.get(facts["language"], "en-GB"), path)
    stem = summary_stem(facts["account_id"], int(facts["year"]), facts["language"])
    return keep_pdf(folder or path.parent, stem, pages)


def libreoffice() -> str:
    """The LibreOffice program; raises `InputError` with the other ways to a PDF when there is none."""
    found = next(filter(None, map(shutil.which, ("soffice", "libreoffice"))), None)
    known = [Path(os.path.expandvars(place)) for place in PLACES.get(sys.platform, ())]
    installed = next((str(place) for place in known if place.is_file()), None)
    if not (found or installed):
        raise InputError(Problem("summary_no_libreoffice"))
    return found or installed or ""


def summary_sheet(book: SavedBook) -> str:
    """The name of the sheet with chapter 8; raises `InputError` when no name leads to it any more."""
    for name, refers in book.names().items():
        area = parse_reference(refers) if name.startswith(f"{CHAPTER}.") else None
        if area is not None and area.sheet in book.sheets and area.sheet != UNSEEN:
            return area.sheet
    raise InputError(Problem("summary_sheet_gone", file=book.package.file))


def with_only(book: SavedBook, sheet: str) -> bytes:
    """The workbook with this sheet as it looks now, values for formulas, and all others empty; for a printer only.

    An empty sheet is not printed and not counted, a hidden one would be (LibreOffice 7.4).
    """
    package = book.package
    for name, part in book.sheets.items():
        if name == sheet:
            formulas = [each for each in package.elements(part) if each.path == FORMULA]
            package.put(part, edited(package.part(part), map(without, formulas)))
        else:
            kind = package.elements(part)[0].name
            package.put(part, f'<{kind} xmlns="{MAIN}">{"<sheetData/>" * (kind == "worksheet")}</{kind}>'.encode())
            if package.rels(part) in package:  # its notes would be printed all the same
                package.drop(package.rels(part))
    return package.to_bytes()


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(Problem("plan_too_large", file=path))
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise InputError(Problem("plan_absent", file=path)) from None
    except OSError as fault:
        raise InputError(Problem("plan_damaged", file=path, fault=fault.strerror)) from None


def printed(program: str, workbook: bytes, locale: str, path: Path) -> bytes:
    """The PDF that LibreOffice makes of a workbook."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        user = work / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(SETTINGS.format(locale=locale), "utf-8")
        (work / "plan.xlsx").write_bytes(workbook)
        profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", name]
        try:
            subprocess.run([*command, str(work / "plan.xlsx")], capture_output=True, timeout=SECONDS, check=False)
            return (work / "plan.pdf").read_bytes()
        except (OSError, subprocess.TimeoutExpired) as fault:
            reason = getattr(fault, "strerror", None) or type(fault).__name__
            raise InputError(Problem("summary_not_printed", file=path, fault=reason)) from None
