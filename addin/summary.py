"""The button that saves chapter 8 as a PDF: Excel prints it, and it goes beside the plan."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from addin.cursor import layout_of
from addin.live_book import LiveBook
from addin.places import Place
from workbook_builder.errors import InputError, Problem, say
from workbook_builder.summary_file import keep_pdf, summary_stem
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.layout import Layout

CHAPTER = "summary"


def summary(live: LiveBook) -> None:
    """Print chapter 8 to a PDF beside the plan, and say where it is.

    A file of that name that somebody else made stays: the PDF then gets a number. Raises `InputError` when Excel
    cannot print it or the folder cannot be written.
    """
    facts = live.facts()
    place = _on_paper(live, layout_of(load_template(), facts))
    folder = folder_for(live)
    live.calculate()
    made = folder / f".accountplan-{os.getpid()}.pdf"  # Excel may only write where the user let it: beside the plan
    try:
        live.to_pdf(place, made)
        content = made.read_bytes()
    finally:
        with contextlib.suppress(OSError):
            made.unlink(missing_ok=True)
    path = keep_pdf(folder, summary_stem(facts["account_id"], int(facts["year"]), facts["language"]), content)
    live.alert(say("summary_done", facts["language"], file=path))


def folder_for(live: LiveBook) -> Path:
    """The folder of the plan; the user's documents when the plan is on SharePoint or OneDrive."""
    try:
        return live.folder()
    except InputError as fault:
        if fault.problems[0].code != "book_on_the_web":
            raise
    documents = Path.home() / "Documents"
    return documents if documents.is_dir() else Path.home()


def _on_paper(live: LiveBook, layout: Layout) -> Place:
    """The cells of chapter 8 that are printed: what stands right of the paper are working figures."""
    placed = next((sheet for sheet in layout.shown if sheet.chapter.id == CHAPTER), None)
    if placed is None:
        raise InputError(Problem("summary_sheet_gone", file=live.book.name))
    first = next(name for name in layout.names if layout.areas[name].sheet == placed.name)
    area, now = layout.areas[first], live.locate([first])[first]
    moved = now.row - (area.row + 1), now.col - (area.col + 1)  # rows or columns that somebody put above or before
    return Place(now.sheet, 1, 1, placed.end + moved[0], placed.grid.last + 1 + moved[1])
