"""Writes the example data of Accountplan: the exports of a made-up Dutch wholesaler, and the config that reads them.

    python examples/make_example.py OUTDIR

What comes out, in OUTDIR (created when it does not exist): verkoopregels.csv (about 3,000 invoice lines from
January 2023 to October 2026), klanten.csv, contacten.csv, offertes.csv, bezoeken.csv, kosten.csv, team.csv
(semicolon, decimal comma, dd-mm-jjjj, cp1252, CRLF, as Dutch ERP and CRM systems export) and accountplan.toml.

The bytes are the same on every platform and Python: the seed is fixed, every draw is Random.random(), money is
counted in whole cents and quantities in hundredths. The copy in examples/groothandel/ is this script's output;
tests/examples holds both equal. Who is who stands in wholesaler.py, what the files look like in exports.py,
chance and the calendar in draws.py.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

import wholesaler as w
from draws import (
    CRM_MONTHS,
    FIRST_YEAR,
    LAST_DAY,
    MONTH_NAMES,
    MONTHS,
    between,
    from_dmy,
    half_up,
    pick,
    pick_weighted,
    pick_workday,
    workday,
)
from exports import config_bytes, csv_bytes, dmy, dutch

SEED = 2026
PLAN_YEAR = 2027

SEASON = (1.00, 0.98, 1.10, 1.04, 1.00, 1.10, 0.78, 0.72, 1.20, 1.16, 1.20, 0.72)  # sums to 12
PRICE_INDEX = {2023: 1000, 2024: 1034, 2025: 1057, 2026: 1085}  # per mille of the list price
COST_INDEX = {2023: 1000, 2024: 1030, 2025: 1050, 2026: 1092}
RATE_INDEX = {2024: 94, 2025: 97, 2026: 100}  # hourly rates, percent of those in team.csv


@dataclass(frozen=True)
class Line:
    """One invoice line before numbering: quantity in hundredths, money in cents; a credit line is negative."""

    day: date
    customer: w.Customer
    batch: int  # lines of one customer, day and batch share an invoice
    article: w.Article
    quantity: int
    revenue: int
    cost: int
    salesperson: str

    @property
    def is_credit(self) -> bool:
        """True for a line of a credit note."""
        return self.quantity < 0


# ---- sales ----


def yearly_mix(customer: w.Customer, year: int) -> dict[str, int]:
    """Weight per product group in the year: on the straight line from 2023 to 2026, in thirds."""
    return {group: first * (2026 - year) + last * (year - 2023) for group, (first, last) in customer.mix.items()}


def pick_article(rng: Random, group: str, amount: int) -> w.Article:
    """An article of the group that costs no more than the amount (cents), else the cheapest one."""
    articles = [article for article in w.ARTICLES if article.group == group]
    affordable = [article for article in articles if article.list_cents <= amount]
    return pick(rng, affordable or [min(articles, key=lambda article: article.list_cents)])


def sell(rng: Random, customer: w.Customer, day: date, batch: int, amount: int, seller: str) -> Line:
    """One line of about the amount (cents), priced from the list of that year less the customer's discount."""
    group = pick_weighted(rng, yearly_mix(customer, day.year))
    article = pick_article(rng, group, amount)
    discount = w.GROUP_DISCOUNTS.get((customer.account_id, group), customer.discount) + between(rng, -2, 2)
    price = half_up(article.list_cents * PRICE_INDEX[day.year] * (100 - discount), 100_000)
    cost = half_up(article.list_cents * COST_INDEX[day.year] * article.cost_pct, 100_000)
    quantity = max(1, half_up(amount * 100, price * article.step)) * article.step
    return Line(
        day, customer, batch, article, quantity, half_up(quantity * price, 100), half_up(quantity * cost, 100), seller
    )


