"""A damaged or hostile workbook in the place of a plan: one clear sentence, soon and small, and nothing written."""

from __future__ import annotations

import io
import re
import resource
import struct
import time
import zipfile

import pytest
from real_sets import shared_folder
from saved_plans import SALES, SALES_SHEET, fresh
from user_content import members, sheet_part, with_parts, zipped

from workbook_builder.errors import InputError
from workbook_builder.files import hold
from workbook_builder.saved.book import SavedBook
from workbook_builder.saved.stored_values import fresh_values

SECONDS, KIBIBYTES = 10, 1_500_000
GONE, UNSAFE, DAMAGED, LARGE, UNUSUAL = "table_gone", "plan_unsafe", "plan_damaged", "plan_too_large", "plan_unusual"
HOSTILE = {
    # a sound workbook is no plan: it has no table of ours
    "00-valid-control": GONE, "01-billion-laughs-sheet": UNSAFE, "02-billion-laughs-workbook": UNSAFE,
    "03-quadratic-blowup": UNSAFE, "04-xxe-local-file": UNSAFE, "05-xxe-external-dtd-loopback": UNSAFE,
    "06-dimension-full-sheet": GONE, "07-dimension-invalid": GONE, "08-single-cell-last": GONE,
    "09-row-number-beyond": UNUSUAL, "10-shared-string-index-oob": GONE, "11-merge-full-sheet": GONE,
    "12-style-index-oob": GONE, "13-nan-inf": GONE, "14-dates-out-of-range": GONE, "15-zip-path-traversal": UNSAFE,
    "16-sheet-target-traversal": UNSAFE, "17-external-link-unc": GONE, "18-control-characters": DAMAGED,
    "19-x000d-escapes": GONE, "20-string-32768": GONE, "21-deep-nesting": GONE, "22-huge-attr": LARGE,
    "23-zip-bomb-1GiB-sheet": LARGE, "24-zip-bomb-rows": LARGE, "25-truncated-half": DAMAGED,
    "26-zero-bytes": DAMAGED, "27-html-named": DAMAGED, "28-csv-named": DAMAGED, "29-not-a-zip": DAMAGED,
    "30-bad-crc": DAMAGED, "31-duplicate-entries": UNSAFE,
}  # fmt: skip
FOLDER = shared_folder() / "hostile" / "xlsx-made"
COLLECTION = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="no hostile workbooks: set ACCOUNTPLAN_SHARED to the folder that holds hostile/"
)


def everything(content: bytes) -> bytes:
    """What a refresh does, on every sheet there is."""
    book = SavedBook(content, "plan.xlsx")
    for sheet in book.worksheets():
        book.set_cells(book.at(sheet, "A900"), [["x"]])
    fresh_values(book)
    book.to_bytes()
    book.set_table_rows(SALES, [[1, "a", 2026, 1, 1, 1, 1, 1, 0]] * 3)
    fresh_values(book)
    return book.to_bytes()


@COLLECTION
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_ends_in_one_sentence_soon_and_small(name, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes((FOLDER / f"{name}.xlsx").read_bytes())
    before, started = path.read_bytes(), time.process_time()
    with pytest.raises(InputError) as caught, hold(path) as held:
        held.replace(everything(held.content))
    assert time.process_time() - started < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < KIBIBYTES
    assert [problem.code for problem in caught.value.problems] == [HOSTILE[name]]
    assert "\n" not in caught.value.text("nl")
    assert [found.name for found in tmp_path.iterdir()] == ["plan.xlsx"]
    assert path.read_bytes() == before


@COLLECTION
def test_every_hostile_workbook_has_an_expectation():
    assert {path.stem for path in FOLDER.glob("*.xlsx")} == HOSTILE.keys()


def refused(content: bytes) -> str:
    """The code of the one refusal of a plan, which has to come soon."""
    started = time.process_time()
    with pytest.raises(InputError) as caught:
        everything(content)
    assert time.process_time() - started < SECONDS
    [problem] = caught.value.problems
    assert problem.text("nl")
    return problem.code


def outcome(content: bytes) -> list[str]:
    """The codes of a refusal, or "written"."""
    try:
        everything(content)
    except InputError as refusal:
        return [problem.code for problem in refusal.problems]
    return ["written"]


def with_rows(rows: str) -> bytes:
    """A plan with other rows on the sheet of the table."""
    part = sheet_part(fresh(), SALES_SHEET)
    text = members(fresh())[part]
    start, end = text.index(b"<sheetData>") + 11, text.index(b"</sheetData>")
    return with_parts(fresh(), {part: text[:start] + rows.encode() + text[end:]})


PARTS = {
    "workbook": "xl/workbook.xml",
    "links of the workbook": "xl/_rels/workbook.xml.rels",
    "sheet": sheet_part,
    "table": "xl/tables/table1.xml",
    "texts": "xl/sharedStrings.xml",
    "styles": "xl/styles.xml",
    "chart": "xl/charts/chart1.xml",
}


@pytest.mark.parametrize("name", PARTS)
def test_a_document_type_in_any_part_is_refused(name):
    part = PARTS[name]
    part = part(fresh(), SALES_SHEET) if callable(part) else part
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    text = re.sub(rb"(<\?xml[^>]*\?>\s*)", lambda found: found[0] + declared, members(fresh())[part], count=1)
    assert refused(with_parts(fresh(), {part: text})) == UNSAFE


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_document_type_in_two_bytes_a_character_is_refused_too(encoding):
    part = sheet_part(fresh(), SALES_SHEET)
    text = members(fresh())[part].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert refused(with_parts(fresh(), {part: text.encode(encoding)})) == UNSAFE


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ('<row r="8"><c r="B8"><v>1</v></c></row><row r="8"><c r="C8"><v>1</v></c></row>', UNUSUAL),
        ('<row r="9"/><row r="8"/>', UNUSUAL),
        ('<row><c r="B8"><v>1</v></c></row>', UNUSUAL),
        ('<row r="8"><c><v>1</v></c></row>', UNUSUAL),
        ('<row r="8"><c r="B9"><v>1</v></c></row>', UNUSUAL),
        ('<row r="8"><c r="C8"/><c r="B8"/></row>', UNUSUAL),
        ('<row r="8"><c r="XFE8"/></row>', UNUSUAL),
        ('<row r="1048577"/>', UNUSUAL),
        ('<row r="8"><c r="B8"><v>1</v></c><!-- hier --></row>', UNUSUAL),
        ('<row r="8"><c r="B8"><v><![CDATA[1]]></v></c></row>', UNUSUAL),
        ('<row r="8"><?wat?></row>', UNUSUAL),
        ('<row r="8" xmlns="urn:anders"><c r="B8"/></row>', UNUSUAL),
        ('<row r="8">tekst<c r="B8"/></row>', UNUSUAL),
        ('<rij r="8"/>', UNUSUAL),
        ('<row r="8"><c r="B8">', DAMAGED),
        ('<row r="8"><c r="B8" r="B8"/></row>', DAMAGED),
        ('<row r="8"><c r="B8"><v>&wat;</v></c></row>', DAMAGED),
        ('<row r="8"><c r="B8"><v>\x01</v></c></row>', DAMAGED),
        ('<row r="8"><zz:c r="B8"/></row>', DAMAGED),
        ('<row r="8"><c r="C8" t="s"><v>999999</v></c></row>', DAMAGED),
        ('<row r="8"><c r="B8"><v>een</v></c></row>', DAMAGED),
    ],
)  # fmt: skip
def test_rows_that_no_spreadsheet_program_writes_are_refused(rows, code):
    assert refused(with_rows(rows)) == code


