"""A VBA project from plain text: vbaProject.bin without Excel (MS-OVBA).

    build (modules of text) -> ovba -> compound_file

Only source text is written, compressed; no compiled code. Excel compiles it when it opens the file, as it does for
every project whose compiled code is of another version. Nothing is random, so the same text gives the same bytes.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from addin.compound_file import compound_file

CODE_PAGE = "cp1252"
LONGEST_NAME = 31  # characters of a module name
PROJECT_ID = "{7C1E8C0B-1E0F-4B0B-9C67-2B6D4C1F5A10}"  # any; a constant, so that nothing is random
WORKBOOK = "0{00020819-0000-0000-C000-000000000046}"  # Excel's class of ThisWorkbook
SHEET = "0{00020820-0000-0000-C000-000000000046}"  # and of a worksheet
# The libraries that a project made in Excel refers to, besides VBA and Excel; Office has IRibbonControl.
REFERENCES = {
    "stdole": r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    "Office": r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared"
    r"\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
}
PROJECT_LINE = {"module": "Module={}", "class": "Class={}", "document": "Document={}/&H00000000"}
CHUNK = 4096  # bytes that are compressed together


@dataclass(frozen=True)
class Module:
    """One module: its name, its whole text with the attributes, and its kind: a document is of a book or sheet."""

    name: str
    text: str
    kind: Literal["module", "class", "document"] = "module"

    @property
    def stored(self) -> bytes:
        """The text as it is stored: lines that end in CR LF; raises ValueError for a text that is not ASCII."""
        if not self.text.isascii():
            raise ValueError(f"VBA module {self.name}: only ASCII reads the same on every computer")
        return "\r\n".join(self.text.splitlines()).encode("ascii") + b"\r\n"


def code_module(text: str) -> Module:
    """A module from the text of a .bas file, whose first line names it; raises ValueError without a fit name."""
    named = re.match(r'Attribute VB_Name = "([A-Za-z][A-Za-z0-9_]*)"\n', text)
    if named is None or len(named[1]) > LONGEST_NAME:
        raise ValueError(f'VBA module: the first line has to be Attribute VB_Name = "…", of at most {LONGEST_NAME}')
    return Module(named[1], text)


def document_module(name: str, base: str) -> Module:
    """The empty module that every workbook (`base` WORKBOOK) and every sheet (SHEET) has."""
    attributes = {
        "Name": f'"{name}"',
        "Base": f'"{base}"',
        "GlobalNameSpace": "False",
        "Creatable": "False",
        "PredeclaredId": "True",
        "Exposed": "True",
        "TemplateDerived": "False",
        "Customizable": "True",
    }
    return Module(name, "".join(f"Attribute VB_{key} = {value}\n" for key, value in attributes.items()), "document")


def vba_project(modules: Sequence[Module], name: str) -> bytes:
    """vbaProject.bin with these modules; raises ValueError for a project named like a module, or a name twice."""
    names = [module.name.upper() for module in modules]
    if name.upper() in names or len(set(names)) < len(names):
        raise ValueError(f"VBA project {name}: the project and its modules need names of their own")
    streams = {
        "PROJECT": _project_text(modules, name).encode(CODE_PAGE),
        "PROJECTwm": b"".join(_both_names(module) for module in modules) + b"\0\0",
        # Version FFFF: of no Excel at all, so that each one compiles the text anew.
        "VBA/_VBA_PROJECT": struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 0),
        "VBA/dir": compress(_directory(modules, name)),
    }
    streams.update({f"VBA/{module.name}": compress(module.stored) for module in modules})
    return compound_file(streams)


def compress(data: bytes) -> bytes:
    """`data` in the compression of MS-OVBA 2.4.1; raises ValueError when its end is no text but noise."""
    packed = bytearray(b"\x01")
    for start in range(0, len(data), CHUNK):
        chunk = data[start : start + CHUNK]
        body = _compress_chunk(chunk)
        if len(body) <= CHUNK:
            packed += struct.pack("<H", 0xB000 | len(body) - 1) + body
        elif len(chunk) == CHUNK:  # does not get shorter: stored as it is
            packed += struct.pack("<H", 0x3000 | CHUNK - 1) + chunk
        else:
            raise ValueError("VBA: the last part does not compress; it cannot be text")
    return bytes(packed)


def _compress_chunk(chunk: bytes) -> bytes:
    """Up to 4096 bytes as groups: a byte with eight flags, then eight tokens, each a byte or a copy (two bytes)."""
    seen: dict[bytes, list[int]] = {}  # where each three bytes stood
    body, flags_at, token, at = bytearray(), 0, 0, 0
    while at < len(chunk):
        if token % 8 == 0:
            flags_at = len(body)
            body.append(0)
        length, back = _longest_copy(chunk, at, seen.get(chunk[at : at + 3], []))
        if length:
            offset_bits = _offset_bits(at)
            body[flags_at] |= 1 << token % 8
            body += struct.pack("<H", (back - 1) << 16 - offset_bits | length - 3)
        else:
            body.append(chunk[at])
        for place in range(at, at + max(length, 1)):
            seen.setdefault(chunk[place : place + 3], []).append(place)
        at += max(length, 1)
        token += 1
    return bytes(body)


def _longest_copy(chunk: bytes, at: int, places: list[int]) -> tuple[int, int]:
    """How many bytes from `at` on stood before, and how far back; (0, 0) when there is no copy of three or more."""
    most = min((0xFFFF >> _offset_bits(at)) + 3, len(chunk) - at)
    best, back = 0, 0
    for place in reversed(places):  # of two as long, the nearest
        length = 3
        while length < most and chunk[place + length] == chunk[at + length]:
            length += 1
        if length > best:
            best, back = length, at - place
    return (best, back) if 3 <= best <= most else (0, 0)


def _offset_bits(at: int) -> int:
    """How many of a copy's 16 bits say how far back it is, `at` bytes into a chunk (MS-OVBA 2.4.1.3.19.1)."""
    return max((at - 1).bit_length(), 4)


