from __future__ import annotations

import sys
from pathlib import Path

import pytest

from addin.doctor import examine
from addin.install import install
from workbook_builder.errors import InputError

RULES = r"HKLM\Software\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
LOCAL_RULES = r"HKLM\Software\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
INTUNE = r"HKLM\Software\Policies\Microsoft\Windows Defender\Policy Manager"
CHILD = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
OTHER_RULE = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0"
CHOICE = r"HKCU\Software\Microsoft\Office\16.0"


def codes(machine, blocks: bool = True) -> list[str]:
    return [finding.problem.code for finding in examine(machine) if finding.blocks is blocks]


@pytest.mark.parametrize("system", ["windows", "macos"])
def test_a_good_installation_has_nothing_that_blocks(make_machine, system):
    machine = make_machine(system)
    install(machine, "en")
    assert codes(machine) == []
    assert codes(machine, blocks=False) == ["doctor_python_good", "doctor_addin_good"]


@pytest.mark.parametrize("system", ["windows", "macos"])
def test_without_an_installation_it_says_that_both_files_are_missing(make_machine, system):
    machine = make_machine(system)
    assert codes(machine) == ["doctor_not_installed", "doctor_addin_absent"]
    (first, second) = [finding.problem.text("en") for finding in examine(machine)]
    assert first == (
        f"{machine.settings} is missing, so Excel does not know which Python to start; run 'accountplan addin install'."
    )
    assert second == f"{machine.addin} is missing, so Excel has no tab Accountplan; run 'accountplan addin install'."


def test_a_python_that_was_moved_is_found_out(make_machine, tmp_path):
    machine = make_machine("windows", python=tmp_path / "gone" / "python.exe")
    install(machine, "nl")
    assert codes(machine) == ["doctor_python_gone"]


