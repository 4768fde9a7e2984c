"""The sides of a comparison on the example's plan, each warm in a process of its own; for benchmarks of one file.

compare: make the plan (own process) -> measure -> `warm` starts the script once per side -> run_side -> `timed`
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from run import PATHS, ROOT, RUNS

EXAMPLE, ACCOUNT = ROOT / "examples" / "groothandel" / "accountplan.toml", "10021"
PLAN = "plan.xlsx"


def compare(
    script: str,
    make: Callable[[Path], None],
    measure: Callable[[Path], None],
    run_side: Callable[[str, Path, int], None],
) -> None:
    """Make and measure in a folder of its own; with words on the command line, the part that they name.

    The words are `make FOLDER`, or a side, the folder and the number of runs.
    """
    words = sys.argv[1:]
    if words[:1] == ["make"]:
        make(Path(words[1]))
    elif words:
        side, folder, runs = words
        run_side(side, Path(folder), int(runs))
    else:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, script, "make", folder], env=PATHS, check=True)
            measure(Path(folder))


def make_plan(folder: Path) -> None:
    """Write the plan of the example's main account in the folder."""
    from workbook_builder.create import create_plan

    create_plan(EXAMPLE, ACCOUNT, out=folder).path.rename(folder / PLAN)


def warm(script: str, side: str, folder: Path) -> list[float]:
    """The seconds of the runs of one side that count: all but the first."""
    words = [sys.executable, script, side, str(folder), str(RUNS + 1)]
    return [float(word) for word in subprocess.check_output(words, env=PATHS, text=True).split()][1:]


def timed(work: Callable[[], Any], runs: int) -> None:
    """Print how long each run took, in seconds."""
    for _ in range(runs):
        began = time.perf_counter()
        work()
        print(time.perf_counter() - began)
