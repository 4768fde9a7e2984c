"""The add-in takes no interpreter, path or setting from the workbook in front of it: held to its source text."""

from __future__ import annotations

import re

import pytest

from addin.build import HERE, modules

TEXT = "\n".join(path.read_text("ascii") for path in sorted((HERE / "vba").glob("*.bas")))
CODE = "\n".join(re.sub(r"^\s*'.*$", "", line) for line in TEXT.splitlines())


def test_of_the_active_workbook_only_the_name_is_used():
    assert re.findall(r"ActiveWorkbook\b\S*", CODE) == ["ActiveWorkbook", "ActiveWorkbook.Name"]


@pytest.mark.parametrize(
    "door",
    ["ThisWorkbook", "ActiveSheet", "Selection", "Worksheets", "Sheets", "Range", "Cells", "Names", "Workbooks",
     "FullName", "Path", "CurDir", "Evaluate", "CustomDocumentProperties", "GetSetting", "RegRead", "Environ"],
)  # fmt: skip
def test_no_other_door_to_a_workbook_a_folder_or_a_setting_is_there(door):
    assert not re.search(rf"\b{door}\b", CODE, re.IGNORECASE)


@pytest.mark.parametrize("danger", ["Declare", "Shell(", "cmd", "MacScript", "Auto_Open", "Workbook_Open", "Open "])
def test_nothing_runs_by_itself_and_there_is_no_shell_and_no_call_into_windows(danger):
    without_declarations = CODE.replace('"AccountplanWords"', "")
    assert danger.lower() not in without_declarations.lower()


def test_the_only_settings_file_is_in_the_folder_of_the_user():
    assert re.findall(r'"(%[^"]*)"', CODE) == [r"%LOCALAPPDATA%\Accountplan\python.txt"]


def test_python_starts_in_one_place_with_the_flags_that_keep_other_folders_out():
    (line,) = [line.strip() for line in CODE.splitlines() if ".Run(" in line]
    assert line == 'code = windowsShell.Run("""" & python & """ -E -P -m addin.run " & words, 0, True)'
    script = (HERE / "accountplan.applescript").read_text("ascii")
    assert 'quoted form of pythonPath & " -E -P -m addin.run"' in script


def test_the_documents_of_the_add_in_hold_no_code():
    from vba_reader import vba_sources

    from addin.build import project
    from addin.package import add_macros, empty_workbook, write_parts

    made = write_parts(add_macros(empty_workbook(), project(modules("nl"), sheets=1), "<customUI/>", "xlam"))
    for name in ("ThisWorkbook", "Sheet1"):
        assert all(line.startswith("Attribute ") for line in vba_sources(made)[name].splitlines() if line)
