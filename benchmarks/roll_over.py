"""The roll-over of N plans beside `accountplan new` of the same N, side by side on the same two processes.

    python benchmarks/roll_over.py                      N = 10
    BENCH_PLANS=100 python benchmarks/roll_over.py      N = 100

Sources, accounts and template are the same; the old plans are made first and that counts for neither side. Starting the
processes counts for both. Reading a plan is measured in `check.py`.
"""

from __future__ import annotations

import csv
import datetime as dt
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from run import CONFIG, PLAN_YEAR, RUNS
from sides import compare

PLANS, WORKERS = int(os.environ.get("BENCH_PLANS", "10")), 2
MANY = 30  # plans whose sum says enough in one run
HEADINGS = ("Klantnummer", "Klantnaam", "Factuurdatum", "Ordernummer", "Regel", "Artikelomschrijving", "Productgroep",
            "Aantal", "Omzet", "Kostprijs")  # fmt: skip


def make(folder: Path) -> None:
    """Write an export of the accounts, its config, and a plan of each."""
    lines = [
        [f"K{account:03}", f"Klant {account:03}", f"{dt.date(year, month, 15):%d-%m-%Y}", f"F{account}{year}{month}",
         1, "Artikel", f"Groep {month % 6}", 1, f"{1000 + account},{month:02}", f"{600 + account},{month:02}"]
        for account in range(PLANS)
        for year in range(PLAN_YEAR - 4, PLAN_YEAR)
        for month in range(1, 13)
    ]  # fmt: skip
    with (folder / "verkoop.csv").open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerows([HEADINGS, *lines])
    (folder / "accountplan.toml").write_text(CONFIG.format(year=PLAN_YEAR, path=folder / "verkoop.csv"), "utf-8")
    new_plans(folder, PLAN_YEAR - 1)


def accounts() -> list[str]:
    """The numbers of the accounts."""
    return [f"K{account:03}" for account in range(PLANS)]


def new_plans(folder: Path, year: int) -> float:
    """Make a plan of each account; the seconds that took."""
    began = time.perf_counter()
    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn")) as executor:
        list(executor.map(new_plan, [(folder, account, year) for account in accounts()]))
    return time.perf_counter() - began


def new_plan(wanted: tuple[Path, str, int]) -> None:
    """Make one plan, as `accountplan new` does."""
    from workbook_builder.create import create_plan

    folder, account, year = wanted
    create_plan(folder / "accountplan.toml", account, year=year, out=folder / str(year))


def roll_over(folder: Path) -> float:
    """Roll every plan over, as `accountplan roll-over` does; the seconds that took."""
    from workbook_builder.rolling.files import Wanted, roll_over_files

    old = [folder / str(PLAN_YEAR - 1) / f"Accountplan_{account}_{PLAN_YEAR - 1}.xlsx" for account in accounts()]
    began = time.perf_counter()
    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn")) as executor:
        wanted = Wanted(PLAN_YEAR, out=folder / "rolled")
        results = roll_over_files(old, folder / "accountplan.toml", wanted, executor=executor)
    taken = time.perf_counter() - began
    wrong = [problem.text("en") for result in results for problem in result.problems]
    if wrong:
        raise SystemExit("\n".join(wrong))
    return taken


def measure(folder: Path) -> None:
    """Both sides in turns, after one of each that does not count; of many plans once, for the first of them warm up."""
    runs, idle = (1, 0) if PLANS >= MANY else (max(1, RUNS // 3), 1)
    pairs = [(roll_over(folder), new_plans(folder, PLAN_YEAR)) for _ in range(idle + runs)][idle:]
    ours, theirs = (sorted(side)[len(side) // 2] for side in zip(*pairs, strict=True))
    print(f"{PLANS} plans on {WORKERS} processes: medians of {runs} runs")
    print(f"  {'accountplan roll-over':48} {ours:6.1f} s")
    print(f"  {'accountplan new of the same accounts':48} {theirs:6.1f} s")
    print(f"  {'ratio of time':48} {ours / theirs:6.2f}")
    print()


def run_side(side: str, folder: Path, runs: int) -> None:
    """One side by itself, for who wants to look at it alone."""
    for _ in range(runs):
        print(roll_over(folder) if side == "roll-over" else new_plans(folder, PLAN_YEAR))


if __name__ == "__main__":
    compare(__file__, make, measure, run_side)
