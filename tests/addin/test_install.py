from __future__ import annotations

from pathlib import Path

import pytest

from addin.build import addin_file
from addin.install import install, recorded_python, uninstall
from workbook_builder.errors import InputError

WINDOWS_ADDIN = "AppData/Roaming/Microsoft/Excel/XLSTART/Accountplan.xlam"
WINDOWS_SETTING = "AppData/Local/Accountplan/python.txt"
MAC_ADDIN = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel/Accountplan.xlam"
MAC_SETTING = "Library/Application Scripts/com.microsoft.Excel/Accountplan.applescript"


def files_in(home: Path) -> set[str]:
    return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("system", "addin", "setting"),
    [("windows", WINDOWS_ADDIN, WINDOWS_SETTING), ("macos", MAC_ADDIN, MAC_SETTING)],
)
def test_install_writes_two_files_for_this_user_and_uninstall_takes_them_away(make_machine, system, addin, setting):
    machine = make_machine(system)
    assert install(machine, "nl") == (machine.home / addin, machine.home / setting)
    assert files_in(machine.home) == {addin, setting}
    assert (machine.home / addin).read_bytes() == addin_file("nl")
    assert recorded_python(machine) == machine.python
    assert uninstall(machine) == [machine.home / addin, machine.home / setting]
    assert files_in(machine.home) == set()
    assert not machine.own_folder.exists()
    assert uninstall(machine) == []


def test_the_setting_of_windows_is_one_line_in_utf_16_that_vba_reads(make_machine):
    machine = make_machine("windows", python=Path(r"C:\Gebruikers\Łukasz\venv\Scripts\python.exe"))
    install(machine, "nl")
    content = machine.settings.read_bytes()
    assert content[:2] == b"\xff\xfe"
    assert content[2:].decode("utf-16-le") == "C:\\Gebruikers\\Łukasz\\venv\\Scripts\\python.exe\r\n"


@pytest.mark.parametrize(
    "path", ["/Users/jan/venv/bin/python", '/Users/j "x" \\ é/bin/python', "/tmp/$(id)/`a`;b/python"]
)
def test_the_script_of_the_mac_holds_the_path_as_a_text_that_cannot_be_code(make_machine, path):
    machine = make_machine("macos", python=Path(path))
    install(machine, "nl")
    script = machine.settings.read_text("utf-8")
    quoted = path.replace("\\", "\\\\").replace('"', '\\"')
    assert f'\tset pythonPath to "{quoted}"\n' in script
    assert "${" not in script
    assert recorded_python(machine) == Path(path)


def test_the_script_of_the_mac_gives_every_word_to_the_shell_in_quotes(make_machine):
    machine = make_machine("macos")
    install(machine, "nl")
    script = machine.settings.read_text("utf-8")
    assert "on pressButton(spokenWords)" in script
    assert script.count("spokenWords") == 2  # its name, and where it is cut into words
    assert 'set shellCommand to shellCommand & " " & quoted form of (oneWord as text)' in script


def test_installing_again_puts_the_newest_there(make_machine):
    machine = make_machine("windows")
    install(machine, "nl")
    machine.addin.write_bytes(b"an older one")
    install(machine, "en")
    assert machine.addin.read_bytes() == addin_file("en")


def test_a_profile_folder_that_stands_elsewhere_is_used(make_machine, tmp_path):
    machine = make_machine("windows", APPDATA=str(tmp_path / "roaming"), LOCALAPPDATA=str(tmp_path / "local"))
    install(machine, "nl")
    assert (tmp_path / "roaming" / "Microsoft" / "Excel" / "XLSTART" / "Accountplan.xlam").is_file()
    assert (tmp_path / "local" / "Accountplan" / "python.txt").is_file()


def test_uninstall_leaves_a_log_and_other_add_ins_alone(make_machine):
    machine = make_machine("windows")
    install(machine, "nl")
    log, other = machine.own_folder / "accountplan.log", machine.addin.with_name("PERSONAL.XLSB")
    log.write_text("x")
    other.write_text("y")
    uninstall(machine)
    assert files_in(machine.home) == {
        log.relative_to(machine.home).as_posix(),
        other.relative_to(machine.home).as_posix(),
    }


@pytest.mark.parametrize(
    ("system", "sentence"),
    [
        ("windows", "cannot be written; close all windows of Excel and try again."),
        ("macos", "cannot be written; quit Excel, let the terminal reach data of other apps when macOS asks"),
    ],
)
def test_an_add_in_that_excel_has_open_is_not_replaced(make_machine, system, sentence):
    machine = make_machine(system)
    machine.addin.parent.mkdir(parents=True)
    machine.addin.with_name("~$Accountplan.xlam").write_text("jan")
    with pytest.raises(InputError) as refused:
        install(machine, "nl")
    assert str(machine.addin) in refused.value.text("en")
    assert sentence in refused.value.text("en")
    assert not machine.addin.exists()


def test_the_python_of_the_microsoft_store_is_refused(make_machine):
    base = Path("C:/Program Files/WindowsApps/PythonSoftwareFoundation.Python.3.11_3.11.9_x64__qbz5n2kfra8p0")
    machine = make_machine("windows", base=base)
    with pytest.raises(InputError) as refused:
        install(machine, "nl")
    assert "installeer Python van python.org" in refused.value.text("nl")
    assert files_in(machine.home) == set()


def test_where_there_is_no_excel_install_and_uninstall_explain(make_machine):
    machine = make_machine("other")
    for command in (lambda: install(machine, "nl"), lambda: uninstall(machine)):
        with pytest.raises(InputError) as refused:
            command()
        assert "'accountplan addin build' does make the add-in here" in refused.value.text("en")
    assert files_in(machine.home) == set()


def test_a_setting_that_it_wrote_for_everyone_is_read_with_the_names_filled_in(make_machine):
    machine = make_machine("windows", TOOLS=r"C:\Tools")
    machine.settings.parent.mkdir(parents=True)
    machine.settings.write_bytes("\ufeff%Tools%\\100%\\python.exe\r\n".encode("utf-16-le"))
    assert recorded_python(machine) == Path(r"C:\Tools\100%\python.exe")


def test_without_a_setting_there_is_no_python(make_machine):
    assert recorded_python(make_machine("windows")) is None
    assert recorded_python(make_machine("macos")) is None


def test_an_add_in_that_cannot_be_removed_is_named(make_machine):
    machine = make_machine("windows")
    install(machine, "nl")
    machine.addin.unlink()
    machine.addin.mkdir()  # not a file that can be unlinked, also for root
    with pytest.raises(InputError) as refused:
        uninstall(machine)
    assert refused.value.text("en") == f"{machine.addin} cannot be removed; close Excel and try again."
    assert not machine.settings.exists()
