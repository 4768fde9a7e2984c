"""One button of the add-in, as Excel starts it: `python -E -P -m addin.run refresh --lang=nl --book=0041…`.

    Excel (AccountplanLauncher) -> run -> live_book (the open workbook) -> macros (what the button does)

The name of the workbook comes in hexadecimals and is only ever compared with the names of open workbooks; the button
is one of a fixed list. Excel hears from this process nothing but its exit code, so everything is said in a window.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import traceback
from collections.abc import Sequence

from addin.telling import show_window, told, write_log
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
        press(given.button, given.book, given.lang)
    except AccountplanError as fault:
        if not fault.told:
            show_window(fault.text(given.lang))
    except Exception:  # anything else would end in a window that closes before it is read
        log = write_log(given.button, traceback.format_exc())
        show_window(say("button_failed", given.lang, log=log))
    return 0


def book_name(hexadecimals: str) -> str:
    """The name that `HexOf` in AccountplanWords wrote: four hexadecimals for each UTF-16 unit."""
    return bytes.fromhex(hexadecimals).decode("utf-16-be", "surrogatepass")


def press(button: str, book: str | None = None, language: str = "nl") -> None:
    """Do what `button` does with the open workbook named `book`; raises `AccountplanError`, told in Excel already.

    Without a name: with the workbook that is in front, so that a terminal can do what a button does. `language` is that
    of the messages when the workbook does not say.
    """
    if button not in BUTTONS:
        raise InputError(Problem("button_unknown", button=button, known=", ".join(BUTTONS)))
    live_book = importlib.import_module("addin.live_book")
    opened = live_book.active_book() if book is None else live_book.open_book(book)
    with told(opened, button, language):
        getattr(importlib.import_module("addin.macros"), button)(opened)


if __name__ == "__main__":
    sys.exit(main())
