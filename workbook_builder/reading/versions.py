"""A plan of an older template -> the ids and labels that it uses, through the steps that the template declares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbook_builder.errors import InputError, Problem
from workbook_builder.template.model import Template, VersionStep


def steps_since(template: Template, version: str, file: object) -> tuple[VersionStep, ...]:
    """The steps from the version of a plan to that of the template, oldest first; none when they are the same.

    Raises `InputError` for a plan of a newer template, and for one from which no steps lead here.
    """
    found: list[VersionStep] = []
    at = version
    while at != template.version:
        step = next((step for step in template.steps if step.since == at), None)
        if step is None or len(found) > len(template.steps):
            code = "plan_newer" if _numbers(version) > _numbers(template.version) else "plan_other_version"
            raise InputError(Problem(code, file=file, found=version, needed=template.version))
        found.append(step)
        at = step.to
    return tuple(found)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))


def former_id(steps: Sequence[VersionStep], name: str) -> str:
    """The id that a plan from before these steps uses for an id of the template."""
    for step in reversed(steps):
        back = {new: old for old, new in step.renamed.items()}
        longest = max((new for new in back if name == new or name.startswith(f"{new}.")), key=len, default=None)
        if longest is not None:
            name = back[longest] + name[len(longest) :]
    return name


def former_labels(steps: Iterable[VersionStep]) -> dict[str, dict[str, str]]:
    """{list: {label that an item had: the item}}."""
    found: dict[str, dict[str, str]] = {}
    for step in steps:
        for item, labels in step.labels.items():
            list_id, _, choice = item.partition(".")
            found.setdefault(list_id, {}).update(dict.fromkeys(labels, choice))
    return found
