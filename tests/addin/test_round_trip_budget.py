"""How often the worst refresh asks Excel something: every field and table another, a new group, contact and employee.

What counts is what carries cells to or from Excel, and what makes it do something with them: reading the values or
formulas of some cells, writing some, calculating, showing a message. At most 30 of those. Counted apart, each with a
limit of its own: the settings of Excel and the protection of sheets (asked, changed and put back), the length of a
table, and handles (which sheet, which range, where a name stands), of which xlwings needs some for whatever it does.
An input that a source fills and that somebody emptied can cost one more, for each stretch of such cells.
"""

from __future__ import annotations

import pytest
from round_trips import TRIPS

from addin.live_book import LiveBook
from addin.refresh_open_book import refresh_book

pytestmark = pytest.mark.office


def test_the_worst_refresh_takes_at_most_thirty_reads_and_writes(office, then, worst, log_file):
    book = office.books.open(str(then.plan))
    try:
        with TRIPS.counted() as trips:
            notes = refresh_book(LiveBook(book), worst)
        kinds, sized = trips.kinds, trips.made.count(("write", "Table.resize"))
        again = refresh_book(LiveBook(book), worst)
    finally:
        book.close()
    older = ["refresh_older_year"] * 2  # 2024 and 2025
    assert [note.code for note in notes] == ["refresh_done", *older, "refresh_groups_added", "refresh_own_forecasts"]
    assert [note.code for note in again] == ["refresh_nothing_new"]  # everything was written
    assert kinds["read"] + kinds["write"] + kinds["call"] - sized <= 30
    assert sized <= 5  # the four source tables and the log
    assert kinds["setting"] <= 18  # five and the status bar while reading, each asked, set and put back
    assert kinds["protection"] <= 40  # ten sheets, each asked, lifted, asked and protected again
    assert kinds["find"] <= 140
