"""Everything that is done to this project from outside: `python3 make.py demo`, or `make demo`.

Needs nothing but Python 3.11: it makes the virtual environment .venv, installs the project and the tools of its
developers there, and runs them. On Windows the same words work as `py -m make demo`.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
INSTALLED = VENV / "installed.sha256"  # of the folder and the pyproject.toml that .venv was made for
OLDEST_PYTHON = (3, 11)

EXAMPLE = Path("examples") / "groothandel" / "accountplan.toml"
EXAMPLE_ACCOUNT = "10021"
FILLED = Path("examples") / "fill_example.py"
DICTIONARY = Path("docs") / "data-dictionary.md"
# What the tests need besides Python: the spreadsheet and the line to it, a font as wide as Calibri, a reader of pages.
OFFICE_PACKAGES = ("libreoffice-calc", "python3-uno", "fonts-crosextra-carlito", "poppler-utils")


def demo() -> None:
    """Build the plan of the example account, fresh and filled in, in Dutch and in English."""
    set_up()
    for language in ("nl", "en"):
        out = Path("plans") / language
        words = ["new", "--config", str(EXAMPLE), "--account", EXAMPLE_ACCOUNT, "--language", language]
        run(PROGRAMS / "accountplan", *words, "--lang", language, "--out", str(out))
    run(PYTHON, FILLED, "plans")
    print("\nPlans of one example account, fresh and as its team filled them in. Open one, or look inside with:")
    print(f"  {(PROGRAMS / 'accountplan').relative_to(ROOT)} read {made_plan('en')}")


def made_plan(language: str) -> Path:
    """Where `demo` leaves the plan of that language."""
    return next((ROOT / "plans" / language).glob(f"Accountplan_{EXAMPLE_ACCOUNT}_*.xlsx")).relative_to(ROOT)


def test() -> None:
    """Everything: lint, format, types and all tests, those with LibreOffice included."""
    set_up()
    set_up_office()
    tool("ruff", "check", ".")
    tool("ruff", "format", "--check", ".")
    tool("mypy")
    tool("pytest", "-n", "2", "--dist", "loadfile", "-r", "s")


def check() -> None:
    """For every day: put the format right, then lint, types and the tests that need no LibreOffice."""
    set_up()
    tool("ruff", "format", ".")
    tool("ruff", "check", "--fix", ".")
    tool("mypy")
    tool("pytest", "-n", "2", "--dist", "loadfile", "-m", "not office")


def docs() -> None:
    """Write docs/data-dictionary.md from the template."""
    set_up()
    tool("workbook_builder.template.dictionary", str(DICTIONARY))
    print(f"Wrote {DICTIONARY}")


def golden() -> None:
    """Write the golden dumps again; read the difference as you read code."""
    set_up()
    tool("pytest", "tests/engine/test_golden.py", "--update-golden")


def bench() -> None:
    """Measure time and memory, as ratios."""
    set_up()
    run(PYTHON, str(Path("benchmarks") / "run.py"))
    run(PYTHON, str(Path("benchmarks") / "refresh.py"))
    run(PYTHON, str(Path("benchmarks") / "live.py"))
    run(PYTHON, str(Path("benchmarks") / "many.py"))
    run(PYTHON, str(Path("benchmarks") / "check.py"))
    run(PYTHON, str(Path("benchmarks") / "roll_over.py"))


def set_up() -> None:
    """The virtual environment with the project and the developers' tools; does nothing when it is up to date."""
    wanted = hashlib.sha256(str(ROOT).encode() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    is_whole = PYTHON.exists() and INSTALLED.exists()
    if is_whole and INSTALLED.read_text() == wanted:
        return
    if not is_whole:
        make_environment()
    print("Installing the project and its tools in .venv (the first time takes a few minutes)...", flush=True)
    tool("pip", "install", "--quiet", "--disable-pip-version-check", "--editable", ".", *developer_packages())
    INSTALLED.write_text(wanted)


def make_environment() -> None:
    """An empty .venv, in the place of one that was left half made; on Debian this takes a package of its own."""
    if importlib.util.find_spec("ensurepip") is None and not apt_install("python3-venv"):
        stop("Python has no module venv here. Install it and try again:\n  sudo apt-get install python3-venv")
    try:
        run(Path(sys.executable), "-m", "venv", "--clear", str(VENV))
    except subprocess.CalledProcessError:
        shutil.rmtree(VENV, ignore_errors=True)
        stop("The virtual environment could not be made. On Debian:\n  sudo apt-get install python3-venv")


def developer_packages() -> list[str]:
    """The dependency group dev of pyproject.toml; older versions of pip cannot read it themselves."""
    import tomllib

    group: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]["dev"]
    return group


