"""The example wholesaler's accounts as plans and workbooks, made once per run, and a copy of the template to change."""

from __future__ import annotations

import functools
import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

from workbook_builder.plan import Plan
from workbook_builder.prefill import fresh_plan
from workbook_builder.sources.config import load_config
from workbook_builder.sources.figures import Portfolio, load_portfolio
from workbook_builder.template.loader import default_folder, load_template
from workbook_builder.workbook.renderer import build

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "groothandel" / "accountplan.toml"
MAIN_ACCOUNT, YEAR = "10021", 2027


@functools.cache
def portfolio() -> Portfolio:
    """Everything in the example's exports."""
    return load_portfolio(load_config(EXAMPLE))


@functools.cache
def example_plan(language: str = "nl", account: str = MAIN_ACCOUNT, unit: int = 1000) -> Plan:
    """A fresh plan of one account of the example."""
    figures = portfolio().account(account)
    return fresh_plan(
        load_template(), figures, year=YEAR, language=language, unit=unit, last_date=portfolio().last_date
    )


@functools.cache
def example_parts(language: str = "nl", account: str = MAIN_ACCOUNT) -> dict[str, str]:
    """The XML parts of the example's workbook by name, formulas not yet computed."""
    return xml_parts(build(load_template(), example_plan(language, account)))


def xml_parts(book: bytes) -> dict[str, str]:
    """The XML parts of an .xlsx by name."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {
            name: archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith((".xml", ".rels"))
        }


def template_copy(folder: Path) -> Path:
    """A copy of the program's template in `folder`, to be changed by a test."""
    target = folder / "template"
    shutil.copytree(default_folder(), target)
    return target


def edit(path: Path, old: str, new: str) -> None:
    """Replace the one place where `old` stands in a file."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), "utf-8")


def openpyxl_book(book: bytes) -> Any:
    """The workbook as openpyxl reads it, formulas as text."""
    import openpyxl

    return openpyxl.load_workbook(io.BytesIO(book))
