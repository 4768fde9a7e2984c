"""`make bench`: time and memory of the program beside that of a yardstick, as ratios of medians.

Every run is a process of its own, started cold, and the two of a pair take turns, so that a busy moment of the machine
meets both. It measures and reports; no test depends on it.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import export

ROOT = Path(__file__).resolve().parents[1]
PATHS = {**os.environ, "PYTHONPATH": str(ROOT)}

RUNS = 7
NEW_LIMIT, MEMORY_LIMIT, HELP_LIMIT = 2.5, 250, 0.35
SHARED = Path(os.environ.get("ACCOUNTPLAN_SHARED", ROOT.parent / "shared"))
REAL_EXPORT, REAL_ACCOUNT = SHARED / "data" / "adventureworks" / "nl" / "transacties.csv.gz", "AW00000697"
PLAN_YEAR = 2014
HEAVY = "import pandas, duckdb, openpyxl, xlsxwriter"
CONFIG = """\
[plan]
year = {year}
[sources.sales]
path = '{path}'
delimiter = ";"
decimal = ","
encoding = "cp1252"
date_format = "%d-%m-%Y"
[sources.sales.columns]
account_id = "Klantnummer"
account_name = "Klantnaam"
date = "Factuurdatum"
invoice_no = "Ordernummer"
line_no = "Regel"
product = "Artikelomschrijving"
product_group = "Productgroep"
quantity = "Aantal"
revenue = "Omzet"
cost = "Kostprijs"
"""


@dataclass(frozen=True)
class Run:
    """Wall time in seconds and peak memory in MB (None where the system does not tell) of one process."""

    seconds: float
    megabytes: float | None


def main() -> None:
    """Measure both pairs and print them."""
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {platform.platform()}"
    )
    print(f"Medians of {RUNS} runs, each a process of its own.\n")
    with tempfile.TemporaryDirectory() as folder:
        measure_new(Path(folder))
    measure_help()


def measure_new(folder: Path) -> None:
    """A cold `accountplan new` beside a hand-written script that writes the same cells and reads nothing."""
    source, account = REAL_EXPORT, REAL_ACCOUNT
    if not source.exists():
        source, account = folder / "transacties.csv.gz", export.ACCOUNT
        export.write_export(source)
    config = folder / "accountplan.toml"
    config.write_text(CONFIG.format(year=PLAN_YEAR, path=source), encoding="utf-8")
    new = ["-m", "workbook_builder.cli", "new", "--config", str(config), "--account", account, "--out", str(folder)]
    plan, recording, twin = (
        folder / f"Accountplan_{account}_{PLAN_YEAR}.xlsx",
        folder / "plan.pickle",
        folder / "twin.xlsx",
    )
    words = [sys.executable, str(ROOT / "benchmarks" / "recording.py"), str(config), account, str(recording)]
    cells = int(subprocess.run(words, env=PATHS, stdout=subprocess.PIPE, check=True).stdout)
    by_hand = [str(ROOT / "benchmarks" / "by_hand.py"), str(recording), str(twin)]
    ours, theirs = in_turns(new, by_hand)
    assert_same_sheets(plan, twin)
    print(f"accountplan new, {source.name} ({export.LINES:,} lines), account {account}: {cells:,} cells")
    report("accountplan new", ours)
    report("by hand, XlsxWriter", theirs)
    verdict("ratio of time", median(ours) / median(theirs), NEW_LIMIT)
    if (peak := megabytes(ours)) is not None:
        verdict("peak memory, MB", peak, MEMORY_LIMIT)
    print()


def measure_help() -> None:
    """`accountplan --help` beside a start that imports what the program needs to make a plan."""
    ours, theirs = in_turns(["-m", "workbook_builder.cli", "--help"], ["-c", HEAVY])
    report("accountplan --help", ours)
    report(HEAVY, theirs)
    verdict("ratio of time", median(ours) / median(theirs), HELP_LIMIT)


def in_turns(ours: Sequence[str], theirs: Sequence[str]) -> tuple[list[Run], list[Run]]:
    """`RUNS` runs of both, one after the other, after one of each that does not count (compiled files, disk cache)."""
    start(ours)
    start(theirs)
    pairs = [(start(ours), start(theirs)) for _ in range(RUNS)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def start(words: Sequence[str]) -> Run:
    """One run of Python with `words`, from the start of the process to its end.

    This process must stay small: the peak that Linux reports of a child begins with that of its parent.
    """
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *words], env=PATHS, stdout=subprocess.DEVNULL)
    if not hasattr(os, "wait4"):  # Windows
        code, peak = process.wait(), None
    else:
        _, status, usage = os.wait4(process.pid, 0)
        code = process.returncode = os.waitstatus_to_exitcode(status)
        peak = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    seconds = time.perf_counter() - began
    if code:
        sys.exit(f"This failed: {' '.join([sys.executable, *words])}")
    return Run(seconds, peak)


def assert_same_sheets(plan: Path, twin: Path) -> None:
    """The yardstick has to write the same: as many cells and formulas in each sheet as the plan."""
    counts = []
    for path in (plan, twin):
        with zipfile.ZipFile(path) as archive:
            sheets = sorted(name for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
            parts = [archive.read(name) for name in sheets]
        counts.append([(part.count(b"<c "), part.count(b"<f>"), part.count(b"<dataValidation ")) for part in parts])
    if counts[0] != counts[1]:
        sys.exit("The script by hand does not write the same cells as the program.")


def median(runs: list[Run]) -> float:
    """The median time in seconds."""
    return statistics.median(run.seconds for run in runs)


def megabytes(runs: list[Run]) -> float | None:
    """The median peak of memory in MB."""
    peaks = [run.megabytes for run in runs if run.megabytes is not None]
    return statistics.median(peaks) if peaks else None


def report(name: str, runs: list[Run]) -> None:
    """One line: median time with the fastest and slowest, and memory."""
    times = [run.seconds * 1000 for run in runs]
    peak = megabytes(runs)
    memory = f"{peak:5.0f} MB" if peak is not None else "memory not measured here"
    print(f"  {name:48} {statistics.median(times):6.0f} ms ({min(times):.0f}-{max(times):.0f})  {memory}")


def verdict(what: str, measured: float, limit: float) -> None:
    """One line: a figure beside its limit."""
    print(f"  {what:48} {measured:6.2f}, limit {limit:g}: {'within' if measured <= limit else 'OVER'}")


if __name__ == "__main__":
    main()
