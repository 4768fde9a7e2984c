from __future__ import annotations

import pytest
from example_account import example_plan

from workbook_builder.reading.labels import Labels
from workbook_builder.template.blocks import Statement
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.layout import lay_out


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_id_has_a_label_in_the_language_of_the_plan(language):
    template = load_template()
    labels = Labels(template, example_plan(language))
    layout = lay_out(template, language)
    for name in (*layout.names, *layout.tables, *(block.key for block in layout.placed_blocks())):
        if not name.startswith("lists."):
            label = labels.of(name, 1)
            assert label
            assert "{" not in label
            assert name not in label, name


def test_a_label_says_section_and_column_and_of_a_statement_the_line_too():
    template = load_template()
    labels = Labels(template, example_plan("nl"))
    statement = template.block("budget.statement")
    assert isinstance(statement, Statement)
    row = [line.id for line in statement.lines].index("gross_revenue") + 1
    assert labels.of("account.dmu.attitude", 3) == "1.3 Houding"
    assert labels.of("budget.statement.xx", row) == "6.1 A Bruto-omzet (exclusief btw), Budget 2027"
    assert labels.of("plan.version") == "Versie"
