"""Exact figures of one account -> a fresh plan: which group gets which row, which field starts with what.

This is where the words of the sources (canonical columns) meet the ids of the template. Product groups get
their row once, ordered by revenue over the three years shown; every later figure finds its row by number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from workbook_builder.control_totals import WRITTEN, control_lines
from workbook_builder.holidays import dutch_holidays
from workbook_builder.log import LOG, first_log, run_lines
from workbook_builder.plan import Plan, Row, Value
from workbook_builder.saved.cells import clean_text
from workbook_builder.sources.aggregate import HIGH_MARGIN, LOW_MARGIN
from workbook_builder.sources.cents import PRECISION, SalesMonth, cents
from workbook_builder.sources.figures import AccountFigures, SourceReport
from workbook_builder.sources.findings import Finding
from workbook_builder.template.model import Template
from workbook_builder.workbook.styles import UNIT_DECIMALS

RECOMMENDED = ("product_group", "cost", "invoice_no")  # sales columns without which a plan says less (check Q1)
OLDEST, ROUNDING_ROW = -4, 0  # years before the plan year that the workbook reads; group number of rounding cents


@dataclass(frozen=True)
class GroupRows:
    """Product groups that have their row already, {name as the workbook shows it: row, from 1}, and the free rows."""

    known: Mapping[str, int]
    free: Sequence[int]


def fresh_plan(
    template: Template,
    figures: AccountFigures,
    *,
    year: int,
    language: str,
    unit: int,
    last_date: dt.date | None,
    mapped: Collection[str] = RECOMMENDED,
    off: frozenset[str] = frozenset(),
    groups: GroupRows | None = None,
) -> Plan:
    """A new plan for `year` with everything the sources know; money stays in EUR in the source tables.

    `last_date` is the latest sales date in the whole export: it decides which year is closed and is the
    reference date, so that the same export always gives the same workbook. `mapped` are the canonical columns
    that the config maps for sales, `off` the sections to leave out, `groups` the rows that a plan of this account has
    given to product groups. Contacts and team members are all there, also those that a workbook has no row for.
    """
    labels = Labels(template, language)
    size = template.axes["product_groups"].size
    numbers = group_numbers(figures.sales, year, size, groups)
    fields: dict[str, Value] = {
        "plan.year": year,
        "plan.unit": unit,
        "plan.reference_date": last_date or dt.date(year - 1, 12, 31),
        "plan.closed_period": closed_months(last_date, year - 1),
        "plan.closed_month": closed_months(last_date, year),
        **_account(figures),
        **_settings(figures, year, unit),
        "settings.columns_missing": len(set(RECOMMENDED) - set(mapped)),
        "settings.groups_without_row": len(group_numbers(figures.sales, year, size).keys() - numbers.keys()),
        "settings.contacts_without_row": max(0, len(figures.contacts) - template.rows("account.contacts")),
        "settings.team_without_row": max(0, len(figures.team) - template.rows("team.members")),
    }
    tables: dict[str, Sequence[Row]] = {
        "analysis.sales_vv": _group_rows({**(groups.known if groups else {}), **numbers}, labels, size),
        "account.contacts": _contacts(figures, labels),
        "team.members": _team(figures, labels),
        "src_sales.rows": _sales(figures.sales, numbers, labels, year),
        "src_costs.rows": _costs(figures, template, labels),
        "src_quotations.rows": _quotations(figures, numbers, labels),
        "src_activities.rows": _activities(figures, labels),
        "settings.control": [{"source_total": _cents(figures, year + offset)} for offset in range(OLDEST, 1)],
        "settings.sources": [_report(report, labels) for report in figures.reports],
        "settings.account_rows": [_account_rows(report, labels) for report in figures.reports],
        "settings.debtors": _debtors(figures, labels, template.rows("settings.debtors"), year - 1),
        "settings.findings": _findings(figures.findings, labels, template.rows("settings.findings")),
        "lists.holidays": [{"date": day, "name": labels.text(f"holidays.{key}")} for day, key in dutch_holidays(year)],
    }
    tables[WRITTEN] = control_lines(tables)
    sources = [_logged(report, labels) for report in figures.reports]
    log = first_log(run_lines(template, language, sources, tables["src_sales.rows"]))
    tables[LOG] = log.rows
    return Plan(figures.account_id, figures.account_name, year, language, unit, {**fields, **log.state}, tables, off)


class Labels:
    """Choices as people write them -> ids, and texts in the plan's language."""

    def __init__(self, template: Template, language: str) -> None:
        self.template = template
        self.language = language

    def text(self, key: str) -> str:
        """A text of the plan's language."""
        return self.template.text(self.language, key)

    def choice(self, list_id: str, written: Any) -> str | None:
        """The id of a choice written as its id or as its label in any language; None when it is none of them."""
        wanted = str(written or "").strip().casefold()
        for item in self.template.lists[list_id].items:
            names = {self.template.label(language, list_id, item).casefold() for language in self.template.languages}
            if wanted == item or wanted in names:
                return item
        return None


