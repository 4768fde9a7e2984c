"""The add-in Accountplan.xlam from text: vba/*.bas, ribbon.xml and the sentences of messages/addin.toml.

    vba/*.bas + sentences --> modules --> ovba --> vbaProject.bin --+
    ribbon.xml + sentences --> the tab ----------------------------+--> package --> .xlam, or .xlsm of a plan

Language is chosen here: labels are fixed text in the tab, which every Excel that has a ribbon takes. The add-in knows
no Python and no folder: that is written at the user's, by `install`. So the file is the same for everyone, and IT can
sign it once.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from addin.ovba import SHEET, WORKBOOK, Module, code_module, document_module, vba_project
from addin.package import (
    BOOK_CODE_NAME,
    add_macros,
    code_name,
    empty_workbook,
    read_parts,
    sheet_parts,
    write_parts,
)
from workbook_builder.errors import say
from workbook_builder.files import write_atomically

HERE = Path(__file__).parent
ADDIN = "Accountplan.xlam"
PROJECT_NAME = "Accountplan"  # unlike the name of any module
CUSTOM_UI = "http://schemas.microsoft.com/office/2006/01/customui"
VBA_TEXTS = ("vba_not_installed", "vba_python_gone", "vba_python_failed", "vba_blocked")


def write_addin(folder: Path, language: str) -> Path:
    """Write Accountplan.xlam into `folder` and give its path; raises `InputError` when that cannot be."""
    path = folder / ADDIN
    write_atomically(path, addin_file(language))
    return path


def addin_file(language: str) -> bytes:
    """Accountplan.xlam, with labels in "nl" or "en"; the same bytes every time."""
    return write_parts(add_macros(empty_workbook(), project(modules(language), sheets=1), ribbon(language), "xlam"))


def with_macros(workbook: bytes, language: str = "nl") -> bytes:
    """An .xlsx fresh from the renderer as an .xlsm with the buttons of the add-in; its cells are the same.

    Like the add-in, it holds no Python and no folder: the buttons work where the add-in was installed.
    """
    parts = read_parts(workbook)
    made = project(modules(language), sheets=len(sheet_parts(parts)))
    return write_parts(add_macros(parts, made, ribbon(language), "xlsm"))


def project(code: list[Module], sheets: int) -> bytes:
    """vbaProject.bin with these modules, for a workbook of so many sheets."""
    documents = [document_module(BOOK_CODE_NAME, WORKBOOK)]
    documents += [document_module(code_name(number), SHEET) for number in range(1, sheets + 1)]
    return vba_project([*documents, *code], PROJECT_NAME)


def modules(language: str) -> list[Module]:
    """The modules of the add-in: those of vba/*.bas, by name, and the sentences they say."""
    written = [code_module(path.read_text("ascii")) for path in sorted((HERE / "vba").glob("*.bas"))]
    return [*written, code_module(sentences(language))]


def sentences(language: str) -> str:
    """The module AccountplanTexts: what VBA says when Python cannot be started, and the language of the add-in."""
    texts = {"TEXT_LANGUAGE": language}
    texts |= {code.replace("vba_", "text_").upper(): say(code, language) for code in VBA_TEXTS}
    constants = [
        f'Public Const {name} As String = "{text.replace(chr(34), chr(34) * 2)}"' for name, text in texts.items()
    ]
    head = ['Attribute VB_Name = "AccountplanTexts"', "Option Explicit", "' Made from messages/addin.toml.", ""]
    return "\n".join([*head, *constants, ""])


def ribbon(language: str) -> str:
    """The XML of the tab: ribbon.xml with the label of every id, and the screen tip of every button."""
    ElementTree.register_namespace("", CUSTOM_UI)
    tree = ElementTree.parse(HERE / "ribbon.xml")
    for element in tree.iter():
        name = element.get("id")
        if name is not None:
            element.set("label", say(f"ribbon_{name}", language))
        if element.tag == f"{{{CUSTOM_UI}}}button":
            element.set("screentip", say(f"ribbon_{name}", language))
            element.set("supertip", say(f"ribbon_{name}_tip", language))
    return ElementTree.tostring(tree.getroot(), encoding="unicode", xml_declaration=False)
