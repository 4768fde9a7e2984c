"""A plan -> the same plan with what people and Excel put into a workbook, made by hand, part by part.

`with_user_content` adds a sheet of the user's own with formulas that share their text, a chart and a picture on it, a
note on a cell, a wider column, rules of Excel 2010, a list of formula cells (calcChain), a setting for a printer and
parts that no program of ours knows. `as_another_program` writes the same workbook with other names: prefixes, parts,
absolute targets, single quotes.
"""

from __future__ import annotations

import base64
import functools
import io
import re
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
USER_SHEET = "Mijn blad"
SHARED = "H{row}*2+SUM(tbl_src_sales[Omzet])"  # of D2:D6 on the user's sheet

OWN_SHEET = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" \
mc:Ignorable="x14ac xr" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" \
xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" \
xr:uid="{{00000000-0001-0000-0000-000000000000}}"><dimension ref="A1:H6"/>\
<sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15" x14ac:dyDescent="0.25"/>\
<cols><col min="1" max="1" width="31.7" customWidth="1"/></cols><sheetData>\
<row r="1" spans="1:8" x14ac:dyDescent="0.25"><c r="A1" t="inlineStr"><is><t>Mijn eigen sommen</t></is></c></row>\
<row r="2" spans="1:8" x14ac:dyDescent="0.25"><c r="D2"><f t="shared" ref="D2:D6" si="0">\
H2*2+SUM(tbl_src_sales[Omzet])</f><v>1</v></c><c r="H2"><v>10</v></c></row>\
<row r="3" spans="1:8" x14ac:dyDescent="0.25"><c r="D3"><f t="shared" si="0"/><v>1</v></c><c r="H3"><v>20</v></c></row>\
<row r="4" spans="1:8" x14ac:dyDescent="0.25"><c r="D4"><f t="shared" si="0"/><v>1</v></c><c r="H4"><v>30</v></c></row>\
<row r="5" spans="1:8" x14ac:dyDescent="0.25"><c r="D5"><f t="shared" si="0"/><v>1</v></c><c r="H5"><v>40</v></c></row>\
<row r="6" spans="1:8" x14ac:dyDescent="0.25"><c r="D6"><f t="shared" si="0"/><v>1</v></c><c r="H6"><v>50</v></c></row>\
</sheetData><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>\
<pageSetup paperSize="9" r:id="rId2"/><drawing r:id="rId1"/></worksheet>"""
DRAWING_NS = "http://schemas.openxmlformats.org/drawingml/2006"
ANCHOR = (
    "<xdr:twoCellAnchor><xdr:from><xdr:col>9</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>"
    "<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>14</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{end}"
    "</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>{what}<xdr:clientData/></xdr:twoCellAnchor>"
)
CHART_FRAME = (
    '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Mijn grafiek"/>'
    '<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/>'
    f'</xdr:xfrm><a:graphic><a:graphicData uri="{DRAWING_NS}/chart"><c:chart xmlns:c="{DRAWING_NS}/chart" '
    'r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame>'
)
PICTURE_FRAME = (
    '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="Mijn foto"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
    '<a:blip r:embed="rId2"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="9525" cy="9525"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>'
)
DRAWING = (
    f'<xdr:wsDr xmlns:xdr="{DRAWING_NS}/spreadsheetDrawing" xmlns:a="{DRAWING_NS}/main" xmlns:r="{OFFICE}">'
    + ANCHOR.format(row=1, end=12, what=CHART_FRAME)
    + ANCHOR.format(row=14, end=20, what=PICTURE_FRAME)
    + "</xdr:wsDr>"
)
CHART = (
    f'<c:chartSpace xmlns:c="{DRAWING_NS}/chart" xmlns:a="{DRAWING_NS}/main"><c:chart><c:plotArea><c:layout/>'
    '<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:ser><c:idx val="0"/><c:order val="0"/><c:val>'
    '<c:numRef><c:f>\'Mijn blad\'!$D$2:$D$6</c:f></c:numRef></c:val></c:ser><c:axId val="1"/><c:axId val="2"/>'
    '</c:barChart><c:catAx><c:axId val="1"/><c:scaling/><c:delete val="0"/><c:axPos val="b"/><c:crossAx val="2"/>'
    '</c:catAx><c:valAx><c:axId val="2"/><c:scaling/><c:delete val="0"/><c:axPos val="l"/><c:crossAx val="1"/>'
    "</c:valAx></c:plotArea></c:chart></c:chartSpace>"
)
COMMENTS = (
    f'<comments xmlns="{MAIN}"><authors><author>Ik</author></authors><commentList><comment ref="B9" authorId="0">'
    "<text><t>Mijn notitie</t></text></comment></commentList></comments>"
)
VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape type="#_x0000_t202" style="visibility:hidden">'
    '<x:ClientData ObjectType="Note"><x:Row>8</x:Row><x:Column>1</x:Column></x:ClientData></v:shape></xml>'
)
CHAIN = f'<calcChain xmlns="{MAIN}"><c r="C3" i="{{sheet}}"/><c r="D2" i="{{own}}"/><c r="D3"/></calcChain>'
RULE_2010 = (
    '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    'uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}"><x14:conditionalFormattings><x14:conditionalFormatting '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:cfRule type="cellIs" priority="90" '
    'operator="greaterThan" id="{{00000000-0000-0000-0000-000000000001}}"><xm:f>1000</xm:f><x14:dxf/></x14:cfRule>'
    "<xm:sqref>{ref}</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
)


def members(book: bytes) -> dict[str, bytes]:
    """The parts of a workbook by name, in the order of the file."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    """A workbook of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def with_parts(book: bytes, changes: dict[str, bytes]) -> bytes:
    """The workbook with some parts replaced."""
    parts = members(book)
    assert changes.keys() <= parts.keys()
    return zipped({**parts, **changes})


