"""The structure of a workbook depends on template, language and unit alone: accounts differ in values only."""

from __future__ import annotations

import re

import pytest
from example_account import example_parts, example_plan

from workbook_builder.template.blocks import SourceTable
from workbook_builder.template.loader import load_template

GROWING = {  # the sheets with a table that is as long as its data
    number
    for number, chapter in enumerate(load_template().chapters, 1)
    if any(isinstance(block, SourceTable) for _, block in chapter.blocks())
}
SOURCE_SHEETS = {f"xl/worksheets/sheet{number}.xml" for number in GROWING}


def formulas(sheet: str) -> dict[str, str]:
    return dict(re.findall(r'<c r="([A-Z]+[0-9]+)"[^>]*><f>([^<]*)</f>', sheet))


def looks(sheet: str) -> dict[str, str]:
    return dict(re.findall(r'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"', sheet))


def part(sheet: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}[ >].*?</{tag}>", sheet, re.S)


ACCOUNTS = [("10021", "10189"), ("10021", "10077")]  # a full one against one without history, and one without cost


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(("one", "other"), ACCOUNTS)
def test_two_accounts_have_the_same_sheets_and_names(language, one, other):
    first, second = example_parts(language, one), example_parts(language, other)
    assert first.keys() == second.keys()
    assert first["xl/workbook.xml"] == second["xl/workbook.xml"]
    assert first["xl/styles.xml"] == second["xl/styles.xml"]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(("one", "other"), ACCOUNTS)
def test_two_accounts_have_the_same_formulas_looks_and_validations(language, one, other):
    first, second = example_parts(language, one), example_parts(language, other)
    sheets = [name for name in first if name.startswith("xl/worksheets/sheet") and name not in SOURCE_SHEETS]
    assert len(sheets) == 19  # 25 sheets and the manifest, without the seven that grow with their data
    for name in sheets:
        assert formulas(first[name]) == formulas(second[name]), name
        assert looks(first[name]) == looks(second[name]), name
        for tag in ("dataValidations", "conditionalFormatting", "mergeCells", "hyperlinks", "cols", "sheetProtection"):
            assert part(first[name], tag) == part(second[name], tag), (name, tag)


@pytest.mark.parametrize(("one", "other"), ACCOUNTS)
def test_source_sheets_differ_in_their_number_of_rows_only(one, other):
    first, second = example_parts("nl", one), example_parts("nl", other)
    lengths = set()
    for name in SOURCE_SHEETS:
        one_row, other_row = (re.findall(r'<row r="8".*?</row>', parts[name]) for parts in (first, second))
        assert looks(one_row[0]) == looks(other_row[0])
        lengths.add((first[name].count("<row "), second[name].count("<row ")))
        for tag in ("cols", "conditionalFormatting"):
            assert part(first[name], tag) == part(second[name], tag)
        below = r'sqref="[BC]\d+:[A-Z]+1048576"><cfRule type="expression"[^>]*><formula>COUNTA\(\$[BC]\d+:'
        assert re.search(below, first[name])  # rows that a refresh adds look like the others
        assert "1048576" not in re.findall(r"<dimension [^>]*>", first[name])[0]
    assert any(one_length != other_length for one_length, other_length in lengths)


def test_the_accounts_of_this_test_do_differ():
    full, empty, without_cost = (example_plan("nl", account) for account in ("10021", "10189", "10077"))
    assert len(full.tables["src_sales.rows"]) > 50
    assert len(empty.tables["src_sales.rows"]) == 0
    assert all(row["cost"] is None for row in without_cost.tables["src_sales.rows"])


def test_the_manifest_lists_the_same_formulas_for_every_account():
    sheets = [example_parts("nl", account)["xl/sharedStrings.xml"] for account in ("10021", "10189")]
    found = [re.findall(r"<t[^>]*>([A-Z]+[0-9]+:[0-9a-f]{8} [^<]*)</t>", text) for text in sheets]
    assert len(found[0]) >= 10
    assert found[0] == found[1]
