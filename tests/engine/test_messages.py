from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import workbook_builder
from workbook_builder.errors import SHOWN, InputError, Problem, catalogue

PACKAGE = Path(workbook_builder.__file__).parent
SOURCES = [path for folder in (PACKAGE, PACKAGE.parent / "addin") for path in folder.rglob("*.py")]
CODES = sorted(catalogue())
MADE_UP_IN_CODE = ("formula_refused_", "help_", "row_", "step_", "source_", "config_", "detect_", "xlsx_",
                   "ribbon_", "addin_not_written_", "check_column_", "check_level_", "check_title_",
                   "check_hint_", "check_sheet_", "roll_head_", "roll_why_")  # fmt: skip


def named(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("code", CODES)
def test_a_message_says_the_same_in_both_languages(code):
    sentences = catalogue()[code]
    assert set(sentences) == {"nl", "en"}
    assert all(sentence.strip() for sentence in sentences.values())
    assert named(sentences["nl"]) == named(sentences["en"])


def test_every_message_is_said_somewhere():
    source = "\n".join(path.read_text("utf-8") for path in SOURCES)
    written = set(re.findall(r"""["']([a-z][a-z0-9_]+)["']""", source))
    silent = {code for code in CODES if code not in written and not code.startswith(MADE_UP_IN_CODE)}
    assert silent == set()


def test_every_problem_in_the_code_has_its_message():
    for path in SOURCES:
        for code in re.findall(r'\bProblem\(\s*"([a-z0-9_]+)"', path.read_text("utf-8")):
            assert code in catalogue(), f"{path.name}: {code}"


def test_a_refusal_shows_the_first_problems_and_counts_the_rest():
    problems = [Problem("plan_absent", file=number) for number in range(SHOWN + 3)]
    lines = InputError(*problems).text("en").splitlines()
    assert len(lines) == SHOWN + 1
    assert lines[0] == "0 is no file; check the name of the plan."
    assert lines[-1] == "… and 3 more like these."
