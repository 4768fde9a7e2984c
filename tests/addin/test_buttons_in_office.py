"""The VBA of the add-in, run: each button's Sub, and the launcher with doubles in the place of Windows.

LibreOffice is not Excel; it shows that the text compiles and does what it says, not that Excel takes it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from office_macros import Call, heard, recorder

from addin.build import HERE, PROJECT_NAME, modules, project, ribbon
from addin.ovba import Module, code_module
from addin.package import add_macros, empty_workbook, read_parts, sheet_parts, write_parts
from addin.run import book_name

pytestmark = pytest.mark.office

BUTTONS = {
    "OnRefresh": "refresh",
    "OnCheck": "check",
    "OnDrillDown": "drill_down",
    "OnAddRow": "add_row",
    "OnSummary": "summary",
    "OnHoldReview": "hold_review",
    "OnApprove": "approve",
    "OnOpenFolder": "open_folder",
    "OnHelp": "help",
    "OnAbout": "about",
}
STUB = """Attribute VB_Name = "AccountplanLauncher"
Option Explicit
Public Sub RunPython(ByVal button As String)
    Heard "RunPython " & button
End Sub
Public Sub SayWords(ByVal bookName As String)
    Heard CommandWords("check", TEXT_LANGUAGE, bookName)
End Sub
Public Sub SayWordsOfBook()
    Heard CommandWords("check", TEXT_LANGUAGE, ActiveWorkbook.Name)
End Sub
"""
SHELL = """Attribute VB_Name = "FakeShell"
Attribute VB_Base = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = False
Attribute VB_Exposed = False
Attribute VB_TemplateDerived = False
Attribute VB_Customizable = False
Option Explicit
Public Function ExpandEnvironmentStrings(ByVal words As String) As String
    ExpandEnvironmentStrings = Replace(words, "%LOCALAPPDATA%", "C:\\Local")
End Function
Public Function Run(ByVal words As String, ByVal windowStyle As Integer, ByVal waits As Boolean) As Long
    Heard words & "|" & windowStyle & "|" & waits
    If FakeOutcome = "blocked" Then Err.Raise 70, , "Permission denied"
    If FakeOutcome = "failed" Then Run = 1
End Function
"""
FILES = (
    SHELL.split("Option Explicit")[0].replace("FakeShell", "FakeFiles")
    + """Option Explicit
Public Function FileExists(ByVal path As String) As Boolean
    FileExists = True
    If FakeOutcome = "not installed" And path = "C:\\Local\\Accountplan\\python.txt" Then FileExists = False
    If FakeOutcome = "python gone" And path = "C:\\Local\\venv\\python.exe" Then FileExists = False
End Function
Public Function OpenTextFile(ByVal path As String, ByVal how As Integer, ByVal make As Boolean, _
                             ByVal format As Integer) As Object
    Heard path & "|" & how & "|" & make & "|" & format
    Set OpenTextFile = New FakeText
End Function
"""
)
TEXT = (
    SHELL.split("Option Explicit")[0].replace("FakeShell", "FakeText")
    + """Option Explicit
Public Function ReadLine() As String
    ReadLine = "%LOCALAPPDATA%\\venv\\python.exe"
End Function
"""
)
DOUBLES = """Attribute VB_Name = "Doubles"
Option Explicit
Public FakeOutcome As String
Public Function MakeObject(ByVal name As String) As Object
    If name = "WScript.Shell" Then Set MakeObject = New FakeShell
    If name = "Scripting.FileSystemObject" Then Set MakeObject = New FakeFiles
End Function
Public Sub PressWith(ByVal outcome As String)
    FakeOutcome = outcome
    RunPython "refresh"