@pytest.mark.parametrize(
    "rows",
    [
        "<row " + "x" * 3_000_000 + '="1"/>',
        '<row r="8" ' + " " * 3_000_000 + "/>" + "<c/>",
        '<row r="8">' + '<c r="B8">' * 100_000 + "</c>" * 100_000 + "</row>",
        '<row r="8">' + "<c x='" + "r=" * 1_000_000 + "'/></row>",
        '<row r="8">' + "<c/>" * 500_000 + "</row>",
        '<row r="8"><c r="B8"><f>' + "[1]" * 1_000_000 + "</f></c></row>",
        '<row r="8"><c r="B8"><f>' + "tbl_src_sales[" * 200_000 + "</f></c></row>",
        "<row r='7'/>" + "".join(f'<row r="{number}"/>' for number in range(8, 1_048_577)) + '<row r="1048577"/>',
    ],
    ids=["attribute", "spaces", "nested", "attributes", "cells", "brackets", "tables", "rows"],
)
def test_rows_made_to_take_long_do_not(rows):
    content, started = with_rows(rows), time.process_time()
    assert len(outcome(content)) == 1
    assert time.process_time() - started < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < KIBIBYTES


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("table", 'ref="B7:J342"', 'ref="B7:J7"'),
        ("table", 'ref="B7:J342"', 'ref="alles"'),
        ("table", 'ref="B7:J342"', 'ref="B7:K342"'),
        ("table", "totalsRowShown", 'headerRowCount="-1" totalsRowShown'),
        ("xl/_rels/workbook.xml.rels", 'Target="worksheets/sheet14.xml"', 'Target="worksheets/weg.xml"'),
        ("xl/workbook.xml", 'name="Targets"', 'name="Start"'),
        ("_rels/.rels", "xl/workbook.xml", "xl/weg.xml"),
    ],
)
def test_parts_that_do_not_fit_together_are_called_damaged(part, old, new):
    part = SavedBook(fresh(), "plan").table(SALES).part if part == "table" else part
    text = members(fresh())[part].decode()
    assert old in text
    assert refused(with_parts(fresh(), {part: text.replace(old, new, 1).encode()})) == DAMAGED


@pytest.mark.parametrize(
    "target", ["../../../buiten.xml", "/../buiten.xml", "..\\buiten.xml", "%2e%2e/%2e%2e/buiten.xml"]
)
def test_a_part_outside_the_file_is_refused(target):
    rels = "xl/_rels/workbook.xml.rels"
    text = members(fresh())[rels].decode().replace("worksheets/sheet14.xml", target)
    assert refused(with_parts(fresh(), {rels: text.encode()})) == UNSAFE


def test_a_password_is_said_to_be_one():
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)) == "plan_password"


@pytest.mark.parametrize("length", [0, 1, 30, 5000, -1, -30])
def test_half_a_file_is_damaged(length):
    assert refused(fresh()[:length]) == DAMAGED


def test_a_zip_that_lies_about_sizes_is_damaged():
    entry = fresh().rindex(b"PK\x01\x02")
    size = struct.pack("<L", 5)
    assert refused(fresh()[: entry + 24] + size + fresh()[entry + 28 :]) == DAMAGED


def test_a_member_in_an_unknown_packing_is_damaged():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        for name, part in members(fresh()).items():
            archive.writestr(name, part)
    assert refused(buffer.getvalue()) == DAMAGED


def test_names_that_differ_in_case_alone_are_refused():
    assert refused(zipped({**members(fresh()), "XL/Workbook.xml": b"<x/>"})) == UNSAFE


def test_a_file_of_any_size_is_not_read_into_memory(tmp_path):
    path = tmp_path / "plan.xlsx"
    with path.open("wb") as file:
        file.truncate(3 << 30)  # takes no room on the disk
    with pytest.raises(InputError) as caught, hold(path):
        pass
    assert caught.value.problems[0].code == LARGE
