"""Where things stand for one user of Excel: its start-up folder, our settings, and what the registry says.

    install, doctor, run -> machine

Excel opens every add-in in its start-up folder. That folder is used, and not the folder AddIns with a value OPEN in
the registry, because nothing has to be registered then: Excel itself rewrites the OPEN values when it closes, and on
Windows the start-up folder is a trusted location from the start, AddIns is not. xlwings installs its add-in the same
way. The folder on macOS is the one of Microsoft's "Installing user content in Office 2016 for Mac".
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from addin.build import ADDIN

System = Literal["windows", "macos", "other"]
SCRIPT = "Accountplan.applescript"
SYSTEMS: dict[str, System] = {"win32": "windows", "darwin": "macos"}


@dataclass(frozen=True)
class Machine:
    """One user's computer; `registry` gives {name in lower case: value} of a key below HKCU or HKLM."""

    system: System
    home: Path
    environ: Mapping[str, str]
    python: Path  # the interpreter of this environment
    base: Path  # the folder of the Python that the environment was made from
    registry: Callable[[str], Mapping[str, object]]

    @classmethod
    def here(cls) -> Machine:
        """The computer that this runs on."""
        system = SYSTEMS.get(sys.platform, "other")
        registry = windows_registry if system == "windows" else _no_registry
        return cls(system, Path.home(), os.environ, Path(sys.executable), Path(sys.base_prefix), registry)

    @property
    def addin(self) -> Path:
        """Where Excel finds the add-in when it starts."""
        if self.system == "windows":
            return self._windows("APPDATA", "Roaming") / "Microsoft" / "Excel" / "XLSTART" / ADDIN
        office = self.home / "Library" / "Group Containers" / "UBF8T346G9.Office"
        return office / "User Content.localized" / "Startup.localized" / "Excel" / ADDIN

    @property
    def settings(self) -> Path:
        """The file that says which Python the buttons start; on macOS it is the script that starts it."""
        if self.system == "windows":
            return self.own_folder / "python.txt"
        return self.home / "Library" / "Application Scripts" / "com.microsoft.Excel" / SCRIPT

    @property
    def own_folder(self) -> Path:
        """Our own folder, for what belongs to this computer and not to a profile that travels."""
        if self.system == "windows":
            return self._windows("LOCALAPPDATA", "Local") / "Accountplan"
        if self.system == "macos":
            return self.home / "Library" / "Application Support" / "Accountplan"
        return self.home / ".accountplan"

    @property
    def is_store_python(self) -> bool:
        """Whether this Python is the one of the Microsoft Store, whose files in AppData no other program sees."""
        return any("WindowsApps" in path.as_posix() for path in (self.python, self.base))

    def _windows(self, variable: str, folder: str) -> Path:
        named = self.environ.get(variable)
        return Path(named) if named else self.home / "AppData" / folder


def windows_registry(key: str) -> Mapping[str, object]:
    """{name in lower case: value} of a key below HKCU or HKLM; empty when it is not there or may not be read."""
    if sys.platform != "win32":
        return {}
    import winreg

    root, _, path = key.partition("\\")
    roots = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
    try:
        with winreg.OpenKey(roots[root], path, access=winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
            count = winreg.QueryInfoKey(opened)[1]
            values = (winreg.EnumValue(opened, index) for index in range(count))
            return {name.lower(): value for name, value, _ in values}
    except OSError:
        return {}


def _no_registry(key: str) -> Mapping[str, object]:
    return {}
