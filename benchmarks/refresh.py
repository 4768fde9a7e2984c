"""The edit of a closed plan beside openpyxl's load and save of the same plan, which changes nothing in it.

Both run on the example's plan in a process of their own: once to warm up, then `RUNS` times, in turns, without garbage
collection in either (the program runs so). Every source table gets other figures and a tenth more rows. Arguments for
one side alone, as the bench starts it: edit, values or openpyxl, and the plan.
"""

from __future__ import annotations

import gc
import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from run import PATHS, ROOT, RUNS, in_turns, report

EXAMPLE, ACCOUNT = ROOT / "examples" / "groothandel" / "accountplan.toml", "10021"
EDIT_LIMIT, VALUES_LIMIT = 10, 4  # times faster
SIDES = ("edit", "values", "openpyxl")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        plan = make_plan(Path(folder))
        measure_closed_plan(plan)


def make_plan(folder: Path) -> Path:
    """The plan of the example's main account."""
    from workbook_builder.create import create_plan

    return create_plan(EXAMPLE, ACCOUNT, out=folder).path


def measure_closed_plan(plan: Path) -> None:
    """The three sides in one process each, and as cold starts with everything they import."""
    print(f"A closed plan, {plan.stat().st_size // 1024} KB: medians of {RUNS} runs in one process")
    medians = {side: statistics.median(seconds(side, plan)) for side in SIDES}
    for side, median in medians.items():
        print(f"  {NAMES[side]:48} {median * 1000:6.0f} ms")
    at_least("times faster than openpyxl, edit", medians["openpyxl"] / medians["edit"], EDIT_LIMIT)
    at_least("times faster than openpyxl, values too", medians["openpyxl"] / medians["values"], VALUES_LIMIT)
    print("The same as cold starts, with everything that is imported")
    for side in SIDES[:2]:
        ours, theirs = in_turns([__file__, side, str(plan), "once"], [__file__, "openpyxl", str(plan), "once"])
        report(NAMES[side], ours)
        report(NAMES["openpyxl"], theirs)
    print()


NAMES = {
    "edit": "four tables and a cell, no values computed",
    "values": "the same, with the values behind the formulas",
    "openpyxl": "openpyxl, load and save",
}


def at_least(what: str, measured: float, limit: float) -> None:
    """One line: a figure beside the least that it should be."""
    print(f"  {what:48} {measured:6.2f}, limit {limit:g}: {'within' if measured >= limit else 'UNDER'}")


def seconds(side: str, plan: Path) -> list[float]:
    """The times of `RUNS` runs of one side."""
    words = [sys.executable, __file__, side, str(plan)]
    return [float(word) for word in subprocess.check_output(words, env=PATHS, text=True).split()]


def run_side(side: str, content: bytes, runs: int) -> None:
    """Do the work of one side and print how long each run took, without the first."""
    work = {"edit": editing(content, False), "values": editing(content, True), "openpyxl": loading(content)}[side]
    if side != "openpyxl":
        gc.disable()
    for number in range(runs + 1):
        began = time.perf_counter()
        work()
        if number:
            print(time.perf_counter() - began)


def editing(content: bytes, values: bool) -> Callable[[], bytes]:
    """What a refresh does with the file, once its figures are known."""
    from workbook_builder.saved.book import SavedBook

    book = SavedBook(content, "plan")
    rows = {name: [other(row) for row in book.table_rows(name)] for name in book.tables}
    rows = {name: each + each[: len(each) // 10] for name, each in rows.items()}

    def edit() -> bytes:
        book = SavedBook(content, "plan")
        for name, each in rows.items():
            book.set_table_rows(name, each)
        book.set_cells("account.name", [["Een andere naam"]])
        if values:
            from workbook_builder.saved.stored_values import fresh_values

            fresh_values(book)
        return book.to_bytes()

    return edit


def other(row: list[object]) -> list[object]:
    """A row with other amounts; years, months and numbers of groups stay."""
    return [value + 0.25 if isinstance(value, float) else value for value in row]


def loading(content: bytes) -> Callable[[], bytes]:
    """What openpyxl does with the file."""

    def load_and_save() -> bytes:
        import openpyxl

        buffer = io.BytesIO()
        openpyxl.load_workbook(io.BytesIO(content)).save(buffer)
        return buffer.getvalue()

    return load_and_save


if __name__ == "__main__":
    if len(sys.argv) > 2:
        run_side(sys.argv[1], Path(sys.argv[2]).read_bytes(), 0 if "once" in sys.argv else RUNS)
    else:
        main()
