"""An account with several debtor numbers: the revenue of each, from the export to the cells, also after a refresh."""

from __future__ import annotations

from pathlib import Path

import pytest
from by_id import value
from workbook_cells import read_cells

from workbook_builder.create import create_plan
from workbook_builder.prefill import fresh_plan
from workbook_builder.refresh_files import refresh_files
from workbook_builder.saved.book import SavedBook
from workbook_builder.sources.config import load_config
from workbook_builder.sources.figures import load_portfolio
from workbook_builder.template.loader import load_template

TEMPLATE = load_template()
HEADER = "Klantnummer;Factuurdatum;Factuurnummer;Omzet\n"
# 0012: 1,000.10 + 0.004 + 0.001 = 1,000.105, which is 1,000.11; 12: 200.02 - 20.01 = 180.01. F7 has no date, and 777 is
# another customer.
SALES = (
    "0012;10-02-2026;F1;1000,10\n"
    "0012;11-02-2026;F2;0,004\n"
    "0012;12-02-2026;F3;0,001\n"
    "0012;13-02-2025;F4;5000,00\n"
    "12;30-04-2026;F5;200,02\n"
    "12;30-06-2026;F6;-20,01\n"
    "12;;F7;400,00\n"
    "777;30-06-2026;F8;9999,99\n"
)
MORE = "12;31-08-2026;F9;2000,00\n0012;31-08-2026;F10;-0,10\n"
ACCOUNTS = '[accounts]\nHavenbedrijf = ["0012", "12", "00012"]\n'  # the export knows no 00012


def config_of(folder: Path, sales: str, accounts: str = ACCOUNTS) -> Path:
    columns = {"account_id": 0, "date": 1, "invoice_no": 2, "revenue": 3}
    headings = HEADER.strip().split(";")
    (folder / "verkoop.csv").write_text(HEADER + sales, "utf-8")
    lines = [
        "[plan]", "unit = 1", "[sources.sales]", 'path = "verkoop.csv"', 'decimal = ","', 'date_format = "%d-%m-%Y"',
        "[sources.sales.columns]", *(f'{name} = "{headings[at]}"' for name, at in columns.items()),
    ]  # fmt: skip
    path = folder / "accountplan.toml"
    path.write_text("\n".join([accounts, *lines]) + "\n", "utf-8")
    return path


def debtors(config: Path, account: str) -> list[tuple[str, str]]:
    """(debtor number, its revenue of 2026 in EUR) of the rows on Koppeling in a fresh plan for 2027."""
    portfolio = load_portfolio(load_config(config))
    figures = portfolio.account(account)
    plan = fresh_plan(TEMPLATE, figures, year=2027, language="nl", unit=1, last_date=portfolio.last_date)
    return [(row["number"], str(row["revenue"])) for row in plan.tables["settings.debtors"]]


def test_each_debtor_number_has_its_own_revenue_to_the_cent_also_after_a_refresh(tmp_path):
    config = config_of(tmp_path, SALES)
    assert debtors(config, "Havenbedrijf") == [("0012", "1000.11"), ("12", "180.01")]
    plan = create_plan(config, "Havenbedrijf", year=2027, out=tmp_path / "plans").path
    book = SavedBook(plan.read_bytes(), plan)
    book.set_cells("account.units.debtor_no", [["12"], ["0012"], ["777"], *[[None]] * 9])
    plan.write_bytes(book.to_bytes())
    config_of(tmp_path, SALES + MORE)
    (outcome,) = refresh_files([plan], config)
    assert [problem.text("en") for problem in outcome.problems] == []
    cells = read_cells(plan.read_bytes())
    assert value(TEMPLATE, cells, "settings.debtors.number")[:3] == ["12", "0012", None]  # the largest first
    assert value(TEMPLATE, cells, "settings.debtors.revenue")[:3] == [2180.01, 1000.01, None]  # 1,000.105 - 0.10
    units = value(TEMPLATE, cells, "account.units.revenue_vv")[:3]
    assert units[:2] == pytest.approx([2180.01, 1000.01], abs=1e-9)
    assert units[2] == "", "the number of another customer is unknown here"
    assert value(TEMPLATE, cells, "analysis.revenue_vv") == pytest.approx(3180.02, abs=1e-9)
    assert value(TEMPLATE, cells, "checks.list.result:R3b") == 0


def test_of_more_numbers_than_rows_the_last_row_has_the_rest(tmp_path):
    numbers = [f"{number:03}" for number in range(1, 15)]
    sales = "".join(f"{number};10-02-2026;F{number};{int(number) * 100},005\n" for number in numbers)
    listed = ", ".join(f'"{number}"' for number in numbers)
    # 1,400.005 down to 400.005 are rounded each; 100 + 200 + 300 and three half cents are 600.015, rounded once.
    assert debtors(config_of(tmp_path, sales, f"[accounts]\nGroep = [{listed}]\n"), "Groep") == [
        *((f"{number:03}", f"{number * 100}.01") for number in range(14, 3, -1)),
        ("… en nog 3 regels", "600.02"),
    ]