def set_up_office() -> None:
    """LibreOffice and what goes with it; stops with what to do when it cannot be installed from here."""
    missing = missing_office_packages()
    if not missing or apt_install(*missing):
        return
    if shutil.which("apt-get"):
        how = f"sudo apt-get install --no-install-recommends {' '.join(missing)}"
    elif os.name == "nt":
        how = "winget install TheDocumentFoundation.LibreOffice\nand add its folder 'program' to PATH"
    else:
        how = "install LibreOffice from https://www.libreoffice.org and put 'soffice' on PATH"
    stop(f"The tests compare with LibreOffice, and these are missing: {', '.join(missing)}.\nInstall them:\n  {how}")


def missing_office_packages() -> list[str]:
    """The packages of `OFFICE_PACKAGES` that Debian has not installed; elsewhere: LibreOffice when not found."""
    if not shutil.which("dpkg-query"):
        return [] if shutil.which("soffice") else ["libreoffice"]
    return [package for package in OFFICE_PACKAGES if not is_installed(package)]


def is_installed(package: str) -> bool:
    """Whether Debian's package manager has this package installed."""
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout == "installed"


def apt_install(*packages: str) -> bool:
    """Whether apt-get installed the packages: as root, or with a sudo that asks for no password."""
    if not shutil.which("apt-get"):
        return False
    as_root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if as_root and (not shutil.which("sudo") or not succeeds(*as_root, "true")):
        return False
    print(f"Installing with apt-get: {' '.join(packages)}...", flush=True)
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "--option", "Dpkg::Use-Pty=0"]
    install = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    return succeeds(*install) or (succeeds(*apt, "update") and succeeds(*install))


def succeeds(*command: str) -> bool:
    """Whether the command ends well; what it prints goes to stderr."""
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode == 0


def tool(module: str, *words: str) -> None:
    """Run a module of the virtual environment."""
    run(PYTHON, "-m", module, *words)


def run(program: Path, *words: str) -> None:
    """Run a program in the folder of the project, after showing how; raises when it fails."""
    name = program.relative_to(ROOT) if program.is_relative_to(ROOT) else program
    print("$", name, *words, flush=True)
    subprocess.run([str(program), *words], cwd=ROOT, check=True)


def stop(why: str) -> None:
    """End with exit code 1 and a reason."""
    sys.exit(f"\n{why}")


TASKS: dict[str, Callable[[], None]] = {
    "demo": demo, "test": test, "check": check, "docs": docs, "golden": golden, "bench": bench
}  # fmt: skip


def main() -> None:
    """Run the tasks that are named on the command line, in that order."""
    if sys.version_info < OLDEST_PYTHON:
        stop(f"Python {sys.version.split()[0]} is too old for this project; it needs 3.11 or newer.")
    lines = [f"{name:8}{task.__doc__}" for name, task in TASKS.items()]
    parser = argparse.ArgumentParser(
        prog="make.py",
        description="\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("task", nargs="+", choices=list(TASKS), metavar="task")
    try:
        for name in parser.parse_args().task:
            TASKS[name]()
    except subprocess.CalledProcessError as fault:
        sys.exit(fault.returncode)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
