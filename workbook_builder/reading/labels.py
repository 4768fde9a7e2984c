"""What an id is called in the language of a plan: the label beside its cell, or the heading above it."""

from __future__ import annotations

from workbook_builder.plan import Plan, year_words
from workbook_builder.template.model import Template


class Labels:
    """The labels of one plan."""

    def __init__(self, template: Template, plan: Plan) -> None:
        self.texts = template.texts[plan.language]
        self.words = year_words(plan.year)
        self.sections = {
            f"{chapter.id}.{block.id}": section.key
            for chapter in template.chapters
            for section, block in chapter.blocks()
        }
        self.numbered = {section.key for chapter in template.chapters if chapter.number for section in chapter.sections}

    def of(self, name: str) -> str:
        """The label of an id, with the number of its section where it is in a table: "1.3 Invloed"."""
        if name in self.sections:
            return self._section(self.sections[name])
        text = self._text(name)
        section = self.sections.get(name.rpartition(".")[0])
        return f"{section} {text}" if section in self.numbered else text

    def _section(self, key: str) -> str:
        text = self._text(f"sections.{key}")
        return f"{key} {text}" if key in self.numbered else text

    def _text(self, key: str) -> str:
        text = self.texts.get(key, (key, ""))[0]
        return text.format_map(self.words) if "{" in text else text
