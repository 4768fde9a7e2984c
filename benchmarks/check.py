"""A closed plan read and checked, beside openpyxl's own load of the same file, which gives nothing but cells.

`read` finds every field of the plan whatever people did to the file; `check` compares every formula, name, validation
and source table as well. Each side runs in a process of its own, as it is run: ours without garbage collection (the
command line does so), openpyxl with it. First warm, one run before `RUNS` that count; then `accountplan check` as a
cold start beside a cold start that loads the file.
"""

from __future__ import annotations

import gc
import statistics
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from run import RUNS, in_turns, median, report, verdict
from sides import PLAN, compare, make_plan, timed, warm

READ_LIMIT, CHECK_LIMIT, COLD_LIMIT = 1.0, 1.25, 1.25  # times openpyxl's load
LOAD = "import sys, warnings, openpyxl; warnings.simplefilter('ignore'); openpyxl.load_workbook(sys.argv[1])"
NAMES = {
    "read": "read, with everything found again",
    "check": "check, against everything it was made with",
    "openpyxl": "openpyxl, load_workbook",
}


def measure(folder: Path) -> None:
    """The three sides warm, and the command cold."""
    plan = folder / PLAN
    print(f"A closed plan of {plan.stat().st_size // 1024} KB, warm: medians of {RUNS} runs in one process")
    medians = {side: statistics.median(warm(__file__, side, folder)) for side in NAMES}
    for side, time_taken in medians.items():
        print(f"  {NAMES[side]:48} {time_taken * 1000:6.0f} ms")
    verdict("reading against openpyxl's load", medians["read"] / medians["openpyxl"], READ_LIMIT)
    verdict("checking against openpyxl's load", medians["check"] / medians["openpyxl"], CHECK_LIMIT)
    print("The command as a cold start, with everything that is imported")
    ours, theirs = in_turns(["-m", "workbook_builder.cli", "check", str(plan)], ["-c", LOAD, str(plan)])
    report("accountplan check", ours)
    report(NAMES["openpyxl"], theirs)
    verdict("ratio of time", median(ours) / median(theirs), COLD_LIMIT)
    print()


def run_side(side: str, folder: Path, runs: int) -> None:
    """Do the work of one side and print how long each run took."""
    plan = folder / PLAN
    timed(loading(plan) if side == "openpyxl" else reading(plan, side), runs)


def reading(plan: Path, side: str) -> Callable[[], Any]:
    """What `accountplan check` does with the file, or the reading alone."""
    from workbook_builder.checking.check import check_plan
    from workbook_builder.reading.reader import read_tolerantly
    from workbook_builder.template.loader import load_template

    gc.disable()
    template = load_template()
    return (lambda: check_plan(plan)) if side == "check" else (lambda: read_tolerantly(plan, template))


def loading(plan: Path) -> Callable[[], Any]:
    """What openpyxl does with the file."""
    import openpyxl

    warnings.simplefilter("ignore")  # it names extensions that it does not read
    return lambda: openpyxl.load_workbook(plan)


if __name__ == "__main__":
    compare(__file__, make_plan, measure, run_side)
