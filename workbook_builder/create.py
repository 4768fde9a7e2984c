"""`accountplan new`: a config and an account -> a plan on disk."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_builder.errors import InputError, Problem, raise_if
from workbook_builder.files import CREATED, file_part, refuse_when_open, write_atomically

if TYPE_CHECKING:
    from workbook_builder.saved.book import SavedBook
    from workbook_builder.sources.figures import AccountFigures

YEARS = range(1950, 2101)
LOG, ADOPTED = "tbl_log", "approval.lines.version"  # in a plan: the table of its log, the adopted versions by line


@dataclass(frozen=True)
class Created:
    """The plan that was written, and what its maker should know."""

    path: Path
    notes: tuple[Problem, ...]


def create_plan(
    config_path: Path,
    account_id: str,
    *,
    year: int | None = None,
    language: str | None = None,
    out: Path | None = None,
    with_macros: Callable[[bytes, str], bytes] | None = None,
    step: Callable[[str], None] = lambda code: None,
) -> Created:
    """Read the sources, fill the template and write `Accountplan_<account>_<year>.xlsx`.

    `year` and `language` override the config; `out` is the folder (default: `plans` in the current folder).
    `with_macros` makes of a workbook and its language one with buttons of its own, which is written as .xlsm. `step`
    is told the code of each step as it starts. Raises `InputError` for everything the user can repair; then
    nothing is written.
    """
    from workbook_builder.prefill import fresh_plan
    from workbook_builder.sources.config import load_config
    from workbook_builder.sources.figures import load_portfolio
    from workbook_builder.template.loader import load_template
    from workbook_builder.template.profiles import sections_off
    from workbook_builder.workbook.renderer import render

    config = load_config(config_path)
    plan_year = year if year is not None else config.plan.year
    if plan_year is None:
        raise InputError(Problem("year_missing", file=config_path))
    if plan_year not in YEARS:
        raise InputError(Problem("year_impossible", year=plan_year, first=YEARS[0], last=YEARS[-1]))
    off = sections_off(load_template(), config.plan.profile, config.plan.without)
    step("step_read")
    portfolio = load_portfolio(config, account_id)
    figures = portfolio.account(account_id)
    refuse_other_years(portfolio.years, plan_year, config.sources.sales.path.name)
    path = (out or Path("plans")) / f"Accountplan_{file_part(figures.account_id)}_{plan_year}.xlsx"
    kinds = (path, path.with_suffix(".xlsm"))
    target = kinds[with_macros is not None]
    _refuse_when_in_use(kinds, target)  # before the work of a few seconds is done for nothing
    step("step_render")
    plan = fresh_plan(
        load_template(),
        figures,
        year=plan_year,
        language=language or config.plan.language,
        unit=config.plan.unit,
        last_date=portfolio.last_date,
        mapped=config.sources.sales.columns.keys(),
        off=off,
    )
    content = render(load_template(), plan)
    step("step_write")
    if with_macros is not None:
        content = with_macros(content, plan.language)
    _refuse_when_in_use(kinds, target)
    write_atomically(target, content)
    return Created(target, tuple(_notes(figures, plan_year)))


def _refuse_when_in_use(kinds: Collection[Path], target: Path) -> None:
    """Refuse a plan in which somebody worked, without buttons or with, and one that is open in Excel."""
    worked_in = [one for one in kinds if one.exists() and not untouched(one)]
    raise_if(Problem("plan_has_work", file=one) for one in worked_in)  # of either kind: nobody has two plans
    refuse_when_open(target)


def refuse_other_years(found: Collection[int], plan_year: int, file: str) -> None:
    """Refuse a plan year of which, and of the three years before it, the source holds no line at all."""
    if not set(found) & set(range(plan_year - 3, plan_year + 1)):
        oldest, newest = min(found, default=0), max(found, default=0)
        first, last = plan_year - 3, plan_year
        raise InputError(Problem("no_rows_in_years", file=file, first=first, last=last, oldest=oldest, newest=newest))


def untouched(path: Path, first: Collection[int] = (1,)) -> bool:
    """Whether the file is still as this program made it: nobody saved, refreshed or approved it since.

    Whoever saves it in a spreadsheet program changes its date of modification; the log has each refresh. `first` are
    the runs in the log that making it gives; a roll-over gives run 0 too, so that no new plan replaces its plan.
    """
    from workbook_builder.saved.book import SavedBook

    try:
        with zipfile.ZipFile(path) as archive:
            core = archive.read("docProps/core.xml")
        made = CREATED.strftime('modified xsi:type="dcterms:W3CDTF">%Y-%m-%dT%H:%M:%SZ<').encode() in core
        return made and not _has_later_runs(SavedBook(path.read_bytes(), path), first)
    except (OSError, KeyError, zipfile.BadZipFile, InputError):
        return False


def _has_later_runs(book: SavedBook, first: Collection[int]) -> bool:
    """Whether its log has other runs than the first, or a version of its budget was adopted."""
    runs = [row[0] for row in book.table_rows(LOG)] if LOG in book.tables else []
    adopted = [row[0] for row in book.values(ADOPTED)] if ADOPTED in book.names() else []
    return any(run is not None and run not in first for run in runs) or any(version is not None for version in adopted)


def _notes(figures: AccountFigures, year: int) -> list[Problem]:
    notes = []
    shown = [month for month in figures.sales if year - 3 <= month.year < year and not month.is_rounding]
    if not shown:
        notes.append(Problem("note_no_history", account=figures.account_id, first=year - 3, last=year - 1))
    elif any(month.lines_without_cost for month in shown):
        lines = sum(month.lines_without_cost for month in shown)
        notes.append(Problem("note_without_cost", account=figures.account_id, lines=lines))
    unused = [finding for finding in figures.findings if finding.line is not None]
    if unused:
        notes.append(Problem("note_unused_rows", account=figures.account_id, rows=len(unused)))
    if figures.quality.control_rows_off:
        notes.append(Problem("note_totals_off", rows=figures.quality.control_rows_off))
    return notes
