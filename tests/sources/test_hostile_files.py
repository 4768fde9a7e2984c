"""What each hostile file must come to: the exact revenue per account, or the code of the refusal."""

from __future__ import annotations

import json
import resource
import time
from decimal import Decimal

import pytest
from sales_exports import HEADINGS, config_text

from workbook_builder.errors import InputError
from workbook_builder.sources.config import Source, load_config
from workbook_builder.sources.figures import load_portfolio
from workbook_builder.sources.importer import import_source
from workbook_builder.sources.readers import read_chunks

CONTROL = {"10001": "1184.56", "00123": "0.00"}
CP1252 = {"encoding": "cp1252"}

CSV = {
    "00-control-cp1252": (CP1252, CONTROL),
    "01-utf8": ({}, CONTROL),
    "02-utf8-bom": ({}, CONTROL),
    "03-utf16le-bom": ({"encoding": "utf-16"}, CONTROL),
    "04-mixed-cp1252-utf8": (CP1252, "mixed_encoding"),
    "05-nul-bytes": (CP1252, "nul_byte"),
    "06-empty": ({}, "source_empty"),
    "07-header-only": ({}, "source_without_rows"),
    "08-bom-only": ({}, "source_empty"),
    "09-sep-line": (CP1252, CONTROL),
    "10-title-rows-above": ({**CP1252, "header_row": 4}, CONTROL),
    "11-total-row": (CP1252, CONTROL),
    "12-dup-column": (CP1252, "column_twice"),
    "13-column-missing": (CP1252, "column_absent"),
    "14-columns-reordered": (CP1252, CONTROL),
    "15-short-row": (CP1252, "fields_too_few"),
    "16-long-row": (CP1252, "fields_too_many"),
    "17-unclosed-quote": (CP1252, "quote_unclosed"),
    "18-newline-in-quotes": (CP1252, {"10001": "1.00"}),
    "19-us-decimals": (CP1252, "number_unreadable"),
    "20-ambiguous-thousands": ({}, {"1": "1234"}),  # the config says a decimal comma; `init` refuses this file
    "21-iso-dates": (CP1252, "date_unreadable"),
    "22-us-dates": ({}, "date_unreadable"),
    "23-excel-serial-dates": ({}, "date_unreadable"),
    "24-impossible-dates": ({}, "date_unreadable"),
    "25-two-digit-years": ({"date_format": "%d-%m-%y"}, {"1": "2.00"}),
    "26-nan-inf": ({}, "number_unreadable"),
    "27-accounting-negatives": ({}, {"1": "-100.00"}),
    "28-euro-and-spaces": ({}, {"1": "1234.56"}),
    "29-huge-amounts": ({}, {"1": "9999999999999990.00"}),
    "30-cents-0.1x1000": ({}, {"1": "100.00"}),
    "31-duplicate-account-ids": ({}, {"1": "11.00", "01": "4.00"}),
    "32-leading-zeros-long-ids": ({}, {"000123456789012345678": "1.00", "1E5": "1.00"}),
    "33-exact-duplicate-lines": (CP1252, {"10001": "2419.12", "00123": "0.00"}),  # used, with a warning
    "34-cr-only": (CP1252, CONTROL),
    "35-tabs-in-cells": ({}, {"1": "1.00"}),
    "36-cell-40000-chars": ({}, "text_too_long"),
    "37-formula-names": ({}, {str(number): "1.00" for number in range(59)}),
    "38-month-end-dst": ({}, {"1": "5.00"}),
    "39-future-and-before-1900": ({}, {"1": "2.00"}),  # and 1.00 to check
}

