"""Which config a plan is refreshed from: the one given, else the one registered on this computer, else one beside it.

A path in a workbook is never followed: who sends a plan would choose what this computer reads.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from workbook_builder.errors import InputError, Problem
from workbook_builder.files import write_atomically

CONFIG_NAME = "accountplan.toml"


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


def config_for(plan: Path, given: Path | None = None) -> Path:
    """The config for a closed plan; raises `InputError` when there is none."""
    beside = plan.absolute().parent / CONFIG_NAME
    return given or registered_config() or (beside if beside.is_file() else config_for_open(plan))


def config_for_open(file: object, given: Path | None = None) -> Path:
    """The config for a plan that is open in Excel, where nobody can tell what lies beside it.

    Raises `InputError`, naming `file`, when none is given and none is registered.
    """
    found = given or registered_config()
    if found is None:
        raise InputError(Problem("refresh_no_config", file=file, config=CONFIG_NAME))
    return found


def register() -> Path:
    """The small file that names the registered config, in the user's folder for settings."""
    if sys.platform == "win32":
        folder = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Application Support"
    else:
        folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return folder / "accountplan" / "config.txt"
