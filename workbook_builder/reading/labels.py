"""What an id is called in the language of a plan: the label beside its cell, or the heading above it."""

from __future__ import annotations

from dataclasses import replace

from workbook_builder.plan import Plan, year_words
from workbook_builder.reading.findings import Finding
from workbook_builder.template.blocks import Statement
from workbook_builder.template.model import Template


class Labels:
    """The labels of one plan."""

    def __init__(self, template: Template, plan: Plan) -> None:
        self.texts = template.texts[plan.language]
        unit = self.texts.get(f"head.unit_{plan.unit}", ("", ""))[0]
        self.words = year_words(plan.year) | {"unit": unit}
        self.sections = {
            f"{chapter.id}.{block.id}": section.key
            for chapter in template.chapters
            for section, block in chapter.blocks()
        }
        self.lines = {
            f"{chapter.id}.{block.id}": [f"{chapter.id}.{line.id}" for line in block.lines]
            for chapter in template.chapters
            for _, block in chapter.blocks()
            if isinstance(block, Statement)
        }
        self.numbered = {section.key for chapter in template.chapters if chapter.number for section in chapter.sections}

    def labelled(self, one: Finding) -> Finding:
        """The finding with the label of its id, if it has one."""
        return replace(one, label=self.of(one.id, one.row)) if one.id else one

    def of(self, name: str, row: int | None = None) -> str:
        """The label of an id, with the number of its section where it is in a table: "1.3 Invloed".

        Of a cell in a statement also the line, which is `row` from 1: "6.1 Accountwinst, Budget 2027".
        """
        if name in self.sections:
            return self.of_section(self.sections[name])
        block = name.rpartition(".")[0]
        text, section = self._text(name), self.sections.get(block)
        if row and block in self.lines:
            text = f"{self._text(self.lines[block][row - 1])}, {text}"
        return f"{section} {text}" if section in self.numbered else text

    def of_section(self, key: str) -> str:
        """The title of a section, with its number if it has one."""
        text = self._text(f"sections.{key}")
        return f"{key} {text}" if key in self.numbered else text

    def _text(self, key: str) -> str:
        text = (self.texts.get(key) or self.texts.get(key.rpartition(".")[0]) or (key, ""))[0]
        return " ".join((text.format_map(self.words) if "{" in text else text).split())
