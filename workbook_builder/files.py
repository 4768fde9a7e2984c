"""Writing a file whole or not at all: to a temporary file beside it, flushed, then moved into place."""

from __future__ import annotations

import contextlib
import datetime as dt
import glob
import hashlib
import os
import re
import tempfile
import time
from pathlib import Path

from workbook_builder.errors import InputError, Problem

CREATED = dt.datetime(2000, 1, 1)  # in every workbook we write: the same input gives the same bytes
ORPHAN_AGE = 600  # seconds: a temporary file older than this is of a run that was killed
LONGEST_PART = 60  # characters of a name in a file name; the full path has to stay under Windows' 260


def file_part(text: str) -> str:
    """`text` as part of a file name on Windows, macOS and Linux: letters, digits, '.', '-' and '_' kept.

    A text that had to change gets the start of its SHA-256 behind it, so that two accounts never share a file.
    """
    safe = re.sub(r"[^\w.-]+", "_", text).strip("._ ")[:LONGEST_PART].rstrip("._ ") or "account"
    if safe == text:
        return safe
    return f"{safe}_{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path` whole or not at all.

    Raises `InputError` when Excel has the file open (its lock file is there) or the folder cannot be written.
    """
    if (path.parent / f"~${path.name}").exists():
        raise InputError(Problem("file_open_in_excel", file=path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_orphans(path)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o644)
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as fault:
        raise InputError(Problem("file_not_writable", file=path, fault=fault.strerror or fault)) from None


def _remove_orphans(path: Path) -> None:
    """Remove the temporary files that killed runs left beside `path`."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        with contextlib.suppress(OSError):  # another run may be removing it too
            if time.time() - left.stat().st_mtime > ORPHAN_AGE:
                left.unlink()
