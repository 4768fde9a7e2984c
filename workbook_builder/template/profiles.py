"""A profile and a list of section keys -> the sections that a plan leaves out.

The bruto index is a list to choose from. A section that is left out stays in the index as not applicable, so numbers
never shift; what becomes of the rest of the plan stands in `left_out.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from workbook_builder.errors import InputError, Problem, raise_if
from workbook_builder.template.model import Chapter, Section, Template

ALL = "volledig"
"""The profile that keeps every section."""


def sections_off(template: Template, profile: str = ALL, without: Collection[str] = ()) -> frozenset[str]:
    """The keys of the sections that `profile` does not keep and of those in `without`.

    Raises `InputError` for a profile or a key that the template does not know.
    """
    choosable = {section.key for _, section in choosable_sections(template)}
    if profile != ALL and profile not in template.profiles:
        known = ", ".join([ALL, *template.profiles])
        raise InputError(Problem("profile_unknown", profile=profile, known=known))
    raise_if([Problem("section_unknown", section=key) for key in without if key not in choosable], InputError)
    kept = choosable if profile == ALL else set(template.profiles[profile])
    return frozenset((choosable - kept) | set(without))


def choosable_sections(template: Template) -> Iterator[tuple[Chapter, Section]]:
    """The sections that a plan may leave out, with their chapters: not those of the first and the control sheets."""
    for chapter in template.chapters:
        if chapter.tab in ("chapter", "figures"):
            yield from ((chapter, section) for section in chapter.sections)
