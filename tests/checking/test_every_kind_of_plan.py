"""A plan that nobody touched is good, in every language, unit and profile; hostile ones take no time."""

from __future__ import annotations

import dataclasses
import re
import time
from pathlib import Path

import pytest
from example_account import example_plan
from saved_plans import fresh
from user_content import members, sheet_part, with_parts

from workbook_builder.checking.check import check_content, check_plan
from workbook_builder.cli import main
from workbook_builder.template.loader import load_template
from workbook_builder.template.profiles import sections_off
from workbook_builder.workbook.renderer import render

TEMPLATE = load_template()
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "groothandel" / "accountplan.toml"
SECONDS = 20  # of the processor, far more than it takes; without limits these files take many minutes


@pytest.mark.parametrize(
    ("language", "changes"),
    [("en", {}), ("nl", {"unit": 1}), ("en", {"unit": 1_000_000}), ("nl", {"off": sections_off(TEMPLATE, "kern")})],
)
def test_a_plan_that_nobody_touched_has_nothing_to_repair(language, changes):
    plan = dataclasses.replace(example_plan(language), **changes)
    one = check_content(render(TEMPLATE, plan), Path("plan.xlsx"), TEMPLATE)
    assert [finding.text("nl") for finding in one.findings if finding.level != "note"] == []
    assert one.is_good


def test_a_plan_with_buttons_has_nothing_to_repair_either(tmp_path, capsys):
    words = ["new", "--config", str(EXAMPLE), "--account", "10021", "--out", str(tmp_path), "--xlsm"]
    assert main(words) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path.suffix == ".xlsm"
    one = check_plan(path)
    assert one.problems == ()
    assert one.is_good


def with_rows(text: bytes) -> bytes:
    """The plan with XML behind the rows of a sheet of the plan."""
    place = sheet_part(fresh(), "H1 Account")
    return with_parts(fresh(), {place: members(fresh())[place].replace(b"</sheetData>", text + b"</sheetData>")})


def test_a_plan_with_very_many_rows_that_look_like_its_own_takes_no_time():
    rows = b"".join(b'<row r="%d"><c r="B%d"><v>3</v></c></row>' % (n, n) for n in range(1000, 31_000))
    began = time.process_time()
    one = check_content(with_rows(rows), Path("plan.xlsx"), TEMPLATE)
    assert time.process_time() - began < SECONDS
    assert any(finding.code == "read_cells_added" for finding in one.findings)


@pytest.mark.parametrize("formula", ["[" * 200_000, "'" * 200_000, '"' * 200_001, "A1:" * 70_000, "$" * 200_000])
def test_a_formula_made_to_take_long_to_read_does_not(formula):
    at = re.search(rb'<c r="(D\d+)"[^>]*><f>', members(fresh())[sheet_part(fresh(), "H1 Account")])
    assert at
    place = sheet_part(fresh(), "H1 Account")
    cell = b'<c r="%b"[^>]*>.*?</c>' % at[1]
    hostile = b'<c r="%b"><f>%b</f><v>1</v></c>' % (at[1], formula.encode())
    part = re.sub(cell, lambda _: hostile, members(fresh())[place], count=1, flags=re.DOTALL)
    began = time.process_time()
    one = check_content(with_parts(fresh(), {place: part}), Path("plan.xlsx"), TEMPLATE)
    assert time.process_time() - began < SECONDS
    assert [(f.code, f.cell) for f in one.findings if f.code.startswith("check_formula")] == [
        ("check_formula_changed", at[1].decode())
    ]


def test_very_many_validations_take_no_time():
    place = sheet_part(fresh(), "H1 Account")
    many = b'<dataValidation type="whole" sqref="A1:XFD1048576"><formula1>1</formula1></dataValidation>' * 20_000
    part = members(fresh())[place].replace(b"</dataValidations>", many + b"</dataValidations>")
    began = time.process_time()
    one = check_content(with_parts(fresh(), {place: part}), Path("plan.xlsx"), TEMPLATE)
    assert time.process_time() - began < SECONDS
    assert any(finding.code == "check_validation" for finding in one.findings)
