"""XML with the places where everything stands, so that one attribute or element can change and no other byte does.

A spreadsheet program writes an XML document, another one reads it: prefixes, quotes and the order of attributes are its
own choice. expat reads it, with namespaces, and tells the byte at which each element begins. Document type
declarations, and with them entities, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.parsers import expat

NAMESPACES = {
    # how a name is written in this package -> the namespaces it stands for ("strict" files have their own)
    "": (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "http://schemas.openxmlformats.org/package/2006/relationships",
        "http://schemas.openxmlformats.org/package/2006/content-types",
    ),
    "r:": (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
    "x14:": ("http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",),
    "xm:": ("http://schemas.microsoft.com/office/excel/2006/main",),
}
_SHORT = {uri: short for short, uris in NAMESPACES.items() for uri in uris}
_TAG = re.compile(rb"<[^\s/>]+(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>")
_PREFIX = re.compile(rb"<([^\s/>:]+:)")
ATTRIBUTE = re.compile(rb"([^\s=/<>\"']+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
DECLARED = (None, "utf-8", "utf8", "us-ascii", "ascii")


class MarkupFault(Exception):
    """XML that is not well-formed, or that no spreadsheet program writes; the reason in a few words."""


class Element:
    """An element of a part: name, path of names, attributes, its own text, and where it stands.

    Names have no prefix in the namespaces of workbooks and packages, "r:", "x14:" and "xm:" in those, else "{uri}".
    """

    __slots__ = ("_last", "attributes", "name", "part", "path", "start", "text")

    def __init__(self, part: bytes, path: tuple[str, ...], attributes: dict[str, str], start: int) -> None:
        self.part, self.path, self.attributes, self.start = part, path, attributes, start
        self.name = path[-1]
        self.text = ""
        self._last = start  # where the end tag begins, or behind an element without one

    @property
    def inner(self) -> int:
        """The byte behind its start tag."""
        tag = _TAG.match(self.part, self.start)
        if tag is None:
            raise MarkupFault(f"no tag at byte {self.start}")
        return tag.end()

    @property
    def is_empty(self) -> bool:
        """Whether it has no end tag."""
        return self.part[self.inner - 2 : self.inner] == b"/>"

    @property
    def close(self) -> int:
        """The byte at which its end tag begins."""
        return self.inner if self.is_empty else self._last

    @property
    def end(self) -> int:
        """The byte behind it."""
        return self.inner if self.is_empty else self.part.index(b">", self._last) + 1

    @property
    def prefix(self) -> bytes:
        """The prefix of its name, with the colon."""
        found = _PREFIX.match(self.part, self.start)
        return found[1] if found else b""


@dataclass(frozen=True)
class Edit:
    """The bytes from `start` to `end` give way to `new`."""

    start: int
    end: int
    new: bytes


def escape(text: str) -> str:
    """A text as it stands between two tags."""  # xml.sax has one, and half of the standard library behind it
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def check(part: bytes) -> None:
    """Raise `MarkupFault` unless `part` is well-formed XML in UTF-8 without a document type declaration."""
    _run(_parser(), part)


def elements(part: bytes) -> list[Element]:
    """Every element in the order of the document; raises `MarkupFault` as `check` does."""
    parser = _parser()
    found: list[Element] = []
    opened: list[Element] = []
    known: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name not in known:
            known[name] = _short(name)
        path = (*opened[-1].path, known[name]) if opened else (known[name],)
        if " " in "".join(attributes):
            for key in [key for key in attributes if " " in key]:
                attributes[_short(key)] = attributes.pop(key)
        element = Element(part, path, attributes, parser.CurrentByteIndex)
        found.append(element)
        opened.append(element)

    def end(_: str) -> None:
        opened.pop()._last = parser.CurrentByteIndex

    def text(piece: str) -> None:
        if opened:
            opened[-1].text += piece

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    _run(parser, part)
    return found


def with_attribute(element: Element, name: str, value: str) -> Edit:
    """The edit that gives an element an attribute without a prefix, in its place if it has it."""
    new = escape(value).replace('"', "&quot;").encode()
    tag = element.part[element.start : element.inner]
    for found in ATTRIBUTE.finditer(tag):
        if found[1] == name.encode():
            return Edit(element.start + found.start(), element.start + found.end(), found[1] + b'="' + new + b'"')
    at = element.inner - (2 if element.is_empty else 1)
    return Edit(at, at, b" " + name.encode() + b'="' + new + b'"')


def with_text(element: Element, value: str) -> Edit:
    """The edit that gives an element, which must have an end tag, another text."""
    return Edit(element.inner, element.close, escape(value).encode())


def without(element: Element) -> Edit:
    """The edit that takes an element away."""
    return Edit(element.start, element.end, b"")


def edited(part: bytes, edits: Iterable[Edit]) -> bytes:
    """The part with all edits done; they may stand in any order and must not overlap."""
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            raise ValueError("edits overlap")
        pieces += [part[at : edit.start], edit.new]
        at = edit.end
    return b"".join([*pieces, part[at:]])


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def doctype(*_: object) -> None:
        raise MarkupFault("DOCTYPE")

    def declaration(version: str, encoding: str | None, standalone: int) -> None:
        if (encoding.lower() if encoding else None) not in DECLARED:
            raise MarkupFault(f"encoding {encoding}")

    parser.StartDoctypeDeclHandler = doctype
    parser.XmlDeclHandler = declaration
    return parser


def _run(parser: expat.XMLParserType, part: bytes) -> None:
    if part[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
        raise MarkupFault("encoding UTF-16")
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, UnicodeDecodeError) as fault:
        raise MarkupFault(str(fault)) from None


def _short(name: str) -> str:
    """A name of expat's, "uri local", as this package writes it."""
    uri, _, local = name.rpartition(" ")
    return _SHORT[uri] + local if uri in _SHORT else f"{{{uri}}}{local}"
