from __future__ import annotations

import string

import pytest

from workbook_builder.template.blocks import CHECK_COLUMNS
from workbook_builder.template.formula_rules import declared_formulas
from workbook_builder.template.texts import missing_texts, needed_texts

READ_BY_CODE = {
    "head": "renderer: the lines above every sheet",
    "legend": "blocks: the legend of colours",
    "validation": "validation: why a typed value is refused",
    "kinds": "prefill: the name of a source",
    "holidays": "prefill: the name of a public holiday",
    "values": "formulas, prefill: n.b., n.v.t., total, rest, rounding",
    "formulas": "formulas: ${text.key}",
}
CHECK_HEADINGS = [column.id for column in CHECK_COLUMNS]
UNITS_OF_TYPES = ("money_1", "money_1000", "money_1000000", "euro", "percent", "integer", "number", "text")
WORDS = {"xx", "xx1", "yy", "vv", "zz", "qq", "uu", "unit"}
FILLED_BY_CODE = {"values.more": {"count"}, "values.log_year": {"year"}}


def test_both_languages_hold_the_same_keys(template):
    assert set(template.languages) == {"nl", "en"}
    assert template.texts["nl"].keys() == template.texts["en"].keys()


def test_every_text_that_the_template_needs_is_there(template):
    assert missing_texts(template) == []


def test_no_text_is_empty_but_those_of_units_that_show_nothing(template):
    for language in template.languages:
        empty = {key for key, (text, _) in template.texts[language].items() if not text.strip()}
        assert empty <= {"units.none", "units.text"}


def test_a_text_has_guidance_in_both_languages_or_in_none(template):
    lonely = [key for key in template.texts["nl"] if bool(template.help("nl", key)) != bool(template.help("en", key))]
    assert lonely == []


def test_no_text_is_left_over(template):
    needed = set(needed_texts(template))
    needed |= {f"checks.list.{column}" for column in CHECK_HEADINGS}
    needed |= {f"units.{unit}" for unit in UNITS_OF_TYPES}
    needed |= {
        f"examples.{chapter.id}.{block.id}.{column.id}"
        for chapter in template.chapters
        for _, block in chapter.blocks()
        if getattr(block, "example", False)
        for column in block.columns
    }
    needed |= {"extern.title", "extern.contents"} | {f"extern.{key}" for key in needed}  # other words for the customer
    spare = {key for key in template.texts["nl"] if key not in needed and key.split(".")[0] not in READ_BY_CODE}
    assert spare == set()


def test_texts_name_only_the_words_that_are_filled_in(template):
    for language in template.languages:
        for key, texts in template.texts[language].items():
            for text in texts:
                named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
                assert named <= WORDS | FILLED_BY_CODE.get(key, set()), key


def test_both_languages_fill_in_the_same_years(template):
    for key in template.texts["nl"]:
        named = [
            {name for _, name, _, _ in string.Formatter().parse(template.text(language, key)) if name}
            for language in ("nl", "en")
        ]
        assert named[0] == named[1], key


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_labels_of_one_list_differ(template, language):
    for list_id, choices in template.lists.items():
        labels = [template.label(language, list_id, item).casefold() for item in choices.items]
        assert len(labels) == len(set(labels)), list_id


def test_a_label_means_the_same_choice_in_both_languages(template):
    """The reader takes labels of either language, so a Dutch label may not be another choice's English one."""
    for list_id, choices in template.lists.items():
        meaning: dict[str, str] = {}
        for language in template.languages:
            for item in choices.items:
                label = template.label(language, list_id, item)
                assert meaning.setdefault(label, item) == item, f"{list_id}: {label}"


USED_BY_CODE = {"cost_kind": "prefill: the row of a cost", "severity": "blocks: the word of a check"}


def test_every_list_is_used(template):
    used = {
        one.list
        for chapter in template.chapters
        for _, block in chapter.blocks()
        for one in getattr(block, "fields", ()) + getattr(block, "columns", ())
    }
    formulas = " ".join(one.text for one in declared_formulas(template))
    unused = {name for name in template.lists if name not in used and f"lists.{name}" not in formulas}
    assert unused - USED_BY_CODE.keys() == set()


def test_every_axis_is_used(template):
    used = {getattr(block, "axis", None) for chapter in template.chapters for _, block in chapter.blocks()}
    used |= {
        getattr(one, "over", None)
        for chapter in template.chapters
        for _, block in chapter.blocks()
        for one in getattr(block, "columns", ())
    }
    assert set(template.axes) - used == set()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_sheet_names_are_what_excel_takes(template, language):
    names = [template.help(language, f"chapters.{chapter.id}") for chapter in template.chapters]
    assert len({name.casefold() for name in names}) == len(names) == 25
    for name in names:
        assert 1 <= len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name.casefold() not in ("history", "geschiedenis")
