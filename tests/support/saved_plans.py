"""The example plan as this program made it, and as it is after people and other programs have saved it."""

from __future__ import annotations

import functools
import io
import sys
from pathlib import Path

import office
import pytest
from example_account import example_plan, load_template
from real_sets import shared_folder
from user_content import as_another_program, with_user_content

from workbook_builder.saved.book import SavedBook
from workbook_builder.workbook.renderer import render

SALES, SALES_SHEET = "tbl_src_sales", "Bron_Omzet"
SHARED_TOOLS = shared_folder() / "tools"


@functools.cache
def fresh() -> bytes:
    """The plan as this program made it, and nobody opened it since."""
    return render(load_template(), example_plan())


@functools.cache
def used() -> bytes:
    """The plan with everything that a user and Excel put into it."""
    return with_user_content(fresh(), SALES_SHEET, f"F{first_row()}:F{last_row()}")


def first_row() -> int:
    """The first row of the table of sales."""
    return SavedBook(fresh(), "plan").table(SALES).body.top


def last_row() -> int:
    """The last row of the table of sales."""
    return SavedBook(fresh(), "plan").table(SALES).body.bottom


@functools.cache
def renamed() -> bytes:
    """The same with other prefixes, names of parts and quotes."""
    return as_another_program(used())


@functools.cache
def by_openpyxl() -> bytes:
    """The plan after openpyxl read and wrote it."""
    import openpyxl

    buffer = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(fresh())).save(buffer)
    return buffer.getvalue()


@functools.cache
def by_libreoffice() -> bytes:
    """The plan after LibreOffice opened and saved it."""
    return office.saved_again(fresh())


PLANS = {"fresh": fresh, "used": used, "renamed": renamed, "openpyxl": by_openpyxl, "libreoffice": by_libreoffice}


def marks_of(plan: str) -> list[pytest.MarkDecorator]:
    """The marks of a test of one of `PLANS`."""
    return [pytest.mark.office] if plan == "libreoffice" else []


def excel_check(content: bytes, folder: Path) -> list[str] | None:
    """What a check of Excel's own rules finds wrong with a workbook; None where that tool is not there."""
    if not (SHARED_TOOLS / "xlcheck.py").exists():
        return None
    sys.path.append(str(SHARED_TOOLS))
    from xlcheck import check

    path = folder / "checked.xlsx"
    path.write_bytes(content)
    return list(check(str(path)))
