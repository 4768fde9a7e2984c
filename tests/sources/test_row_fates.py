from __future__ import annotations

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sales_exports import HEADER, HEADINGS

from workbook_builder.errors import InputError
from workbook_builder.sources.config import Source
from workbook_builder.sources.importer import import_source

LINES = "10001;Café;31-12-2024;Kaas;1.234,56;1.000,00\n10001;Café;01-01-2025;Kaas;-50,00;-40,00\n"
WITH_INVOICE = {**HEADINGS, "invoice_no": "Factuur", "line_no": "Regel"}
INVOICE_HEADER = HEADER.strip() + ";Factuur;Regel\n"


@pytest.fixture
def imported(export):
    def read(content, columns=HEADINGS, **settings):
        source = export(content, columns, **settings).sources.sales
        result = import_source(source, "sales")
        assert result.read.rows == result.used.rows + result.excluded.rows + result.to_check.rows
        assert result.read.revenue == result.used.revenue + result.excluded.revenue + result.to_check.revenue
        assert result.used.rows == len(result.rows)
        assert all(finding.sentence("nl") and finding.sentence("en") for finding in result.findings)
        return result

    return read


def fates(result):
    return [(finding.line, finding.status, finding.reason) for finding in result.findings]


def test_an_ordinary_file_is_used_in_whole(imported):
    result = imported(HEADER + LINES)
    assert result.used.rows == 2
    assert result.used.revenue == Decimal("1184.56")
    assert result.findings == []
    assert (result.first_date, result.last_date) == (date(2024, 12, 31), date(2025, 1, 1))
    assert result.by_account_year == {("10001", 2024): Decimal("1234.56"), ("10001", 2025): Decimal("-50")}


@pytest.mark.parametrize(
    ("row", "status", "reason"),
    [
        (";;;;;", "excluded", "empty_row"),
        (";Totaal;;;1.184,56;960,00", "excluded", "total_row"),
        ("Eindtotaal;;;;1.184,56;960,00", "excluded", "total_row"),
        ("Subtotaal Kaas;;;;1.184,56;960,00", "excluded", "total_row"),
        (";Totaal;31-12-2025;;1.184,56;960,00", "excluded", "total_row"),
        ("10001;Totaal;;;1.184,56;960,00", "excluded", "total_row"),
        ("*;;;;1.184,56;960,00", "excluded", "total_row"),
        ("Totaal;;31-12-2025;;1.184,56;960,00", "excluded", "total_row"),
        (";;Totaal;;1.184,56;960,00", "excluded", "total_row"),
        (";;;;1.184,56;960,00", "excluded", "total_row"),
        (";;;;1.184,56;#N/B", "excluded", "total_row"),
        (";Grand total;;;7,00;", "excluded", "total_row"),
        ("10001;Café;01-02-2025;Levering volgens afspraak;;", "excluded", "text_row"),
        ("Afgedrukt door Jan;;;;;", "excluded", "text_row"),
        (";Café;01-02-2025;Kaas;5,00;4,00", "to_check", "no_account"),
        (";;;;5,00;4,00", "to_check", "no_account"),
        ("10001;Total Energies;;Kaas;5,00;4,00", "to_check", "no_date"),
        ("10001;Café;;Kaas;5,00;4,00", "to_check", "no_date"),
        ("10001;Café;31-12-1899;Kaas;5,00;4,00", "to_check", "date_out_of_range"),
        ("10001;Café;01-02-2025;Kaas;;4,00", "to_check", "no_revenue"),
        ("10001;Café;01-02-2025;Kaas;-;n.v.t.", "to_check", "no_revenue"),
    ],
)
def test_a_row_that_is_no_ordinary_line_gets_a_fate_with_a_reason(imported, row, status, reason):
    result = imported(HEADER + LINES + row + "\n")
    assert fates(result) == [(4, status, reason)]
    assert result.used.rows == 2


def test_a_customer_whose_name_starts_with_total_is_no_total(imported):
    rows = "7;Totaal Bouw BV;01-02-2025;Totaal;5,00;4,00\nTOTAL;Total Energies;01-02-2025;Olie;5,00;4,00\n"
    result = imported(HEADER + rows)
    assert result.used.rows == 2


def test_total_rows_are_compared_with_the_rows_above_them(imported):
    rows = ["1;A;01-01-2025;K;1,00;", ";Subtotaal;;;1,00;", "2;B;01-01-2025;K;2,00;", ";Subtotaal;;;2,00;"]
    result = imported(HEADER + "\n".join([*rows, ";Totaal;;;3,00;", ";Totaal;;;9,00;"]))
    assert [(row.line, row.difference) for row in result.control_rows] == [(3, 0), (5, 0), (6, 0), (7, 6)]


def test_words_for_totals_can_be_added_in_the_config(imported):
    result = imported(HEADER + LINES + ";Samen;;;1.184,56;\n", total_words=["Samen"])
    assert fates(result) == [(4, "excluded", "total_row")]


def test_the_same_invoice_and_line_number_is_a_duplicate(imported):
    rows = "1;A;01-01-2025;K;1,00;;F1;1\n1;A;01-01-2025;K;1,00;;F1;2\n1;A;02-01-2025;K;1,00;;F1;1\n"
    assert fates(imported(INVOICE_HEADER + rows, WITH_INVOICE)) == [(4, "to_check", "duplicate")]
    assert fates(imported(INVOICE_HEADER + rows, WITH_INVOICE, duplicates="keep")) == []


