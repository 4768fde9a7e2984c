"""Lifting and restoring the protection of a sheet, and the folder of a book: what xlwings leaves to the program.

Only this module uses `.api`. `HOSTS` names the program by xlwings' name of the engine; Excel differs between Windows
(COM) and macOS (AppleScript). An adapter does four small things and keeps no state; `live_book.quiet` sees to it
that what was lifted is restored.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from typing import Any, Protocol

from workbook_builder.errors import InputError, Problem

NO_PASSWORD = ""  # given all the same: without one Excel asks the user for it
PARTS = ("drawing_objects", "contents", "scenarios")
ALLOWED = (
    "formatting_cells", "formatting_columns", "formatting_rows",
    "inserting_columns", "inserting_rows", "inserting_hyperlinks",
    "deleting_columns", "deleting_rows", "sorting", "filtering",
)  # fmt: skip
PIVOT_TABLES = "using_pivot_tables"
FOR_PEOPLE_ONLY = "user_interface_only"  # macros may then write; holds until the book is closed


class Host(Protocol):
    """What a program must be able to do with the protection of an `xlwings.Sheet` and the folder of a book."""

    def state(self, sheet: Any) -> Mapping[str, bool] | None:
        """What is protected and what stays allowed; None when the sheet is not protected."""

    def lift(self, sheet: Any) -> None:
        """Lift the protection; raises when it has a password."""

    def restore(self, sheet: Any, state: Mapping[str, bool]) -> None:
        """Protect the sheet again as `state` says, without a password."""

    def folder(self, book: Any) -> str:
        """The folder of an `xlwings.Book`, or its address on the web; "" when it was never saved."""


class WindowsExcel:
    """Excel for Windows: Worksheet.Protect and its neighbours, over COM."""

    def state(self, sheet: Any) -> Mapping[str, bool] | None:
        """Fifteen flags, each a question to Excel; the first tells whether the rest matters."""
        excel = sheet.api
        if not excel.ProtectContents:
            return None
        allows = excel.Protection
        return {
            "contents": True,
            "drawing_objects": bool(excel.ProtectDrawingObjects),
            "scenarios": bool(excel.ProtectScenarios),
            FOR_PEOPLE_ONLY: bool(excel.ProtectionMode),
            **{flag: bool(getattr(allows, f"Allow{_pascal(flag)}")) for flag in (*ALLOWED, PIVOT_TABLES)},
        }

    def lift(self, sheet: Any) -> None:
        """Raises pywin32's com_error when the protection has a password."""
        sheet.api.Unprotect(NO_PASSWORD)

    def restore(self, sheet: Any, state: Mapping[str, bool]) -> None:
        """Protect with the same flags."""
        parts = {_pascal(part): state[part] for part in (*PARTS, FOR_PEOPLE_ONLY)}
        allowed = {f"Allow{_pascal(flag)}": state[flag] for flag in (*ALLOWED, PIVOT_TABLES)}
        sheet.api.Protect(Password=NO_PASSWORD, **parts, **allowed)

    def folder(self, book: Any) -> str:
        """Workbook.Path."""
        return str(book.api.Path or "")


class MacExcel:
    """Excel for macOS: `protect worksheet` and its neighbours, over AppleScript."""

    def state(self, sheet: Any) -> Mapping[str, bool] | None:
        """The same flags as on Windows, under their AppleScript names."""
        excel = sheet.api
        if not excel.protect_contents.get():
            return None
        allows = excel.protection_object
        return {
            "contents": True,
            "drawing_objects": bool(excel.protect_drawing_objects.get()),
            "scenarios": bool(excel.protect_scenarios.get()),
            FOR_PEOPLE_ONLY: bool(excel.protection_mode.get()),
            **{flag: bool(getattr(allows, f"allow_{flag}").get()) for flag in ALLOWED},
            PIVOT_TABLES: bool(allows.allow_using_pivot_table.get()),
        }

    def lift(self, sheet: Any) -> None:
        """Raises appscript's CommandError when the protection has a password."""
        sheet.api.unprotect(password=NO_PASSWORD)

    def restore(self, sheet: Any, state: Mapping[str, bool]) -> None:
        """Protect with the same flags."""
        sheet.api.protect_worksheet(
            password=NO_PASSWORD,
            worksheet_contents=state["contents"],
            drawing_objects=state["drawing_objects"],
            scenarios=state["scenarios"],
            user_interface_only=state[FOR_PEOPLE_ONLY],
            allow_using_pivot_table=state[PIVOT_TABLES],
            **{f"allow_{flag}": state[flag] for flag in ALLOWED},
        )

    def folder(self, book: Any) -> str:
        """The path of the workbook; one in the old spelling, "Disk:Users:jan", in that of today."""
        path = str(book.api.path.get() or "")
        return path if "/" in path or ":" not in path else "/Volumes/" + path.rstrip(":").replace(":", "/")


def _pascal(flag: str) -> str:
    return "".join(word.capitalize() for word in flag.split("_"))


HOSTS: dict[str, Host] = {"excel": MacExcel() if platform.system() == "Darwin" else WindowsExcel()}
"""{xlwings' name of an engine: how it is asked}."""


def host_of(engine: str) -> Host:
    """The adapter of an engine; raises `InputError` for a program that the add-in does not know."""
    if engine not in HOSTS:
        raise InputError(Problem("host_unknown", host=engine))
    return HOSTS[engine]
