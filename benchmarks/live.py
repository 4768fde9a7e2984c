"""A refresh of the plan that is open, in a live LibreOffice: its round trips, and its time beside one bulk write.

The refresh puts the exports of the example's today into a plan of half a year before, and back again; the sources are
read within the time. The bulk write puts the rows of all source tables on one new sheet, in one call. Excel is another
program, so the ratio and the times say nothing about it; the round trips are those that Excel would be asked.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path += [str(ROOT), str(ROOT / "tests" / "support")]  # the add-in as it stands here, and LibreOffice for xlwings

RUNS = 3  # there and back


def measured(app: Any, plan: Path, configs: list[Path]) -> tuple[list[float], list[float], Counter[str]]:
    """(seconds of each refresh, seconds of each bulk write, the round trips of the last refresh by kind)."""
    from round_trips import TRIPS

    from addin.live_book import LiveBook
    from addin.refresh_open_book import refresh_book

    book = app.books.open(str(plan))
    refreshes, writes, kinds = [], [], Counter[str]()
    for config in configs * RUNS:
        began = time.perf_counter()
        with TRIPS.counted() as trips:
            refresh_book(LiveBook(book), config)
        refreshes.append(time.perf_counter() - began)
        kinds = trips.kinds
        rows = rows_of_tables(book)
        sheet = book.sheets.add()
        began = time.perf_counter()
        sheet.range((1, 1), (len(rows), len(rows[0]))).raw_value = rows
        writes.append(time.perf_counter() - began)
        sheet.delete()
    book.close()
    return refreshes, writes, kinds


def rows_of_tables(book: Any) -> list[list[Any]]:
    """The rows of every Excel table of the plan, one below the other, each as wide as the widest."""
    found = [table.range.raw_value for sheet in book.sheets for table in sheet.tables]
    rows = [["" if cell is None else cell for cell in row] for table in found for row in table]
    widest = max(len(row) for row in rows)
    return [row + [""] * (widest - len(row)) for row in rows]


def main() -> None:
    """Measure and report; without LibreOffice there is nothing to measure."""
    if shutil.which("soffice") is None:
        print("A refresh of the open plan: not measured, for there is no LibreOffice here\n")
        return
    from office_engine import NAME, OfficeProtection, new_app
    from plan_of_then import make_then

    from addin import host

    with tempfile.TemporaryDirectory() as name:
        then = make_then(Path(name))
        app = new_app()
        host.HOSTS[NAME] = OfficeProtection()
        try:
            refreshes, writes, kinds = measured(app, then.plan, [then.today, then.config])
        finally:
            app.quit()
    refresh, write = statistics.median(refreshes), statistics.median(writes)
    print("A refresh of the open plan, in LibreOffice")
    print(
        f"  reads and writes, the resizing of tables among them    {kinds['read'] + kinds['write'] + kinds['call']:6}"
    )
    print(f"  every kind                                             {dict(kinds)}")
    print(f"  the refresh, its sources read and all calculated       {refresh * 1000:6.0f} ms")
    print(
        f"  the rows of its tables in one bulk write               {write * 1000:6.0f} ms, {refresh / write:.1f} times"
    )
    print()


if __name__ == "__main__":
    main()
