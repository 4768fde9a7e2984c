"""The parts of a saved .xlsx: read with care, replaced one by one, and written again with all others untouched.

Every member is unpacked once at the start, to see that it is whole and holds no document type declaration. A member
that nobody replaces is copied as it lies in the file, compressed bytes and all.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from workbook_builder.errors import InputError, Problem
from workbook_builder.saved.markup import Edit, Element, MarkupFault, check, edited, elements, without
from workbook_builder.zip_guard import Limits, ZipFault, check_directory

LIMITS = Limits(size=200 << 20, entries=2000)  # of a workbook that a person fills in
STORED, DEFLATED = 0, 8
LEVEL = 2  # of what we pack: a third of the time of the usual 6, a sixth larger
CONTENT_TYPES = "[Content_Types].xml"
_OLE = b"\xd0\xcf\x11\xe0"  # an .xls, or an .xlsx that a password is needed to open
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
_UTF8 = 0x800  # the flag of a name in UTF-8
_KEPT_FLAGS = 0x806  # that, and how hard deflate tried; a size that follows its data is written in front of it now


@dataclass(frozen=True)
class _Member:
    """One member as it lies in the file."""

    info: zipfile.ZipInfo
    packed: bytes


class Link(NamedTuple):
    """A relationship: its id, the last word of its type, and the part it points at."""

    id: str
    kind: str
    target: str


class Package:
    """The parts of one workbook; `file` names it in messages. Raises `InputError` for a file that is not to be used."""

    def __init__(self, content: bytes, file: object) -> None:
        self.file = file
        self._content = content
        self._members = self._read_directory()
        self._names = {name.lower(): name for name in self._members}
        self._new: dict[str, bytes] = {}
        self._unpacked: dict[str, bytes] = {}  # all of it, at most the 200 MB that the limits allow
        self._dropped = False
        self._parsed: dict[str, tuple[bytes, list[Element]]] = {}
        for name in self._members:
            self._check(name, self.part(name))

    def _read_directory(self) -> dict[str, _Member]:
        if self._content[:4] == _OLE:
            raise self.refusal("plan_password")
        try:
            with zipfile.ZipFile(io.BytesIO(self._content)) as archive:
                entries = archive.infolist()
            check_directory(entries, LIMITS)
            return {entry.filename: _Member(entry, self._packed(entry)) for entry in entries}
        except ZipFault as fault:
            if fault.kind == "too_large":
                raise self.refusal("plan_too_large") from None
            raise self.unsafe(fault.reason) from None
        except (zipfile.BadZipFile, struct.error, NotImplementedError, ValueError, EOFError, OSError) as fault:
            raise self.damaged(fault) from None

    def _packed(self, entry: zipfile.ZipInfo) -> bytes:
        """The bytes of a member as they are packed."""
        signature, *_, name, extra = _LOCAL.unpack_from(self._content, entry.header_offset)
        start = entry.header_offset + _LOCAL.size + name + extra
        packed = self._content[start : start + entry.compress_size]
        if signature != b"PK\x03\x04" or len(packed) < entry.compress_size or entry.flag_bits & 1:
            raise self.damaged(f"zip: {entry.filename}")
        if entry.compress_type not in (STORED, DEFLATED):
            raise self.damaged(f"zip: {entry.filename}, {entry.compress_type}")
        return packed

    def _check(self, name: str, part: bytes) -> None:
        """No document type declaration in any part that is XML, whatever it is called."""
        start = part[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
        if start[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
            raise self.unsafe(f"{name}: UTF-16")
        if start[:1] == b"<" and (b"<!DOCTYPE" in part or b"<!ENTITY" in part):
            raise self.unsafe(f"{name}: DOCTYPE")

    def refusal(self, code: str, /, **particulars: object) -> InputError:
        """The refusal of this file with one sentence of the catalogue."""
        return InputError(Problem(code, file=self.file, **particulars))

    def damaged(self, reason: object) -> InputError:
        """The refusal of a file that is not whole."""
        return self.refusal("plan_damaged", fault=reason)

    def unsafe(self, reason: str) -> InputError:
        """The refusal of a file with something in it that no workbook needs."""
        return self.refusal("plan_unsafe", reason=reason)

    def unusual(self, reason: str) -> InputError:
        """The refusal of a file that may be sound, and that we do not know how to change."""
        return self.refusal("plan_unusual", reason=reason)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def part(self, name: str) -> bytes:
        """The content of a part; names do not differ in case alone."""
        real = self._names.get(name.lower())
        if real is None:
            raise self.damaged(name)
        if real not in self._unpacked:
            self._unpacked[real] = self._unpack(name, real)
        return self._new.get(real, self._unpacked[real])

    def _unpack(self, name: str, real: str) -> bytes:
        """The content of a member of the file, unpacked and checked."""
        info, packed = self._members[real].info, self._members[real].packed
        part = packed
        if info.compress_type == DEFLATED:
            try:
                part = zlib.decompressobj(-15).decompress(packed, info.file_size + 1)
            except zlib.error as fault:
                raise self.damaged(f"{name}: {fault}") from None
        if len(part) != info.file_size or zlib.crc32(part) != info.CRC:
            raise self.damaged(f"{name}: CRC")
        return part

    def elements(self, name: str) -> list[Element]:
        """The elements of a part that is XML."""
        return self.read_elements(name, self.part(name))

    def read_elements(self, name: str, part: bytes) -> list[Element]:
        """The elements of some XML of the part called `name`; the same bytes are read once."""
        before = self._parsed.get(name)
        if before and before[0] == part:
            return before[1]
        try:
            parsed = elements(part)
        except MarkupFault as fault:
            raise self.damaged(f"{name}: {fault}") from None
        self._parsed[name] = (part, parsed)
        return parsed

    def put(self, name: str, part: bytes, *, is_checked: bool = False) -> None:
        """Replace a part, which must be well-formed XML; one that stays the same is not replaced.

        `is_checked` says that the caller has read what is new in it.
        """
        real = self._names[name.lower()]
        if part != self.part(real):
            if not is_checked:
                check(part)
            self._new[real] = part

    def drop(self, name: str) -> None:
        """Take a part away, with its content type; the relationship to it is the caller's."""
        real = self._names.pop(name.lower())
        del self._members[real]
        self._dropped = True
        self._new.pop(real, None)
        types = self.part(CONTENT_TYPES)
        gone = [
            without(element)
            for element in self.elements(CONTENT_TYPES)
            if element.attributes.get("PartName", "").lower() == f"/{real}".lower()
        ]
        self.put(CONTENT_TYPES, edited(types, gone))

    def links(self, part: str) -> list[Link]:
        """The relationships of a part ("" for those of the package) to other parts; links out of it are left out."""
        rels = self.rels(part)
        if rels not in self:
            return []
        found = []
        for element in self.elements(rels):
            if element.name != "Relationship" or element.attributes.get("TargetMode") == "External":
                continue
            kind = element.attributes.get("Type", "").rsplit("/", 1)[-1]
            target = self._target(part, element.attributes.get("Target", ""))
            found.append(Link(element.attributes.get("Id", ""), kind, target))
        return found

    def unlink(self, part: str, target: str) -> None:
        """Take away the relationships of a part to another part."""
        rels = self.rels(part)
        gone: list[Edit] = [
            without(element)
            for element in self.elements(rels)
            if element.name == "Relationship" and self._target(part, element.attributes.get("Target", "")) == target
        ]
        self.put(rels, edited(self.part(rels), gone))

    @staticmethod
    def rels(part: str) -> str:
        """The name of the part that holds the relationships of `part`."""
        folder, name = posixpath.split(part)
        return posixpath.join(folder, "_rels", f"{name}.rels")

    def _target(self, part: str, target: str) -> str:
        """The name of the part that a target means, seen from `part`; it stays inside the file."""
        path = unquote(target.partition("#")[0])
        joined = path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(part), path)
        name = posixpath.normpath(joined)
        if name.startswith("..") or "\\" in name:
            raise self.unsafe(f"{part}: {target}")
        return self._names.get(name.lower(), name)

    @property
    def changed(self) -> bool:
        """Whether any part is another than in the file."""
        return bool(self._new) or self._dropped

    def to_bytes(self) -> bytes:
        """The file with the replaced parts, in the old order; the same edits give the same bytes."""
        if not self.changed:
            return self._content
        out, directory = io.BytesIO(), io.BytesIO()
        for name, member in self._members.items():
            _write_member(out, directory, member, self._new.get(name))
        start, size = out.tell(), directory.tell()
        count = len(self._members)
        out.write(directory.getvalue())
        out.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, 0))
        return out.getvalue()