def group_numbers(sales: Sequence[SalesMonth], year: int, rows: int, given: GroupRows | None = None) -> dict[str, int]:
    """{product group: its row, from 1}, by revenue over the three years before `year`, then in `year`, then by name.

    At most `rows` - 1 groups are named; the last row takes every other group and sales without a group. Groups that
    were `given` a row keep it, whatever their revenue; the others take the free rows in order.
    """
    known, free = (given.known, given.free) if given else ({}, range(1, rows))
    before: dict[str, Decimal] = {}
    in_year: dict[str, Decimal] = {}
    for month in sales:
        if month.product_group and year - 3 <= month.year <= year:
            total, other = (in_year, before) if month.year == year else (before, in_year)
            total[month.product_group] = total.get(month.product_group, Decimal(0)) + month.revenue
            other.setdefault(month.product_group, Decimal(0))
    ranked = sorted(before, key=lambda group: (-before[group], -in_year[group], group))
    sold = {month.product_group for month in sales if month.product_group}
    kept = {group: known[clean_text(group)] for group in sold if clean_text(group) in known}
    return {**kept, **dict(zip((group for group in ranked if group not in kept), free, strict=False))}


def closed_months(last_date: dt.date | None, year: int) -> int:
    """How many months of `year` the export holds: 12 when it goes on after that year."""
    if last_date is None or last_date.year < year:
        return 0
    return last_date.month if last_date.year == year else 12


def _account(figures: AccountFigures) -> dict[str, Value]:
    master = {f"account.{key}": value for key, value in figures.master.items() if key not in ("account_id", "name")}
    master.pop("account.annual_revenue", None)
    if "annual_revenue" in figures.master and figures.master["annual_revenue"] is not None:
        master["account.customer_revenue"] = figures.master["annual_revenue"] / 1_000_000
    return {
        **master,
        "account.name": figures.master.get("name") or figures.account_name,
        "account.numbers": ", ".join(figures.debtor_numbers),
    }


def _settings(figures: AccountFigures, year: int, unit: int) -> dict[str, Value]:
    reports = {report.kind: report for report in figures.reports}
    quality, sales, costs = figures.quality, reports["sales"], reports.get("costs")
    lines = quality.lines_by_year
    fields: dict[str, Value] = {
        "decimals": UNIT_DECIMALS[unit],
        "cent_decimals": len(str(unit)) + 1,
        "low_margin": LOW_MARGIN,
        "high_margin": HIGH_MARGIN,
        "first_year": sales.first_date.year if sales.first_date else year,
        "first_cost_year": costs.first_date.year if costs and costs.first_date else year,
        "last_date": sales.last_date,
        "has_costs": int(costs is not None and _every_cost_has_an_amount(figures)),
        "has_activities": int("activities" in reports),
        "ungrouped_revenue": quality.revenue_without_group,
        "duplicates": quality.duplicates + quality.equal_lines,
        "outside_years": quality.lines_outside(year + OLDEST, year),
        "without_cost": quality.lines_without_cost,
        "odd_margin": quality.lines_with_zero_cost + quality.lines_low_margin + quality.lines_high_margin,
        "margin_difference": quality.margin_difference,
        "odd_months": len(quality.months_without_revenue) + len(quality.peak_months),
        "early_credits": quality.early_credits(year),
        "years_without_sales": sum(1 for at in range(year - 3, year) if not lines.get(at)),
    }
    days = figures.master.get("payment_days")
    if days is not None:
        fields["payment_days"] = days
    return {f"settings.{key}": value for key, value in fields.items()}


