"""A closed workbook -> the plan in it and what was odd about it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from workbook_builder.closed_plan import Places
from workbook_builder.errors import InputError, Problem
from workbook_builder.plan import Plan
from workbook_builder.reading.findings import Finding
from workbook_builder.saved.book import SavedBook
from workbook_builder.template.model import Template
from workbook_builder.workbook.layout import lay_out
from workbook_builder.workbook.reader import plan_in


class Reading(NamedTuple):
    """A plan as far as it could be found, and everything that was odd, in the order of the sheets."""

    plan: Plan
    findings: tuple[Finding, ...]


def read_tolerantly(path: Path, template: Template) -> Reading:
    """The plan in a closed file, which is never written, and the findings.

    The plan is as `workbook.reader.read_plan` gives it, in the language of the file; a value that cannot be what its
    field asks for stays in the plan as it was typed, and a finding names it. Raises `InputError` when the file is
    absent, damaged, too large, or no plan of ours.
    """
    return read_content(content_of(path), path, template)


def content_of(path: Path) -> bytes:
    """The bytes of a file; raises `InputError` when there is none or it cannot be read."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise InputError(Problem("plan_absent", file=path)) from None
    except OSError as fault:
        raise InputError(Problem("plan_damaged", file=path, fault=fault.strerror)) from None


def read_content(content: bytes, file: object, template: Template) -> Reading:
    """The same for the bytes of a file, which `file` names in refusals."""
    book = SavedBook(content, file)
    places = Places(book)
    plan = plan_in(places, places.facts(), template, file)
    layout = lay_out(template.without(plan.off), plan.language)
    findings = tuple(
        Finding("read_name_gone", id=name)
        for name in (*layout.tables, *layout.names)
        if name.lower() not in places.names
    )
    return Reading(plan, findings)
