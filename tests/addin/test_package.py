from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from example_account import EXAMPLE

from addin.build import HERE, addin_file, ribbon, with_macros, write_addin
from addin.package import read_parts
from addin.run import BUTTONS
from workbook_builder.create import create_plan
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.named_values import as_json, read_plan

UI = "{http://schemas.microsoft.com/office/2006/01/customui}"
LABELS = {
    "nl": ["Verversen", "Controleren", "Onderbouwing", "Regel toevoegen", "Samenvatting", "Evaluatie vastleggen",
           "Begroting vaststellen", "Map openen", "Help", "Over"],
    "en": ["Refresh", "Check", "Drill down", "Add row", "Summary PDF", "Hold review", "Adopt budget",
           "Open folder", "Help", "About"],
}  # fmt: skip
# What a button may hold in the schema of 2006, of the things used here.
ATTRIBUTES = {"id", "label", "screentip", "supertip", "imageMso", "size", "onAction"}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("plan")
    return create_plan(EXAMPLE, "10021", language="nl", out=folder).path.read_bytes()


def buttons(language: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(ribbon(language)).iter(f"{UI}button"))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_tab_holds_the_ten_buttons_with_their_labels_and_screen_tips(language):
    root = ElementTree.fromstring(ribbon(language))
    assert [child.tag for child in root] == [f"{UI}ribbon"]
    (tab,) = root.findall(f"{UI}ribbon/{UI}tabs/{UI}tab")
    assert (tab.get("id"), tab.get("label")) == ("accountplan", "Accountplan")
    assert [child.tag for child in tab] == [f"{UI}group"] * 3
    assert [button.get("label") for button in buttons(language)] == LABELS[language]
    for button in buttons(language):
        assert set(button.keys()) - ATTRIBUTES == set()
        assert button.get("screentip") == button.get("label")
        assert len(button.get("supertip", "")) > 20
        assert button.get("size") in (None, "large")


def test_no_two_things_in_the_tab_have_the_same_id():
    ids = [element.get("id") for element in ElementTree.fromstring(ribbon("nl")).iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z_]+", name) for name in ids)


def test_every_button_has_its_sub_and_every_sub_its_button():
    text = (HERE / "vba" / "AccountplanButtons.bas").read_text("ascii")
    subs = dict(
        re.findall(r'^Public Sub (\w+)\(control As IRibbonControl\)\n    RunPython "(\w+)"$', text, re.MULTILINE)
    )
    assert {button.get("onAction"): button.get("id") for button in buttons("nl")} == {
        f"AccountplanButtons.{sub}": name for sub, name in subs.items()
    }
    assert list(subs.values()) == [button.get("id") for button in buttons("nl")] == list(BUTTONS)


def test_the_source_of_the_tab_has_no_words_of_its_own():
    text = re.sub(r"<!--.*?-->", "", (HERE / "ribbon.xml").read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"\b(label|screentip|supertip)=", text)


def test_the_add_in_holds_these_parts_and_no_other():
    archive = zipfile.ZipFile(io.BytesIO(addin_file("nl")))
    assert archive.testzip() is None
    assert archive.namelist() == [
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/core.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/vbaProject.bin",
        "customUI/customUI.xml",
    ]


def content_types(parts: dict[str, bytes]) -> dict[str | None, str | None]:
    root = ElementTree.fromstring(parts["[Content_Types].xml"])
    return {entry.get("PartName") or entry.get("Extension"): entry.get("ContentType") for entry in root}


def test_every_part_of_the_add_in_has_its_content_type():
    types = content_types(read_parts(addin_file("nl")))
    office = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    assert types == {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "/xl/workbook.xml": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
        "/xl/worksheets/sheet1.xml": f"{office}worksheet+xml",
        "/xl/styles.xml": f"{office}styles+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
    }


def relations(part: bytes) -> dict[str, str]:
    """{target: the last two words of its type}."""
    return {
        entry.get("Target", ""): "/".join(entry.get("Type", "").split("/")[-2:])
        for entry in ElementTree.fromstring(part)
    }


def test_the_macros_and_the_tab_are_found_by_their_relationships():
    parts = read_parts(addin_file("en"))
    assert relations(parts["_rels/.rels"]) == {
        "xl/workbook.xml": "relationships/officeDocument",
        "docProps/core.xml": "metadata/core-properties",
        "customUI/customUI.xml": "ui/extensibility",
    }
    assert relations(parts["xl/_rels/workbook.xml.rels"]) == {
        "worksheets/sheet1.xml": "relationships/worksheet",
        "styles.xml": "relationships/styles",
        "vbaProject.bin": "relationships/vbaProject",
    }
    assert b'<workbookPr codeName="ThisWorkbook"/>' in parts["xl/workbook.xml"]
    assert b'visibility="hidden"' in parts["xl/workbook.xml"]
    assert b'<sheetPr codeName="Sheet1"/><sheetData/>' in parts["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_built_twice_is_the_same_file(tmp_path, language):
    paths = [write_addin(tmp_path / folder, language) for folder in ("first", "second")]
    assert paths[0].name == "Accountplan.xlam"
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_the_add_in_knows_nothing_of_the_computer_it_was_made_on():
    everything = b"".join(read_parts(addin_file("nl")).values())
    for trace in (str(Path.home()), str(HERE.parent), "site-packages", "python3"):
        assert trace.encode() not in everything


def test_a_plan_with_buttons_differs_in_the_parts_that_name_them_only(plan):
    before, after = read_parts(plan), read_parts(with_macros(plan))
    assert after.keys() - before.keys() == {"xl/vbaProject.bin", "customUI/customUI.xml"}
    changed = {name for name in before if before[name] != after[name]}
    sheets = {name for name in before if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)}
    assert changed == {"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} | sheets
    for name in sheets:
        without = re.sub(rb' codeName="Sheet\d+"', b"", after[name]).replace(b"<sheetPr/>", b"")
        assert without == before[name].replace(b"<sheetPr/>", b"")
    types = content_types(after)
    assert types["/xl/workbook.xml"] == "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    assert types["/xl/vbaProject.bin"] == "application/vnd.ms-office.vbaProject"


def test_a_plan_with_buttons_has_one_module_for_each_sheet_in_the_order_of_the_tabs(plan):
    parts = read_parts(with_macros(plan))
    tabs = [
        sheet.get("name") for sheet in ElementTree.fromstring(parts["xl/workbook.xml"]).iter() if sheet.get("sheetId")
    ]
    from vba_reader import vba_sources

    documents = [name for name in vba_sources(with_macros(plan)) if re.fullmatch(r"Sheet\d+", name)]
    assert sorted(documents, key=lambda name: int(name[5:])) == [f"Sheet{n}" for n in range(1, len(tabs) + 1)]
    assert b'<sheetPr codeName="Sheet1">' in parts["xl/worksheets/sheet1.xml"]


def test_a_plan_with_buttons_reads_as_the_plan_itself(plan, tmp_path):
    template = load_template()
    with_buttons, without = tmp_path / "plan.xlsm", tmp_path / "plan.xlsx"
    without.write_bytes(plan)
    with_buttons.write_bytes(with_macros(plan))
    assert as_json(read_plan(with_buttons, template), template) == as_json(read_plan(without, template), template)


def test_a_plan_gets_its_buttons_the_same_way_every_time(plan):
    assert with_macros(plan, "en") == with_macros(plan, "en")
    assert with_macros(plan, "en") != with_macros(plan, "nl")


def test_a_workbook_that_has_macros_already_is_refused(plan):
    with pytest.raises(ValueError, match="add macros"):
        with_macros(with_macros(plan))