def replaced(text: bytes, old: str, new: str) -> bytes:
    """`text` with the one place of `old` replaced."""
    assert text.count(old.encode()) == 1, f"{old!r} stands {text.count(old.encode())} times"
    return text.replace(old.encode(), new.encode())


def sheet_part(book: bytes, sheet: str) -> str:
    """The part of a sheet of a plan that the program made."""
    parts = members(book)
    found = re.search(
        rf'<sheet name="{re.escape(sheet)}" sheetId="\d+"[^>]* r:id="(\w+)"', parts["xl/workbook.xml"].decode()
    )
    assert found, sheet
    target = re.search(rf'Id="{found[1]}"[^>]* Target="([^"]+)"', parts["xl/_rels/workbook.xml.rels"].decode())
    assert target
    return f"xl/{target[1]}"


def with_user_content(book: bytes, sheet: str, table: str) -> bytes:
    """The plan with a sheet of the user's own, and on `sheet`, around its table at `table` ("F8:F342"), the rest."""
    parts = members(book)
    part, rels = sheet_part(book, sheet), f"xl/worksheets/_rels/{sheet_part(book, sheet).rsplit('/', 1)[1]}.rels"
    text = parts[part]
    text = re.sub(rb'(<col min="2" max="2" width=")[^"]+', rb"\g<1>41.3", text, count=1)
    text = replaced(text, "<tableParts", '<legacyDrawing r:id="rId91"/><tableParts')
    text = replaced(text, "</tableParts></worksheet>", f"</tableParts>{RULE_2010.format(ref=table)}</worksheet>")
    parts[part] = text.replace(b"{{", b"{").replace(b"}}", b"}")
    parts[rels] = replaced(
        parts[rels],
        "</Relationships>",
        f'<Relationship Id="rId91" Type="{OFFICE}/vmlDrawing" Target="../drawings/vmlDrawing91.vml"/>'
        f'<Relationship Id="rId92" Type="{OFFICE}/comments" Target="../comments91.xml"/></Relationships>',
    )
    ids = [int(found) for found in re.findall(rb'sheetId="(\d+)"', parts["xl/workbook.xml"])]
    number = ids[re.findall(rb'<sheet name="([^"]+)"', parts["xl/workbook.xml"]).index(sheet.encode())]
    workbook = replaced(
        parts["xl/workbook.xml"],
        "</sheets>",
        f'<sheet name="{USER_SHEET}" sheetId="{max(ids) + 1}" r:id="rId901"/></sheets>',
    )
    parts["xl/workbook.xml"] = workbook.replace(b' fullCalcOnLoad="1"', b"")  # Excel leaves it out when it saves
    parts["xl/_rels/workbook.xml.rels"] = replaced(
        parts["xl/_rels/workbook.xml.rels"],
        "</Relationships>",
        f'<Relationship Id="rId901" Type="{OFFICE}/worksheet" Target="worksheets/sheet901.xml"/>'
        f'<Relationship Id="rId902" Type="{OFFICE}/calcChain" Target="calcChain.xml"/></Relationships>',
    )
    spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    drawing = "application/vnd.openxmlformats-officedocument"
    parts["[Content_Types].xml"] = replaced(
        parts["[Content_Types].xml"],
        "</Types>",
        '<Default Extension="png" ContentType="image/png"/><Default Extension="vml" '
        'ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/><Default Extension="bin" '
        f'ContentType="{spreadsheet}.printerSettings"/>'
        f'<Override PartName="/xl/worksheets/sheet901.xml" ContentType="{spreadsheet}.worksheet+xml"/>'
        f'<Override PartName="/xl/calcChain.xml" ContentType="{spreadsheet}.calcChain+xml"/>'
        f'<Override PartName="/xl/comments91.xml" ContentType="{spreadsheet}.comments+xml"/>'
        f'<Override PartName="/xl/drawings/drawing901.xml" ContentType="{drawing}.drawing+xml"/>'
        f'<Override PartName="/xl/charts/chart901.xml" ContentType="{drawing}.drawingml.chart+xml"/></Types>',
    )
    links = f'<Relationships xmlns="{PACKAGE}/relationships">'
    new = {
        "xl/worksheets/sheet901.xml": OWN_SHEET,
        "xl/worksheets/_rels/sheet901.xml.rels": links
        + f'<Relationship Id="rId1" Type="{OFFICE}/drawing" Target="../drawings/drawing901.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/printerSettings" Target="../printerSettings/ps1.bin"/>'
        "</Relationships>",
        "xl/drawings/drawing901.xml": DRAWING,
        "xl/drawings/_rels/drawing901.xml.rels": links
        + f'<Relationship Id="rId1" Type="{OFFICE}/chart" Target="../charts/chart901.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/image" Target="../media/foto.png"/></Relationships>',
        "xl/charts/chart901.xml": CHART,
        "xl/comments91.xml": COMMENTS,
        "xl/drawings/vmlDrawing91.vml": VML,
        "xl/calcChain.xml": CHAIN.format(sheet=number, own=max(ids) + 1),
    }
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    for name, content in new.items():
        parts[name] = (content if content.startswith(("<?xml", "<xml")) else head + content).encode()
    parts |= {"xl/media/foto.png": PICTURE, "xl/printerSettings/ps1.bin": bytes(range(256)) * 4}
    return zipped(parts)


