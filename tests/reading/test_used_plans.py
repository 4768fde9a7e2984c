from __future__ import annotations

from pathlib import Path

from saved_plans import fresh

from workbook_builder.reading.reader import read_content
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.reader import read_plan


def test_a_plan_that_nobody_touched_reads_as_it_is_and_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(fresh())
    template = load_template()
    plan, findings = read_content(fresh(), path, template)
    assert plan == read_plan(path, template)
    assert findings == ()
