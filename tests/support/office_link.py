"""The line to a headless LibreOffice in a helper process (`office_host.py`), and the count of what crosses it."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

HOST = Path(__file__).with_name("office_host.py")
STOP_SECONDS = 20


class OfficeMissing(RuntimeError):
    """LibreOffice is part of the test set-up and is not there."""


class OfficeError(Exception):
    """LibreOffice did not do what was asked; `kind` is the name of its own exception."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        super().__init__(f"{kind}: {text}")


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


@cache
def office_python() -> str:
    """The Python that has LibreOffice's `uno`; raises `OfficeMissing` with what to do when there is none."""
    beside = Path(soffice()).resolve().parent
    names = (beside / "python", beside / "python.exe", beside.parent / "Resources" / "python")
    for program in (*map(str, names), "/usr/bin/python3", sys.executable):
        if Path(program).is_file():
            done = subprocess.run([program, "-c", "import uno"], capture_output=True, check=False)
            if done.returncode == 0:
                return program
    raise OfficeMissing(
        "No Python with LibreOffice's 'uno' was found: the macros are tested on a live spreadsheet. Install it "
        "(Debian and Ubuntu: sudo apt-get install python3-uno; elsewhere it comes with LibreOffice)."
    )


class OfficeLink:
    """One LibreOffice; `ask` names a method of `office_host.Desk`."""

    def __init__(self) -> None:
        soffice()
        self.process = subprocess.Popen([office_python(), str(HOST)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, name: str, *args: Any) -> Any:
        """The answer; raises `OfficeError`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        pickle.dump((name, args), self.process.stdin)
        self.process.stdin.flush()
        done, *answer = pickle.load(self.process.stdout)
        if not done:
            raise OfficeError(*answer)
        return answer[0]

    def stop(self) -> None:
        """Close LibreOffice; the helper does so when its stdin closes."""
        if self.process.poll() is None:
            self.process.communicate(timeout=STOP_SECONDS)
