"""How often a whole refresh asks Excel something; the macro itself has its own test."""

from __future__ import annotations

import pytest
from example_account import example_plan
from live_contents import changed, contents
from round_trips import TRIPS

from addin.live_book import LiveBook
from addin.quiet import quiet
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.layout import sheet_name, table_name

pytestmark = pytest.mark.office

SOURCES = ("src_sales", "src_costs", "src_quotations", "src_activities")
ACCOUNT = (
    "name", "numbers", "administration", "account_manager", "coc_no", "vat_no", "address", "postal_code", "city",
    "country", "industry", "parent", "employees", "customer_since", "contract_until", "payment_days", "credit_limit",
)  # fmt: skip
SETTINGS = (
    "first_year", "first_cost_year", "last_date", "has_costs", "has_activities", "columns_missing",
    "ungrouped_revenue", "duplicates", "outside_years", "without_cost", "odd_margin", "margin_difference",
    "odd_months", "years_without_sales", "early_credits",
)  # fmt: skip
REPORT = ("file", "kind", "first_date", "last_date", "rows_read", "rows_used", "rows_excluded", "rows_to_check")


def test_four_tables_and_forty_names_take_at_most_thirty_reads_and_writes(book):
    template, plan = load_template(), example_plan()
    chapters = {chapter.id: chapter for chapter in template.chapters}
    named = {f"account.{key}": [[plan.fields.get(f"account.{key}")]] for key in ACCOUNT}
    named |= {f"settings.{key}": [[plan.fields.get(f"settings.{key}")]] for key in SETTINGS}
    reports = plan.tables["settings.sources"]
    named |= {f"settings.sources.{key}": [[row.get(key)] for row in reports] for key in REPORT}
    named["settings.control.source_total"] = [[row["source_total"]] for row in plan.tables["settings.control"]]
    named["analysis.sales_vv.product_group"] = [[row.get("product_group")] for row in plan.tables["analysis.sales_vv"]]
    tables = {}
    for chapter in SOURCES:
        columns = template.block(f"{chapter}.rows").columns
        tables[chapter] = [
            [template.label("nl", column.list, value) if column.list and value else value
             for column in columns for value in [row.get(column.id)]]
            for row in plan.tables[f"{chapter}.rows"]
        ]  # fmt: skip
    tables["src_sales"].append(tables["src_sales"][0])
    del tables["src_costs"][-3:]
    sheets = {chapter: sheet_name(template, "nl", chapters[chapter]) for chapter in SOURCES}
    before = contents(book)
    with TRIPS.counted() as trips:
        live = LiveBook(book)
        live.facts()
        live.read_many([*named, "analysis.revenue_vv", "analysis.revenue_zz", "log.assumptions.no"])
        with quiet(live, [*sheets.values(), "H1 Account", "H3 Accountanalyse", "Koppeling"]), live.all_or_nothing():
            for chapter, rows in tables.items():
                live.write_table(table_name(chapter), rows, sheets[chapter])
            live.write_many(named)
    assert len(named) == 42
    assert changed(before, contents(book)) == ["Bron_Omzet", "Bron_Kosten"]
    assert trips.content <= 30
    assert trips.kinds["setting"] == 15  # five, each asked, set and put back
    assert trips.kinds["protection"] == 28  # seven sheets, each asked, lifted, asked and protected again
    assert trips.kinds["find"] <= 110  # handles: sheets, ranges and where names stand
