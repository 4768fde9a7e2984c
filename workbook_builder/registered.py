"""Which config a plan is refreshed from: the one given, else the one registered on this computer, else one beside it.

A path in a workbook is never followed: who sends a plan would choose what this computer reads.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from workbook_builder.errors import InputError, Problem
from workbook_builder.files import write_atomically

CONFIG_NAME = "accountplan.toml"
LONGEST = 60  # characters of a name in a workbook that are shown
Names = Callable[[], Iterable[object]]
"""The source files that a workbook names; asked for only when they are shown."""


def register_config(config: Path) -> Path:
    """Remember the config of this user; gives the small file that says so. Raises `InputError` for a bad config."""
    from workbook_builder.sources.config import load_config

    path = load_config(config).path.resolve()
    write_atomically(register(), f"{path}\n".encode())
    return register()


def registered_config() -> Path | None:
    """The config that this user registered, None without one."""
    try:
        text = register().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return Path(text) if text else None


def config_for(plan: Path, given: Path | None = None, named: Names = tuple) -> Path:
    """The config for a closed plan; raises `InputError` as `config_for_open` does."""
    beside = plan.absolute().parent / CONFIG_NAME
    if given or registered_config() or not beside.is_file():
        return config_for_open(plan, given, named)
    return beside


def config_for_open(file: object, given: Path | None = None, named: Names = tuple) -> Path:
    """The config for a plan that is open in Excel, where nobody can tell what lies beside it.

    Raises `InputError`, naming `file`, when none is given and none is registered, or the registered one is gone. The
    source files that the workbook itself names are a hint in that refusal, and nothing is done with them.
    """
    found = given or registered_config()
    if found and (given or found.is_file()):
        return found
    if found:
        problems = [Problem("refresh_registered_gone", file=file, config=found)]
    else:
        problems = [Problem("refresh_no_config", file=file, config=CONFIG_NAME)]
    if sources := ", ".join(_shown(str(name)) for name in named() if name):
        problems.append(Problem("refresh_made_from", file=file, sources=sources))
    raise InputError(*problems)


def _shown(name: str) -> str:
    """A name out of a workbook as it can be shown on any terminal."""
    plain = "".join(sign if sign.isprintable() else "\ufffd" for sign in name)
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"


def register() -> Path:
    """The small file that names the registered config, in the user's folder for settings."""
    if sys.platform == "win32":
        folder = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Application Support"
    else:
        folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return folder / "accountplan" / "config.txt"
