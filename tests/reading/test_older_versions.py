"""A plan of an older template is read with the ids of now, through the steps that the template declares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from example_account import example_plan, template_copy
from filled_plan import with_every_input
from plan_inputs import inputs
from saved_plans import fresh

from workbook_builder.check_template import check_template
from workbook_builder.checking.check import check_content
from workbook_builder.errors import InputError, TemplateError
from workbook_builder.reading.reader import read_content
from workbook_builder.reading.versions import former_id
from workbook_builder.template.blocks import Form, Table
from workbook_builder.template.fields import Column, FormField
from workbook_builder.template.loader import load_template
from workbook_builder.template.model import Template, VersionStep
from workbook_builder.workbook.renderer import render

OLD = load_template()
FIRST = VersionStep(since=OLD.version, to="1.1.0", renamed={"account.dmu.attitude": "account.dmu.stance"})
SECOND = VersionStep(
    since="1.1.0",
    to="2.0.0",
    renamed={"account.dmu": "account.circle", "plan.version": "plan.edition"},
    labels={"plan_status.draft": ("Concept", "Draft")},
)


def newer() -> Template:
    """A template two versions on: a column, its table and a field have other ids, a field is new, one is gone.

    The table has a row less, and a new column in the place of one that is gone; the status draft has other labels.
    """
    chapters = []
    for chapter in OLD.chapters:
        sections = []
        for section in chapter.sections:
            blocks: list[Any] = []
            for block in section.blocks:
                one: Any = block
                if chapter.id == "account" and block.id == "dmu":
                    assert isinstance(block, Table)
                    assert block.rows == 15
                    columns = [
                        c.model_copy(update={"id": "stance"}) if c.id == "attitude" else c for c in block.columns
                    ]
                    columns = [Column(id="rank", type="integer") if c.id == "contact_intensity" else c for c in columns]
                    one = block.model_copy(update={"id": "circle", "columns": tuple(columns), "rows": 14})
                elif chapter.id == "plan" and isinstance(block, Form) and "version" in {f.id for f in block.fields}:
                    fields = [
                        f.model_copy(update={"id": "edition"}) if f.id == "version" else f
                        for f in block.fields
                        if f.id != "signed_by"
                    ]
                    one = block.model_copy(update={"fields": (FormField(id="motto"), *fields)})
                blocks.append(one)
            sections.append(section.model_copy(update={"blocks": tuple(blocks)}))
        chapters.append(chapter.model_copy(update={"sections": tuple(reversed(sections))}))
    texts = {language: {**known} for language, known in OLD.texts.items()}
    texts["nl"]["lists.plan_status.draft"] = ("Eerste opzet", "")
    texts["en"]["lists.plan_status.draft"] = ("First draft", "")
    changes = {"version": "2.0.0", "chapters": tuple(chapters), "texts": texts, "steps": (FIRST, SECOND)}
    return OLD.model_copy(update=changes)


@pytest.fixture(scope="module")
def filled() -> bytes:
    return render(OLD, with_every_input(OLD, example_plan()))


def test_every_value_of_an_older_plan_is_read_under_its_id_of_now(filled):
    before = inputs(OLD, read_content(filled, "plan.xlsx", OLD).plan)
    template = newer()
    plan, findings = read_content(filled, "plan.xlsx", template)
    assert [one.particulars for one in findings if one.code == "read_older_version"] == [{"version": OLD.version}]
    known = {"account.dmu.attitude": "account.circle.stance", "plan.version": "plan.edition"}
    wanted = {}
    for place, value in before.items():
        name = known.get(place[0], place[0].replace("account.dmu.", "account.circle."))
        last_row = name.startswith("account.circle.") and place[1] == 15
        if name not in ("plan.signed_by", "account.circle.contact_intensity") and not last_row:
            wanted[(name, *place[1:])] = value
    assert len(before) - len(wanted) > 5  # what has no field any more ...
    assert inputs(template, plan) == wanted
    told = {value for one in findings for value in one.values}
    assert before["plan.signed_by",] in told  # ... is in a finding
    assert before["account.dmu.contact", 15] in told


def test_a_label_that_a_choice_had_is_still_that_choice():
    assert read_content(fresh(), "plan.xlsx", newer()).plan.fields["plan.status"] == "draft"


def test_a_check_of_an_older_plan_finds_nothing_wrong_with_it():
    assert check_content(fresh(), Path("plan.xlsx"), newer()).is_good


@pytest.mark.parametrize(
    ("version", "code"), [("0.9.0", "plan_newer"), ("1.0.9", "plan_other_version"), ("1.10.0", "plan_other_version")]
)
def test_a_plan_from_which_no_steps_lead_here_is_refused(version, code):
    template = OLD.model_copy(update={"version": version, "steps": (FIRST.model_copy(update={"since": "0.1.0"}),)})
    with pytest.raises(InputError) as refusal:
        read_content(fresh(), "plan.xlsx", template)
    assert refusal.value.problems[0].code == code


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("account.circle.stance", "account.dmu.attitude"),
        ("account.circle.role", "account.dmu.role"),
        ("account.circle", "account.dmu"),
        ("account.circles.role", "account.circles.role"),
        ("plan.edition", "plan.version"),
        ("plan.status", "plan.status"),
    ],
)
def test_an_id_is_followed_back_through_every_step(now, then):
    assert former_id((FIRST, SECOND), now) == then


@pytest.mark.parametrize(
    "step",
    [
        'since = "0.9.0"\nto = "0.9.5"',
        'since = "0.9.0"\nto = "{version}"\nrenamed = {{ "account.old" = "account.nowhere" }}',
        'since = "0.9.0"\nto = "{version}"\nlabels = {{ "yes_no.perhaps" = ["Wie weet"] }}',
    ],
)
def test_a_step_that_leads_nowhere_is_found_by_the_check_of_the_template(tmp_path, step):
    folder = template_copy(tmp_path)
    with (folder / "template.toml").open("a", encoding="utf-8") as file:
        file.write("\n[[steps]]\n" + step.format(version=OLD.version) + "\n")
    with pytest.raises(TemplateError) as refusal:
        check_template(folder)
    assert {problem.code for problem in refusal.value.problems} <= {"step_leads_nowhere", "reference_unknown"}
