from __future__ import annotations

import gzip
from decimal import Decimal

import pytest
from sales_exports import HEADER

from workbook_builder.errors import InputError

LINE = "10001;Café;31-12-2024;Kaas;1.234,56;1.000,00\n"
GOOD = HEADER + LINE + "10001;Café;01-01-2025;Kaas;-50,00;-40,00\n"


def total(portfolio) -> Decimal:
    return portfolio.account("10001").control_total


@pytest.fixture
def refused(portfolio):
    def refuse(content, **settings):
        with pytest.raises(InputError) as caught:
            portfolio(content, **settings)
        assert caught.value.text("nl") != caught.value.text("en")
        return [(problem.code, problem.particulars.get("line")) for problem in caught.value.problems]

    return refuse


@pytest.mark.parametrize(
    ("content", "settings"),
    [
        (GOOD, {}),
        (GOOD.replace("\n", "\r\n"), {}),
        (GOOD.replace("\n", "\r"), {}),
        (GOOD, {"encoding": "cp1252"}),
        (GOOD, {"encoding": "utf-16"}),
        ("\ufeff" + GOOD, {}),
        ("\ufeff" + GOOD, {"encoding": "utf-16-le"}),
        ("sep=;\n" + GOOD, {}),
        ("\ufeffsep=;\r\n" + GOOD, {}),
        ("Overzicht\n;;;;;\n" + GOOD, {"header_row": 3}),
        (GOOD.replace("Kaas", '"Ka\nas"'), {}),
        (GOOD.replace(";", "\t"), {"delimiter": "\t"}),
        (GOOD.replace("1.000,00\n", "1.000,00;;\n"), {}),
        (GOOD + "\n\n", {}),
        (GOOD.rstrip("\n"), {}),
    ],
)
def test_a_sound_file_is_read_exactly_however_it_is_written(portfolio, content, settings):
    assert total(portfolio(content, **settings)) == Decimal("1184.56")


def test_columns_may_stand_in_any_order(portfolio):
    reordered = "\n".join(";".join(reversed(line.split(";"))) for line in GOOD.splitlines())
    assert total(portfolio(reordered)) == Decimal("1184.56")


def test_a_gzipped_csv_is_read(portfolio):
    assert total(portfolio(gzip.compress(GOOD.encode()), file="export.csv.gz")) == Decimal("1184.56")


@pytest.mark.parametrize(
    ("content", "settings", "expected"),
    [
        (b"", {}, [("source_empty", None)]),
        (b"\xef\xbb\xbf", {}, [("source_empty", None)]),
        (HEADER, {}, [("source_without_rows", None)]),
        (GOOD.encode().replace(b"Kaas", b"Ka\0as"), {}, [("nul_byte", 2)]),
        (GOOD.encode("cp1252"), {}, [("undecodable", 2)]),
        (GOOD.encode("utf-8"), {"encoding": "cp1252"}, [("mixed_encoding", 2)]),
        (GOOD.encode("cp1252") + LINE.encode("utf-8"), {"encoding": "cp1252"}, [("mixed_encoding", 4)]),
        (GOOD.encode("utf-16"), {"encoding": "cp1252"}, [("other_encoding", None)]),
        (GOOD.encode("utf-8-sig"), {"encoding": "cp1252"}, [("other_encoding", None)]),
        (b"PK\x03\x04" + GOOD.encode(), {}, [("workbook_as_csv", None)]),
        (b"x" * 3_000_000, {}, [("line_too_long", 1)]),
        ("sep=,\n" + GOOD, {}, [("other_delimiter", None)]),
        (GOOD + "10001;Café;01-01-2025\n", {}, [("fields_too_few", 4)]),
        (GOOD + "10001;Café;01-01-2025;K;1,00;1,00;x;y\n", {}, [("fields_too_many", 4)]),
        (GOOD + '10001;"Café;01-01-2025;K;1,00;1,00\n', {}, [("quote_unclosed", 4)]),
        (GOOD + '10001;"Ca"fé;01-01-2025;K;1,00;1,00\n', {}, [("csv_broken", 4)]),
        (GOOD.replace("Omzet", "Bedrag"), {}, [("column_absent", 1)]),
        (GOOD.replace("Productgroep", "Omzet"), {}, [("column_absent", 1), ("column_twice", 1)]),
        (GOOD, {"file": "export.csv.gz"}, [("gzip_damaged", None)]),
    ],
)
def test_a_fault_in_the_file_is_a_refusal_with_its_line(refused, content, settings, expected):
    assert refused(content, **settings) == expected


def test_every_unreadable_cell_is_named_with_its_line_column_and_text(portfolio):
    bad = "10001;A;31-02-2024;K;NaN;1,00\n10001;A;2024-01-01;K;1,234.56;#N/B\n"
    with pytest.raises(InputError) as caught:
        portfolio(GOOD + bad)
    cells = [(problem.particulars["line"], problem.particulars["text"]) for problem in caught.value.problems]
    assert cells == [(4, "31-02-2024"), (4, "NaN"), (5, "2024-01-01"), (5, "1,234.56"), (5, "#N/B")]
    assert "regel 4, kolom 'Factuurdatum': '31-02-2024'" in caught.value.text("nl")


def test_lines_count_newlines_within_quotes(portfolio):
    content = GOOD.replace("Kaas", '"Ka\nas"', 1) + "10001;A;xx;K;1,00;1,00\n"
    with pytest.raises(InputError) as caught:
        portfolio(content)
    assert caught.value.problems[0].particulars["line"] == 5


def test_texts_that_a_csv_could_misread_arrive_unchanged(portfolio):
    groups = ["#1", "a,b", 'say "x"', "NULL", "'", "back\\slash", "=1+1", "ça"]
    rows = "".join('#7;A;01-01-2024;"{}";1,00;\n'.format(group.replace('"', '""')) for group in groups)
    figures = portfolio(HEADER + rows).account("#7")
    assert {row.product_group for row in figures.sales} == set(groups)


def test_an_absent_file_is_a_refusal(export, tmp_path):
    from workbook_builder.sources.figures import load_portfolio

    config = export(GOOD)
    (tmp_path / "export.csv").unlink()
    with pytest.raises(InputError) as caught:
        load_portfolio(config)
    assert caught.value.problems[0].code == "source_absent"


@pytest.mark.parametrize("column", [0, 1, 3])
def test_a_text_that_no_cell_of_excel_can_hold_is_refused_with_its_line(portfolio, refused, column):
    fields = LINE.strip().split(";")
    fields[column] = "A" * 32_768
    assert refused(f"{GOOD}{';'.join(fields)}\n") == [("text_too_long", 4)]
    fields[column] = "A" * 32_767
    assert portfolio(f"{GOOD}{';'.join(fields)}\n").imports["sales"].used.rows == 3
