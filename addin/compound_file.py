"""The container of vbaProject.bin: a compound file, which is a small file system in one file (MS-CFB, version 3).

    build -> ovba (the VBA project, as streams) -> compound_file (the streams, as one file)

Everything is laid out in one order and no time or random id is written, so the same streams give the same bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
SECTOR = 512  # bytes
SHORT_SECTOR = 64  # bytes; for streams shorter than SHORT_STREAM
SHORT_STREAM = 4096  # bytes
ENTRY = 128  # bytes of one directory entry
HEADER_SLOTS = 109  # places for allocation sectors in the header; more is not written here (about 7 MB)

# What may stand in an allocation table instead of the number of the next sector, and in the directory.
FREE, END_OF_CHAIN, ALLOCATION, NOBODY = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
UNUSED, STORAGE, STREAM, ROOT = 0, 1, 2, 5
RED, BLACK = 0, 1


class Chains:
    """Contents one after the other in sectors of one size, with the table that chains each one's sectors."""

    def __init__(self, unit: int) -> None:
        self.unit = unit
        self.data = bytearray()
        self.table: list[int] = []

    def add(self, content: bytes) -> int:
        """The number of the first sector of `content`, which is padded with zeros; of nothing, the end of a chain."""
        first, sectors = len(self.table), -(-len(content) // self.unit)
        if not sectors:
            return END_OF_CHAIN
        self.data += content + bytes(-len(content) % self.unit)
        self.table += [*range(first + 1, first + sectors), END_OF_CHAIN]
        return first


@dataclass
class Entry:
    """One entry of the directory; left, right and child are places in the directory."""

    name: str
    kind: int
    content: bytes = b""
    colour: int = BLACK
    left: int = NOBODY
    right: int = NOBODY
    child: int = NOBODY
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        """Its 128 bytes; no class id, no state, no times."""
        name = f"{self.name}\0".encode("utf-16-le") if self.name else b""
        if len(name) > 64:
            raise ValueError(f"compound file: '{self.name}' is longer than 31 characters")
        links = (self.left, self.right, self.child)
        return struct.pack(
            "<64sHBB3I16sI8s8sIQ",
            name, len(name), self.kind, self.colour, *links, b"", 0, b"", b"", self.start, self.size,
        )  # fmt: skip


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """The bytes of a compound file that holds `streams`; a name with slashes stands in storages: "VBA/dir".

    Raises ValueError for a name over 31 characters, and for more than about 7 MB.
    """
    entries = directory(streams)
    root = entries[0]
    short, sectors = Chains(SHORT_SECTOR), Chains(SECTOR)
    for entry in entries:
        if entry.kind == STREAM:
            home = short if len(entry.content) < SHORT_STREAM else sectors
            entry.start, entry.size = home.add(entry.content), len(entry.content)
    root.start, root.size = sectors.add(bytes(short.data)), len(short.data)
    short_table = _numbers(short.table, SECTOR)
    short_start = sectors.add(short_table)
    filler = Entry("", UNUSED).packed()
    packed = b"".join(entry.packed() for entry in entries)
    directory_start = sectors.add(packed + filler * (-len(entries) % (SECTOR // ENTRY)))
    first_allocation = len(sectors.table)
    allocations = _allocation_sectors(first_allocation)
    table = _numbers([*sectors.table, *[ALLOCATION] * allocations], SECTOR)
    header = _header(directory_start, (short_start, len(short_table) // SECTOR), (first_allocation, allocations))
    return header + bytes(sectors.data) + table


def directory(streams: Mapping[str, bytes]) -> list[Entry]:
    """The directory, root first: every storage with its members as a search tree, as a reader expects them."""
    entries = [Entry("Root Entry", ROOT)]
    members: dict[str, list[int]] = {"": []}
    storages = {"": 0}
    for path, content in streams.items():
        *folders, name = path.split("/")
        parent = ""
        for folder in folders:
            here = f"{parent}{folder}/"
            if here not in storages:
                storages[here] = len(entries)
                members[here] = []
                members[parent].append(len(entries))
                entries.append(Entry(folder, STORAGE))
            parent = here
        members[parent].append(len(entries))
        entries.append(Entry(name, STREAM, content))
    for path, place in storages.items():
        # The order of MS-CFB 2.6.4: shorter names first, then by upper case.
        ordered = sorted(members[path], key=lambda index: (len(entries[index].name), entries[index].name.upper()))
        entries[place].child = _tree(entries, ordered, len(ordered).bit_length())
    return entries


def _tree(entries: list[Entry], ordered: list[int], levels: int) -> int:
    """The middle of `ordered`, after linking both halves below it; the deepest level is red, the others black.

    Halving leaves gaps on the deepest level only, so that every way down meets as many black entries.
    """
    if not ordered:
        return NOBODY
    middle = len(ordered) // 2
    here = entries[ordered[middle]]
    here.colour = RED if levels == 1 else BLACK
    here.left = _tree(entries, ordered[:middle], levels - 1)
    here.right = _tree(entries, ordered[middle + 1 :], levels - 1)
    return ordered[middle]


def _allocation_sectors(content: int) -> int:
    """How many sectors the allocation table takes that lists `content` sectors and its own."""
    per_sector, count = SECTOR // 4, 1
    while count * per_sector < content + count:
        count += 1
    if count > HEADER_SLOTS:
        raise ValueError("compound file: too much for one without extra allocation sectors")
    return count


def _numbers(values: Iterable[int], unit: int) -> bytes:
    """32-bit numbers, filled up to a whole sector with 'free'."""
    packed = b"".join(struct.pack("<I", value) for value in values)
    return packed + b"\xff" * (-len(packed) % unit)


def _header(directory_start: int, short: tuple[int, int], allocation: tuple[int, int]) -> bytes:
    """The first 512 bytes; `short` and `allocation` are the first sector of that table and its sectors."""
    fixed = struct.pack("<8s16s5H6s", SIGNATURE, b"", 0x3E, 3, 0xFFFE, 9, 6, b"")  # version 3, 2**9 and 2**6 bytes
    first, count = allocation
    counts = struct.pack("<9I", 0, count, directory_start, 0, SHORT_STREAM, *short, END_OF_CHAIN, 0)
    slots = [*range(first, first + count), *[FREE] * (HEADER_SLOTS - count)]
    return fixed + counts + _numbers(slots, 4)