def test_lines_that_differ_in_a_column_that_is_not_mapped_are_no_duplicates(imported):
    rows = "1;A;01-01-2025;K;1,00;;F1;1\n1;A;01-01-2025;K;1,00;;F1;2\n"
    only_invoice = {**HEADINGS, "invoice_no": "Factuur"}
    assert fates(imported(INVOICE_HEADER + rows, only_invoice)) == []
    assert fates(imported(INVOICE_HEADER + rows + rows, only_invoice)) == [
        (None, "warning", "equal_lines"),
    ]


def test_without_any_invoice_number_equal_lines_are_used_with_a_warning(imported):
    result = imported(HEADER + "1;A;01-01-2024;K;0,10;0,01\n" * 1000)
    assert result.used.revenue == Decimal("100.00")
    assert [(finding.status, finding.reason, finding.text) for finding in result.findings] == [
        ("warning", "equal_lines", "999")
    ]


def test_the_most_frequent_name_counts_and_other_names_are_reported(imported):
    rows = "1;Alfa;01-01-2024;K;1;\n1;Beta;01-01-2024;K;2;\n01;Alfa;01-01-2024;K;4;\n1 ;Alfa;01-01-2024;K;8;\n"
    result = imported(HEADER + rows)
    assert result.names == {"1": "Alfa", "01": "Alfa"}
    assert {account: tally.revenue for account, tally in result.by_account.items()} == {"1": 11, "01": 4}
    assert [(finding.reason, finding.account_id) for finding in result.findings] == [
        ("several_names", "1"),
        ("leading_zeros", "1"),
        ("leading_zeros", "01"),
    ]


def test_credits_and_cost_signs_are_normalised_as_the_config_says(imported):
    columns = {**HEADINGS, "doc_type": "Soort", "quantity": "Aantal"}
    header = HEADER.strip() + ";Soort;Aantal\n"
    rows = "1;A;01-01-2024;K;10,00;-6,00;Factuur;2\n1;A;02-01-2024;K;5,00;-3,00;Creditnota;1\n"
    result = imported(header + rows, columns, credit="flip", cost_sign="negative")
    assert [(row.revenue, row.cost, row.quantity) for row in result.rows] == [(10, 6, 2), (-5, -3, -1)]


def test_foreign_currency_is_converted_with_its_rate_or_is_to_check(imported):
    columns = {**HEADINGS, "currency": "Valuta", "rate": "Koers"}
    header = HEADER.strip() + ";Valuta;Koers\n"
    rows = (
        "1;A;01-01-2024;K;10,00;5,00;EUR;\n1;A;02-01-2024;K;10,00;5,00;USD;0,9321\n1;A;03-01-2024;K;10,00;5,00;USD;\n"
    )
    result = imported(header + rows, columns)
    assert [(row.revenue, row.cost) for row in result.rows] == [(10, 5), (Decimal("9.321"), Decimal("4.6605"))]
    assert fates(result) == [(4, "to_check", "no_rate")]


cells = st.tuples(
    st.sampled_from(["1", "2", "", "Totaal", "*"]),
    st.sampled_from(["A", "Totaal", ""]),
    st.sampled_from(["01-02-2024", "", "01-02-1800"]),
    st.sampled_from(["K", "Subtotaal", ""]),
    st.sampled_from(["1,00", "-2,50", "", "-", "0,00"]),
    st.sampled_from(["1,00", "", "n.v.t."]),
)


@given(st.lists(cells, min_size=1, max_size=12))
def test_used_excluded_and_to_check_add_up_to_the_file_whatever_stands_in_it(rows):
    content = HEADER + "".join(";".join(row) + "\n" for row in rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_text(content, "utf-8")
        result = import_source(Source(path=path, date_format="%d-%m-%Y", columns=HEADINGS), "sales")
    fates = (result.used, result.excluded, result.to_check)
    revenue = sum(Decimal(row[4].replace(",", ".")) for row in rows if row[4].strip("-"))
    assert sum(each.rows for each in fates) == result.read.rows == len(rows)
    assert sum(each.revenue for each in fates) == result.read.revenue == revenue


def test_other_sources_give_records_by_canonical_column(export):
    costs = (
        "Klant;Datum;Soort;Bedrag;Uren\n1;02-01-2024;Beurs;1.000,50;\n1;03-01-2024;Uren;;7:30\n1;04-01-2024;Leeg;;\n"
    )
    extra = (
        "[sources.costs]\npath = 'costs.csv'\ndate_format = '%d-%m-%Y'\n[sources.costs.columns]\n"
        "account_id = 'Klant'\ndate = 'Datum'\nkind = 'Soort'\namount = 'Bedrag'\nhours = 'Uren'\n"
    )
    config = export(HEADER + LINES, extra=extra)
    (config.folder / "costs.csv").write_text(costs, "utf-8")
    result = import_source(config.sources.costs, "costs")
    assert result.rows == [
        {"account_id": "1", "date": date(2024, 1, 2), "kind": "Beurs", "amount": Decimal("1000.50"), "hours": None},
        {"account_id": "1", "date": date(2024, 1, 3), "kind": "Uren", "amount": None, "hours": Decimal("7.5")},
    ]
    assert fates(result) == [(4, "to_check", "no_amount")]


def test_reading_stops_after_many_unreadable_cells(export):
    config = export(HEADER + "1;A;xx;K;1,00;\n" * 30_000)
    with pytest.raises(InputError) as caught:
        import_source(config.sources.sales, "sales")
    assert 200 < len(caught.value.problems) <= 10_000