def as_another_program(book: bytes) -> bytes:
    """The same workbook with prefixes, other names of parts, absolute targets and single quotes."""
    parts = members(book)
    renames = (("worksheets/sheet", "worksheets/Blad_"), ("worksheets/_rels/sheet", "worksheets/_rels/Blad_"),
               ("tables/table", "lijsten/Tabel"))  # fmt: skip
    names = {name: functools.reduce(lambda text, pair: text.replace(*pair), renames, name) for name in parts}
    renamed: dict[str, bytes] = {}
    for name, part in parts.items():
        if name.endswith((".rels", "[Content_Types].xml")):
            for old, new in names.items():
                folder = name.rsplit("_rels/", 1)[0]
                part = part.replace(f'"/{old}"'.encode(), f'"/{new}"'.encode())
                for relative in (old.removeprefix(folder), f"../{old.removeprefix('xl/')}"):
                    part = part.replace(f'Target="{relative}"'.encode(), f'Target="/{new}"'.encode())
        elif f'xmlns="{MAIN}"'.encode() in part[:2000] and "styles" not in name:
            part = _with_prefix(part)
        renamed[names[name]] = part
    return zipped(renamed)


def _with_prefix(part: bytes) -> bytes:
    """The part with a prefix for the main namespace, and single quotes around the places of cells."""
    part = part.replace(f'xmlns="{MAIN}"'.encode(), f'xmlns:x="{MAIN}"'.encode(), 1)
    part = re.sub(rb"<(/?)(?=[A-Za-z][\w]*[\s/>])", rb"<\1x:", part)
    return re.sub(rb'<x:c r="([A-Z]+\d+)"', rb"<x:c  r='\1'", part)


def without_prefixes(book: bytes) -> bytes:
    """The workbook of `as_another_program` without its prefixes, for readers that know none."""
    parts = members(book)
    for name, part in parts.items():
        if name.startswith("xl/") and name.endswith(".xml"):
            parts[name] = re.sub(rb"<(/?)x:", rb"<\1", part.replace(b"xmlns:x=", b"xmlns="))
    return zipped(parts)
