from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from sales_exports import HEADER
from test_workbooks_and_parquet import write_workbook

from workbook_builder.errors import InputError
from workbook_builder.sources.config import load_config
from workbook_builder.sources.detect import detect
from workbook_builder.sources.figures import load_portfolio

LINES = "10001;Café Zoë;31-12-2024;Kaas;1.234,56;1.000,00\n10001;Café Zoë;01-01-2025;Kaas;-50,00;-40,00\n"
ENGLISH = 'Customer No,Customer Name,Posting Date,Item Group,Amount,Cost Amount\nC1,A,12/31/2024,K,"1,234.56",1.5\n'


@pytest.fixture
def looked_at(tmp_path):
    """Detects a file, loads the config it proposes, and gives the source and the codes of the notes."""

    def look(content: str | bytes, file: str = "export.csv", **options):
        path = tmp_path / file
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        found = detect(path, folder=tmp_path, **options)
        (tmp_path / "accountplan.toml").write_text(found.config_text, "utf-8")
        config = load_config(tmp_path / "accountplan.toml")
        assert all(note.text("nl") != note.text("en") for note in found.notes)
        return config, [note.code for note in found.notes]

    return look


def refusal(caught) -> str:
    assert caught.value.text("nl")
    return caught.value.problems[0].code


def test_a_dutch_export_is_recognised_and_read_exactly(looked_at):
    config, notes = looked_at((HEADER + LINES).encode("cp1252"))
    sales = config.sources.sales
    assert (sales.delimiter, sales.decimal, sales.encoding, sales.date_format) == (";", ",", "cp1252", "%d-%m-%Y")
    assert sales.columns["revenue"] == "Omzet"
    assert config.plan.year == 2026
    assert notes == ["detect_note_encoding"]
    assert load_portfolio(config).account("10001").control_total == Decimal("1184.56")


def test_an_english_export_is_recognised(looked_at):
    config, notes = looked_at(ENGLISH, language="en", year=2030)
    sales = config.sources.sales
    assert (sales.delimiter, sales.decimal, sales.date_format) == (",", ".", "%m/%d/%Y")
    assert (config.plan.language, config.plan.year) == ("en", 2030)
    assert sales.columns["account_id"] == "Customer No"
    assert notes == []


@pytest.mark.parametrize(
    ("above", "header_row"), [("sep=;\n", 1), ("Overzicht;;;;;\nDatum:;21-11-2026;;;;\n;;;;;\n", 4), ("\ufeff", 1)]
)
def test_what_stands_above_the_headings_is_passed_over(looked_at, above, header_row):
    config, _ = looked_at(above + HEADER + LINES)
    assert config.sources.sales.header_row == header_row
    assert load_portfolio(config).account("10001").control_total == Decimal("1184.56")


@pytest.mark.parametrize("heading", ["Nettobedrag", "netto-bedrag", "NETTO BEDRAG"])
def test_a_heading_is_known_however_it_is_joined(looked_at, heading):
    config, notes = looked_at((HEADER + LINES).replace("Omzet", heading))
    assert config.sources.sales.columns["revenue"] == heading
    assert notes == []


def test_a_heading_with_more_words_is_taken_with_a_note(looked_at):
    config, notes = looked_at((HEADER + LINES).replace("Omzet", 'Omzet (EUR) "2024"'.replace('"', "'")))
    assert config.sources.sales.columns["revenue"] == "Omzet (EUR) '2024'"
    assert notes == ["detect_note_heading"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (HEADER + "1;A;01-02-2024;K;1.234;1,000\n", "detect_decimal_ambiguous"),
        (HEADER + "1;A;31-12-2024;K;1,234.56;\n1;A;31-12-2024;K;-50,00;\n", "detect_decimal_mixed"),
        (HEADER + "1;A;01/02/2024;K;1,00;\n", "detect_date_ambiguous"),
        (HEADER + "1;A;45657;K;1,00;\n", "detect_date_unknown"),
        (HEADER + "1;A;2024-12-31;K;1,00;\n1;A;31-12-2024;K;1,00;\n", "detect_date_unknown"),
        (HEADER, "source_without_rows"),
        ((HEADER + LINES).replace("Omzet", "Iets"), "detect_column_absent"),
        ("a;b\n1;2\n", "detect_no_table"),
        ("", "detect_no_table"),
        ((HEADER + LINES).replace("Kaas", "Ka\0as"), "nul_byte"),
    ],
)
def test_what_can_be_read_two_ways_or_not_at_all_is_refused(looked_at, content, code):
    with pytest.raises(InputError) as caught:
        looked_at(content)
    assert refusal(caught) == code


def test_a_damaged_gzip_file_and_impossible_options_are_refused(looked_at):
    with pytest.raises(InputError) as caught:
        looked_at(HEADER + LINES, "export.csv.gz")
    assert refusal(caught) == "gzip_damaged"
    for options in ({"decimal": ";"}, {"date_format": "%d"}):
        with pytest.raises(InputError) as caught:
            looked_at(HEADER + LINES, **options)
        assert refusal(caught) == "config_value"


def test_the_user_settles_what_the_file_leaves_open(looked_at):
    content = HEADER + "1;A;01/02/2024;K;1.234;1,000\n"
    config, _ = looked_at(content, decimal=",", date_format="%m/%d/%Y")
    (row,) = load_portfolio(config).account("1").sales
    assert (row.month, row.revenue, row.cost) == (1, 1234, 1)


def test_a_workbook_is_recognised_by_what_it_is(looked_at, tmp_path):
    content = write_workbook(tmp_path / "source.xlsx", above=2).read_bytes()
    config, _ = looked_at(content, "export.xlsx")
    sales = config.sources.sales
    assert (sales.format, sales.header_row) == ("xlsx", 3)


def test_typed_numbers_need_no_decimal_sign_but_texts_do(looked_at, tmp_path):
    rows = [("1", "A", "31-12-2024", "K", 1.234, 2)]
    config, _ = looked_at(write_workbook(tmp_path / "a.xlsx", rows).read_bytes(), "typed.xlsx")
    assert load_portfolio(config).account("1").control_total == Decimal("1.234")
    rows = [("1", "A", "31-12-2024", "K", "1.234", 2)]
    with pytest.raises(InputError) as caught:
        looked_at(write_workbook(tmp_path / "a.xlsx", rows).read_bytes(), "text.xlsx")
    assert refusal(caught) == "detect_decimal_ambiguous"


def test_parquet_is_recognised(looked_at, tmp_path):
    path = tmp_path / "a.parquet"
    duckdb.execute(
        "COPY (SELECT 'C1' AS customer_no, DATE '2024-12-31' AS posting_date, 1.234::DOUBLE AS amount)"
        f" TO '{path}' (FORMAT parquet)"
    )
    config, notes = looked_at(path.read_bytes(), "export.parquet")
    assert config.sources.sales.format == "parquet"
    assert load_portfolio(config).account("C1").control_total == Decimal("1.234")
    assert notes == ["detect_note_no_cost"]
