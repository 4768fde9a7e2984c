"""Every input of the template has a rule for the roll-over, and a rule that cannot be followed is refused."""

from __future__ import annotations

import pytest
from example_account import edit, template_copy

from workbook_builder.check_template import check_template
from workbook_builder.errors import TemplateError
from workbook_builder.template.blocks import Form, Table
from workbook_builder.template.loader import load_template
from workbook_builder.template.roll_over_rules import sections_to_confirm, typed_inputs

TEMPLATE = load_template()
RULES = ("keep", "confirm", "source", "reference", "reset", "history")


def test_every_input_of_every_form_table_and_statement_has_a_rule():
    typed = {each.id: each.rule for each in typed_inputs(TEMPLATE)}
    for chapter in TEMPLATE.chapters:
        for _, block in chapter.blocks():
            if isinstance(block, Form):
                names = [f"{chapter.id}.{one.id}" for one in block.fields if one.role == "input"]
            elif isinstance(block, Table):
                columns = [one for one in block.columns if one.role == "input" and not one.key]
                names = [f"{chapter.id}.{block.id}.{one.id}" for one in columns]
            else:
                lines = getattr(block, "lines", ())
                names = [f"{chapter.id}.{block.id}.{one}" for line in lines for one in line.inputs]
            assert all(typed[name] in RULES for name in names)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_used(rule):
    assert any(each.rule == rule for each in typed_inputs(TEMPLATE))


def test_every_section_with_something_to_confirm_has_a_row_of_its_own():
    rows = sections_to_confirm(TEMPLATE)
    assert list(rows.values()) == list(range(1, len(rows) + 1))
    assert len(rows) <= TEMPLATE.rows("rollover.confirmations")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("chapters/start.toml", 'id = "about"\nroll_over = "reset"\n', 'id = "about"\n', "plan.status: without a rule"),
        ("chapters/start.toml", '{ id = "light",', '{ id = "light", roll_over = "keep",', "plan.light: roll_over = "),
        ("chapters/1_account.toml", ', before = "account.dmu.attitude" }', ', role = "sourced" }',
         'account.dmu.attitude: roll_over = "reference", but no field shows'),
        ("chapters/1_account.toml", 'before = "account.dmu.attitude"', 'before = "account.dmu.role"',
         'account.dmu.attitude_before: before = "account.dmu.role", but that field has the rule "confirm"'),
        ("chapters/5_strategy.toml", 'before = "strategy.motivation"', 'before = "strategy.nothing"',
         'strategy.motivation_before: before = "strategy.nothing" does not point at an input'),
        ("chapters/2_team.toml", "reason = \"attendees\", ", "",
         'team.meetings.attendees: roll_over = "history", but the table does not put'),
        ("chapters/7_actions.toml", 'closed = { column = "status"', 'closed = { column = "state"', "'state'"),
        ("chapters/rollover.toml", "rows = 50", "rows = 5", "rollover.confirmations: 5 rows, and there are"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_followed_is_refused(tmp_path, file, old, new, said):
    folder = template_copy(tmp_path)
    edit(folder / file, old, new)
    with pytest.raises(TemplateError) as refused:
        check_template(folder)
    assert said in refused.value.text("en")
