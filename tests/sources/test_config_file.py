from __future__ import annotations

import pytest
from sales_exports import HEADINGS, config_text

from workbook_builder.errors import InputError
from workbook_builder.sources.config import load_config


@pytest.fixture
def faults(tmp_path):
    def load(text: str) -> list[tuple[str, str]]:
        path = tmp_path / "accountplan.toml"
        path.write_text(text, "utf-8")
        with pytest.raises(InputError) as caught:
            load_config(path)
        assert caught.value.text("nl")
        assert caught.value.text("en")
        return [(problem.code, problem.particulars.get("key", "")) for problem in caught.value.problems]

    return load


GOOD = config_text("sales.csv", HEADINGS)


def test_a_config_knows_its_defaults_and_resolves_paths_from_its_own_folder(tmp_path):
    path = tmp_path / "accountplan.toml"
    path.write_text(GOOD, "utf-8")
    config = load_config(path)
    assert (config.plan.year, config.plan.language, config.plan.unit, config.plan.profile) == (
        None,
        "nl",
        1000,
        "volledig",
    )
    sales = config.sources.sales
    assert sales.path == tmp_path / "sales.csv"
    assert (sales.format, sales.delimiter, sales.decimal, sales.encoding) == ("csv", ";", ",", "utf-8")
    assert config.sources.by_kind().keys() == {"sales"}


def test_an_absent_config_is_a_refusal(tmp_path):
    with pytest.raises(InputError) as caught:
        load_config(tmp_path / "nothing.toml")
    assert caught.value.problems[0].code == "config_absent"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[plan\n", [("config_not_toml", "")]),
        ("[plan]\nyear = 2026\n", [("config_key_absent", "sources")]),
        ("[plan]\nlanguage = 'fr'\n" + GOOD, [("config_value", "plan.language")]),
        ("[plan]\nunit = 100\n" + GOOD, [("config_value", "plan.unit")]),
        ("[plan]\nyear = '2026'\n" + GOOD, [("config_not_whole", "plan.year")]),
        ("[plan]\nyear = 26\n" + GOOD, [("config_value", "plan.year")]),
        ("[plna]\nyear = 2026\n" + GOOD, [("config_unknown_key_near", "plna")]),
        ("path = 'x'\n" + GOOD, [("config_unknown_key_near", "path")]),
        (config_text("s", HEADINGS, delimeter=";"), [("config_unknown_key_near", "sources.sales.delimeter")]),
        (config_text("s", HEADINGS, encoding="cp9999"), [("config_value", "sources.sales.encoding")]),
        (config_text("s", HEADINGS, encoding="base64"), [("config_value", "sources.sales.encoding")]),
        (config_text("s", HEADINGS, delimiter=";;"), [("config_value", "sources.sales.delimiter")]),
        (config_text("s", HEADINGS, date_format="%d-%j-%Y"), [("config_value", "sources.sales.date_format")]),
        (config_text("s", HEADINGS, header_row=0), [("config_value", "sources.sales.header_row")]),
        (config_text("s", HEADINGS | {"omzet": "x"}), [("config_unknown_key", "sources.sales.columns.omzet")]),
        (config_text("s", HEADINGS | {"revenu": "x"}), [("config_unknown_key_near", "sources.sales.columns.revenu")]),
        (config_text("s", HEADINGS | {"rate": "Koers"}), [("config_key_absent", "sources.sales.columns.currency")]),
        (config_text("s", HEADINGS | {"margin": ""}), [("config_heading_empty", "sources.sales.columns.margin")]),
        (GOOD + "[accounts]\n1 = []\n", [("config_account_empty", "")]),
        (GOOD + "[accounts]\n1 = ['1', '2']\n3 = ['2']\n", [("config_number_twice", "")]),
    ],
)
def test_a_fault_names_its_key(faults, text, expected):
    found = faults(text)
    if expected[0] == ("config_unknown_key_near", "path"):
        assert found[0][1] == "path"
    elif expected[0][1] == "sources.sales.header_row":
        assert found[0][1] == "sources.sales.header_row"
    else:
        assert found == expected


def test_required_columns_and_headings_used_twice_are_faults_together(faults):
    columns = {"account_id": "Klant", "revenue": "Bedrag", "cost": "Bedrag"}
    assert sorted(faults(config_text("s", columns))) == [
        ("config_heading_twice", "sources.sales.columns.cost"),
        ("config_heading_twice", "sources.sales.columns.revenue"),
        ("config_key_absent", "sources.sales.columns.date"),
    ]


def test_costs_need_an_amount_or_hours(faults):
    costs = "[sources.costs]\npath = 'c'\n[sources.costs.columns]\naccount_id = 'a'\ndate = 'd'\nkind = 'k'\n"
    assert faults(GOOD + costs) == [("config_costs_without_amount", "sources.costs.columns")]
