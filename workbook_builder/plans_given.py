"""What somebody names on a command line -> the plans that are meant: files, folders, and patterns such as *.xlsx.

A shell of Windows hands a pattern on as it was typed, so patterns are looked up here. In the place of a folder or a
pattern come the workbooks in it, without those that this program makes beside plans.
"""

from __future__ import annotations

import glob
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from pathlib import Path

from workbook_builder.errors import InputError, Problem, say

WORKBOOKS = (".xlsx", ".xlsm")
LANGUAGES = ("nl", "en")
LOCK = "~$"  # the file that Excel puts beside one that is open
OVERVIEW, MANIFEST = "accountplan_overview", "_manifest"  # by which an overview and a plan are known
MOST_READ = 1 << 20  # bytes of a workbook that are read to know it by


def plans_given(paths: Sequence[Path]) -> list[Path]:
    """The files, and in the place of a folder or a pattern the workbooks that may be plans, by name, each once.

    A file that is not there is given back as it is: whoever reads it says so. Raises `InputError` for a folder or a
    pattern without a workbook.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside: Iterable[Path] = path.iterdir()
        elif glob.has_magic(str(path)) and not path.exists():
            inside = map(Path, glob.glob(str(path)))
        else:
            found[path] = None
            continue
        plans = sorted(filter(_may_be_plan, inside))
        if not plans:
            raise InputError(Problem("plans_none", file=path))
        found |= dict.fromkeys(plans)
    named: dict[Path, Path] = {}
    for path in found:
        named.setdefault(path.resolve(), path)  # as it was named first
    without_locks = [path for path in named.values() if not path.name.startswith(LOCK)]
    return without_locks or list(named.values())


def _may_be_plan(path: Path) -> bool:
    """Whether a file of a folder is a workbook, and none that this program made beside plans."""
    if path.suffix.lower() not in WORKBOOKS or path.name.startswith(LOCK) or not path.is_file():
        return False
    parts = _workbook_part(path)
    for_customer = any(fnmatch(path.stem, say("export_name", each, account="*", year="*")) for each in LANGUAGES)
    return OVERVIEW.encode() not in parts and not (for_customer and parts and MANIFEST.encode() not in parts)


def is_overview(path: Path) -> bool:
    """Whether a file is an overview of checked plans that this program wrote."""
    return OVERVIEW.encode() in _workbook_part(path)


def _workbook_part(path: Path) -> bytes:
    """The part that names the sheets of a workbook; nothing when it cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as part:
            return part.read(MOST_READ)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return b""
