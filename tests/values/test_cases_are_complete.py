"""Every computed field of the plan is expected by at least one case, so that no formula goes unproven."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbook_builder.template.blocks import Form, Statement, Table
from workbook_builder.template.loader import load_template
from workbook_builder.template.model import Chapter

FOLDER = Path(__file__).parents[1] / "cases"
CHAPTERS = [chapter for chapter in load_template().chapters if chapter.tab in ("chapter", "figures")]


def expected() -> dict[str, int]:
    """{id that cases expect, without the number behind the colon: how many cells of it at the most}."""
    names: dict[str, int] = {}
    for path in FOLDER.glob("*.toml"):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            for name, value in case["expect"].items():
                bare = name if name.endswith(":total") else name.partition(":")[0]
                names[bare] = max(names.get(bare, 0), len(value) if isinstance(value, list) else 1)
    return names


def lines_of_columns(chapter: Chapter, names: dict[str, int]) -> Iterator[str]:
    """The lines of statements of which a whole column is expected, as far as that column goes."""
    for _, block in chapter.blocks():
        for column in block.columns if isinstance(block, Statement) else ():
            cells = names.get(f"{chapter.id}.{block.id}.{column.id}", 0)
            yield from (f"{chapter.id}.{line.id}" for line in block.lines[:cells])


def computed(chapter: Chapter) -> Iterator[str]:
    """The ids of the chapter's formulas; of a statement's line the bare id stands for any of its columns."""
    for _, block in chapter.blocks():
        if isinstance(block, Form):
            yield from (f"{chapter.id}.{one.id}" for one in block.fields if one.formula)
        elif isinstance(block, Table):
            for column in block.columns:
                if column.formula:
                    yield f"{chapter.id}.{block.id}.{column.id}"
                if column.total:
                    yield f"{chapter.id}.{column.total_id or f'{block.id}.{column.id}:total'}"
        elif isinstance(block, Statement):
            yield from (f"{chapter.id}.{line.id}" for line in block.lines if line.formulas)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.id)
def test_every_computed_field_is_expected_in_a_case(chapter):
    names = expected()
    shown = {*names, *lines_of_columns(chapter, names)}
    shown |= {name.rpartition(".")[0] for name in names}  # `budget.net_revenue.vv` shows `budget.net_revenue`
    assert [name for name in computed(chapter) if name not in shown] == []