def _every_cost_has_an_amount(figures: AccountFigures) -> bool:
    return all(row["amount"] is not None for row in _cost_amounts(figures))


def _cost_amounts(figures: AccountFigures) -> list[dict[str, Any]]:
    """The cost rows; hours booked without an amount take the rate of the employee, if the team has one."""
    rates = {row["employee"]: row.get("hourly_rate") for row in figures.team}
    priced = []
    for row in figures.costs:
        amount, hours, rate = row.get("amount"), row.get("hours"), rates.get(row.get("employee"))
        if amount is None and hours is not None and rate is not None:
            amount = hours * rate
        priced.append({**row, "amount": amount})
    return priced


def _group_rows(groups: Mapping[str, int], labels: Labels, rows: int) -> list[Row]:
    named: dict[int, Row] = {number: {"product_group": group} for group, number in groups.items()}
    return [named.get(number, {}) for number in range(1, rows)] + [{"product_group": labels.text("values.rest")}]


def _sales(sales: Iterable[SalesMonth], groups: Mapping[str, int], labels: Labels, year: int) -> list[Row]:
    rest = labels.template.axes["product_groups"].size
    rows: list[Row] = []
    for month in sales:
        if not year + OLDEST <= month.year <= year:
            continue
        number = ROUNDING_ROW if month.is_rounding else groups.get(month.product_group or "", rest)
        name = labels.text("values.rounding") if month.is_rounding else month.product_group
        rows.append(
            {
                "group_no": number,
                "product_group": name,
                "year": month.year,
                "month": month.month,
                "revenue": month.revenue,
                "cost": month.cost,
                "quantity": month.quantity,
                "lines": month.lines,
                "lines_without_cost": month.lines_without_cost,
            }
        )
    return rows


def _costs(figures: AccountFigures, template: Template, labels: Labels) -> list[Row]:
    kinds = template.lists["cost_kind"].items
    rows: list[Row] = []
    for row in _cost_amounts(figures):
        kind = labels.choice("cost_kind", row.get("kind")) or "other"
        rows.append(
            {
                "kind_no": kinds.index(kind) + 1,
                "description": row.get("description"),
                "kind": template.label(labels.language, "cost_kind", kind),
                "year": row["date"].year,
                "month": row["date"].month,
                "employee": row.get("employee"),
                "activity": row.get("activity"),
                "hours": row.get("hours"),
                "amount": row["amount"],
            }
        )
    return rows


def _quotations(figures: AccountFigures, groups: Mapping[str, int], labels: Labels) -> list[Row]:
    rest = labels.template.axes["product_groups"].size
    rows: list[Row] = []
    for row in figures.quotations:
        date, decided_on = row["date"], row.get("decided_on")
        rows.append(
            {
                "number": row.get("quotation_no"),
                "description": row.get("description"),
                "date": date,
                "year": date.year,
                "group_no": groups.get(row.get("product_group") or "", rest),
                "product_group": row.get("product_group"),
                "amount": row.get("amount"),
                "outcome": labels.choice("quotation_outcome", row.get("outcome")),
                "lost_reason": labels.choice("lost_reason", row.get("lost_reason")),
                "competitor": row.get("competitor"),
                "decided_on": decided_on,
                "decided": int(decided_on is not None),
                "days": (decided_on - date).days if decided_on else None,
            }
        )
    return rows


def _activities(figures: AccountFigures, labels: Labels) -> list[Row]:
    return [
        {
            "contact_id": row.get("contact_id"),
            "subject": row.get("subject"),
            "date": row["date"],
            "year": row["date"].year,
            "type": labels.choice("activity_type", row.get("type")),
            "employee": row.get("employee"),
        }
        for row in figures.activities
    ]