End Sub
"""


def workbook_with(*code: Module) -> bytes:
    return write_parts(add_macros(empty_workbook(), project(list(code), sheets=1), ribbon("nl"), "xlsm"))


def buttons_with_stub(folder: Path) -> bytes:
    kept = [module for module in modules("nl") if module.name != "AccountplanLauncher"]
    return workbook_with(*kept, code_module(STUB), code_module(recorder(folder)))


def launcher_for_windows(folder: Path) -> bytes:
    """The launcher as Windows compiles it, with doubles for the objects of Windows and for the message box."""
    text = (HERE / "vba" / "AccountplanLauncher.bas").read_text("ascii")
    text = re.sub(r"^ *#If Mac Then\n.*?^ *#Else\n(.*?)^ *#End If\n", r"\1", text, flags=re.DOTALL | re.MULTILINE)
    text = text.replace("CreateObject(", "MakeObject(").replace("MsgBox sentence, vbExclamation,", "Heard sentence & ")
    assert "Mac" not in text.split("Option Explicit")[1].replace("the Mac", "")
    kept = [module for module in modules("en") if module.name not in ("AccountplanLauncher", "AccountplanButtons")]
    doubles = [Module(name, source, "class") for name, source in
               (("FakeShell", SHELL), ("FakeFiles", FILES), ("FakeText", TEXT))]  # fmt: skip
    return workbook_with(*kept, code_module(text), code_module(DOUBLES), code_module(recorder(folder)), *doubles)


def test_every_button_issues_its_own_command_and_no_other(tmp_path):
    calls = [Call("AccountplanButtons", sub, "Nothing") for sub in BUTTONS]
    assert heard(tmp_path, buttons_with_stub(tmp_path), PROJECT_NAME, calls) == [
        f"RunPython {name}" for name in BUTTONS.values()
    ]


def test_the_buttons_of_a_plan_of_its_own_issue_the_same_commands(tmp_path, plan_file):
    parts = read_parts(plan_file.read_bytes())
    kept = [module for module in modules("nl") if module.name != "AccountplanLauncher"]
    code = [*kept, code_module(STUB), code_module(recorder(tmp_path))]
    plan = write_parts(add_macros(parts, project(code, sheets=len(sheet_parts(parts))), ribbon("nl"), "xlsm"))
    calls = [Call("AccountplanButtons", sub, "Nothing") for sub in BUTTONS]
    calls.append(Call("AccountplanLauncher", "SayWordsOfBook"))
    *buttons, words = heard(tmp_path, plan, PROJECT_NAME, calls, "Accountplan_10021_2027.xlsm")
    assert buttons == [f"RunPython {name}" for name in BUTTONS.values()]
    assert book_name(words.partition("--book=")[2]) == "Accountplan_10021_2027.xlsm"


def test_a_name_with_everything_a_shell_gives_a_meaning_to_crosses_as_hexadecimals(tmp_path):
    name = "a b=&%PATH%'`$(x);é😀.xlsm"
    spoken = 'Chr(34) & "; exit | %TEMP% ^& é" & Chr(10) & Chr(65535)'
    calls = [Call("AccountplanLauncher", "SayWordsOfBook"), Call("AccountplanLauncher", "SayWords", spoken)]
    calls += [Call("AccountplanLauncher", "SayWords", '""')]
    lines = heard(tmp_path, buttons_with_stub(tmp_path), PROJECT_NAME, calls, name)
    told = [re.fullmatch(r"check --lang=nl --book=([0-9A-F]*)", line) for line in lines]
    assert [book_name(words[1]) for words in told if words] == [name, '"; exit | %TEMP% ^& é\n\uffff', ""]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("fine", None),
        ("failed", "Python stopped before it could say why."),
        ("blocked", "Excel may not start Python here."),
        ("python gone", "Python is no longer where it was when the add-in was installed."),
        ("not installed", "Accountplan is not installed for you on this computer."),
    ],
)
def test_the_launcher_starts_the_recorded_python_and_says_what_went_wrong(tmp_path, outcome, said):
    calls = [Call("Doubles", "PressWith", f'"{outcome}"')]
    lines = heard(tmp_path, launcher_for_windows(tmp_path), PROJECT_NAME, calls)
    setting = [r"C:\Local\Accountplan\python.txt|1|False|-1"]
    book = "".join(f"{ord(letter):04X}" for letter in "plan.xlsm")
    command = rf'"C:\Local\venv\python.exe" -E -P -m addin.run refresh --lang=en --book={book}|0|True'
    expected = {"not installed": [], "python gone": setting}.get(outcome, [*setting, command])
    assert lines[: len(expected)] == expected
    rest = lines[len(expected) :]
    assert len(rest) == (0 if said is None else 1)
    assert said is None or rest[0].startswith(said)
