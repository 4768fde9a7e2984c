"""The words a template is written in: chapters hold sections, sections hold blocks, blocks hold fields.

TOML files become these frozen, checked objects (`loader.py`); the layout, the renderer, the reader, the
data dictionary and the tests all walk the same objects. Nothing here knows a cell, a file or Excel.

Ids are English and one thing everywhere: `chapter.field` for a value in a form or a line of a statement,
`chapter.block.column` for a column of a table. The id is the defined name in the workbook, the key of the
text, the heading in the data dictionary and the place named in an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from workbook_builder.template.blocks import (
    Block,
    Statement,
    Table,
)
from workbook_builder.template.fields import (
    Column,
    Declared,
    GridName,
    Identifier,
)


class Axis(Declared):
    """Something that repeats rows or columns: months, weeks, product groups, contacts, team members.

    `labels` names where the headings come from: "text" (texts `axes.<id>`), "years" (plan year plus offset),
    "number" (1, 2, 3 …) or the id of a table column whose cells are shown.
    """

    size: int = Field(ge=1, le=400)
    labels: str = "number"
    offsets: tuple[int, ...] = ()
    known_by: str | None = None
    """The id of the column by which a refresh finds a row again when its label changes."""

    @model_validator(mode="after")
    def _years_have_offsets(self) -> Axis:
        if (self.labels == "years") != bool(self.offsets) or (self.offsets and len(self.offsets) != self.size):
            raise ValueError("an axis of years, and only that, lists one offset from the plan year per item")
        return self


class Section(Declared):
    """A numbered section of the bruto index ("3.1") or a named part of a support sheet ("targets")."""

    key: str
    expects: tuple[str, ...] = ()
    """What makes it complete: the id of an input, or "id:n" for a column with at least n filled cells."""
    needs: tuple[str, ...] = ()
    """Ids of other sections that the program itself reads for this one; formulas tell that by themselves."""
    blocks: tuple[Block, ...] = ()


class Chapter(Declared):
    """One sheet: a chapter of the bruto index, or a support sheet (number "")."""

    id: Identifier
    number: str = ""
    grid: GridName
    tab: Literal["start", "chapter", "figures", "source", "control"] = "chapter"
    portrait: bool = False
    fixed_rows: bool = False
    """On exactly two pages: every row has a fixed height, with room for the longest text its columns may hold."""
    sections: tuple[Section, ...]

    def blocks(self) -> Iterator[tuple[Section, Block]]:
        """Every block with its section, in order of the sheet."""
        for section in self.sections:
            for block in section.blocks:
                yield section, block


class ChoiceList(Declared):
    """A list of choices: ids in the order shown, and numbers that go with them (a score, a rank)."""

    items: tuple[Identifier, ...]
    scores: tuple[float, ...] = ()

    @model_validator(mode="after")
    def _a_score_each(self) -> ChoiceList:
        if self.scores and len(self.scores) != len(self.items):
            raise ValueError("a list with scores gives one for every item")
        return self


class VersionStep(Declared):
    """What became of ids and choices from one version of a template to the next, so that older plans can be read.

    `renamed` gives {id of then: id of now} of fields, columns and blocks; with a block go all its columns. `labels`
    gives {"list.item": the labels that the item had}. What is new, gone or elsewhere on its sheet needs no word.
    """

    since: str
    to: str
    renamed: dict[str, str] = Field(default_factory=dict)
    labels: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Template(Declared):
    """A whole account plan, and its texts by language: {"nl": {key: (text, help), …}, …}."""

    id: Identifier
    version: str
    languages: tuple[str, ...]
    axes: dict[Identifier, Axis]
    lists: dict[Identifier, ChoiceList]
    chapters: tuple[Chapter, ...]
    profiles: dict[Identifier, tuple[str, ...]] = Field(default_factory=dict)
    """{profile: the sections of the chapters that it keeps}; the profile "volledig" keeps all."""
    off: frozenset[str] = frozenset()
    """The sections that this plan leaves out; of those there is only what the others read (`left_out.py`)."""
    steps: tuple[VersionStep, ...] = ()
    """From older versions to this one, oldest first."""
    texts: dict[str, dict[str, tuple[str, str]]]

    def chapter(self, chapter_id: str) -> Chapter:
        """The chapter of that id; KeyError when there is none."""
        return {chapter.id: chapter for chapter in self.chapters}[chapter_id]

    def block(self, key: str) -> Block:
        """The block "chapter.block"; KeyError when there is none."""
        chapter_id, block_id = key.split(".")
        return {block.id: block for _, block in self.chapter(chapter_id).blocks()}[block_id]

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Every block after its id "chapter.block"."""
        for chapter in self.chapters:
            yield from ((f"{chapter.id}.{block.id}", block) for _, block in chapter.blocks())

    def rows(self, key: str) -> int:
        """How many prepared rows the table or statement "chapter.block" has; KeyError when there is none of that id."""
        table = self.block(key)
        if isinstance(table, Statement):
            return len(table.lines)
        if not isinstance(table, Table):
            raise KeyError(key)
        return self.axes[table.axis].size if table.axis else table.rows or 0

    def span(self, column: Column) -> int:
        """How many columns of the sheet a column takes: one for every item of its axis."""
        return self.axes[column.over].size if column.over else 1

    def text(self, language: str, key: str) -> str:
        """The text of `key`; KeyError names a text that is missing."""
        return self.texts[language][key][0]

    def help(self, language: str, key: str) -> str:
        """The guidance that goes with `key`, or an empty string."""
        return self.texts[language].get(key, ("", ""))[1]

    def label(self, language: str, list_id: str, item: str) -> str:
        """What the workbook shows for a choice."""
        return self.text(language, f"lists.{list_id}.{item}")
