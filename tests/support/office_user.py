"""A plan -> the same plan after somebody worked in it: LibreOffice does what a person would do, and saves it.

An edit is the name of a method of `office_host.Desk` with its arguments after the book: ("rename_sheet", "Start",
"Begin"). LibreOffice moves formulas and names along as Excel does.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from office import desk, without_charts

Edit = tuple[Any, ...]


class OfficeUser:
    """Somebody in LibreOffice; protection comes off first, as a user who wants to change a form does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def edits(self, plan: bytes, edits: Iterable[Edit]) -> bytes:
        """The plan after these edits, without its charts: LibreOffice takes as long for those as for the cells."""
        before, after = self.folder / "before.xlsx", self.folder / "after.xlsx"
        before.write_bytes(without_charts(plan))
        book = desk().ask("open", str(before))
        for sheet in desk().ask("sheets", book):
            desk().ask("unprotect", book, sheet, "")
        for name, *arguments in edits:
            desk().ask(name, book, *arguments)
        desk().ask("save", book, str(after), ".xlsx")
        desk().ask("close", book)
        return after.read_bytes()
