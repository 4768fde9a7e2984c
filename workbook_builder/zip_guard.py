"""A look at the directory of a zip file before anything is unpacked: bombs, names twice, names outside the file.

Raises `ZipFault`, which says nothing to a user: each caller has a sentence of its own for it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MEGABYTE = 1 << 20
MAX_RATIO, RATIO_FROM = 200, 10 * MEGABYTE  # real workbooks pack 5 to 50 times


class ZipFault(Exception):
    """A zip file that is not to be unpacked: "too_large" or "unsafe", and the reason in a few words."""

    def __init__(self, kind: Literal["too_large", "unsafe"], reason: str, size: int = 0) -> None:
        self.kind = kind
        self.reason = reason
        self.size = size
        super().__init__(f"{kind}: {reason}")


@dataclass(frozen=True)
class Limits:
    """The most that a file may hold: bytes unpacked, and entries."""

    size: int
    entries: int


def check_directory(entries: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    """Raise `ZipFault` for what the directory gives away; it may lie, so unpacking has to count as well."""
    size = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if size > limits.size or len(entries) > limits.entries or (size > RATIO_FROM and size / packed > MAX_RATIO):
        raise ZipFault("too_large", f"{size // MEGABYTE} MB, {len(entries)} entries", size)
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if name.lower() in seen:  # names of parts do not differ in case alone
            raise ZipFault("unsafe", f"zip: {name}")
        seen.add(name.lower())
        if name.startswith(("/", "\\")) or ":" in name or ".." in re.split(r"[/\\]", name):
            raise ZipFault("unsafe", f"zip: {name}")
