"""A built workbook with some cells overwritten by plain values, as a user could do by accident; the rest untouched."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from workbook_cells import ErrorValue, sheet_parts


def overwritten(book: bytes, values: Mapping[tuple[str, str], float | ErrorValue]) -> bytes:
    """The workbook with {(sheet, address): number or error} written over what stood there, formulas included."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = sheet_parts(archive)
        members = {info: archive.read(info) for info in archive.infolist()}
    for (sheet, at), value in values.items():
        info = next(each for each in members if each.filename == parts[sheet])
        members[info] = _with_value(members[info].decode("utf-8"), at, value).encode("utf-8")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in members.items():
            archive.writestr(info.filename, content)
    return buffer.getvalue()


def _with_value(part: str, at: str, value: float | ErrorValue) -> str:
    cell = re.compile(rf'<c r="{at}"((?: s="\d+")?)[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
    kind, text = (' t="e"', value) if isinstance(value, ErrorValue) else ("", repr(value))
    edited, count = cell.subn(lambda found: f'<c r="{at}"{found[1]}{kind}><v>{text}</v></c>', part)
    if count != 1:
        raise ValueError(f"{at} stands {count} times in the sheet")
    return edited
