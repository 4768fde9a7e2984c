"""A folder of TOML files -> one checked `Template`.

`template.toml` names the template and the order of its chapters, `lists.toml` the choices, `texts/<language>.toml`
every word a user sees, `chapters/<name>.toml` the blocks. A fault is refused with the file, the place and
what to do; all faults together.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from workbook_builder.errors import Problem, TemplateError, raise_if
from workbook_builder.template.model import Template

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
    try:
        template = Template.model_validate(
            {**head, "lists": _read(folder / "lists.toml"), "chapters": chapters, "texts": texts}
        )
    except ValidationError as fault:
        raise TemplateError(*(_problem(error, order) for error in fault.errors())) from None
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


def _problem(error: Any, order: list[str]) -> Problem:
    place = list(error["loc"])
    file = "template.toml"
    if len(place) > 1 and place[0] == "chapters":
        file, place = f"chapters/{order[place[1]]}.toml", place[2:]
    elif place and place[0] == "lists":
        file = "lists.toml"
    return Problem("template_fault", file=file, place=" > ".join(map(str, place)), fault=error["msg"])


def _language_gaps(template: Template) -> Iterator[Problem]:
    first, *others = template.languages
    for language in others:
        for key in sorted(template.texts[first].keys() - template.texts[language].keys()):
            yield Problem("text_missing", file=f"texts/{language}.toml", key=key)
        for key in sorted(template.texts[language].keys() - template.texts[first].keys()):
            yield Problem("text_missing", file=f"texts/{first}.toml", key=key)
