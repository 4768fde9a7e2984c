"""What a text file is made of, seen from its bytes, in blocks, while they are on their way to the parser.

Finds what a decoder would pass over in silence: NUL bytes, UTF-8 inside a file declared as cp1252, lines without
an end. Also gives the size and SHA-256 that the import report shows.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import re
from pathlib import Path
from typing import Any, BinaryIO, cast

from workbook_builder.errors import InputError, Problem

BLOCK = 1 << 20  # bytes; a longer line is no line of an export
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Well-formed UTF-8 that a single-byte reading shows as Ã©, Â°, Å¡, â‚¬ or an emoji: nobody writes that on purpose.
_UTF8_INSIDE = re.compile(
    rb"[\xc2-\xc5][\x80-\xbf]|\xe2[\x80-\x84][\x80-\xbf]|\xef\xbb\xbf|\xf0\x9f[\x80-\xbf][\x80-\xbf]"
)


def open_bytes(path: Path) -> BinaryIO:
    """The bytes of the file, unpacked when its name ends in .gz."""
    if path.suffix.lower() == ".gz":
        return cast(BinaryIO, io.BufferedReader(gzip.open(path), BLOCK))
    return path.open("rb")


def sha256(path: Path) -> str:
    """The SHA-256 of the file as it is on disk, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class CheckedBytes(io.RawIOBase):
    """The bytes of a text file, looked at while they are read; what cannot be of `encoding` raises InputError."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        self.encoding = encoding
        self.bytes = open_bytes(path)
        self.line = 1  # of the file, where `rest` starts
        self.rest = b""  # read, but not yet a whole line
        self.wide = encoding.startswith(("utf-16", "utf-32"))
        self.eight_bit = encoding.startswith(("cp125", "cp437", "cp85", "iso8859", "mac-"))
        self.started = False

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def close(self) -> None:
        """Close the file too."""
        self.bytes.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` and look at what came in, whole lines at a time; gives the number of bytes."""
        fresh = self.bytes.read(len(buffer))
        if not self.started:
            _check_start(self.path, fresh, self.encoding)
            self.started = True
        block = self.rest + fresh
        end = b"\n" if b"\n" in block else b"\r"
        cut = block.rfind(end) + 1 if fresh else len(block)
        if not cut and len(block) > BLOCK:
            raise InputError(Problem("line_too_long", file=self.path.name, line=self.line))
        self._check(block[:cut])
        self.line += block.count(end, 0, cut)
        self.rest = block[cut:]
        buffer[: len(fresh)] = fresh
        return len(fresh)

    def _check(self, block: bytes) -> None:
        if not self.wide and b"\0" in block:
            line = _line(self.line, block, block.index(b"\0"))
            raise InputError(Problem("nul_byte", file=self.path.name, line=line))
        if self.eight_bit and not block.isascii() and (found := _UTF8_INSIDE.search(block)):
            raise InputError(
                Problem(
                    "mixed_encoding",
                    file=self.path.name,
                    line=_line(self.line, block, found.start()),
                    encoding=self.encoding,
                    sample=found.group().decode(self.encoding, "replace"),
                )
            )


def check_bytes(path: Path, encoding: str) -> None:
    """Raise InputError, with the line, for bytes that cannot be what the config says this text file is."""
    with CheckedBytes(path, encoding) as file:
        while file.read(BLOCK):
            pass


def _check_start(path: Path, block: bytes, encoding: str) -> None:
    """Refuse a file whose first bytes say that it is something else."""
    if block.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError(Problem("workbook_as_csv", file=path.name))
    for mark, marked in MARKS:
        if block.startswith(mark):
            if not encoding.replace("_", "-").startswith(marked):
                raise InputError(Problem("other_encoding", file=path.name, encoding=encoding, probable=marked))
            return


def _line(first_line: int, block: bytes, position: int) -> int:
    """The 1-based line of the file in which `position` of a block lies."""
    end = b"\n" if b"\n" in block else b"\r"
    return first_line + block.count(end, 0, position)


def probable_encoding(path: Path) -> str:
    """The encoding the bytes of the file fit: by its mark, else utf-8 when all of it decodes, else cp1252."""
    with open_bytes(path) as file:
        start = file.read(4)
    for mark, marked in MARKS:
        if start.startswith(mark):
            return marked
    return "cp1252" if first_undecodable(path, "utf-8") else "utf-8"


def first_undecodable(path: Path, encoding: str) -> int | None:
    """The 1-based line with the first byte that `encoding` cannot read, or None when it reads everything."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with open_bytes(path) as file:
        while block := file.read(BLOCK):
            try:
                line += decoder.decode(block).count("\n")
            except UnicodeDecodeError as error:
                return line + bytes(error.object[: error.start]).decode(encoding, "replace").count("\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None
