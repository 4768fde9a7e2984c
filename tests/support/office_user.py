"""A plan -> the same plan after somebody worked in it: LibreOffice does what a person would do, and saves it.

An edit is the name of a method of `office_host.Desk` with its arguments after the book: ("rename_sheet", "Start",
"Begin"). LibreOffice moves formulas and names along as Excel does.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from office_link import OfficeLink

Edit = tuple[Any, ...]


class OfficeUser:
    """Somebody with one LibreOffice; protection comes off first, as a user who wants to change a form does."""

    def __init__(self, folder: Path) -> None:
        self.link, self.folder = OfficeLink(), folder

    def edits(self, plan: bytes, edits: Iterable[Edit]) -> bytes:
        """The plan after these edits."""
        before, after = self.folder / "before.xlsx", self.folder / "after.xlsx"
        before.write_bytes(plan)
        book = self.link.ask("open", str(before))
        for sheet in self.link.ask("sheets", book):
            self.link.ask("unprotect", book, sheet, "")
        for name, *arguments in edits:
            self.link.ask(name, book, *arguments)
        self.link.ask("save", book, str(after), ".xlsx")
        self.link.ask("close", book)
        return after.read_bytes()
