"""Where the shortened plan goes as a PDF: beside the plan, and never over a file that is not ours.

A PDF that this program kept ends with a line that readers pass over: a mark, and a hash of all before it. One that has
the mark and still fits its hash is replaced by the next; anything else under that name stays, and the new one gets a
number.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from workbook_builder.errors import InputError, Problem, say
from workbook_builder.files import file_part, write_atomically

MARK = b"\n%Accountplan "
ENDING = re.compile(re.escape(MARK) + rb"([0-9a-f]{64})\n")
LARGEST = 50 << 20  # bytes of a PDF that is looked at
MOST = 99  # numbers that are tried


def summary_stem(account: str, year: int, language: str) -> str:
    """The name of the PDF of a plan, without its ending."""
    return say("summary_name", language, account=file_part(account), year=year)


def keep_pdf(folder: Path, stem: str, content: bytes) -> Path:
    """Write a PDF into `folder` as `stem`.pdf and give its path; with a number when somebody else's has that name.

    Raises `InputError` when the folder cannot be written, or every number is taken.
    """
    for number in range(1, MOST + 1):
        path = folder / (f"{stem}.pdf" if number == 1 else f"{stem}_{number}.pdf")
        if not path.exists() or is_ours(path):
            write_atomically(path, content + MARK + hashlib.sha256(content).hexdigest().encode() + b"\n")
            return path
    raise InputError(Problem("summary_names_taken", folder=folder, name=stem))


def is_ours(path: Path) -> bool:
    """Whether a file is a PDF that this program kept and that nobody changed since."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return False
        content = path.read_bytes()
    except OSError:
        return False
    start = content.rfind(MARK)
    ending = ENDING.fullmatch(content[start:]) if start >= 0 else None
    return bool(ending and ending[1].decode() == hashlib.sha256(content[:start]).hexdigest())
