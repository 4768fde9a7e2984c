"""What the sources of a config say today for one plan, and what that changes in it: for closed files and open books.

    config + account --> portfolio_for, today_for --> Today
    Plan + Today --> change_in --> the fresh plan and the Refresh

Whoever writes the change shows choices by their label (`Shown`) and says by how much the revenue moved (`moved`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook_builder.errors import InputError, Problem
from workbook_builder.log import Run, user_name
from workbook_builder.plan import Plan, Value
from workbook_builder.prefill import fresh_plan
from workbook_builder.refresh import Refresh, check_sources, group_rows, refreshed, revenue_of
from workbook_builder.template.blocks import declared_fields
from workbook_builder.template.fields import FieldBase
from workbook_builder.template.model import Template

if TYPE_CHECKING:
    from workbook_builder.sources.config import Config
    from workbook_builder.sources.figures import AccountFigures, Portfolio


@dataclass(frozen=True)
class Today:
    """What the sources say today for one plan."""

    figures: AccountFigures
    last_date: dt.date | None
    mapped: Collection[str]
    least_rows: float
    run: Run


def portfolio_for(config: Config, accounts: Collection[str]) -> Portfolio:
    """The figures of the sources; for a single account of its lines alone. Raises `InputError` for bad sources."""
    from workbook_builder.sources.figures import load_portfolio

    only = next(iter(accounts)) if len(accounts) == 1 else None
    try:
        return load_portfolio(config, only)
    except InputError as fault:
        if only is None or not any(problem.code.startswith("account_") for problem in fault.problems):
            raise
        raise InputError(_other_customer(only, config)) from None


def today_for(account: str, config: Config, portfolio: Portfolio, when: dt.datetime | None = None) -> Today:
    """What the sources say for an account, to the user of this moment or `when`.

    Raises `InputError` when the account is not in them.
    """
    if account not in portfolio.account_ids:
        raise InputError(_other_customer(account, config))
    mapped = tuple(config.sources.sales.columns)
    files = {kind: source.path for kind, source in config.sources.by_kind().items()}
    run = Run(when or dt.datetime.now(), user_name(), files)
    return Today(portfolio.account(account), portfolio.last_date, mapped, config.refresh.least_rows, run)


def _other_customer(account: str, config: Config) -> Problem:
    return Problem("refresh_unknown_customer", account=account, config=config.path, file=config.sources.sales.path.name)


def change_in(template: Template, plan: Plan, today: Today, file: object) -> tuple[Plan, Refresh]:
    """The fresh plan with the groups where `plan` has them, and what a refresh changes in `plan`.

    Raises `InputError`, naming `file`, for sources that cannot be those of this plan.
    """
    fresh = fresh_plan(
        template,
        today.figures,
        year=plan.year,
        language=plan.language,
        unit=plan.unit,
        last_date=today.last_date,
        mapped=today.mapped,
        off=plan.off,
        groups=group_rows(template, plan),
    )
    check_sources(template, plan, fresh, today.least_rows, file)
    return fresh, refreshed(template, plan, fresh, today.run)


class Shown:
    """Values as a workbook shows them: choices by their label."""

    def __init__(self, template: Template, language: str) -> None:
        self.template = template
        self.language = language
        self.fields = {
            f"{chapter.id}.{one.id}": one
            for chapter in template.chapters
            for _, block in chapter.blocks()
            if block.kind == "form"
            for one in declared_fields(block)
        }

    def of_field(self, name: str, value: Value) -> Value:
        """The value for the cell of a field of a form."""
        return self.shown(self.fields[name], value)

    def shown(self, one: FieldBase, value: Value) -> Value:
        """The value for the cell."""
        if one.list and value in self.template.lists[one.list].items:
            return self.template.label(self.language, one.list, str(value))
        return value


def moved(file: object, plan: Plan, fresh: Plan) -> Iterator[Problem]:
    """How the revenue moved: that of the year before the plan year and of the plan year, and of an older year.

    Older years are closed: one that moves is a correction, or is not in the export any more.
    """
    last, this = plan.year - 1, plan.year
    amounts = {
        f"{name}_{when}": _euros(revenue_of(each, year))
        for name, year in (("last", last), ("this", this))
        for when, each in (("before", plan), ("after", fresh))
    }
    yield Problem("refresh_done", file=file, last=last, this=this, **amounts)
    for year in range(plan.year - 3, last):
        before, after = (_euros(revenue_of(each, year)) for each in (plan, fresh))
        if before != after:
            yield Problem("refresh_older_year", file=file, year=year, before=before, after=after)


def _euros(amount: Decimal) -> str:
    return f"{amount:,.0f}".replace(",", " ")
