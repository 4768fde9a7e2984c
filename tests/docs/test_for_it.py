"""docs/for-it.md names the files, commands, rules and settings that the program has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from addin import doctor
from addin.build import HERE
from addin.machine import Machine
from addin.run import BUTTONS
from workbook_builder.errors import say

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "for-it.md").read_text("utf-8")


@pytest.mark.parametrize("button", BUTTONS)
def test_every_button_stands_there_with_its_command_without_macros(button: str) -> None:
    assert f"| {say(f'ribbon_{button}', 'en')} | `accountplan addin run {button}` |" in PAGE


def test_no_command_stands_there_that_is_not_a_button() -> None:
    assert set(re.findall(r"accountplan addin run (\w+)", PAGE)) == set(BUTTONS)


@pytest.mark.parametrize("system", ["windows", "macos"])
def test_the_files_it_installs_stand_there(system: str) -> None:
    machine = Machine(
        system, Path("~"), {"APPDATA": "%APPDATA%", "LOCALAPPDATA": "%LOCALAPPDATA%"}, Path(), Path(), dict
    )
    for path in (machine.addin, machine.settings):
        text = path.as_posix()
        assert f"`{text.replace('/', chr(92)) if system == 'windows' else text}`" in PAGE


def test_every_setting_that_the_doctor_reads_stands_there() -> None:
    source = Path(doctor.__file__).read_text("utf-8")
    read = set(re.findall(r'\.get\("(\w+)"', source)) - {"asrrules"}
    assert read == {"vbaoff", "disablealladdins", "requireaddinsig", "alllocationsdisabled", "vbawarnings"}
    assert all(f"`{name}`" in PAGE for name in read)
    assert f"`{doctor.CHILD_PROCESSES}`" in PAGE
    for key in (*doctor.VBA_OFF, doctor.POLICIES, doctor.CHOICES):
        assert key.split("\\", 1)[1] in PAGE


def test_the_line_that_starts_python_is_the_one_of_the_launcher() -> None:
    launcher = (HERE / "vba" / "AccountplanLauncher.bas").read_text("ascii")
    assert '""" -E -P -m addin.run " & words' in launcher
    assert r'"C:\…\python.exe" -E -P -m addin.run refresh --lang=nl --book=' in PAGE


@pytest.mark.parametrize("target", re.findall(r"\]\(#([a-z-]+)\)", PAGE))
def test_every_link_within_the_page_has_its_heading(target: str) -> None:
    headings = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert target in {re.sub(r"[^a-z -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", re.findall(r"`((?:addin|workbook_builder)/[\w./]+)`", PAGE))
def test_every_file_of_the_project_that_it_names_is_there(path: str) -> None:
    assert (ROOT / path).is_file()
