"""A file with macros -> the text of its modules, as olevba reads them: an independent reader of vbaProject.bin."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # olevba calls its parser by names that are on their way out
    from oletools.olevba import VBA_Parser, decompress_stream


def vba_sources(content: bytes) -> dict[str, str]:
    """{name of the module: its text, lines ended by a line feed}."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = VBA_Parser("book.xlsm", data=content)
        found = {stream.removeprefix("VBA/"): text for _, stream, _, text in reader.extract_macros()}
        reader.close()
    return {name: text.replace("\r\n", "\n") for name, text in found.items()}


def decompressed(content: bytes) -> bytes:
    """The bytes that a stream in the compression of MS-OVBA holds."""
    return bytes(decompress_stream(bytearray(content)))
