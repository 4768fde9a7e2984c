"""A workbook's zip with macros and a tab of its own: the parts that make an .xlsx an .xlsm or an .xlam.

    build (project, ribbon) -> package (content types, relationships, code names, zip)

Works on files fresh from our own writer, whose XML it knows; not on what somebody saved since.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Literal
from xml.etree import ElementTree

TYPES, ROOT_RELATIONS = "[Content_Types].xml", "_rels/.rels"
BOOK, BOOK_RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STYLES = "xl/styles.xml"
PROJECT, RIBBON = "xl/vbaProject.bin", "customUI/customUI.xml"

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships"
PROJECT_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
RIBBON_RELATION = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"

PLAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
PROJECT_TYPE = "application/vnd.ms-office.vbaProject"
MACRO_TYPES = {
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "xlam": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
}
BOOK_CODE_NAME = "ThisWorkbook"
OLDEST = (1980, 1, 1, 0, 0, 0)  # the time of every part: no clock, so the same parts give the same bytes

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The smallest workbook: one empty sheet, and no window that Excel would show.
EMPTY_WORKBOOK = {
    TYPES: f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/{BOOK}" ContentType="{PLAIN_TYPE}"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    f'<Override PartName="/{STYLES}" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    ROOT_RELATIONS: f'{XML}<Relationships xmlns="{PACKAGE_RELATION}">'
    f'<Relationship Id="rId1" Type="{OFFICE_RELATION}/officeDocument" Target="{BOOK}"/>'
    f'<Relationship Id="rId2" Type="{PACKAGE_RELATION}/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>",
    # Excel's list of add-ins shows the title.
    "docProps/core.xml": f'{XML}<cp:coreProperties xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties">'
    "<dc:title>Accountplan</dc:title></cp:coreProperties>",
    BOOK: f'{XML}<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE_RELATION}"><workbookPr/>'
    '<bookViews><workbookView visibility="hidden"/></bookViews>'
    '<sheets><sheet name="Accountplan" sheetId="1" r:id="rId1"/></sheets></workbook>',
    BOOK_RELATIONS: f'{XML}<Relationships xmlns="{PACKAGE_RELATION}">'
    f'<Relationship Id="rId1" Type="{OFFICE_RELATION}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE_RELATION}/styles" Target="styles.xml"/></Relationships>',
    STYLES: f'{XML}<styleSheet xmlns="{SPREADSHEET}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    "xl/worksheets/sheet1.xml": f'{XML}<worksheet xmlns="{SPREADSHEET}"><sheetData/></worksheet>',
}

Parts = dict[str, bytes]


def empty_workbook() -> Parts:
    """The parts of a workbook with one empty sheet."""
    return {name: text.encode("utf-8") for name, text in EMPTY_WORKBOOK.items()}


def read_parts(workbook: bytes) -> Parts:
    """{name in the zip: content}, in the order of the zip."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_parts(parts: Mapping[str, bytes]) -> bytes:
    """The zip with these parts, in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # and no trace of the system it was made on
            archive.writestr(entry, content)
    return buffer.getvalue()


def sheet_parts(parts: Mapping[str, bytes]) -> list[str]:
    """The names of the sheets' parts, in the order of the tabs."""
    relations = ElementTree.fromstring(parts[BOOK_RELATIONS])
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = ElementTree.fromstring(parts[BOOK]).iter(f"{{{SPREADSHEET}}}sheet")
    return [f"xl/{targets[sheet.get(f'{{{OFFICE_RELATION}}}id')]}" for sheet in sheets]


def code_name(number: int) -> str:
    """The name of a sheet in VBA: number 1 is Sheet1."""
    return f"Sheet{number}"


def add_macros(parts: Mapping[str, bytes], project: bytes, ribbon: str, kind: Literal["xlsm", "xlam"]) -> Parts:
    """The parts with vbaProject.bin, the tab, and what makes the file of that kind; all other parts are the same.

    Raises ValueError when the XML is not as our own writer writes it.
    """
    made = dict(parts)
    made[TYPES] = _once(made[TYPES], re.escape(f'"{PLAIN_TYPE}"'), f'"{MACRO_TYPES[kind]}"')
    override = f'<Override PartName="/{PROJECT}" ContentType="{PROJECT_TYPE}"/>'
    made[TYPES] = _once(made[TYPES], "</Types>", f"{override}</Types>")
    made[BOOK_RELATIONS] = _add_relation(made[BOOK_RELATIONS], PROJECT_RELATION, "vbaProject.bin")
    made[ROOT_RELATIONS] = _add_relation(made[ROOT_RELATIONS], RIBBON_RELATION, RIBBON)
    made[BOOK] = _once(made[BOOK], r"<workbookPr(?=[ />])", f'<workbookPr codeName="{BOOK_CODE_NAME}"')
    for number, name in enumerate(sheet_parts(parts), 1):
        made[name] = _name_in_code(made[name], code_name(number))
    made[PROJECT] = project
    made[RIBBON] = ribbon.encode("utf-8")
    return made


def _name_in_code(sheet: bytes, name: str) -> bytes:
    """The sheet's XML with its name in VBA, on the element sheetPr, which comes first if it is there."""
    if re.search(rb"<sheetPr[ />]", sheet):
        return _once(sheet, r"<sheetPr(?=[ />])", f'<sheetPr codeName="{name}"')
    return _once(sheet, r"<worksheet [^>]*>", rf'\g<0><sheetPr codeName="{name}"/>')


def _add_relation(relations: bytes, kind: str, target: str) -> bytes:
    taken = {int(number) for number in re.findall(rb'Id="rId(\d+)"', relations)}
    added = f'<Relationship Id="rId{max(taken) + 1}" Type="{kind}" Target="{target}"/>'
    return _once(relations, "</Relationships>", f"{added}</Relationships>")


def _once(text: bytes, pattern: str, new: str) -> bytes:
    """`text` with the one place that fits `pattern` replaced by `new`; not one, or more, raises ValueError."""
    changed, count = re.subn(pattern.encode("utf-8"), new.encode("utf-8"), text)
    if count != 1:
        raise ValueError(f"add macros: the part has {count} places for '{new}'")
    return changed
