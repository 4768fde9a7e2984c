"""Many closed plans refreshed by two processes, beside the same plans one after the other; the sources are read once.

`ACCOUNTPLAN_PLANS` in the environment says how many plans (12). Each is the example's plan, made when the last fifty
sales lines were not there yet.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from sides import ACCOUNT, EXAMPLE

PLANS, PROCESSES, LATER_LINES = int(os.environ.get("ACCOUNTPLAN_PLANS", "12")), 2, 50


def make_older_plan(folder: Path) -> Path:
    """The plan of the example's main account, from the exports without their last sales lines."""
    from workbook_builder.create import create_plan

    shutil.copytree(EXAMPLE.parent, folder / "exports")
    sales = folder / "exports" / "verkoopregels.csv"
    sales.write_bytes(b"".join(sales.read_bytes().splitlines(keepends=True)[:-LATER_LINES]))
    return create_plan(folder / "exports" / EXAMPLE.name, ACCOUNT, out=folder).path


def refreshed(plan: Path, folder: Path, executor: Executor | None) -> float:
    """The seconds that it takes to refresh copies of a plan."""
    from workbook_builder.refresh_files import refresh_files

    folder.mkdir()
    paths = [Path(shutil.copy(plan, folder / f"{number}.xlsx")) for number in range(PLANS)]
    began = time.perf_counter()
    outcomes = refresh_files(paths, EXAMPLE, executor=executor)
    taken = time.perf_counter() - began
    assert all(outcome.backup is not None for outcome in outcomes)
    return taken


def main() -> None:
    """Measure and report; the processes are started within the time, as the command does."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = make_older_plan(folder)
        alone = refreshed(plan, folder / "alone", None)
        began = time.perf_counter()
        with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as executor:
            refreshed(plan, folder / "side", executor)
        side = time.perf_counter() - began
    print(f"{PLANS} closed plans refreshed, the sources read once")
    print(f"  one after the other                              {alone:6.1f} s")
    print(
        f"  by {PROCESSES} processes, their start included               {side:6.1f} s, {alone / side:.2f} times faster"
    )
    print()


if __name__ == "__main__":
    main()
