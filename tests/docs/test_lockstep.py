"""The README and the data dictionary name everything that the program has, and nothing that it has not."""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from workbook_builder.cli import parser
from workbook_builder.sources.columns import COLUMNS
from workbook_builder.sources.config import Config, PlanSettings, RefreshSettings, Source, Sources, load_config
from workbook_builder.template.dictionary import data_dictionary
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.layout import lay_out

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DICTIONARY = (ROOT / "docs" / "data-dictionary.md").read_text("utf-8")


def commands(of: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The parser and those of its commands, and of their commands."""
    yield of
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from commands(command)


ALL_COMMANDS = list(commands(parser("en")))
OPTIONS = [
    (command.prog, option)
    for command in ALL_COMMANDS
    for action in command._actions
    for option in action.option_strings
]


def command_rows() -> dict[str, str]:
    """{command: its rows in the README's table of commands}; a row without a command belongs to the one above."""
    table = README.split("### All commands and options")[1].split("\n#")[0]
    rows: dict[str, str] = {}
    current = ""
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 5 and cells[1] not in ("command", "---"):
            named = re.match(r"`(accountplan(?: [a-z-]+)*)", cells[1])
            current = named[1] if named else cells[1] or current
            rows[current] = rows.get(current, "") + cells[2]
    return rows


def config_keys(heading: str) -> set[str]:
    """The keys in the README's first table below the line that begins with `heading`."""
    lines = README.split("## Configuration")[1].split(f"\n{heading}", 1)[1].splitlines()
    table = [line for line in lines[: lines.index("", lines.index("| --- | --- | --- |"))] if line.startswith("| `")]
    return {line.split("`")[1] for line in table}


def test_every_command_is_in_the_table_of_the_readme() -> None:
    leaves = {
        command.prog
        for command in ALL_COMMANDS
        if not any(isinstance(action, argparse._SubParsersAction) for action in command._actions)
    }
    assert {"accountplan init", "accountplan new", "accountplan read"} <= leaves
    assert command_rows().keys() - {"every command", "accountplan"} == leaves


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_every_option_stands_with_its_command(command: str, option: str) -> None:
    rows = command_rows()
    assert f"`{option}`" in rows.get(command, "") + rows["every command"]


def test_the_readme_has_no_option_that_no_command_has() -> None:
    known = {option for _, option in OPTIONS}
    named = set(re.findall(r"`(--?[a-z][a-z-]*)`", README))
    assert named - known == set()


def test_every_key_of_plan_is_in_the_readme_and_no_other() -> None:
    assert config_keys("`[plan]`") == set(PlanSettings.model_fields)


def test_every_key_of_refresh_is_in_the_readme_and_no_other() -> None:
    assert config_keys("`[refresh]`") == set(RefreshSettings.model_fields)


def test_every_key_of_a_source_is_in_the_readme_and_no_other() -> None:
    assert config_keys("`[sources.sales]`") == set(Source.model_fields)


@pytest.mark.parametrize("kind", Sources.model_fields)
def test_every_kind_of_source_is_in_the_readme(kind: str) -> None:
    assert f"`[sources.{kind}]`" in README


@pytest.mark.parametrize("kind", COLUMNS)
def test_every_column_is_in_the_readme_and_bold_when_required(kind: str) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| `{kind}` |"))
    listed, _, _ = row.split("|", 2)[2].partition(";")
    columns = COLUMNS[kind]
    assert re.findall(r"`([a-z_]+)`", listed) == sorted(columns, key=lambda name: not columns[name].required)
    assert re.findall(r"\*\*`([a-z_]+)`\*\*", listed) == [name for name in columns if columns[name].required]


@pytest.mark.parametrize("table", sorted(set(Config.model_fields) - {"path", "plan", "sources"}))
def test_every_other_table_of_the_config_is_in_the_readme(table: str) -> None:
    assert f"`[{table}]`" in README


@pytest.mark.parametrize("key", ["unit", "language"])
def test_every_choice_of_a_plan_setting_is_in_the_readme(key: str) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| `{key}` |"))
    for choice in get_args(PlanSettings.model_fields[key].annotation):
        assert (f'`"{choice}"`' if isinstance(choice, str) else f"`{choice}`") in row


def test_the_example_of_joined_customer_numbers_is_a_valid_config(tmp_path: Path) -> None:
    joined = re.search(r"`(10021 = \[.*?\])`", README)
    assert joined
    example = (ROOT / "examples" / "groothandel" / "accountplan.toml").read_text("utf-8")
    config = tmp_path / "accountplan.toml"
    config.write_text(f"{example}\n[accounts]\n{joined[1]}\n", encoding="utf-8")
    assert load_config(config).accounts == {"10021": ("10021", "10388")}


def test_the_field_that_the_readme_follows_is_declared_as_it_says() -> None:
    declaration = '{ id = "own_target", type = "money", min = 0 }'
    chapter = (ROOT / "templates" / "accountplan" / "chapters" / "4_goals.toml").read_text("utf-8")
    assert declaration in README
    assert declaration in chapter
    for language in ("nl", "en"):
        texts = tomllib.loads((ROOT / "templates" / "accountplan" / "texts" / f"{language}.toml").read_text("utf-8"))
        assert texts["goals"]["revenue"]["own_target"][0]


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_file_that_the_readme_points_at_is_there(target: str) -> None:
    assert (ROOT / target).is_file()


@pytest.mark.parametrize("path", re.findall(r"`((?:workbook_builder|examples|templates)/[\w/.]+)`", README))
def test_every_path_that_the_readme_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_data_dictionary_is_what_the_template_gives() -> None:
    assert data_dictionary(load_template()) == DICTIONARY, "run `make docs`"


def test_every_id_of_the_workbook_is_in_the_data_dictionary() -> None:
    template = load_template()
    layout = lay_out(template, "nl")
    skip = {key for key in layout.areas if key.startswith("lists.") and key.count(".") == 2}
    # A cell of a statement is named by its line and its column, which have entries of their own.
    lines = {key.rsplit(".", 1)[0] for key, area in layout.areas.items() if area.rows == 1 and key.count(".") == 2}
    cells = {key for key in layout.areas if key.rsplit(".", 1)[0] in lines}
    named = set(re.findall(r"`([a-z0-9_.]+)`", DICTIONARY))
    assert layout.areas.keys() - skip - cells - named == set()
    assert lines - named == set()


def test_every_choice_is_in_the_data_dictionary_with_both_labels() -> None:
    template = load_template()
    for name, choices in template.lists.items():
        part = DICTIONARY.split(f"(`lists.{name}`)\n")[1].split("\n#")[0]
        for item in choices.items:
            assert f"| `{item}` | {template.label('nl', name, item)} | {template.label('en', name, item)} |" in part
