"""What the user hears of a button: one message in Excel in the language of the plan, and the details in a log file.

A window of our own says it when Excel cannot, for example while a cell is being edited.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import subprocess
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_builder import __version__
from workbook_builder.errors import AccountplanError, InputError, Problem

if TYPE_CHECKING:
    from addin.live_book import LiveBook

LONGEST_LOG = 1 << 20  # bytes; what is older goes to a second file
LANGUAGES = ("nl", "en")


@contextlib.contextmanager
def told(live: LiveBook, button: str, otherwise: str = LANGUAGES[0]) -> Iterator[None]:
    """Whatever goes wrong inside is logged and shown in Excel, once, and raised as an error that is `told`.

    Raises `AccountplanError` only: of a fault in the program the user reads where the details are. `otherwise` is the
    language for a book that does not say which it has.
    """
    try:
        yield
    except AccountplanError as fault:
        if not fault.told:
            write_log(button, *map(repr, fault.problems), *_cause(fault))
            fault.told = tell(live, fault.text(language(live, otherwise)))
        raise
    except Exception as fault:
        log = write_log(button, traceback.format_exc())
        problem = InputError(Problem("button_failed", log=log))
        problem.told = tell(live, problem.text(language(live, otherwise)))
        raise problem from fault


def _cause(fault: BaseException) -> list[str]:
    cause = fault.__cause__
    return ["".join(traceback.format_exception(cause))] if cause is not None else []


def tell_notes(live: LiveBook, button: str, notes: Sequence[Problem]) -> None:
    """Show how it went, and log it; a message that cannot be shown undoes nothing."""
    write_log(button, *map(repr, notes))
    tell(live, "\n".join(note.text(language(live)) for note in notes))


def tell(live: LiveBook, text: str) -> bool:
    """Show a message in Excel, or in a window of our own when Excel is busy; gives True."""
    try:
        live.alert(text)
    except Exception:  # whatever keeps Excel from it, the user has to know
        show_window(text)
    return True


def language(live: LiveBook, otherwise: str = LANGUAGES[0]) -> str:
    """The language of the plan; `otherwise` when the book does not say."""
    try:
        spoken = live.facts()["language"]
    except Exception:  # it is no plan, or Excel does not answer: that is not what has to be told
        return otherwise
    return spoken if spoken in LANGUAGES else otherwise


def show_window(text: str) -> None:
    """Show a message in a window of its own, without Excel; where there are no windows, on stderr."""
    if sys.platform == "win32":
        import ctypes

        warning_in_front = 0x30 | 0x10000
        ctypes.windll.user32.MessageBoxW(None, text, "Accountplan", warning_in_front)
    elif sys.platform == "darwin":
        # The text goes along as an argument: in the script itself it could be a command.
        script = ["on run argv", 'display alert "Accountplan" message (item 1 of argv)', "end run"]
        lines = [word for line in script for word in ("-e", line)]
        subprocess.run(["/usr/bin/osascript", *lines, text], check=False)
    else:
        print(text, file=sys.stderr)


def write_log(button: str, *details: str) -> str:
    """Add what happened to our log, with the time, and give its path; "-" when it cannot be written."""
    from addin.machine import Machine

    path = Machine.here().own_folder / "accountplan.log"
    head = f"{dt.datetime.now():%Y-%m-%d %H:%M:%S} accountplan {__version__} {button}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_room(path)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write("\n    ".join([head, *(line for text in details for line in text.splitlines())]) + "\n")
    except OSError:
        return "-"
    return str(path)


def _make_room(path: Path) -> None:
    if path.exists() and path.stat().st_size > LONGEST_LOG:
        path.replace(path.with_suffix(".old.log"))
