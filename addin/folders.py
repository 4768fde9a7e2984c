"""Shows a folder in the file manager of this computer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from workbook_builder.errors import InputError, Problem

MANAGERS = {"darwin": "/usr/bin/open", "linux": "xdg-open"}


def show_folder(folder: Path) -> None:
    """Open a folder; raises `InputError` when there is no such folder or the system does not open it.

    Nothing but a folder is ever opened: whatever else a path leads to might be a program.
    """
    try:
        if not folder.is_dir():
            raise NotADirectoryError(0, "-")
        if sys.platform == "win32":
            os.startfile(folder)
        else:
            command = [MANAGERS.get(sys.platform, "xdg-open"), str(folder.absolute())]
            subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as fault:
        reason = getattr(fault, "strerror", None) or type(fault).__name__
        raise InputError(Problem("folder_not_opened", folder=folder, fault=reason)) from None
