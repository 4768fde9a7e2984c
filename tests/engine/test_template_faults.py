from __future__ import annotations

import pytest
from example_account import edit, template_copy

from workbook_builder.check_template import check_template
from workbook_builder.errors import TemplateError

START = "chapters/start.toml"
TEAM = "chapters/2_team.toml"
SIGNED_ON = '{ id = "signed_on", type = "date" },'
FAULTS = {
    "a kind of block that does not exist": (
        START,
        'kind = "form"\nid = "about"',
        'kind = "forme"\nid = "about"',
        "start.plan > about: 'forme' is none of the possibilities: 'form', 'table'",
    ),
    "an id with other characters": (
        START,
        SIGNED_ON,
        '{ id = "Signed-on", type = "date" },',
        "start.plan > about > Signed-on > id: 'Signed-on' cannot be an id",
    ),
    "a word that is missing": (
        START,
        SIGNED_ON,
        '{ type = "date" },',
        "start.plan > about > 10 > id: this word is missing; add it.",
    ),
    "a list that does not exist": (
        START,
        'list = "plan_status"',
        'list = "plan_stat"',
        "plan.about.status: 'plan_stat' does not exist in the template",
    ),
    "an unknown name in a formula, with a suggestion": (
        START,
        "formula = '${account.name}'",
        "formula = '${account.nmae}'",
        "plan.about: unknown name ${account.nmae}. Did you mean ${account.name}?",
    ),
    "an id used twice": (
        START,
        SIGNED_ON,
        '{ id = "version", type = "date" },',
        "plan.about: the id 'plan.version' exists already; choose another.",
    ),
    "two sections with one key": (
        TEAM,
        'key = "2.3"',
        'key = "2.2"',
        "team: the id '2.2' exists already; choose another.",
    ),
    "a section that expects what does not exist": (
        TEAM,
        '"team.members.employee:2"',
        '"team.members.werknemer:2"',
        "2.1: 'team.members.werknemer' does not exist in the template; check the id.",
    ),
    "limits that leave nothing to type": (
        TEAM,
        'type = "euro", min = 0 }',
        'type = "euro", min = 40, max = 0 }',
        "team.members.hourly_rate: at least 40 and at most 0 leave nothing to type",
    ),
    "a chart of an unknown range": (
        START,
        'values = "analysis.history_margin.year"',
        'values = "analysis.history_marge.year"',
        "plan.years: 'analysis.history_marge.year' does not exist in the template",
    ),
    "an axis that does not exist": (
        TEAM,
        '"counterpart"]\naxis = "team"',
        '"counterpart"]\naxis = "teams"',
        "team.members: 'teams' does not exist in the template",
    ),
    "a total that does not exist": (
        START,
        "formula = '${account.name}'",
        "formula = '${team.members.hourly_rate:total}'",
        "plan.about: ${team.members.hourly_rate:total} does not exist",
    ),
}
"""{a fault: (the file, what stands there, what takes its place, what the refusal says)}."""


@pytest.fixture
def folder(tmp_path):
    return template_copy(tmp_path)


def refusal(folder):
    with pytest.raises(TemplateError) as caught:
        check_template(folder)
    assert caught.value.text("nl")
    return caught.value.text("en")


def test_the_shipped_template_has_no_fault():
    assert check_template().id == "accountplan"


def test_a_copy_of_the_template_has_no_fault(folder):
    assert check_template(folder).version == "1.0.0"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_refused_with_its_place_and_what_is_wrong(folder, fault):
    file, old, new, said = FAULTS[fault]
    edit(folder / file, old, new)
    assert said in refusal(folder)


def test_an_unknown_word_is_refused_with_file_and_place(folder):
    edit(folder / START, SIGNED_ON, '{ id = "signed_on", typ = "date" },')
    said = refusal(folder)
    assert said.startswith("chapters/start.toml, start.plan > about > signed_on > typ: there is no such word here")


