"""XML with the places where everything stands, so that one attribute or element can change and no other byte does.

A spreadsheet program writes an XML document, another one reads it: prefixes, quotes and the order of attributes are its
own choice. expat reads it, with namespaces, and tells the byte at which each element begins. Document type
declarations, and with them entities, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape

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


@dataclass(frozen=True)
class Element:
    """An element and its place: `start` to `inner` is its start tag, `close` to `end` its end tag (none if empty).

    Names have no prefix in the namespaces of workbooks and packages, "r:", "x14:" and "xm:" in those, else "{uri}".
    """

    name: str
    path: tuple[str, ...]
    attributes: Mapping[str, str]
    prefix: bytes
    start: int
    inner: int
    close: int
    end: int
    text: str


@dataclass(frozen=True)
class Edit:
    """The bytes from `start` to `end` give way to `new`."""

    start: int
    end: int
    new: bytes


def check(part: bytes) -> None:
    """Raise `MarkupFault` unless `part` is well-formed XML in UTF-8 without a document type declaration."""
    _run(_parser(), part)


def elements(part: bytes) -> list[Element]:
    """Every element in the order of the document; raises `MarkupFault` as `check` does."""
    parser = _parser()
    found: list[Element | None] = []
    opened: list[tuple[int, str, dict[str, str], int, int, list[str]]] = []
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        tag = _TAG.match(part, at)
        if tag is None:
            raise MarkupFault(f"no tag at byte {at}")
        path.append(_short(name))
        named = {_short(key, attribute=True): value for key, value in attributes.items()}
        opened.append((len(found), path[-1], named, at, tag.end(), []))
        found.append(None)

    def end(_: str) -> None:
        index, name, attributes, at, inner, texts = opened.pop()
        empty = part[inner - 2 : inner] == b"/>"
        close = inner if empty else parser.CurrentByteIndex
        after = inner if empty else part.index(b">", close) + 1
        marked = _PREFIX.match(part, at)
        prefix, all_text = marked[1] if marked else b"", "".join(texts)
        found[index] = Element(name, tuple(path), attributes, prefix, at, inner, close, after, all_text)
        path.pop()

    def text(piece: str) -> None:
        if opened:
            opened[-1][5].append(piece)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    _run(parser, part)
    return [element for element in found if element is not None]


def with_attribute(part: bytes, element: Element, name: str, value: str) -> Edit:
    """The edit that gives an element an attribute without a prefix, in its place if it has it."""
    new = escape(value, {'"': "&quot;"}).encode()
    tag = part[element.start : element.inner]
    for found in ATTRIBUTE.finditer(tag):
        if found[1] == name.encode():
            return Edit(element.start + found.start(), element.start + found.end(), found[1] + b'="' + new + b'"')
    at = element.inner - (2 if tag.endswith(b"/>") else 1)
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


def _short(name: str, *, attribute: bool = False) -> str:
    """A name of expat's, "uri local", as this package writes it; an attribute without a prefix has no namespace."""
    uri, space, local = name.rpartition(" ")
    if not space:
        return local if attribute else f"{{}}{local}"
    return _SHORT[uri] + local if uri in _SHORT else f"{{{uri}}}{local}"