def _contacts(figures: AccountFigures, labels: Labels) -> list[Row]:
    last: dict[Any, dt.date] = {}
    for row in figures.activities:
        known = last.get(row.get("contact_id"))
        last[row.get("contact_id")] = max(known, row["date"]) if known else row["date"]
    copied = ("contact_id", "name", "function", "department", "phone", "email", "contact_language")
    return [
        {
            **{key: row.get(key) for key in copied},
            "last_contact": last.get(row.get("contact_id")),
            "status": "left" if labels.choice("yes_no", row.get("active")) == "no" else "active",
        }
        for row in figures.contacts
    ]


def _team(figures: AccountFigures, labels: Labels) -> list[Row]:
    return [
        {
            "employee": row["employee"],
            "role": labels.choice("team_role", row.get("role")),
            "rasci": labels.choice("rasci", row.get("rasci")),
            "position": labels.choice("position", row.get("position")),
            "hourly_rate": row.get("hourly_rate"),
            "available_hours": row.get("available_hours"),
            "backup": row.get("backup"),
        }
        for row in figures.team
    ]


def _cents(figures: AccountFigures, year: int) -> Decimal:
    """The independent total of a year in EUR, rounded once, half away from zero."""
    return cents(figures.control_by_year.get(year, Decimal(0)))


def _report(report: SourceReport, labels: Labels) -> Row:
    return {
        "file": report.file,
        "kind": labels.text(f"kinds.{report.kind}"),
        "first_date": report.first_date,
        "last_date": report.last_date,
        "rows_read": report.rows_read,
        "rows_used": report.rows_used,
        "rows_excluded": report.rows_excluded,
        "rows_to_check": report.rows_to_check,
        "sha256": report.sha256,
    }


def _account_rows(report: SourceReport, labels: Labels) -> Row:
    return {
        "kind": labels.text(f"kinds.{report.kind}"),
        "rows_used": report.account_rows_used,
        "rows_excluded": report.account_rows_excluded,
        "rows_to_check": report.account_rows_to_check,
        "amount_used": cents(report.account_revenue_used),
        "amount_excluded": cents(report.account_revenue_excluded),
        "amount_to_check": cents(report.account_revenue_to_check),
    }


def _debtors(figures: AccountFigures, labels: Labels, rows: int, year: int) -> list[Row]:
    """The debtor numbers with their revenue of `year` in EUR, each rounded once, the largest first.

    When there are more than fit, the last row has the revenue of all the others.
    """
    with localcontext(prec=PRECISION):
        revenue = {number: years.get(year, Decimal(0)) for number, years in figures.revenue_by_number.items()}
        ranked = sorted(revenue, key=lambda number: (-revenue[number], number))
        shown = ranked if len(ranked) <= rows else ranked[: rows - 1]
        found: list[Row] = [{"number": number, "revenue": cents(revenue[number])} for number in shown]
        if others := ranked[len(shown) :]:
            more = labels.text("values.more").format(count=len(others))
            found.append({"number": more, "revenue": cents(sum((revenue[each] for each in others), Decimal(0)))})
    return found


def _findings(findings: Sequence[Finding], labels: Labels, rows: int) -> list[Row]:
    """One row a finding; when there are more than fit, the last row says how many."""
    if len(findings) <= rows:
        return [_finding(finding, labels) for finding in findings]
    more = labels.text("values.more").format(count=len(findings) - rows + 1)
    return [*(_finding(finding, labels) for finding in findings[: rows - 1]), {"reason": more}]


def _finding(finding: Finding, labels: Labels) -> Row:
    return {
        "reason": finding.sentence(labels.language),
        "kind": labels.text(f"kinds.{finding.kind}"),
        "status": labels.choice("row_status", finding.status),
        "line": finding.line,
        "revenue": finding.revenue,
    }


def _logged(report: SourceReport, labels: Labels) -> Row:
    """What the log says of a source file."""
    return {
        "file": report.file,
        "kind": labels.text(f"kinds.{report.kind}"),
        "size": report.size,
        "rows_used": report.rows_used,
        "rows_excluded": report.rows_excluded,
        "rows_to_check": report.rows_to_check,
        "sha256": report.sha256,
    }