def test_an_unknown_type_is_refused_with_file_and_place(folder):
    edit(folder / START, SIGNED_ON, '{ id = "signed_on", type = "datum" },')
    said = refusal(folder)
    assert said.startswith("chapters/start.toml, start.plan > about > signed_on > type: 'datum' is none of ")
    assert "'text', 'integer', 'number', 'money'" in said


def test_a_choice_without_a_list_is_refused_with_file_and_id(folder):
    edit(folder / START, 'type = "choice", list = "plan_status"', 'type = "choice"')
    said = refusal(folder)
    assert said.startswith("chapters/start.toml, ")
    assert "'status': a choice, and only that, names a list" in said


def test_a_text_that_one_language_lacks_is_refused_with_file_and_key(folder):
    edit(folder / "texts" / "en.toml", "coc_no = ", "koc_no = ")
    said = refusal(folder)
    assert "texts/en.toml: the text 'account.coc_no' is missing; add it." in said
    assert "texts/nl.toml: the text 'account.koc_no' is missing; add it." in said


def test_a_text_that_no_language_has_is_refused_for_each(folder):
    edit(folder / START, SIGNED_ON, '{ id = "seen_on", type = "date" },')
    said = refusal(folder).splitlines()
    assert "texts/nl.toml: the text 'plan.seen_on' is missing; add it." in said
    assert "texts/en.toml: the text 'plan.seen_on' is missing; add it." in said


def test_a_formula_that_the_rules_refuse_is_named_with_its_field(folder):
    edit(folder / START, "formula = '${account.name}'", "formula = 'ALS(${account.name};TODAY();B2)'")
    said = refusal(folder)
    assert "plan.account: ALS is a Dutch function name; write IF." in said
    assert "plan.account: separate arguments with a comma" in said
    assert "plan.account: the function TODAY" in said
    assert "plan.account: 'B2' is a cell address" in said


def test_columns_too_wide_for_the_grid_are_refused(folder):
    columns = "".join(f'  {{ id = "extra_{number}", type = "money" }},\n' for number in range(20))
    first = 'columns = [\n  { id = "no", key = "number" },\n  { id = "employee", max_length = 80, wide = true },\n'
    edit(folder / TEAM, first, first + columns)
    for language in ("nl", "en"):
        path = folder / "texts" / f"{language}.toml"
        texts = "".join(f'extra_{number} = "Extra {number}"\n' for number in range(20))
        edit(path, "[team.members]\n", f"[team.members]\n{texts}")
    assert "team.members: the columns do not fit the grid 'text'" in refusal(folder)


def test_a_file_that_is_not_toml_is_refused_with_its_line(folder):
    edit(folder / START, 'id = "plan"\ngrid', 'id = plan"\ngrid')
    said = refusal(folder)
    assert "start.toml: this is not valid TOML" in said
    assert "at line 2" in said


def test_a_chapter_that_is_not_there_is_refused_with_its_file(folder):
    (folder / TEAM).unlink()
    assert "2_team.toml is missing; put this file of the template back" in refusal(folder)


def test_all_faults_of_a_template_are_told_at_once(folder):
    edit(folder / START, SIGNED_ON, '{ id = "signed_on", type = "datum" },')
    edit(folder / TEAM, 'list = "rasci"', 'lijst = "rasci"')
    said = refusal(folder)
    assert "chapters/start.toml" in said
    assert "chapters/2_team.toml" in said


def test_a_folder_without_a_template_is_refused(tmp_path):
    assert "template.toml is missing; put this file of the template back" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "accountplan"\n', ""),
        ('languages = ["nl", "en"]', 'languages = ["nl", "fy"]'),
        ("[axes]", "[axis]"),
    ],
)
def test_a_fault_in_the_head_of_the_template_is_refused(folder, old, new):
    edit(folder / "template.toml", old, new)
    assert refusal(folder)


@pytest.mark.parametrize("key", ["languages", "chapters"])
def test_a_head_without_languages_or_chapters_is_refused(folder, key):
    path = folder / "template.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace(f"\n{key} = ", f"\nold_{key} = "), "utf-8")
    assert key in refusal(folder)
