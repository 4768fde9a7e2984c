"""Templates of a few fields, written in the test itself, and their formulas compiled to Excel text."""

from __future__ import annotations

from typing import Any

from workbook_builder.template.model import Template
from workbook_builder.workbook.formulas import Cell, Compiler
from workbook_builder.workbook.layout import Layout, lay_out

CODE_TEXTS = {
    "values.na": "n.b.",
    "values.not_applicable": "n.v.t.",
    "formulas.ok": "goed",
    "formulas.quote": 'say "yes"',
}


def tiny_template(*chapters: dict[str, Any], **parts: Any) -> Template:
    """A template of these chapters; each is {"id", "grid"?, "blocks": [...]}. Headings are the ids.

    `heads` gives other headings by `chapter.block.column`; `axes` and `lists` as in a template.
    """
    heads = parts.get("heads", {})
    axes = {"months": {"size": 12}, "years": {"size": 3, "labels": "years", "offsets": (-1, 0, 1)}}
    made = [
        {
            "id": chapter["id"],
            "grid": chapter.get("grid", "periods"),
            "sections": [{"key": f"{chapter['id']}.section", "blocks": chapter["blocks"]}],
        }
        for chapter in chapters
    ]
    texts: dict[str, tuple[str, str]] = {key: (text, "") for key, text in CODE_TEXTS.items()}
    for chapter in chapters:
        texts[f"chapters.{chapter['id']}"] = (chapter["id"], chapter.get("sheet", chapter["id"].upper()))
        for block in chapter["blocks"]:
            for column in block.get("columns", ()):
                key = f"{chapter['id']}.{block['id']}.{column['id']}"
                texts[key] = (heads.get(key, column["id"]), "")
    return Template(
        id="tiny",
        version="1",
        languages=("nl",),
        axes=parts.get("axes", axes),
        lists=parts.get("lists", {}),
        chapters=made,
        texts={"nl": texts},
    )


def table(block_id: str, *columns: dict[str, Any], **shape: Any) -> dict[str, Any]:
    """A table block."""
    return {"kind": "table", "id": block_id, "columns": list(columns), **shape}


def form(*fields: dict[str, Any]) -> dict[str, Any]:
    """A form block."""
    return {"kind": "form", "id": "form", "fields": list(fields)}


class Compiled:
    """The formulas of one laid-out tiny template."""

    def __init__(self, template: Template) -> None:
        self.layout: Layout = lay_out(template, "nl")
        self.compiler = Compiler(self.layout)

    def formula(self, text: str, block: str = "", **place: Any) -> str:
        """`text` compiled for a cell of `chapter.block`."""
        chapter = block.split(".")[0]
        sheet = next((placed.name for placed in self.layout.sheets if placed.chapter.id == chapter), "")
        return self.compiler.formula(text, Cell(sheet, chapter, block, **place))
