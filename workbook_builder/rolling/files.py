"""`accountplan roll-over`: closed plans of last year -> fresh plans of the next year, many at once.

    path --> the account and year in it --> figures, read once for all plans of a config
    path --> the plan and what was odd about it + fresh plan --> roll --> workbook --> a new file

An old file is only read. Everything is read and checked before a file is written, and one plan that cannot be rolled
over does not stop the others.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_builder.closed_plan import Places
from workbook_builder.create import YEARS, refuse_other_years, untouched
from workbook_builder.errors import InputError, Problem, raise_if
from workbook_builder.files import file_part, refuse_when_open, write_atomically
from workbook_builder.outcome import Outcome, failed, side_by_side
from workbook_builder.plan import Plan
from workbook_builder.prefill import fresh_plan
from workbook_builder.reading.reader import content_of, read_content
from workbook_builder.registered import config_for
from workbook_builder.rolling.earlier import changed_versions, unknown_year
from workbook_builder.rolling.report import Report
from workbook_builder.rolling.roll import Predecessor, rolled
from workbook_builder.saved.book import SavedBook
from workbook_builder.template.loader import load_template
from workbook_builder.template.model import Template
from workbook_builder.template.roll_over_rules import HISTORY
from workbook_builder.today import Today, portfolio_for, today_for
from workbook_builder.workbook.renderer import render

if TYPE_CHECKING:
    from workbook_builder.sources.config import Config
    from workbook_builder.sources.figures import Portfolio

UNFORESEEN = "roll_failed"  # the problem of a fault that nobody foresaw
MADE = (0, 1)  # the runs in the log of a plan as a roll-over makes it


@dataclass(frozen=True)
class Wanted:
    """What the new plans are to be: their year (default: the next), language (that of the old) and folder."""

    year: int | None = None
    language: str | None = None
    out: Path | None = None


@dataclass(frozen=True, kw_only=True)
class RolledFile(Outcome):
    """A plan that was rolled over; `report` says what became of each value in it, `plan` is the new one."""

    report: Report
    plan: Plan


@dataclass(frozen=True)
class Job:
    """What one plan needs to be rolled over: the old file, the figures of its account, and what is wanted."""

    path: Path
    today: Today
    wanted: Wanted
    year_of_config: int | None
    years: frozenset[int]
    """Of which the sources hold sales lines."""
    source: str


def roll_over_files(
    paths: Sequence[Path],
    config: Path | None = None,
    wanted: Wanted = Wanted(),
    *,
    executor: Executor | None = None,
    done: Callable[[Outcome], None] = lambda result: None,
    when: dt.datetime | None = None,
) -> list[Outcome]:
    """What became of each plan, in the order given.

    `config` is that of all plans; without it each plan has the registered one or the one beside it. The sources of a
    config are read once. With an `executor` plans are rolled over side by side. `done` is told of each as it is ready.
    `when` is the moment that stands in their logs, in local time (now).
    """
    jobs = _jobs(paths, config, wanted, when or dt.datetime.now())
    return side_by_side(paths, jobs, _roll_over, UNFORESEEN, executor, done)


def _roll_over(_: Path, job: Job) -> Outcome:
    return roll_over_file(job)


def _jobs(paths: Sequence[Path], given: Path | None, wanted: Wanted, when: dt.datetime) -> dict[int, Job | Outcome]:
    """{number of the plan: what it needs, or why it cannot be rolled over}."""
    from workbook_builder.sources.config import load_config

    found: dict[int, Job | Outcome] = {}
    accounts: dict[int, str] = {}
    configs: dict[Path, list[int]] = {}
    seen: dict[tuple[str, str], Path] = {}
    targets: dict[Path, Path] = {}
    for number, path in enumerate(paths):
        try:
            account, year = account_and_year(path)
            twice = seen.setdefault((account, year), path)
            raise_if([Problem("roll_twice", file=path, other=twice)] if twice is not path else [])
            following = wanted.year or (int(year) + 1 if year.isdecimal() else 0)
            first = targets.setdefault(_target(path, account, following, wanted).resolve(), path)
            raise_if([Problem("roll_same_target", file=path, other=first)] if first is not path else [])
            accounts[number] = account
            configs.setdefault(config_for(path, given).resolve(), []).append(number)
        except Exception as fault:  # whatever is wrong with one plan, the others go on
            found[number] = failed(path, fault, UNFORESEEN)
    made_here = _made_here(seen, wanted)
    found |= {number: made_here[paths[number]] for number in accounts if paths[number] in made_here}
    for place, everyone in configs.items():
        numbers = [number for number in everyone if number not in found]
        try:
            config = load_config(place)
            portfolio = portfolio_for(config, {accounts[number] for number in numbers})
        except Exception as fault:
            found |= {number: failed(paths[number], fault, UNFORESEEN) for number in numbers}
            continue
        for number in numbers:
            found[number] = _job(paths[number], accounts[number], config, portfolio, wanted, when)
    return found


def _made_here(seen: Mapping[tuple[str, str], Path], wanted: Wanted) -> dict[Path, Outcome]:
    """What becomes of plans that this same run makes anew, as in a folder that is rolled over for a second time.

    Such a plan is the next one of another that was given, and nobody worked in it: it is not rolled over itself.
    """
    found = {}
    for (account, year), path in seen.items():
        following = int(year) + 1 if year.isdecimal() else 0
        made = seen.get((account, str(following)))
        if not made or wanted.year not in (None, following) or not untouched(made, MADE):
            continue
        if _target(path, account, following, wanted).resolve() == made.resolve():
            found[made] = Outcome(made, notes=(Problem("roll_made_here", file=made, other=path),))
    return found


def _target(path: Path, account: str, year: int, wanted: Wanted) -> Path:
    """Where the new plan of an old one goes."""
    return (wanted.out or path.parent) / f"Accountplan_{file_part(account)}_{year}.xlsx"


def _job(
    path: Path, account: str, config: Config, portfolio: Portfolio, wanted: Wanted, when: dt.datetime
) -> Job | Outcome:
    try:
        today = today_for(account, config, portfolio, when)
        sales = config.sources.sales.path.name
        return Job(path, today, wanted, config.plan.year, frozenset(portfolio.years), sales)
    except InputError as fault:
        return failed(path, fault, UNFORESEEN)


def account_and_year(path: Path) -> tuple[str, str]:
    """The account and the plan year in a file; raises `InputError` when it is open somewhere or no plan of ours."""
    refuse_when_open(path)
    facts = Places(SavedBook(content_of(path), path)).facts()
    if facts is None or not facts["account_id"]:
        raise InputError(Problem("plan_not_ours", file=path))
    return facts["account_id"], facts["year"]


def roll_over_file(job: Job) -> Outcome:
    """Roll over one plan; what goes wrong is in the result, and then nothing was written."""
    try:
        return _roll_over_file(job)
    except Exception as fault:
        return failed(job.path, fault, UNFORESEEN)


def _roll_over_file(job: Job) -> RolledFile:
    path, template = job.path, load_template()
    refuse_when_open(path)
    content = content_of(path)
    old, findings = read_content(content, path, template)
    year, notes = _year(path, old, job)
    refuse_other_years(job.years, year, job.source)
    target = _target(path, old.account_id, year, job.wanted)
    taken = [one for one in (target, target.with_suffix(".xlsm")) if one.exists() and not untouched(one, MADE)]
    raise_if(Problem("plan_has_work", file=one) for one in taken)
    if target.resolve() == path.resolve():
        raise InputError(Problem("roll_onto_itself", file=path))
    fresh = _fresh(template, old, job, year)
    predecessor = Predecessor(path.name, hashlib.sha256(content).hexdigest(), len(content))
    plan, report = rolled(template, old, fresh, predecessor, findings=findings, run=job.today.run)
    book = render(template, plan)
    if content_of(path) != content:
        raise InputError(Problem("file_changed", file=path))
    write_atomically(target, book)
    counts = {name: report.count(name) for name in ("carried", "archived", "named")}
    notes.append(Problem("roll_done", file=path, year=year, found=report.count(), **counts))
    if findings:
        notes.append(Problem("roll_odd", file=path, count=len(findings)))
    notes += _about_the_history(path, old, job.today.last_date)
    return RolledFile(path=path, notes=tuple(notes), files=(target,), report=report, plan=plan)


def _about_the_history(path: Path, old: Plan, last_date: dt.date | None) -> Iterator[Problem]:
    """What a person should know of the figures that the old plan gave to the sheet of earlier years."""
    year = unknown_year(old)
    if year is not None and last_date is not None and last_date >= dt.date(year, 12, 31):
        yield Problem("roll_not_refreshed", file=path, year=year)
    if versions := changed_versions(old):
        yield Problem("roll_adopted_changed", file=path, versions=", ".join(map(str, versions)))


def _year(path: Path, old: Plan, job: Job) -> tuple[int, list[Problem]]:
    """The year of the new plan, and a warning when it is not the next one; raises `InputError` for one that cannot be.

    The year in a config is often still that of last year's plans; only a later one than the next is a question.
    """
    following = old.year + 1
    if job.wanted.year is None:
        if job.year_of_config is not None and job.year_of_config > following:
            raise InputError(Problem("roll_which_year", file=path, old=old.year, year=job.year_of_config))
        return following, []
    year = job.wanted.year
    if year not in YEARS:
        raise InputError(Problem("year_impossible", year=year, first=YEARS[0], last=YEARS[-1]))
    if year <= old.year:
        raise InputError(Problem("roll_back", file=path, old=old.year, year=year))
    return year, [Problem("roll_other_year", file=path, old=old.year, year=year)] if year != following else []


def _fresh(template: Template, old: Plan, job: Job, year: int) -> Plan:
    """A plan of the next year as `accountplan new` would make it, with the unit and the sections of the old one.

    The sheet of earlier years is in it whatever the old plan left out: what came of a year is told there alone.
    """
    today = job.today
    chapters = [chapter for chapter in template.chapters if chapter.id != HISTORY.partition(".")[0]]
    known = {section.key for chapter in chapters for section in chapter.sections}
    return fresh_plan(
        template,
        today.figures,
        year=year,
        language=job.wanted.language or old.language,
        unit=old.unit,
        last_date=today.last_date,
        mapped=today.mapped,
        off=frozenset(old.off & known),
    )
