"""Excel's own protection, against stand-ins for the two object models: nothing of this was run in Microsoft Excel.

The stand-ins are as strict as the real ones about names: Worksheet.Protect has these parameters and no other, and
AppleScript's words are those of the dictionary of Excel that xlwings ships.
"""

from __future__ import annotations

from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest
from xlwings import mac_dict

from addin.host import HOSTS, MacExcel, WindowsExcel, host_of
from workbook_builder.errors import InputError

ALLOWS = (
    "AllowFormattingCells", "AllowFormattingColumns", "AllowFormattingRows", "AllowInsertingColumns",
    "AllowInsertingRows", "AllowInsertingHyperlinks", "AllowDeletingColumns", "AllowDeletingRows", "AllowSorting",
    "AllowFiltering", "AllowUsingPivotTables",
)  # fmt: skip


class Protection:
    """Excel's Protection object."""

    __slots__ = ALLOWS

    def __init__(self, allowed: set[str]) -> None:
        for flag in ALLOWS:
            setattr(self, flag, flag in allowed)


class Worksheet:
    """The part of Excel's Worksheet that has to do with protection."""

    def __init__(self, password: str = "") -> None:
        self.password = password
        self.ProtectContents = self.ProtectDrawingObjects = self.ProtectScenarios = self.ProtectionMode = False
        self.Protection = Protection(set())

    def Protect(
        self, Password: str, DrawingObjects: bool, Contents: bool, Scenarios: bool, UserInterfaceOnly: bool,
        **allows: bool,
    ) -> None:  # fmt: skip
        assert set(allows) <= set(ALLOWS)
        assert Password == ""
        self.ProtectDrawingObjects, self.ProtectContents = DrawingObjects, Contents
        self.ProtectScenarios, self.ProtectionMode = Scenarios, UserInterfaceOnly
        self.Protection = Protection({flag for flag, allowed in allows.items() if allowed})

    def Unprotect(self, Password: str) -> None:
        if Password != self.password:
            raise OSError("The password you supplied is not correct.")
        self.ProtectContents = self.ProtectDrawingObjects = self.ProtectScenarios = self.ProtectionMode = False
        self.Protection = Protection(set())


def test_excel_for_windows_gets_its_protection_back_flag_for_flag():
    excel, host = Worksheet(), WindowsExcel()
    ours = {"AllowFormattingColumns": True, "AllowFormattingRows": True, "AllowFiltering": True}
    excel.Protect(Password="", DrawingObjects=True, Contents=True, Scenarios=False, UserInterfaceOnly=True, **ours)
    sheet = SimpleNamespace(api=excel)
    state = host.state(sheet)
    host.lift(sheet)
    assert not excel.ProtectContents
    assert host.state(sheet) is None
    host.restore(sheet, state)
    assert (excel.ProtectContents, excel.ProtectDrawingObjects, excel.ProtectScenarios) == (True, True, False)
    assert excel.ProtectionMode is True
    assert {flag for flag in ALLOWS if getattr(excel.Protection, flag)} == set(ours)


def test_a_password_stops_excel_for_windows():
    excel = Worksheet(password="geheim")
    excel.ProtectContents = True
    with pytest.raises(OSError, match="password"):
        WindowsExcel().lift(SimpleNamespace(api=excel))
    assert excel.ProtectContents


class AppleScript:
    """A sheet over AppleScript: every word must stand in Excel's dictionary; remembers what was commanded."""

    properties = frozenset(name for name, _ in mac_dict.properties)
    commands = MappingProxyType({name: {word for word, _ in parameters} for name, _, parameters in mac_dict.commands})

    def __init__(self, answer: Any, said: list[Any]) -> None:
        self.answer, self.said = answer, said

    def __getattr__(self, word: str) -> Any:
        if word == "get":
            return lambda: self.answer
        if word in self.commands:
            return lambda **options: self._command(word, options)
        assert word in self.properties, f"'{word}' is no word of Excel for macOS"
        return AppleScript(self.answer, self.said)

    def _command(self, word: str, options: dict[str, Any]) -> None:
        assert set(options) <= self.commands[word], f"'{word}' has no parameter {set(options) - self.commands[word]}"
        self.said.append((word, options))


def test_excel_for_macos_is_asked_in_words_of_its_dictionary():
    said: list[Any] = []
    sheet, host = SimpleNamespace(api=AppleScript(True, said)), MacExcel()
    state = host.state(sheet)
    host.lift(sheet)
    host.restore(sheet, state)
    assert said[0] == ("unprotect", {"password": ""})
    word, options = said[1]
    assert (word, options.pop("password")) == ("protect_worksheet", "")
    assert len(options) == 15
    assert set(options.values()) == {True}


def test_an_unprotected_sheet_of_excel_for_macos_has_no_protection():
    assert MacExcel().state(SimpleNamespace(api=AppleScript(False, []))) is None


def test_a_program_that_is_not_known_is_named():
    assert host_of("excel") is HOSTS["excel"]
    with pytest.raises(InputError, match="works in Excel and not in 'remote'"):
        host_of("remote")


@pytest.mark.parametrize(
    ("told", "folder"),
    [
        (r"C:\Klanten\Jan & Co", r"C:\Klanten\Jan & Co"),
        ("https://bedrijf.sharepoint.com/sites/sales", "https://bedrijf.sharepoint.com/sites/sales"),
        ("", ""),
        (None, ""),
    ],
)
def test_excel_for_windows_tells_the_folder_of_a_book(told, folder):
    assert WindowsExcel().folder(SimpleNamespace(api=SimpleNamespace(Path=told))) == folder


@pytest.mark.parametrize(
    ("told", "folder"),
    [
        ("/Users/jan/Plannen: 2027", "/Users/jan/Plannen: 2027"),
        ("Macintosh HD:Users:jan:Plannen", "/Volumes/Macintosh HD/Users/jan/Plannen"),
        ("https://bedrijf.sharepoint.com/sites/sales", "https://bedrijf.sharepoint.com/sites/sales"),
        ("", ""),
    ],
)
def test_excel_for_macos_tells_the_folder_of_a_book_in_either_spelling(told, folder):
    assert MacExcel().folder(SimpleNamespace(api=AppleScript(told, []))) == folder
