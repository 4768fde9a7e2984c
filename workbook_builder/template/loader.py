"""A folder of TOML files -> one checked `Template`.

`template.toml` names the template and the order of its chapters, `lists.toml` the choices, `texts/<language>.toml`
every word a user sees, `chapters/<name>.toml` the blocks. A fault is refused with the file, the place and
what to do; all faults together.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from workbook_builder.errors import Problem, TemplateError, raise_if
from workbook_builder.template.model import Template

FAULTS = {
    "extra_forbidden": "template_word_unknown",
    "missing": "template_word_missing",
    "literal_error": "template_choice_unknown",
    "union_tag_invalid": "template_choice_unknown",
    "string_pattern_mismatch": "template_id_wrong",
}
"""{what is wrong with a declaration, in the words of pydantic: the message that says so}."""
PACKAGE = Path(__file__).resolve().parents[1]


def default_folder() -> Path:
    """The folder of the template that comes with the program (in the wheel, or in the source tree)."""
    shipped = PACKAGE / "templates" / "accountplan"
    return shipped if shipped.is_dir() else PACKAGE.parent / "templates" / "accountplan"


@functools.lru_cache(maxsize=4)
def load_template(folder: Path | None = None) -> Template:
    """The template in `folder` (default: the one that comes with the program).

    Raises `TemplateError` with every file that is not TOML, every unknown word and every missing text.
    """
    folder = folder or default_folder()
    head = _read(folder / "template.toml")
    absent = [key for key in ("languages", "chapters") if not head.get(key)]
    faults = [Problem("template_fault", file="template.toml", place=key, fault="absent") for key in absent]
    raise_if(faults, TemplateError)
    order = head.pop("chapters")
    texts = {language: dict(_flat(_read(folder / "texts" / f"{language}.toml"))) for language in head["languages"]}
    chapters = [_with_repeated_tables(_read(folder / "chapters" / f"{name}.toml")) for name in order]
    declared = {**head, "lists": _read(folder / "lists.toml"), "chapters": chapters, "texts": texts}
    try:
        template = Template.model_validate(declared)
    except ValidationError as fault:
        raise TemplateError(*(_problem(error, declared, order) for error in fault.errors())) from None
    raise_if(_language_gaps(template), TemplateError)
    return template


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise TemplateError(Problem("template_file_absent", file=path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise TemplateError(Problem("template_not_toml", file=path, fault=fault)) from None


def _with_repeated_tables(chapter: dict[str, Any]) -> dict[str, Any]:
    """The chapter with every table that is `like` another spelled out.

    Such a table has the other's columns, but those `without`, its own columns of the same id in their place, and
    the endings of names renamed by `instead`: {vv = "zz"} turns revenue_vv into revenue_zz.
    """
    tables = {
        block["id"]: block
        for section in chapter.get("sections", ())
        for block in section.get("blocks", ())
        if "columns" in block
    }
    for table in tables.values():
        other = tables.get(table.get("like", ""))
        if other:
            del table["like"]
            endings, without = table.pop("instead", {}), table.pop("without", ())
            own = {column["id"]: column for column in table["columns"]}
            repeated = (column for column in other["columns"] if column["id"] not in without)
            table["columns"] = [own.get(column["id"]) or _renamed(column, endings) for column in repeated]
    return chapter


def _renamed(column: dict[str, Any], endings: dict[str, str]) -> dict[str, Any]:
    words = re.compile(rf"_({'|'.join(endings)})\b") if endings else re.compile("(?!)")
    return {
        key: words.sub(lambda found: f"_{endings[found[1]]}", value) if isinstance(value, str) else value
        for key, value in column.items()
    }


def _flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, tuple[str, str]]]:
    """Nested tables as dotted keys; a text is "label" or ["label", "help"]."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            yield prefix + key, (value[0], value[1])
        else:
            yield prefix + key, (value, "")


def _problem(error: Any, declared: dict[str, Any], order: list[str]) -> Problem:
    steps, inside = list(error["loc"]), declared
    file = "lists.toml" if steps and steps[0] == "lists" else "template.toml"
    if len(steps) > 1 and steps[0] == "chapters":
        file, inside, steps = f"chapters/{order[steps[1]]}.toml", declared["chapters"][steps[1]], steps[2:]
    particulars = {"file": file, "place": " > ".join(_named(inside, steps)), "fault": error["msg"]}
    expected = error.get("ctx", {}).get("expected") or error.get("ctx", {}).get("expected_tags", "")
    found = error.get("ctx", {}).get("tag", error["input"])
    return Problem(FAULTS.get(error["type"], "template_fault"), **particulars, expected=expected, found=found)


def _named(inside: Any, steps: Iterable[str | int]) -> Iterator[str]:
    """The place of a fault: ids and keys in the place of the numbers that pydantic counts."""
    for step in steps:
        if isinstance(step, int) and isinstance(inside, list) and step < len(inside):
            inside = inside[step]
            yield str(inside.get("id") or inside.get("key") or step + 1) if isinstance(inside, dict) else str(step + 1)
        elif isinstance(inside, dict) and isinstance(inside.get(step), list):
            inside = inside[step]
        elif isinstance(inside, dict) and step in inside:
            inside = inside[step]
            yield str(step)
        elif not (isinstance(inside, dict) and inside.get("kind") == step):
            yield str(step)


def _language_gaps(template: Template) -> Iterator[Problem]:
    first, *others = template.languages
    for language in others:
        for key in sorted(template.texts[first].keys() - template.texts[language].keys()):
            yield Problem("text_missing", file=f"texts/{language}.toml", key=key)
        for key in sorted(template.texts[language].keys() - template.texts[first].keys()):
            yield Problem("text_missing", file=f"texts/{first}.toml", key=key)
