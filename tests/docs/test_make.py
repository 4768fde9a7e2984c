"""make.py, the script behind every target of the Makefile: what it says when a machine lacks something."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import make

ROOT = Path(__file__).resolve().parents[2]


def test_the_makefile_has_every_task_of_the_script_and_no_other() -> None:
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert targets
    assert targets[1].split() == ["demo", "test", "check", "docs", "golden", "bench"] == list(make.TASKS)


def test_ci_runs_the_same_tests_as_a_developer() -> None:
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert lines[-1] == "make test"


def test_the_help_names_every_task() -> None:
    shown = subprocess.run([sys.executable, ROOT / "make.py", "--help"], capture_output=True, text=True, check=True)
    assert all(re.search(rf"^{task} ", shown.stdout, re.MULTILINE) for task in make.TASKS)


def test_the_tools_of_developers_come_from_pyproject() -> None:
    names = {re.split(r"[<>=]", wanted)[0] for wanted in make.developer_packages()}
    assert {"pytest", "pytest-xdist", "hypothesis", "mypy", "ruff"} <= names


def test_a_missing_libreoffice_stops_the_tests_and_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "missing_office_packages", lambda: ["libreoffice-calc", "poppler-utils"])
    monkeypatch.setattr(make, "apt_install", lambda *packages: False)
    monkeypatch.setattr(make.shutil, "which", lambda program: f"/usr/bin/{program}")
    with pytest.raises(SystemExit) as stopped:
        make.set_up_office()
    assert "sudo apt-get install --no-install-recommends libreoffice-calc poppler-utils" in str(stopped.value.code)


def test_off_debian_a_missing_libreoffice_stops_the_tests_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make.shutil, "which", lambda program: None)
    with pytest.raises(SystemExit) as stopped:
        make.set_up_office()
    assert "https://www.libreoffice.org" in str(stopped.value.code)


@pytest.mark.skipif(os.name == "nt", reason="apt-get and users who are not root are of Debian")
def test_apt_is_not_asked_for_anything_by_a_user_who_may_not_install(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(make.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(make.shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(make, "succeeds", lambda *command: asked.append(command))
    assert not make.apt_install("libreoffice-calc")
    assert asked == [("sudo", "--non-interactive", "true")]


@pytest.mark.skipif(os.name == "nt", reason="apt-get is of Debian")
def test_apt_updates_its_lists_only_when_the_packages_are_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(*command: str) -> bool:
        verb = "update" if "update" in command else "install"
        asked.append(verb)
        return asked != ["install"]

    monkeypatch.setattr(make.os, "geteuid", lambda: 0)
    monkeypatch.setattr(make.shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(make, "succeeds", answer)
    assert make.apt_install("libreoffice-calc")
    assert asked == ["install", "update", "install"]


def test_a_python_without_venv_is_told_which_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make.importlib.util, "find_spec", lambda module: None)
    monkeypatch.setattr(make, "apt_install", lambda *packages: False)
    with pytest.raises(SystemExit) as stopped:
        make.make_environment()
    assert "sudo apt-get install python3-venv" in str(stopped.value.code)


def test_an_old_python_is_refused_with_the_version_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "OLDEST_PYTHON", (99, 0))
    with pytest.raises(SystemExit) as stopped:
        make.main()
    assert "3.11 or newer" in str(stopped.value.code)
