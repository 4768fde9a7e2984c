"""Putting the add-in where Excel finds it, and taking it away again: for one user, without a registry.

build (the file) + this environment's Python -> two files: the add-in, and the setting that names the Python
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from addin.build import HERE, addin_file
from addin.machine import Machine
from workbook_builder.errors import InputError, Problem, raise_if
from workbook_builder.files import write_atomically

PATH_IN_SCRIPT = re.compile(r'set pythonPath to "((?:[^"\\]|\\.)*)"')


def install(machine: Machine, language: str) -> tuple[Path, Path]:
    """Write the add-in and the setting; gives their paths, add-in first.

    Raises `InputError` where Excel does not run, for a Python that cannot be used, and when Excel has the add-in open.
    """
    needs_excel(machine)
    if machine.system == "windows" and machine.is_store_python:
        raise InputError(Problem("addin_store_python", python=machine.python))
    content = addin_file(language)
    for path, written in ((machine.settings, settings_file(machine)), (machine.addin, content)):
        try:
            write_atomically(path, written)
        except InputError:
            raise InputError(Problem(f"addin_not_written_{machine.system}", file=path)) from None
    return machine.addin, machine.settings


def uninstall(machine: Machine) -> list[Path]:
    """Remove what `install` wrote, and give what was there; raises `InputError` when Excel has the add-in open."""
    needs_excel(machine)
    removed, problems = [], []
    for path in (machine.addin, machine.settings):
        try:
            path.unlink()
            removed.append(path)
        except FileNotFoundError:
            pass
        except OSError:
            problems.append(Problem("addin_not_removed", file=path))
    raise_if(problems)
    with suppress(OSError):  # it stays when a log stands in it, or when it was never there
        machine.own_folder.rmdir()
    return removed


def needs_excel(machine: Machine) -> None:
    """Raises `InputError` on a system that has no Excel."""
    if machine.system == "other":
        raise InputError(Problem("addin_no_excel"))


def settings_file(machine: Machine) -> bytes:
    """What stands in `machine.settings`: the Python of this environment.

    On Windows one line in UTF-16, which VBA reads whatever the letters; on macOS the script, with the path in it.
    """
    if machine.system == "windows":
        return f"\ufeff{machine.python}\r\n".encode("utf-16-le")
    quoted = str(machine.python).replace("\\", "\\\\").replace('"', '\\"')
    script = (HERE / "accountplan.applescript").read_text("ascii")
    return script.replace("${python}", quoted).encode("utf-8")


def recorded_python(machine: Machine) -> Path | None:
    """The Python that the buttons start, as `settings_file` wrote it; None when nothing was installed."""
    try:
        content = machine.settings.read_bytes()
    except OSError:
        return None
    if machine.system == "windows":
        line = content.decode("utf-16", errors="replace").splitlines()[:1]
        return Path(_filled_in(line[0].strip(), machine.environ)) if line else None
    named = PATH_IN_SCRIPT.search(content.decode("utf-8", errors="replace"))
    return Path(re.sub(r"\\(.)", r"\1", named[1])) if named else None


def _filled_in(path: str, environ: Mapping[str, str]) -> str:
    """`path` with each %NAME% as Windows fills it in, for a setting that IT wrote for everyone."""
    return re.sub(r"%([^%]+)%", lambda name: environ.get(name[1].upper(), name[0]), path)
