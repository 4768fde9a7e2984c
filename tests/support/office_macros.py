"""Macros of a workbook, run in headless LibreOffice, and what they wrote to a file while they ran.

LibreOffice starts on a private profile with one macro of its own, the driver: it opens the workbook with macros
allowed, calls what it is told to, and ends LibreOffice. The macros under test say something by calling `Heard`, of
the module that `recorder` gives.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from office_link import soffice

SECONDS = 120  # for one start with all its calls; it takes about three
LIBRARY = "Standard"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE {0} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}">
"""
NAMESPACES = 'xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"'
# The profile counts as set up: else the first start would put its own library in the place of the driver.
SET_UP = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/Office">
<prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True)
class Call:
    """A Sub to run: its module, its name, and the arguments written as Basic ("Nothing", "17")."""

    module: str
    name: str
    arguments: str = ""


def recorder(folder: Path) -> str:
    """The text of a VBA module with `Heard`, which writes what it is given to a file in `folder`."""
    return f'''Attribute VB_Name = "Recorder"
Option Explicit
Public Sub Heard(ByVal words As String)
    Dim file As Integer
    file = FreeFile
    Open "{folder / "heard.txt"}" For Append As #file
    Print #file, words
    Close #file
End Sub
'''


def heard(folder: Path, workbook: bytes, project: str, calls: Sequence[Call], name: str = "plan.xlsm") -> list[str]:
    """The lines that the calls wrote, in order; raises RuntimeError when one of them could not run."""
    book = folder / name
    book.write_bytes(workbook)
    with tempfile.TemporaryDirectory() as profile:
        _write_driver(Path(profile) / "user", _driver(book, project, calls, folder / "heard.txt"))
        where = f"-env:UserInstallation={Path(profile).as_uri()}"
        command = [soffice(), where, "--headless", "--norestore", f"macro:///{LIBRARY}.Driver.Main"]
        subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
    try:
        lines = (folder / "heard.txt").read_text("utf-8").splitlines()
    except FileNotFoundError:
        raise RuntimeError("LibreOffice ran no macro at all") from None
    failures = [line for line in lines if line.startswith("FAILED ")]
    if failures:
        raise RuntimeError(failures[0])
    return lines


def _driver(book: Path, project: str, calls: Sequence[Call], out: Path) -> str:
    lines = []
    for call in calls:
        url = f"vnd.sun.star.script:{project}.{call.module}.{call.name}?language=Basic&location=document"
        lines += [f'  script = doc.getScriptProvider().getScript("{url}")']
        lines += [f"  script.invoke(Array({call.arguments}), Array(), Array())"]
    return "\n".join(
        [
            "Sub Main",
            "  On Error Goto failed",
            "  Dim how(0) As New com.sun.star.beans.PropertyValue",
            '  how(0).Name = "MacroExecutionMode" : how(0).Value = 4',  # run them, and do not ask
            f'  doc = StarDesktop.loadComponentFromURL("{book.as_uri()}", "_blank", 0, how())',
            *lines,
            "  doc.close(True)",
            "  StarDesktop.terminate()",
            "  Exit Sub",
            "failed:",
            f'  Open "{out}" For Append As #1',
            '  Print #1, "FAILED " & Err & " " & Error',
            "  Close #1",
            "  StarDesktop.terminate()",
            "End Sub",
        ]
    )


def _write_driver(user: Path, basic: str) -> None:
    """A profile whose library Standard holds the driver."""
    library = user / "basic" / LIBRARY
    library.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(SET_UP, "utf-8")
    for kind, element in (("script", '<library:element library:name="Driver"/>'), ("dialog", "")):
        place = f'xlink:href="$(USER)/basic/{LIBRARY}/{kind}.xlb/" xlink:type="simple" library:link="false"'
        listed = f'<library:library library:name="{LIBRARY}" {place}/>'
        libraries = f"<library:libraries {NAMESPACES}>{listed}</library:libraries>"
        (user / "basic" / f"{kind}.xlc").write_text(
            HEAD.format("library:libraries", "libraries.dtd") + libraries, "utf-8"
        )
        flags = 'library:readonly="false" library:passwordprotected="false"'
        one = f'<library:library {NAMESPACES} library:name="{LIBRARY}" {flags}>{element}</library:library>'
        (library / f"{kind}.xlb").write_text(HEAD.format("library:library", "library.dtd") + one, "utf-8")
    script = 'xmlns:script="http://openoffice.org/2000/script" script:name="Driver" script:language="StarBasic"'
    module = f"<script:module {script}>{escape(basic)}</script:module>"
    (library / "Driver.xba").write_text(HEAD.format("script:module", "module.dtd") + module, "utf-8")