def a_python(folder: Path, says: str) -> Path:
    """A program in the place of Python that fails with these words."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\nexit 1\n")
    program.chmod(0o755)
    return program


def test_a_python_without_xlwings_is_found_out_by_running_it(make_machine, tmp_path):
    machine = make_machine("windows", python=a_python(tmp_path, "ModuleNotFoundError: No module named xlwings"))
    install(machine, "nl")
    assert codes(machine) == ["doctor_python_incomplete"]
    (fault,) = [finding.problem.text("en") for finding in examine(machine) if finding.blocks]
    assert "(ModuleNotFoundError: No module named xlwings); install Accountplan with xlwings in that Python" in fault


def test_the_recorded_python_is_run_as_the_add_in_runs_it(make_machine, tmp_path):
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nfor word in "$@"; do echo "$word" >> "{tmp_path}/words"; done\n')
    program.chmod(0o755)
    machine = make_machine("macos", python=program)
    install(machine, "nl")
    assert codes(machine) == []
    assert (tmp_path / "words").read_text().splitlines() == ["-E", "-P", "-c", "import addin.run, xlwings"]


def test_the_python_that_runs_this_test_has_all_that_a_button_needs(make_machine):
    machine = make_machine("windows", python=Path(sys.executable))
    install(machine, "nl")
    assert codes(machine) == []


def test_another_python_than_this_one_is_worth_a_note(make_machine, tmp_path):
    install(make_machine("windows"), "nl")
    machine = make_machine("windows", python=tmp_path / "another" / "python.exe")
    assert codes(machine) == []
    assert codes(machine, blocks=False) == ["doctor_other_python", "doctor_python_good", "doctor_addin_good"]


def test_an_add_in_of_another_version_is_worth_a_note(make_machine):
    machine = make_machine("windows")
    install(machine, "nl")
    machine.addin.write_bytes(machine.addin.read_bytes() + b"signed")
    assert codes(machine) == []
    assert "doctor_other_addin" in codes(machine, blocks=False)


@pytest.mark.parametrize(("zone", "blocked"), [(3, True), (4, True), (2, False), (1, False), (0, False)])
def test_the_mark_of_the_web_blocks(make_machine, zone, blocked):
    machine = make_machine("windows")
    install(machine, "nl")
    # On Windows this is a stream of the file itself, opened by the same name.
    Path(f"{machine.addin}:Zone.Identifier").write_text(
        f"[ZoneTransfer]\nZoneId={zone}\nHostUrl=https://example.org/\n"
    )
    assert codes(machine) == (["doctor_from_internet"] if blocked else [])


@pytest.mark.parametrize(
    ("registry", "blocking", "notes"),
    [
        ({RULES: {CHILD: "1"}}, ["doctor_child_processes"], []),
        ({LOCAL_RULES: {CHILD: 1}}, ["doctor_child_processes"], []),
        ({INTUNE: {"asrrules": f"{OTHER_RULE}=2|{CHILD.upper()}=1"}}, ["doctor_child_processes"], []),
        ({INTUNE: {"asrrules": f"{OTHER_RULE}=1|{CHILD}=2"}}, [], []),
        ({RULES: {CHILD: "6"}}, [], ["doctor_child_processes_warn"]),
        ({RULES: {CHILD: "2", OTHER_RULE: "1"}}, [], []),
        ({RULES: {CHILD: "0"}}, [], []),
        ({rf"{POLICY}\Common": {"vbaoff": 1}}, ["doctor_vba_off"], []),
        ({r"HKLM\Software\Policies\Microsoft\Office\16.0\Common": {"vbaoff": 1}}, ["doctor_vba_off"], []),
        ({rf"{POLICY}\Excel\Security": {"disablealladdins": 1}}, ["doctor_addins_off"], []),
        ({rf"{CHOICE}\Excel\Security": {"requireaddinsig": 1}}, ["doctor_signed_only"], []),
        ({rf"{CHOICE}\Excel\Security": {"requireaddinsig": 0, "vbawarnings": 4}}, [], []),
        (
            {
                rf"{POLICY}\Excel\Security": {"vbawarnings": 4},
                rf"{POLICY}\Excel\Security\Trusted Locations": {"alllocationsdisabled": 1},
            },
            ["doctor_no_trusted_folder"],
            [],
        ),
        (
            {rf"{POLICY}\Excel\Security\Trusted Locations": {"alllocationsdisabled": 1}},
            [],
            ["doctor_no_trusted_folder"],
        ),
        (
            {
                rf"{CHOICE}\Excel\Resiliency\DisabledItems": {
                    "a": b"\x01\x00" + r"c:\users\jan\accountplan.xlam".encode("utf-16-le")
                }
            },
            ["doctor_disabled_item"],
            [],
        ),
        ({rf"{CHOICE}\Excel\Resiliency\DisabledItems": {"a": "other.xlam".encode("utf-16-le"), "b": 1}}, [], []),
    ],
)
def test_what_the_registry_says_of_macros_add_ins_and_child_processes(make_machine, registry, blocking, notes):
    machine = make_machine("windows", registry=registry)
    install(machine, "nl")
    assert codes(machine) == blocking
    assert codes(machine, blocks=False) == ["doctor_python_good", "doctor_addin_good", *notes]


def test_the_python_of_the_microsoft_store_blocks(make_machine):
    install(make_machine("windows"), "nl")
    store = make_machine("windows", base=Path("C:/Program Files/WindowsApps/PythonSoftwareFoundation.Python.3.12"))
    assert codes(store) == ["addin_store_python"]


def test_the_doctor_changes_nothing(make_machine):
    machine = make_machine("macos")
    install(machine, "nl")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in machine.home.rglob("*") if path.is_file()}
    examine(machine)
    after = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in machine.home.rglob("*") if path.is_file()}
    assert after == before


def test_where_there_is_no_excel_the_doctor_explains(make_machine):
    with pytest.raises(InputError, match="Excel runs on Windows and macOS"):
        examine(make_machine("other"))