def _directory(modules: Sequence[Module], name: str) -> bytes:
    """The stream 'dir' before compression: the project, its references and its modules (MS-OVBA 2.3.4.2)."""
    parts = [
        _record(0x01, struct.pack("<I", 3)),  # 64-bit Windows
        _record(0x02, struct.pack("<I", 0x409)),
        _record(0x14, struct.pack("<I", 0x409)),
        _record(0x03, struct.pack("<H", 1252)),
        _record(0x04, name.encode(CODE_PAGE)),
        _text_record(0x05, 0x40, ""),
        _record(0x06),
        _record(0x3D),
        _record(0x07, bytes(4)),
        _record(0x08, bytes(4)),
        struct.pack("<HIIH", 0x09, 4, 1, 1),  # version 1.1
        _text_record(0x0C, 0x3C, ""),
    ]
    for library, libid in REFERENCES.items():
        encoded = libid.encode(CODE_PAGE)
        parts += [
            _text_record(0x16, 0x3E, library),
            _record(0x0D, struct.pack("<I", len(encoded)) + encoded + bytes(6)),
        ]
    parts += [_record(0x0F, struct.pack("<H", len(modules))), _record(0x13, b"\xff\xff")]
    for module in modules:
        parts += [
            _text_record(0x19, 0x47, module.name),
            _text_record(0x1A, 0x32, module.name),
            _text_record(0x1C, 0x48, ""),
            _record(0x31, bytes(4)),  # the text begins at once: there is no compiled code before it
            _record(0x1E, bytes(4)),
            _record(0x2C, b"\xff\xff"),
            _record(0x21 if module.kind == "module" else 0x22),
            _record(0x2B),
        ]
    return b"".join([*parts, _record(0x10)])


def _record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def _text_record(number: int, unicode_number: int, text: str) -> bytes:
    """A text twice: in the code page, then in UTF-16."""
    return _record(number, text.encode(CODE_PAGE)) + _record(unicode_number, text.encode("utf-16-le"))


def _both_names(module: Module) -> bytes:
    return module.name.encode(CODE_PAGE) + b"\0" + module.name.encode("utf-16-le") + b"\0\0"


def _project_text(modules: Sequence[Module], name: str) -> str:
    """The stream PROJECT: the modules by kind, no protection and no password (MS-OVBA 2.3.1)."""
    listed = [PROJECT_LINE[module.kind].format(module.name) for module in modules]
    lines = [
        f'ID="{PROJECT_ID}"',
        *listed,
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_hidden(bytes(4), 0x20)}"',  # not protected
        f'DPB="{_hidden(bytes(1), 0x48)}"',  # no password
        f'GC="{_hidden(bytes([0xFF]), 0x70)}"',  # visible
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *[f"{module.name}=0, 0, 0, 0, C" for module in modules],
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _hidden(data: bytes, seed: int) -> str:
    """`data` in the scrambling of MS-OVBA 2.4.3.2, as hexadecimals; the seed is a constant instead of random."""
    key = sum(PROJECT_ID.encode("ascii")) & 0xFF
    scrambled = [seed, seed ^ 2, seed ^ key]
    before_last, last, plain = scrambled[1], scrambled[2], key
    for byte in bytes((seed & 6) // 2) + struct.pack("<I", len(data)) + data:
        scrambled.append(byte ^ (before_last + plain & 0xFF))
        before_last, last, plain = last, scrambled[-1], byte
    return bytes(scrambled).hex().upper()
