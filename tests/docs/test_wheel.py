"""The wheel that `pip wheel .` makes: it carries the template, and works without the source tree."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SALES = """\
Klantnummer;Klantnaam;Factuurdatum;Factuurnummer;Regel;Productgroep;Omzet;Kostprijs
7;Bakkerij Zonneveld;13-01-2023;1;1;Meel;100,10;60,00
7;Bakkerij Zonneveld;28-02-2024;2;1;Meel;200,20;120,00
7;Bakkerij Zonneveld;31-12-2025;3;1;Gist;300,30;180,00
"""


@dataclass(frozen=True)
class Installed:
    """A wheel, and the folder it was installed in."""

    wheel: Path
    folder: Path

    def accountplan(self, where: Path, *words: str) -> str:
        """What the command prints when it runs in the folder `where`, with the installed package and no other."""
        outside = {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONSAFEPATH": "1"}
        command = [sys.executable, "-m", "workbook_builder.cli", *words]
        done = subprocess.run(command, cwd=where, env=outside, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
    (wheel,) = folder.glob("accountplan-*.whl")
    target = folder / "installed"
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", target, wheel], check=True)
    return Installed(wheel, target)


def test_the_wheel_holds_the_template_and_the_messages_whole(installed: Installed) -> None:
    held = set(zipfile.ZipFile(installed.wheel).namelist())
    templates = {
        f"workbook_builder/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "templates").rglob("*.toml")
    }
    messages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "workbook_builder" / "messages").glob("*.toml")}
    assert "workbook_builder/templates/accountplan/template.toml" in templates
    assert templates | messages <= held


def test_the_wheel_holds_the_text_that_the_add_in_is_made_from(installed: Installed) -> None:
    texts = {path.relative_to(ROOT).as_posix() for path in (ROOT / "addin").rglob("*.*") if path.suffix != ".pyc"}
    assert {"addin/ribbon.xml", "addin/accountplan.applescript", "addin/vba/AccountplanButtons.bas"} <= texts
    assert texts <= set(zipfile.ZipFile(installed.wheel).namelist())


def test_the_wheel_holds_the_licence_and_the_command_and_no_tests(installed: Installed) -> None:
    archive = zipfile.ZipFile(installed.wheel)
    commands = archive.read("accountplan-0.1.0.dist-info/entry_points.txt").decode()
    assert "accountplan = workbook_builder.cli:run" in commands
    assert "accountplan-0.1.0.dist-info/licenses/LICENSE" in archive.namelist()
    tops = {name.split("/")[0] for name in archive.namelist()}
    assert tops == {"workbook_builder", "addin", "accountplan-0.1.0.dist-info"}


def test_an_installed_wheel_makes_and_reads_a_plan_far_from_the_source_tree(
    installed: Installed, tmp_path: Path
) -> None:
    (tmp_path / "omzet.csv").write_text(SALES, encoding="utf-8")
    assert installed.accountplan(tmp_path, "init", "omzet.csv") == "accountplan.toml"
    plan = installed.accountplan(tmp_path, "new", "--account", "7", "--year", "2026")
    assert Path(plan) == Path("plans") / "Accountplan_7_2026.xlsx"
    held = installed.accountplan(tmp_path, "read", plan)
    assert '"account_name": "Bakkerij Zonneveld"' in held
    assert installed.accountplan(tmp_path, "addin", "build", "--out", "knoppen") == str(
        Path("knoppen") / "Accountplan.xlam"
    )
    where = "import workbook_builder; print(workbook_builder.__file__)"
    outside = {**os.environ, "PYTHONPATH": str(installed.folder), "PYTHONSAFEPATH": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", where], cwd=tmp_path, env=outside, capture_output=True, text=True, check=True
    )
    assert Path(ran.stdout.strip()).is_relative_to(installed.folder)
