"""Closed plans -> what is wrong with each: `check_plans` for many, `check_content` for the bytes of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from pathlib import Path

from workbook_builder.checking.figures import figure_findings
from workbook_builder.checking.formulas import formula_findings
from workbook_builder.checking.validations import validation_findings
from workbook_builder.errors import InputError, Problem
from workbook_builder.plan import Plan
from workbook_builder.plans_given import plans_given
from workbook_builder.reading.findings import Finding
from workbook_builder.reading.labels import Labels
from workbook_builder.reading.reader import OpenPlan, Reading, content_of, open_plan
from workbook_builder.template.loader import load_template
from workbook_builder.template.model import Template

REPLACED = ("read_formula_overwritten",)  # the check has a finding of its own for it


@dataclass(frozen=True)
class Checked:
    """A plan that was checked: who and when it is of, its headline figures, and the findings in order of the sheets.

    A file that could not be read has `problems` and nothing else. `profit` is in the unit of the plan, None when the
    plan does not know it; `status` and `light` are as the plan shows them.
    """

    path: Path
    account_id: str = ""
    account_name: str = ""
    year: int = 0
    unit: int = 1
    profit: float | None = None
    status: str = ""
    light: str = ""
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()

    def count(self, level: str) -> int:
        """How many findings are of a level."""
        return sum(one.level == level for one in self.findings)

    @property
    def is_good(self) -> bool:
        """Whether there is nothing to repair: notes do not count."""
        return not self.problems and all(one.level == "note" for one in self.findings)


def check_plans(
    paths: Sequence[Path], *, executor: Executor | None = None, done: Callable[[], None] = lambda: None
) -> list[Checked]:
    """What is wrong with each plan, in the order given; one that cannot be read does not stop the others.

    With an `executor` the plans are checked side by side; `done` is called as each is ready.
    """
    if executor is None or len(paths) < 2:
        found = []
        for path in paths:
            found.append(check_plan(path))
            done()
        return found
    futures = {executor.submit(check_plan, path): number for number, path in enumerate(paths)}
    results: dict[int, Checked] = {}
    for future in as_completed(futures):
        number = futures[future]
        fault = future.exception()
        results[number] = future.result() if fault is None else _failed(paths[number], fault)
        done()
    return [results[number] for number in range(len(paths))]


def plans_in(paths: Sequence[Path], out: Path | None = None) -> list[Path]:
    """The plans that are meant by `paths`; raises `InputError` when the overview would take the place of one."""
    found = plans_given(paths)
    if out and any(path.exists() and out.exists() and path.samefile(out) for path in found):
        raise InputError(Problem("check_out_is_plan", file=out))
    return found


def check_plan(path: Path) -> Checked:
    """What is wrong with a closed plan, which is only read; what cannot be read is in the result."""
    try:
        return check_content(content_of(path), path, load_template())
    except Exception as fault:  # whatever somebody did to a file, the other plans are checked
        return _failed(path, fault)


def _failed(path: Path, fault: BaseException) -> Checked:
    if isinstance(fault, InputError):
        return Checked(path, problems=fault.problems)
    text = f"{type(fault).__name__}: {fault}"[:200]
    return Checked(path, problems=(Problem("check_failed", file=path, fault=text),))


def check_content(content: bytes, path: Path, template: Template) -> Checked:
    """The same for the bytes of a file; raises `InputError` when it is no plan of ours or damaged."""
    opened = open_plan(content, path, template)
    return check_opened(opened, opened.read(), path)


def check_opened(opened: OpenPlan, reading: Reading, path: Path) -> Checked:
    """The same for a plan that is open, and what was read in it."""
    plan, findings = reading
    labels = Labels(opened.template, plan)
    own = [*formula_findings(opened), *figure_findings(opened, plan)]
    if not opened.steps:  # an older template may have asked for other validations
        own += validation_findings(opened)
    found = [*(one for one in findings if one.code not in REPLACED), *map(labels.labelled, own)]
    profit = plan.fields.get("plan.profit")
    return Checked(
        path,
        plan.account_id,
        plan.account_name,
        plan.year,
        plan.unit,
        profit if isinstance(profit, int | float) and not isinstance(profit, bool) else None,
        _status(opened.template, plan),
        str(plan.fields.get("plan.light") or ""),
        tuple(sorted(found, key=opened.place)),
    )


def _status(template: Template, plan: Plan) -> str:
    status = plan.fields.get("plan.status")
    items = template.lists["plan_status"].items
    return template.label(plan.language, "plan_status", str(status)) if status in items else str(status or "")