def write_zip(parts: Mapping[str, bytes]) -> bytes:
    """A zip of these parts, not compressed: for a workbook that only lives in memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return out.getvalue()


def _write_member(out: io.BytesIO, directory: io.BytesIO, member: _Member, new: bytes | None) -> None:
    """One member with its entry in the directory: as it was packed, or packed anew with the same date."""
    info, packed = member.info, member.packed
    method, crc, size = info.compress_type, info.CRC, info.file_size
    if new is not None:
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
        method, crc, size = DEFLATED, zlib.crc32(new), len(new)
        packed = packer.compress(new) + packer.flush()
    name = info.filename.encode()
    flags = info.flag_bits & _KEPT_FLAGS | (0 if info.filename.isascii() else _UTF8)
    year, month, day, hour, minute, second = info.date_time
    date, time = (year - 1980) << 9 | month << 5 | day, hour << 11 | minute << 5 | second // 2
    at, version = out.tell(), max(20, min(info.extract_version, 45))
    common = (flags, method, time, date, crc, len(packed), size, len(name))
    out.write(_LOCAL.pack(b"PK\x03\x04", version, *common, 0) + name + packed)
    made_by = info.create_system << 8 | info.create_version & 0xFF
    entry = (made_by, version, *common, 0, 0, 0, info.internal_attr, info.external_attr, at)
    directory.write(_CENTRAL.pack(b"PK\x01\x02", *entry) + name)
