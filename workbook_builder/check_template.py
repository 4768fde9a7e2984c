"""`accountplan template check`: a template folder -> the template, or everything that is wrong with it.

Loads it, then looks for missing texts, ids that lead nowhere, formulas that Excel would take wrongly and blocks
that do not fit; at last it draws an empty workbook in every language, as `accountplan new` would.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workbook_builder.errors import Problem, TemplateError, raise_if
from workbook_builder.plan import Plan
from workbook_builder.template.blocks import Chart, Checks, declared_fields
from workbook_builder.template.customer import unknown_for_customer
from workbook_builder.template.formula_rules import declared_formulas, formula_faults
from workbook_builder.template.loader import load_template
from workbook_builder.template.model import Template
from workbook_builder.template.roll_over_rules import roll_over_faults
from workbook_builder.template.texts import missing_texts
from workbook_builder.workbook.formulas import Cell, Compiler
from workbook_builder.workbook.layout import Layout, lay_out

SAMPLE_YEAR = 2026
OWN_LABELS = ("text", "years", "number")  # every other heading of an axis is the id of a table column


def check_template(folder: Path | None = None) -> Template:
    """The template in `folder` (default: the one that comes with the program), without a fault.

    Raises `TemplateError` with all problems of the first step that finds any: loading; texts, axes, lists and
    formulas; the layout; ids and names; the workbook itself.
    """
    template = load_template(folder)
    raise_if(
        [
            *missing_texts(template),
            *_unknown_axes_and_lists(template),
            *_twice(template),
            *_empty_limits(template),
            *formula_faults(template),
            *unknown_for_customer(template),
            *roll_over_faults(template),
        ],
        TemplateError,
    )
    for language in template.languages:
        raise_if([*_unknown_ids(lay_out(template, language)), *_lost_steps(template, language)], TemplateError)
    for language in template.languages:
        _make_empty(template, language)
    following = {name for _, block in template.blocks() for name in (block.rows_of, block.instead_of) if name}
    _make_empty(template, template.languages[0], frozenset(following))
    return template


def _unknown_axes_and_lists(template: Template) -> Iterator[Problem]:
    for key, block in template.blocks():
        axis = getattr(block, "axis", None)
        if axis and axis not in template.axes:
            yield Problem("reference_unknown", place=key, name=axis)
        for one in declared_fields(block):
            over = getattr(one, "over", None)
            if one.list and one.list not in template.lists:
                yield Problem("reference_unknown", place=f"{key}.{one.id}", name=one.list)
            if over and over not in template.axes:
                yield Problem("reference_unknown", place=f"{key}.{one.id}", name=over)


def _twice(template: Template) -> Iterator[Problem]:
    """A problem for every section whose key another one has: the index and the config name sections by it."""
    seen: set[str] = set()
    for chapter in template.chapters:
        for section in chapter.sections:
            if section.key in seen:
                yield Problem("name_twice", place=chapter.id, name=section.key)
            seen.add(section.key)


def _empty_limits(template: Template) -> Iterator[Problem]:
    """A problem for every field whose least value is more than its most."""
    for key, block in template.blocks():
        for one in declared_fields(block):
            if isinstance(one.min, int | float) and isinstance(one.max, int | float) and one.min > one.max:
                yield Problem("limits_empty", place=f"{key}.{one.id}", least=f"{one.min:g}", most=f"{one.max:g}")


def _unknown_ids(layout: Layout) -> Iterator[Problem]:
    """A problem for every id that a choice, a chart, a check or an axis points at, and for every `${name}`."""
    template = layout.template
    for place, name in _pointed_at(template):
        if name not in layout.areas:
            yield Problem("reference_unknown", place=place, name=name)
    for place, name in _sections_pointed_at(template):
        if name not in {section.key for chapter in template.chapters for section in chapter.sections}:
            yield Problem("reference_unknown", place=place, name=name)
    compiler = Compiler(layout)
    for one in declared_formulas(template):
        yield from compiler.unknown_names(one.text, Cell("", one.chapter, one.block))


def _sections_pointed_at(template: Template) -> Iterator[tuple[str, str]]:
    chapters = {chapter.id for chapter in template.chapters}
    for key, block in template.blocks():
        yield from ((key, name) for name in (block.rows_of, block.instead_of) if name)
        for check in block.checks if isinstance(block, Checks) else ():
            yield from ((f"checks.{check.id}", name) for name in (check.place, *check.about) if name not in chapters)
    for profile, keys in template.profiles.items():
        yield from ((f"profiles.{profile}", key) for key in keys)


def _lost_steps(template: Template, language: str) -> Iterator[Problem]:
    """A problem for every step between versions that does not lead here, or that leads to an id that is not there."""
    layout = lay_out(template, language)
    known = {*layout.areas, *layout.tables, *(key for key, _ in template.blocks())}
    for at, step in enumerate(template.steps):
        place = f"steps, {step.since}"
        after = template.steps[at + 1 :]
        leads = step.to == template.version if not after else step.to in {later.since for later in after}
        if not leads:
            yield Problem("step_leads_nowhere", place=place, to=step.to, version=template.version)
        renamed_on = {old for later in after for old in later.renamed}
        for name in step.renamed.values():
            if name not in known and not any(name == old or name.startswith(f"{old}.") for old in renamed_on):
                yield Problem("reference_unknown", place=place, name=name)
        for item in step.labels:
            list_id, _, choice = item.partition(".")
            if list_id not in template.lists or choice not in template.lists[list_id].items:
                yield Problem("reference_unknown", place=place, name=item)


def _pointed_at(template: Template) -> Iterator[tuple[str, str]]:
    for axis_id, axis in template.axes.items():
        if axis.labels not in OWN_LABELS:
            yield f"axes.{axis_id}", axis.labels
        if axis.known_by:
            yield f"axes.{axis_id}", axis.known_by
    for chapter in template.chapters:
        for section in chapter.sections:
            yield from ((section.key, name.partition(":")[0]) for name in (*section.needs, *section.expects))
    for key, block in template.blocks():
        for one in declared_fields(block):
            if one.pick:
                yield f"{key}.{one.id}", one.pick
        for series in block.series if isinstance(block, Chart) else ():
            for ids in (series.categories, series.values):
                yield from ((key, name.removesuffix(":heading")) for name in ids.split("..") if name)


def _make_empty(template: Template, language: str, off: frozenset[str] = frozenset()) -> None:
    """Draw a plan without a value, and without some sections; whatever still goes wrong is the template's fault."""
    from xlsxwriter.exceptions import XlsxWriterException

    from workbook_builder.workbook.renderer import build
    from workbook_builder.workbook.writer import WriterFault, strict_warnings

    try:
        with strict_warnings():
            build(template, Plan("0", "-", SAMPLE_YEAR, language, 1000, off=off))
    except (WriterFault, XlsxWriterException, LookupError, ValueError, UserWarning) as fault:
        said = f"{type(fault).__name__}: {fault}"
        raise TemplateError(Problem("workbook_refused", language=language, fault=said)) from None
