import csv
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
COMMITTED = EXAMPLES / "groothandel"
FILES = sorted(path.name for path in COMMITTED.iterdir() if path.is_file())
OF_CUSTOMERS = ["verkoopregels.csv", "contacten.csv", "offertes.csv", "bezoeken.csv", "kosten.csv"]
DEMO, NEW, WITHOUT_COST, LOSING = "10021", "10189", "10077", "10092"


def rows(name: str) -> list[dict[str, str]]:
    with (COMMITTED / name).open(encoding="cp1252", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def column(name: str, heading: str) -> list[str]:
    return [row[heading] for row in rows(name)]


def cents(text: str) -> int:
    return int(text.replace(",", ""))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    subprocess.run([sys.executable, EXAMPLES / "make_example.py", folder], check=True)
    return folder


def test_the_script_writes_the_committed_files_and_no_others(made):
    assert sorted(path.name for path in made.iterdir()) == FILES


@pytest.mark.parametrize("name", FILES)
def test_the_script_reproduces_the_committed_file_byte_for_byte(made, name):
    assert (made / name).read_bytes() == (COMMITTED / name).read_bytes()


@pytest.mark.parametrize("name", OF_CUSTOMERS)
def test_every_customer_number_exists(name):
    assert set(column(name, "Klantnummer")) <= set(column("klanten.csv", "Klantnummer"))


def test_every_contact_that_was_visited_belongs_to_that_customer():
    contacts = {(row["Klantnummer"], row["Contactnummer"]) for row in rows("contacten.csv")}
    assert {(row["Klantnummer"], row["Contactnummer"]) for row in rows("bezoeken.csv")} <= contacts


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("verkoopregels.csv", "Verkoper"),
        ("klanten.csv", "Accountmanager"),
        ("bezoeken.csv", "Medewerker"),
        ("kosten.csv", "Medewerker"),
        ("team.csv", "Vervanger"),
    ],
)
def test_every_employee_is_in_the_team(name, heading):
    assert set(column(name, heading)) <= {"", *column("team.csv", "Medewerker")}


def test_the_customer_name_is_the_same_in_sales_and_master_data():
    names = {row["Klantnummer"]: row["Naam"] for row in rows("klanten.csv")}
    assert all(names[row["Klantnummer"]] == row["Klantnaam"] for row in rows("verkoopregels.csv"))


def test_every_quoted_product_group_is_sold():
    assert set(column("offertes.csv", "Productgroep")) <= set(column("verkoopregels.csv", "Productgroep"))


def test_keys_are_unique():
    lines = [(row["Factuurnummer"], row["Regel"]) for row in rows("verkoopregels.csv")]
    keys = [
        lines,
        column("klanten.csv", "Klantnummer"),
        column("contacten.csv", "Contactnummer"),
        column("offertes.csv", "Offertenummer"),
        column("team.csv", "Medewerker"),
    ]
    assert [len(values) - len(set(values)) for values in keys] == [0, 0, 0, 0, 0]


def test_the_team_has_exactly_one_accountable_member():
    assert column("team.csv", "RASCI").count("A") == 1


def test_the_demo_account_has_rich_data():
    names = ("contacten.csv", "offertes.csv", "bezoeken.csv")
    assert [column(name, "Klantnummer").count(DEMO) for name in names] == [10, 14, 40]


def test_the_new_customer_stands_in_the_customer_file_only():
    assert NEW in column("klanten.csv", "Klantnummer")
    assert [name for name in OF_CUSTOMERS if NEW in column(name, "Klantnummer")] == []


def test_exactly_one_customer_has_no_cost_prices_at_all():
    assert {row["Klantnummer"] for row in rows("verkoopregels.csv") if row["Kostprijs"] == ""} == {WITHOUT_COST}
    assert {row["Kostprijs"] for row in rows("verkoopregels.csv") if row["Klantnummer"] == WITHOUT_COST} == {""}


@pytest.mark.parametrize("year", ["2023", "2024", "2025", "2026"])
def test_one_customer_buys_tools_below_cost_every_year(year):
    lines = [
        row
        for row in rows("verkoopregels.csv")
        if (row["Klantnummer"], row["Productgroep"], row["Factuurdatum"][-4:]) == (LOSING, "Gereedschap", year)
    ]
    assert sum(cents(row["Omzet"]) - cents(row["Kostprijs"]) for row in lines) < 0


def test_a_credit_line_is_negative_in_quantity_revenue_and_cost():
    credits = [row for row in rows("verkoopregels.csv") if row["Factuurnummer"].startswith("CN")]
    amounts = {row[heading] for row in credits for heading in ("Aantal", "Omzet", "Kostprijs")} - {""}
    assert len(credits) > 20
    assert all(cents(amount) < 0 for amount in amounts)


def test_no_btw_number_can_be_real():
    for number in column("klanten.csv", "Btw-nummer"):
        digits = [int(digit) for digit in number[2:11]]
        assert (len(number), number[:2], number[-3:]) == (14, "NL", "B01")
        assert sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits, strict=False)) % 11 != digits[8]
        assert int("2321" + number[2:11] + "1101") % 97 != 1  # N, L and B as 23, 21 and 11


def test_the_config_names_existing_files_and_their_headings():
    config = tomllib.loads((COMMITTED / "accountplan.toml").read_text(encoding="utf-8"))
    assert config["plan"] == {"year": 2027, "language": "nl", "unit": 1000, "profile": "volledig"}
    for source in config["sources"].values():
        assert set(source["columns"].values()) <= set(rows(source["path"])[0])
