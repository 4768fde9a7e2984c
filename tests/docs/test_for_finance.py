"""docs/voor-finance.md names every finding that a check can give, each once, with what to do."""

from __future__ import annotations

import re
from pathlib import Path

from workbook_builder.cli import parser
from workbook_builder.errors import catalogue, say
from workbook_builder.reading.findings import ERRORS, NOTES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "voor-finance.md").read_text("utf-8")
FINDINGS = {
    code
    for path in sorted((ROOT / "workbook_builder").glob("*ing/*.py"))
    for code in re.findall(r'"((?:read|check|log)_\w+)"', path.read_text("utf-8"))
    if "{sheet}" in catalogue().get(code, {"nl": ""})["nl"]
    or code in ("read_no_values", "read_older_version")
    or code.startswith("log_")
} - {"check_more", "read_formula_overwritten"}  # of the last the check has a finding of its own


def test_every_finding_stands_in_a_table_once_and_nothing_else_does():
    named = re.findall(r"`((?:read|check|log)_\w+)`", PAGE)
    assert len(named) == len(set(named))
    assert set(named) == FINDINGS


def test_every_finding_with_a_level_of_its_own_is_one_that_is_said():
    assert FINDINGS >= ERRORS | NOTES
    assert not ERRORS & NOTES


def test_the_words_for_how_bad_it_is_are_those_of_the_program():
    for level in ("error", "warning", "note"):
        assert f"- **{say(f'check_level_{level}', 'nl')}**:" in PAGE


def test_its_commands_are_commands():
    for line in re.findall(r"^(accountplan .*?)\s+#", PAGE, re.MULTILINE):
        options = parser("nl").parse_args(line.split()[1:])
        assert options.command == "check"
