from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sales_exports import HEADER, HEADINGS

from workbook_builder.errors import InputError
from workbook_builder.sources.figures import load_portfolio

LINES = (
    "10001;Jansen & Zn.;31-01-2024;Kaas;100,005;60,00\n"
    "10001;Jansen & Zn.;15-03-2024;;50,00;0,00\n"
    "10017;Jansen Filiaal;31-01-2024;Kaas;10,00;\n"
    "00042;De Boer;01-02-2023;Brood;1,00;5,00\n"
)
GROUPS = "[accounts]\n10001 = ['10001', '10017']\n"


def source(kind: str, columns: dict[str, str]) -> str:
    lines = [f"[sources.{kind}]", f"path = '{kind}.csv'", "date_format = '%d-%m-%Y'", f"[sources.{kind}.columns]"]
    return "\n".join([*lines, *(f"{name} = '{heading}'" for name, heading in columns.items())]) + "\n"


def test_one_account_holds_only_its_own_lines(portfolio):
    figures = portfolio(HEADER + LINES).account("00042")
    assert figures.account_name == "De Boer"
    assert figures.control_total == 1
    assert [(row.year, row.product_group, row.revenue, row.cost) for row in figures.sales] == [
        (2023, "Brood", Decimal("1.00"), Decimal("5.00"))
    ]
    (report,) = figures.reports
    assert (report.rows_read, report.rows_used, report.account_rows_used) == (4, 4, 1)
    assert report.account_revenue_used == 1
    assert len(report.sha256) == 64


def test_an_account_stands_for_all_its_debtor_numbers(portfolio):
    read = portfolio(HEADER + LINES, extra=GROUPS)
    assert read.account_ids == ("00042", "10001")
    figures = read.account("10001")
    assert figures.debtor_numbers == ("10001", "10017")
    assert figures.account_name == "Jansen & Zn."
    assert figures.control_by_year == {2024: Decimal("160.005")}
    assert sum(row.revenue for row in figures.sales) == Decimal("160.01")
    assert [(row.product_group, row.lines, row.lines_without_cost) for row in figures.sales] == [
        ("Kaas", 2, 1),
        (None, 1, 0),
    ]
    with pytest.raises(InputError) as caught:
        read.account("10017")
    assert caught.value.problems[0].code == "account_part_of"


@pytest.mark.parametrize(
    ("wanted", "near"), [("42", "00042"), ("boer", "00042"), ("10002", "10001"), ("Jansn", "10001")]
)
def test_an_unknown_account_is_refused_with_the_nearest_ids(portfolio, wanted, near):
    with pytest.raises(InputError) as caught:
        portfolio(HEADER + LINES).account(wanted)
    assert near in caught.value.text("nl")


def test_an_account_unlike_any_other_is_refused_plainly(portfolio):
    with pytest.raises(InputError) as caught:
        portfolio(HEADER + LINES).account("zzz")
    assert caught.value.problems[0].code == "account_unknown"


def test_quality_counts_what_the_checks_need(portfolio):
    columns = {**HEADINGS, "margin": "Marge"}
    rows = (
        "1;A;31-01-2024;Kaas;100,00;60,00;39,00\n"
        "1;A;28-02-2024;;50,00;0,00;\n"
        "1;A;31-05-2024;Kaas;10,00;13,00;\n"
        "1;A;31-05-2024;Kaas;-10,00;-13,00;\n"
        "1;A;31-05-2024;Kaas;100,00;1,00;\n"
        "1;A;30-06-2024;Kaas;1000,00;;\n"
        "1;A;30-06-2025;Kaas;0,00;;\n"
        ";Totaal;;;1,00;;\n"
    )
    quality = portfolio(HEADER.strip() + ";Marge\n" + rows, columns).account("1").quality
    assert quality.revenue_without_group == 50
    assert (quality.lines_without_cost, quality.lines_with_zero_cost) == (1, 1)
    assert (quality.lines_low_margin, quality.lines_high_margin) == (2, 1)
    assert quality.margin_difference == 1
    assert quality.months_without_revenue == ((2024, 3), (2024, 4))
    assert quality.peak_months == ((2024, 6),)
    assert quality.lines_outside(2024, 2024) == 1
    assert quality.control_rows_off == 1


def test_records_of_the_account_come_with_its_figures(export):
    extra = (
        source("accounts", {"account_id": "Klant", "name": "Naam", "employees": "Mw", "customer_since": "Sinds"})
        + source("activities", {"account_id": "Klant", "date": "Datum", "subject": "Onderwerp"})
        + source("team", {"employee": "Wie", "account_id": "Klant", "hourly_rate": "Tarief"})
    )
    config = export(HEADER + LINES, extra=extra)
    files = {
        "accounts": "Klant;Naam;Mw;Sinds\n00042;Bakkerij De Boer;12;01-05-1999\n900;Nieuw BV;;\n",
        "activities": "Klant;Datum;Onderwerp\n00042;02-02-2024;=tweede\n00042;01-02-2024;eerste\n10001;01-02-2024;x\n",
        "team": "Wie;Klant;Tarief\nAnna;00042;95,00\nBob;;80,00\nCor;10001;70,00\n",
    }
    for kind, content in files.items():
        (config.folder / f"{kind}.csv").write_text(content, "utf-8")
    read = load_portfolio(config)
    figures = read.account("00042")
    assert figures.master["employees"] == 12
    assert figures.master["customer_since"] == date(1999, 5, 1)
    assert [row["subject"] for row in figures.activities] == ["eerste", "=tweede"]
    assert [(row["employee"], row["hourly_rate"]) for row in figures.team] == [("Anna", 95), ("Bob", 80)]
    assert [report.account_rows_used for report in figures.reports] == [1, 1, 2, 2]
    without_history = read.account("900")
    assert without_history.account_name == "Nieuw BV"
    assert without_history.sales == ()
    assert without_history.control_total == 0
    assert read.last_date == date(2024, 3, 15)


def test_the_words_of_a_total_row_are_no_account(portfolio):
    assert portfolio(HEADER + LINES + "Eindtotaal;;;;161,005;\n").account_ids == ("00042", "10001", "10017")


def test_findings_are_those_of_the_account(portfolio):
    figures = portfolio(HEADER + LINES + "00042;De Boer;;Brood;7,00;\n10001;Jansen & Zn.;;Kaas;9,00;\n").account(
        "00042"
    )
    assert [(finding.line, finding.reason, finding.revenue) for finding in figures.findings] == [(6, "no_date", 7)]
    assert figures.reports[0].account_revenue_to_check == 7
    assert figures.reports[0].rows_to_check == 2


def test_huge_amounts_are_summed_exactly_and_too_huge_ones_refused(portfolio):
    line = "1;A;01-01-2024;K;{};0,01\n"
    rows = "".join(line.format("9.999.999.999.999,99") for _ in range(1000))
    assert portfolio(HEADER + rows).account("1").control_total == Decimal("9999999999999990.00")
    assert sum(row.revenue for row in portfolio(HEADER + rows).account("1").sales) == Decimal("9999999999999990.00")
    with pytest.raises(InputError) as caught:
        portfolio(HEADER + "".join(line.format("9" * 15) for _ in range(200_000)))
    assert caught.value.problems[0].code == "sums_too_large"
