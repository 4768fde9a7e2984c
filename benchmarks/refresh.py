"""The edit of a closed plan beside openpyxl's load and save of the same plan, which changes nothing in it.

Every source table of the example's plan gets other figures and a tenth more rows, and one cell another text; once
without and once with the values behind all formulas. Each side runs in a process of its own, as it is run: ours without
garbage collection (the command line does so), openpyxl with it. First warm, one run before `RUNS` that count; then as
cold starts, imports included. Arguments for one side alone, as the bench starts it: side, folder, number of runs.
"""

from __future__ import annotations

import gc
import io
import json
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

from run import RUNS, in_turns, report
from sides import PLAN, compare, make_plan, timed, warm

EDIT_LIMIT, VALUES_LIMIT = 10, 4  # times faster
NAMES = {
    "edit": "four tables and a cell, no values computed",
    "values": "the same, with the values behind the formulas",
    "engine": "of that the engine alone",
    "openpyxl": "openpyxl, load and save",
}


def make_plan_and_rows(folder: Path) -> None:
    """Write the plan, and the rows that its tables are going to have."""
    from workbook_builder.saved.book import SavedBook

    make_plan(folder)
    path = folder / PLAN
    book = SavedBook(path.read_bytes(), path)
    rows = {name: [other(row) for row in book.table_rows(name)] for name in book.tables}
    longer = {name: each + each[: len(each) // 10] for name, each in rows.items()}
    (folder / "rows.json").write_text(json.dumps(longer))


def other(row: list[Any]) -> list[Any]:
    """A row with other amounts; years, months and numbers of groups stay."""
    return [value + 0.25 if isinstance(value, float) else value for value in row]


def measure_closed_plan(folder: Path) -> None:
    """Every side warm, and the edit cold."""
    size = (folder / PLAN).stat().st_size // 1024
    print(f"A closed plan of {size} KB, warm: medians of {RUNS} runs in one process")
    medians = {side: statistics.median(warm(__file__, side, folder)) for side in NAMES}
    for side, median in medians.items():
        print(f"  {NAMES[side]:48} {median * 1000:6.0f} ms")
    at_least("times faster than openpyxl", medians["openpyxl"] / medians["edit"], EDIT_LIMIT)
    at_least("times faster than openpyxl, with values", medians["openpyxl"] / medians["values"], VALUES_LIMIT)
    print("The same as cold starts, with everything that is imported")
    for side in ("edit", "values"):
        ours, theirs = in_turns([__file__, side, str(folder), "1"], [__file__, "openpyxl", str(folder), "1"])
        report(NAMES[side], ours)
        report(NAMES["openpyxl"], theirs)
    print()


def at_least(what: str, measured: float, limit: float) -> None:
    """One line: a figure beside the least that it should be."""
    print(f"  {what:48} {measured:6.2f}, limit {limit:g}: {'within' if measured >= limit else 'UNDER'}")


def run_side(side: str, folder: Path, runs: int) -> None:
    """Do the work of one side and print how long each run took."""
    if side != "openpyxl":
        gc.disable()
    content = (folder / PLAN).read_bytes()
    sides = {"openpyxl": loading, "engine": computing}
    timed(sides[side](content) if side in sides else editing(content, folder, side == "values"), runs)


def editing(content: bytes, folder: Path, values: bool) -> Callable[[], bytes]:
    """What a refresh does with the file, once its figures are known."""
    from workbook_builder.saved.book import SavedBook

    rows = json.loads((folder / "rows.json").read_text())

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


def computing(content: bytes) -> Callable[[], object]:
    """What the engine does with the cells of the file, without making their copy and putting the values back."""
    from workbook_builder.saved.book import SavedBook
    from workbook_builder.saved.calculation_copy import Frozen, cell_copy
    from workbook_builder.workbook.recalculate import computed

    copy = cell_copy(SavedBook(content, "plan"), Frozen())
    return lambda: computed(copy.content)


def loading(content: bytes) -> Callable[[], bytes]:
    """What openpyxl does with the file."""

    def load_and_save() -> bytes:
        import openpyxl

        buffer = io.BytesIO()
        openpyxl.load_workbook(io.BytesIO(content)).save(buffer)
        return buffer.getvalue()

    return load_and_save


if __name__ == "__main__":
    compare(__file__, make_plan_and_rows, measure_closed_plan, run_side)
