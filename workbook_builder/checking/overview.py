"""Checked plans -> a workbook to sort and to open them from: a line for each plan, and a line for each finding.

The links are formulas that read the path beside them, so that they stay with their line when somebody sorts it. Paths
are as seen from the folder of the workbook.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from workbook_builder.checking.check import Checked
from workbook_builder.checking.report import AT_RIGHT, LEVELS, worst_first
from workbook_builder.errors import InputError, Problem, say
from workbook_builder.files import write_atomically
from workbook_builder.plans_given import OVERVIEW, is_overview
from workbook_builder.workbook.styles import AMBER, BASE, FIXED, RED, figures
from workbook_builder.workbook.text_lines import LINE_HEIGHT, lines
from workbook_builder.workbook.writer import Book, Scalar, Sheet, strict_warnings

PLANS = {"open": 9, "path": 44, "account": 34, "account_id": 12, "year": 8, "profit": 16, "status": 14, "light": 11,
         "error": 9, "warning": 16, "note": 12}  # fmt: skip
FINDINGS = {"open": 9, "path": 44, "level": 14, "sheet": 20, "cell": 12, "label": 30, "finding": 90}
HEAD, A4 = 3, 9  # rows above the headings; Excel's number of the paper


def write_overview(plans: Sequence[Checked], out: Path, language: str) -> Path:
    """Write the workbook; an older overview gives way to it, any other file does not (`InputError`)."""
    if out.exists() and not is_overview(out):
        raise InputError(Problem("file_exists", file=out))
    if out.suffix.lower() != ".xlsx":
        raise InputError(Problem("check_out_not_xlsx", file=out))
    with strict_warnings():
        write_atomically(out, overview(worst_first(plans), out.parent, language))
    return out


def overview(plans: Sequence[Checked], folder: Path, language: str) -> bytes:
    """The workbook for a place in `folder`."""
    book = Book({"title": say("check_overview", language), "company": "", "author": ""})
    first, second = (book.sheet(say(f"check_sheet_{name}", language)) for name in ("plans", "findings"))
    rows = [_plan(one, folder, language) for one in plans]
    _table(book, first, "plans", PLANS, rows, language)
    lines = [line for one in plans for line in _findings(one, folder, language)]
    _table(book, second, "findings", FINDINGS, lines, language)
    book.define_name(OVERVIEW, f"='{first.raw.name}'!$A$1")
    first.raw.activate()
    return book.finish()


def _plan(one: Checked, folder: Path, language: str) -> dict[str, Scalar]:
    row: dict[str, Scalar] = {"path": _path(one.path, folder)}
    if one.problems:
        return {**row, "account": say("check_unreadable", language), "error": len(one.problems)}
    row |= {level: one.count(level) for level in LEVELS}
    row |= {"account": one.account_name, "account_id": one.account_id, "year": one.year}
    profit = say("check_unknown", language) if one.profit is None else one.profit * one.unit
    return {**row, "profit": profit, "status": one.status, "light": one.light}


def _findings(one: Checked, folder: Path, language: str) -> list[dict[str, Scalar]]:
    path = _path(one.path, folder)
    lines: list[dict[str, Scalar]] = [
        {"path": path, "level": say("check_level_error", language), "finding": problem.text(language)}
        for problem in one.problems
    ]
    for finding in one.findings:
        level, text = say(f"check_level_{finding.level}", language), finding.text(language)
        place = {"sheet": finding.sheet, "cell": finding.cell, "label": finding.label}
        lines.append({"path": path, "level": level, **place, "finding": text})
    return lines


def _path(path: Path, folder: Path) -> str:
    """The path as seen from a folder, with slashes; whole where the two are on different drives."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return str(path.resolve())


def _table(
    book: Book, sheet: Sheet, name: str, columns: dict[str, int], rows: Sequence[dict[str, Scalar]], language: str
) -> None:
    """A title, and an Excel table with a button to sort by on every heading."""
    looks = _looks(book)
    sheet.value(0, 0, say(f"check_title_{name}", language), book.fixed("title"))
    sheet.value(1, 0, say(f"check_hint_{name}", language), book.fixed("hint"))
    word = say("check_open", language)
    headings = []
    for col, (key, width) in enumerate(columns.items()):
        text = say(f"check_column_{key}", language)
        look = book.fixed("header_right" if key in AT_RIGHT else "header_indent" if key == "status" else "header")
        sheet.raw.set_column(col, col, width, looks[""])
        sheet.value(HEAD, col, text, look)
        headings.append({"header": text, "header_format": look})
    for number, row in enumerate(rows, HEAD + 1):
        for col, key in enumerate(columns):
            if key == "open":
                sheet.formula(number, col, f'=HYPERLINK({_target(columns, number)},"{word}")', looks[key], word)
            else:
                sheet.value(number, col, row.get(key), looks.get(key, looks[""]))
        needed = lines(str(row.get("finding", "")), columns.get("finding", 1))
        sheet.raw.set_row(number, LINE_HEIGHT * needed if needed > 1 else None)
    options = {"name": f"tbl_{name}", "columns": headings, "style": None}
    sheet.table(HEAD, 0, max(1, len(rows)), len(columns), options)
    for text, colour in (("error", RED), ("warning", AMBER)):
        rule = {"type": "cell", "criteria": "==", "format": book.format({"font_color": colour, "bold": True})}
        level = say(f"check_level_{text}", language)
        if "level" in columns:
            sheet.condition(
                HEAD + 1, list(columns).index("level"), max(1, len(rows)), 1, {**rule, "value": f'"{level}"'}
            )
    sheet.raw.freeze_panes(HEAD + 1, 2)
    sheet.raw.hide_gridlines(2)
    sheet.raw.set_landscape()
    sheet.raw.set_paper(A4)
    sheet.raw.fit_to_pages(1, 0)
    sheet.raw.repeat_rows(HEAD)


def _looks(book: Book) -> dict[str, Any]:
    """The format of each column that has one of its own, and under "" that of the others."""
    return {
        "": book.format(BASE),
        "open": book.format({**BASE, **FIXED["link"]}),
        "profit": book.format({**BASE, "num_format": figures(0), "align": "right"}),
        "status": book.format({**BASE, "indent": 1}),
        "finding": book.format({**BASE, "text_wrap": True}),
    }


def _target(columns: dict[str, int], row: int) -> str:
    """What the formula of a link reads in its own row: the path, and the cell where there is one."""
    at: Callable[[str], str] = lambda key: f"{chr(ord('A') + list(columns).index(key))}{row + 1}"  # noqa: E731
    if "cell" not in columns:
        return at("path")
    place = f'"#\'"&{at("sheet")}&"\'!"&IF({at("cell")}="","A1",{at("cell")})'
    return f'{at("path")}&IF({at("sheet")}="","",{place})'
