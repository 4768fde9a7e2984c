"""One button of the add-in, as Excel starts it: `python -E -P -m addin.run refresh --lang=nl --book=0041…`.

    Excel (AccountplanLauncher) -> run -> live_book (the open workbook) -> macros (what the button does)

The name of the workbook comes in hexadecimals and is only ever compared with the names of open workbooks; the button
is one of a fixed list. Excel hears from this process nothing but its exit code, so everything is said in a window.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import traceback
from collections.abc import Sequence

from workbook_builder.errors import AccountplanError, InputError, Problem, say

BUTTONS = (
    "refresh",
    "check",
    "drill_down",
    "add_row",
    "summary",
    "hold_review",
    "approve",
    "open_folder",
    "help",
    "about",
)


def main(words: Sequence[str] | None = None) -> int:
    """Press the button that `words` name, for Excel; gives 0 once the user has been told whatever there is to tell."""
    parser = argparse.ArgumentParser(prog="addin.run")
    parser.add_argument("button", choices=BUTTONS)
    parser.add_argument("--lang", choices=("nl", "en"), default="nl")
    parser.add_argument("--book", type=book_name, default="")
    given = parser.parse_args(words)
    try:
        if not given.book:
            raise InputError(Problem("button_no_book"))
        press(given.button, given.book)
    except AccountplanError as fault:
        tell(fault.text(given.lang))
    except Exception:  # anything else would end in a window that closes before it is read
        tell(say("button_failed", given.lang, log=write_log(traceback.format_exc())))
    return 0


def book_name(hexadecimals: str) -> str:
    """The name that `HexOf` in AccountplanWords wrote: four hexadecimals for each UTF-16 unit."""
    return bytes.fromhex(hexadecimals).decode("utf-16-be", "surrogatepass")


def press(button: str, book: str | None = None) -> None:
    """Do what `button` does with the open workbook named `book`; raises `AccountplanError`.

    Without a name: with the workbook that is in front, so that a terminal can do what a button does.
    """
    if button not in BUTTONS:
        raise InputError(Problem("button_unknown", button=button, known=", ".join(BUTTONS)))
    live_book = importlib.import_module("addin.live_book")
    opened = live_book.active_book() if book is None else live_book.open_book(book)
    getattr(importlib.import_module("addin.macros"), button)(opened)


def tell(sentence: str) -> None:
    """Show a sentence in a window of its own, without Excel; where there are no windows, on stderr."""
    if sys.platform == "win32":
        import ctypes

        warning_in_front = 0x30 | 0x10000
        ctypes.windll.user32.MessageBoxW(None, sentence, "Accountplan", warning_in_front)
    elif sys.platform == "darwin":
        # The sentence goes along as an argument: in the script itself it could be a command.
        script = ["on run argv", 'display alert "Accountplan" message (item 1 of argv)', "end run"]
        lines = [word for line in script for word in ("-e", line)]
        subprocess.run(["/usr/bin/osascript", *lines, sentence], check=False)
    else:
        print(sentence, file=sys.stderr)


def write_log(details: str) -> str:
    """Add `details` to our log and give its path; "-" when it cannot be written."""
    from addin.machine import Machine

    path = Machine.here().own_folder / "accountplan.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(details)
    except OSError:
        return "-"
    return str(path)


if __name__ == "__main__":
    sys.exit(main())
