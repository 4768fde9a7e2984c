from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import workbook_builder
from workbook_builder.errors import MESSAGES

SOURCES = Path(workbook_builder.__file__).parent / "sources"
SENTENCES = tomllib.loads((MESSAGES / "sources.toml").read_text("utf-8"))
CODE = "\n".join(path.read_text("utf-8") for path in sorted(SOURCES.glob("*.py")))


def test_every_problem_of_the_sources_has_its_sentence_and_every_sentence_is_used():
    words = set(re.findall(r'"([a-z_0-9]+)"', CODE))
    used = {code for code in SENTENCES if code.removeprefix("row_") in words}
    assert SENTENCES.keys() - used == set()
    assert set(re.findall(r'Problem\(\s*"([a-z_0-9]+)"', CODE)) <= SENTENCES.keys()


def test_both_languages_name_the_same_particulars():
    for code, sentence in SENTENCES.items():
        fields = {
            language: {field for _, field, _, _ in string.Formatter().parse(text) if field}
            for language, text in sentence.items()
        }
        assert fields["nl"] == fields["en"], code


def test_the_figures_are_loaded_without_pandas_or_pyarrow():
    assert not re.search(r"import (pandas|pyarrow|numpy)", CODE)