def credit(rng: Random, line: Line) -> Line | None:
    """The credit note on (part of) a line, one to four weeks later; None when that is after the last day."""
    day = workday(line.day + timedelta(days=between(rng, 7, 28)))
    units = line.quantity // line.article.step
    quantity = between(rng, 1, max(1, units // 2)) * line.article.step
    if day > LAST_DAY:
        return None
    return Line(
        day,
        line.customer,
        0,
        line.article,
        -quantity,
        -half_up(line.revenue * quantity, line.quantity),
        -half_up(line.cost * quantity, line.quantity),
        line.salesperson,
    )


def month_of_sales(rng: Random, customer: w.Customer, year: int, month: int) -> Iterator[Line]:
    """The lines of one customer in one month; about one in forty is partly credited later."""
    season = SEASON[month - 1]
    target = customer.revenue[year - FIRST_YEAR] * 100_000 / 12 * season * (0.9 + 0.2 * rng.random())
    count = max(1, int(customer.lines * season * (0.85 + 0.3 * rng.random()) + 0.5))
    sellers = (customer.account_manager, customer.account_manager, w.INSIDE, w.SECOND_INSIDE)
    invoices = [(pick_workday(rng, year, month), pick(rng, sellers)) for _ in range((count + 2) // 3)]
    shares = [between(rng, 30, 129) for _ in range(count)]  # whole numbers: sum() of floats differs per Python
    for share in shares:
        batch = int(rng.random() * len(invoices))
        day, seller = invoices[batch]
        line = sell(rng, customer, day, batch, int(target * share / sum(shares)), seller)
        yield line
        if rng.random() < 0.025 and (note := credit(rng, line)):
            yield note


def all_sales(rng: Random) -> list[Line]:
    """Every line of every customer, in order of day and customer, invoices before credit notes."""
    lines = [
        line
        for customer in w.CUSTOMERS
        if customer.lines
        for year, month in MONTHS
        if (year, month) >= customer.starts
        for line in month_of_sales(rng, customer, year, month)
    ]
    return sorted(lines, key=lambda line: (line.day, line.is_credit, line.customer.account_id, line.batch))


def sales_rows(rng: Random) -> Iterator[list]:
    """Rows of verkoopregels.csv; numbers rise within a year, with gaps for the customers not in this export."""
    used = {}  # last number per (year, credit note or not)
    invoice, previous, line_no = "", None, 0
    for line in all_sales(rng):
        key = (line.day, line.is_credit, line.customer.account_id, line.batch)
        if key != previous:
            series = (line.day.year, line.is_credit)
            used[series] = used.get(series, 0) + (1 if line.is_credit else between(rng, 1, 19))
            prefix, width = ("CN", 4) if line.is_credit else ("F", 5)
            invoice = f"{prefix}{line.day.year % 100}{used[series]:0{width}d}"
            previous, line_no = key, 0
        line_no += 1
        cost = dutch(line.cost) if line.customer.has_cost else ""
        yield [
            line.customer.account_id,
            line.customer.name,
            dmy(line.day),
            invoice,
            line_no,
            line.article.code,
            line.article.name,
            w.PRODUCT_GROUPS[line.article.group],
            dutch(line.quantity),
            dutch(line.revenue),
            cost,
            line.salesperson,
        ]


# ---- master data ----


def account_rows() -> Iterator[list]:
    """Rows of klanten.csv; the last digit of the btw-nummer is never the check digit that belongs there."""
    for c in w.CUSTOMERS:
        number = f"0000{c.account_id[-4:]}"
        wrong = (sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), number, strict=True)) % 11 + 1) % 10
        yield [
            c.account_id,
            c.name,
            number,
            f"NL{number}{wrong}B01",
            c.address,
            c.postal_code,
            c.city,
            "Nederland",
            c.industry,
            c.employees,
            c.parent,
            c.payment_days,
            dutch(c.credit_limit * 100),
            c.customer_since,
            c.contract_until,
            c.account_manager,
        ]


def mail_address(name: str, domain: str) -> str:
    """voornaam.achternaam@domain.example, in plain ASCII."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    first, *rest = plain.split()
    return f"{first}.{''.join(rest)}@{domain}.example"


def contact_ids(account_id: str) -> list[str]:
    """The contact numbers of a customer, in the order of wholesaler.CONTACTS."""
    count = sum(1 for contact in w.CONTACTS if contact[0] == account_id)
    return [f"{account_id}-{n:02d}" for n in range(1, count + 1)]


def contact_rows() -> Iterator[list]:
    """Rows of contacten.csv."""
    domains = {customer.account_id: customer.domain for customer in w.CUSTOMERS}
    numbers = {account_id: iter(contact_ids(account_id)) for account_id in domains}
    for n, (account_id, name, function, department, language, active) in enumerate(w.CONTACTS, start=1):
        phone = f"06-0000{1000 + 7 * n}" if n % 3 == 0 else f"088-0000{100 + 3 * n}"
        yield [
            account_id,
            next(numbers[account_id]),
            name,
            function,
            department,
            phone,
            mail_address(name, domains[account_id]),
            language,
            "Ja" if active else "Nee",
        ]


def team_rows() -> Iterator[list]:
    """Rows of team.csv."""
    for name, role, rasci, position, rate, hours, backup in w.TEAM:
        yield [name, role, rasci, position, dutch(rate), dutch(hours * 100), backup]


# ---- customer relations ----


def other_quotations(rng: Random, customer: w.Customer) -> Iterator[tuple]:
    """Two or three quotations of a customer, in the shape of wholesaler.DEMO_QUOTATIONS after the customer."""
    for _ in range(between(rng, 2, 3)):
        year, month = pick(rng, [when for when in CRM_MONTHS if when >= customer.starts])
        day = pick_workday(rng, year, month)
        group = pick_weighted(rng, yearly_mix(customer, year))
        amount = customer.revenue[year - FIRST_YEAR] * between(rng, 30, 110) * 100 // 100 * 100
        odds = {"Gewonnen": 50, "Verloren": 30, "Vervallen": 12, "Ingetrokken": 8}
        outcome = "Open" if day > date(2026, 8, 31) else pick_weighted(rng, odds)
        reasons = ("Prijs", "Prijs", "Levertijd", "Zittende concurrent", "Geen reactie", "Specificatie")
        reason = pick(rng, reasons) if outcome == "Verloren" else ""
        competitor = pick(rng, w.COMPETITORS[group]) if reason and reason != "Geen reactie" else ""
        decided = "" if outcome == "Open" else dmy(workday(day + timedelta(days=between(rng, 14, 55))))
        text = f"{w.QUOTATION_TEXTS[group]} {year}"
        yield customer.account_id, day, text, group, amount, outcome, reason, competitor, decided


def quotation_rows(rng: Random) -> Iterator[list]:
    """Rows of offertes.csv, in order of date."""
    quotations = [
        (w.DEMO, from_dmy(day), text, group, amount * 100, *rest)
        for day, text, group, amount, *rest in w.DEMO_QUOTATIONS
    ]
    for customer in w.CUSTOMERS:
        if customer.lines and customer.account_id != w.DEMO:
            quotations += other_quotations(rng, customer)
    number = 0
    for account_id, day, text, group, amount, *rest in sorted(quotations, key=lambda q: (q[1], q[0])):
        number += between(rng, 1, 9)
        yield [
            account_id,
            f"OF{day.year % 100}-{number:04d}",
            dmy(day),
            text,
            w.PRODUCT_GROUPS[group],
            dutch(amount),
            *rest,
        ]


def all_activities(rng: Random) -> list[tuple]:
    """Customer, day, kind, contact, employee and subject: forty for the demo account, three to six for the others."""
    activities = []
    contacts = contact_ids(w.DEMO)
    for n in range(40):
        year, month = CRM_MONTHS[n * len(CRM_MONTHS) // 40]
        kind, who, employee, subject = w.DEMO_ACTIVITIES[n % len(w.DEMO_ACTIVITIES)]
        activities.append((w.DEMO, pick_workday(rng, year, month), kind, contacts[who - 1], employee, subject))
    for customer in w.CUSTOMERS:
        if not customer.lines or customer.account_id == w.DEMO:
            continue
        for _ in range(between(rng, 3, 6)):
            day = pick_workday(rng, *pick(rng, [when for when in CRM_MONTHS if when >= customer.starts]))
            kind, subject = pick(rng, w.ACTIVITIES)
            contact = pick(rng, contact_ids(customer.account_id))
            activities.append((customer.account_id, day, kind, contact, customer.account_manager, subject))
    return sorted(activities, key=lambda activity: (activity[1], activity[0]))


def activity_rows(activities: list[tuple]) -> Iterator[list]:
    """Rows of bezoeken.csv."""
    for account_id, day, *rest in activities:
        yield [account_id, dmy(day), *rest]


# ---- costs ----


def hours_row(account_id: str, day: date, employee: str, activity: str, hours: int, text: str) -> tuple:
    """A cost of kind Uren: hours in hundredths, at the employee's rate in that year."""
    rate = next(member[4] for member in w.TEAM if member[0] == employee) * RATE_INDEX[day.year]
    return account_id, day, "Uren", employee, activity, hours, half_up(hours * rate, 10_000), text


def amount_row(account_id: str, day: date, kind: str, amount: int, text: str, employee: str = "") -> tuple:
    """A cost without hours: amount in cents."""
    return account_id, day, kind, employee, "", None, amount, text


def monthly_costs(rng: Random) -> Iterator[tuple]:
    """The fixed rhythm: hours and kanban deliveries of the demo account, now and then something for the others."""
    for year, month in CRM_MONTHS:
        last = max(pick_workday(rng, year, month) for _ in range(6))
        season = SEASON[month - 1]
        for employee, activity, hours, text in w.MONTHLY_HOURS:
            quarters = int(hours * season * (0.85 + 0.3 * rng.random()) * 4 + 0.5)
            yield hours_row(w.DEMO, last, employee, activity, quarters * 25, text)
        name = f"{MONTH_NAMES[month - 1]} {year}"
        yield amount_row(
            w.DEMO, last, "Logistiek", int(between(rng, 41000, 56000) * season), f"Kanbanleveringen {name}"
        )
        for customer in w.CUSTOMERS:
            if not customer.lines or customer.account_id == w.DEMO or (year, month) < customer.starts:
                continue
            if rng.random() < 0.45:
                yield hours_row(
                    customer.account_id,
                    last,
                    customer.account_manager,
                    "Overleg",
                    between(rng, 4, 20) * 25,
                    "Klantcontact en opvolging",
                )
            if month % 3 == 0:
                yield amount_row(
                    customer.account_id,
                    last,
                    "Logistiek",
                    customer.lines * between(rng, 2400, 4200),
                    "Leveringen en spoedritten dit kwartaal",
                )


def visit_costs(rng: Random, activities: list[tuple]) -> Iterator[tuple]:
    """What each visit and online meeting took: hours, and travel for the visits."""
    for account_id, day, kind, _, employee, subject in activities:
        if kind in ("Bezoek", "Evaluatie"):
            yield hours_row(account_id, day, employee, "Bezoek", between(rng, 10, 18) * 25, subject)
            yield amount_row(
                account_id, day, "Reis en verblijf", between(rng, 2800, 6900), "Reiskosten klantbezoek", employee
            )
        elif kind == "Online":
            yield hours_row(account_id, day, employee, "Overleg", between(rng, 4, 7) * 25, subject)


def demo_costs(rng: Random) -> Iterator[tuple]:
    """The demo account's quotations in hours, and its promotion, equipment, training and other costs."""
    for day, text, *_ in w.DEMO_QUOTATIONS:
        before = workday(from_dmy(day) - timedelta(days=4))
        yield hours_row(w.DEMO, before, w.PRESALES, "Offerte", between(rng, 16, 48) * 25, text)
        yield hours_row(w.DEMO, before, w.MANAGER, "Offerte", between(rng, 8, 16) * 25, text)
    for day, kind, amount, text in w.DEMO_COSTS:
        yield amount_row(w.DEMO, from_dmy(day), kind, amount, text)
        if kind == "Training":
            yield hours_row(w.DEMO, from_dmy(day), w.SUPPORT, "Training", between(rng, 16, 26) * 25, text)


def cost_rows(rng: Random, activities: list[tuple]) -> Iterator[list]:
    """Rows of kosten.csv, in order of date."""
    costs = [*monthly_costs(rng), *visit_costs(rng, activities), *demo_costs(rng)]
    for account_id, day, kind, employee, activity, hours, amount, text in sorted(costs, key=lambda c: (c[1], c[0])):
        yield [
            account_id,
            dmy(day),
            kind,
            employee,
            activity,
            "" if hours is None else dutch(hours),
            dutch(amount),
            text,
        ]


# ---- files ----


def make_files() -> dict[str, bytes]:
    """Every file of the example: name -> content."""
    rng = Random(SEED)
    sales = csv_bytes("sales", sales_rows(rng))
    quotations = csv_bytes("quotations", quotation_rows(rng))
    activities = all_activities(rng)
    return {
        "verkoopregels.csv": sales,
        "klanten.csv": csv_bytes("accounts", account_rows()),
        "contacten.csv": csv_bytes("contacts", contact_rows()),
        "offertes.csv": quotations,
        "bezoeken.csv": csv_bytes("activities", activity_rows(activities)),
        "kosten.csv": csv_bytes("costs", cost_rows(rng, activities)),
        "team.csv": csv_bytes("team", team_rows()),
        "accountplan.toml": config_bytes(PLAN_YEAR, w.DEMO),
    }


def main() -> int:
    """Write the files; 0 when done, 2 when the folder was not given."""
    if len(sys.argv) != 2:
        print("Gebruik: python examples/make_example.py MAP", file=sys.stderr)
        return 2
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in make_files().items():
        (folder / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