UNSAFE, LARGE, DAMAGED, FAR = "xlsx_unsafe", "xlsx_too_large", "xlsx_damaged", "xlsx_sheet_too_far"
READ = "column_absent"  # sound enough to be read, and then without our headings
XLSX = {
    "00-valid-control": READ,
    "01-billion-laughs-sheet": UNSAFE,
    "02-billion-laughs-workbook": UNSAFE,
    "03-quadratic-blowup": UNSAFE,
    "04-xxe-local-file": UNSAFE,
    "05-xxe-external-dtd-loopback": UNSAFE,
    "06-dimension-full-sheet": READ,
    "07-dimension-invalid": READ,
    "08-single-cell-last": FAR,
    "09-row-number-beyond": FAR,
    "10-shared-string-index-oob": DAMAGED,
    "11-merge-full-sheet": READ,
    "12-style-index-oob": READ,
    "13-nan-inf": READ,
    "14-dates-out-of-range": READ,
    "15-zip-path-traversal": UNSAFE,
    "16-sheet-target-traversal": READ,
    "17-external-link-unc": READ,
    "18-control-characters": READ,
    "19-x000d-escapes": READ,
    "20-string-32768": READ,
    "21-deep-nesting": "source_empty",
    "22-huge-attr": LARGE,
    "23-zip-bomb-1GiB-sheet": LARGE,
    "24-zip-bomb-rows": LARGE,
    "25-truncated-half": DAMAGED,
    "26-zero-bytes": DAMAGED,
    "27-html-named": DAMAGED,
    "28-csv-named": DAMAGED,
    "29-not-a-zip": DAMAGED,
    "30-bad-crc": DAMAGED,
    "31-duplicate-entries": UNSAFE,
}


@pytest.mark.parametrize("name", CSV)
def test_a_faulty_export_ends_exactly_right_or_in_a_named_refusal(shared, tmp_path, name):
    settings, expected = CSV[name]
    config = tmp_path / "accountplan.toml"
    path = shared / "hostile" / "csv-made" / f"{name}.csv"
    config.write_text(config_text(str(path), HEADINGS, **settings), "utf-8")
    if isinstance(expected, dict):
        read = load_portfolio(load_config(config))
        assert {account: read.account(account).control_total for account in read.account_ids} == {
            account: Decimal(revenue) for account, revenue in expected.items()
        }
        return
    with pytest.raises(InputError) as caught:
        load_portfolio(load_config(config))
    assert caught.value.problems[0].code == expected
    assert path.name in caught.value.text("nl")


def test_every_hostile_export_and_workbook_has_an_expectation(shared):
    assert {path.stem for path in (shared / "hostile" / "csv-made").glob("*.csv")} == CSV.keys()
    assert {path.stem for path in (shared / "hostile" / "xlsx-made").glob("*.xlsx")} == XLSX.keys()


@pytest.mark.parametrize("name", XLSX)
def test_a_hostile_workbook_ends_in_a_named_refusal_soon_and_small(shared, name):
    source = Source(path=shared / "hostile" / "xlsx-made" / f"{name}.xlsx", format="xlsx", columns=HEADINGS)
    started = time.process_time()
    with pytest.raises(InputError) as caught:
        import_source(source, "sales")
    assert caught.value.problems[0].code == XLSX[name]
    assert time.process_time() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_500_000  # KiB


def test_names_that_look_like_formulas_arrive_as_text(shared):
    path = shared / "hostile" / "csv-made" / "37-formula-names.csv"
    result = import_source(Source(path=path, date_format="%d-%m-%Y", columns=HEADINGS), "sales")
    assert result.names["0"] == "=1+1"
    assert result.names["4"] == "=cmd|' /C calc'!A0"


def test_csv_edge_cases_give_the_expected_fields(shared):
    for path in sorted((shared / "hostile" / "csv-spectrum" / "csvs").glob("*.csv")):
        expected = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_text("utf-8"))
        expected = expected if isinstance(expected, list) else [expected]
        headings = list(expected[0])
        source = Source(path=path, delimiter=",", columns={heading: heading for heading in headings})
        rows = [row for chunk in read_chunks(source) for row in chunk.rows]
        found = [dict(zip(headings, row, strict=False)) for row in rows]
        if path.stem == "location_coordinates":  # the collection's own json holds another telephone number
            found[0].pop("Contact Phone Number")
            expected[0].pop("Contact Phone Number")
        assert found == expected, path.name
