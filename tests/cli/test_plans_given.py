"""What is named on a command line: files, folders and patterns, and which workbooks in them are plans."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from workbook_builder.cli import main
from workbook_builder.errors import InputError
from workbook_builder.plans_given import plans_given


def workbook(path: Path, *names: str) -> Path:
    """A workbook as far as it is looked at: the part that names its sheets."""
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", f"<workbook>{''.join(names)}</workbook>")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    plans = tmp_path / "plannen"
    for name in ("b.xlsx", "A.XLSM", "Accountplan_1_2027_klant (eigen kopie).xlsx"):
        workbook(plans / name, "_manifest")
    for name in ("Accountplan_1_2027_klant.xlsx", "Account_plan_1_2027_customer.xlsx"):
        workbook(plans / name, "Start")
    workbook(plans / "overzicht.xlsx", "accountplan_overview")
    (plans / "kapot.xlsx").write_bytes(b"geen werkmap")
    for name in ("~$b.xlsx", "b.xlsx.2026-11-30_155915.bak", "notities.txt"):
        (plans / name).write_bytes(b"")
    (plans / "map.xlsx").mkdir()
    return plans


IN_IT = ["A.XLSM", "Accountplan_1_2027_klant (eigen kopie).xlsx", "b.xlsx", "kapot.xlsx"]


def test_a_folder_stands_for_the_workbooks_in_it_without_what_this_program_made_beside_them(folder):
    assert [path.name for path in plans_given([folder])] == IN_IT


def test_a_pattern_is_looked_up_here_as_a_shell_of_windows_does_not(folder):
    assert plans_given([folder / "*.xlsx"]) == [folder / name for name in IN_IT[1:]]
    with pytest.raises(InputError) as refusal:
        plans_given([folder / "*.docx"])
    assert "*.docx" in refusal.value.text("nl")
    named = workbook(folder / "b[1].xlsx", "_manifest")
    assert plans_given([named]) == [named], "a file of that name is that file"


def test_each_plan_comes_once_and_a_file_that_excel_puts_beside_an_open_plan_is_none(folder):
    files = [folder / "b.xlsx", folder / "~$b.xlsx"]
    assert plans_given([*files, folder])[0] == files[0]
    assert len(plans_given([*files, folder])) == len(IN_IT)
    elsewhere = folder / ".." / folder.name / "b.xlsx"
    assert plans_given([elsewhere, folder / "A.XLSM", folder / "b.xlsx"]) == [elsewhere, folder / "A.XLSM"]
    assert plans_given(files[1:]) == files[1:], "whoever reads it says what is wrong with it"
    assert plans_given([folder / "weg.xlsx"]) == [folder / "weg.xlsx"]


@pytest.mark.parametrize(
    "words", [("roll-over",), ("refresh",), ("approve",), ("check",), ("summary",), ("export", "--variant", "extern")]
)
def test_every_command_for_plans_takes_a_folder_and_says_when_there_is_none_in_it(words, tmp_path, capsys):
    assert main([*words, str(tmp_path), "--lang", "en"]) == 2
    assert "There is no workbook" in capsys.readouterr().err
