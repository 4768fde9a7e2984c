"""The oracles judge: they compute for themselves, see a wrong value, and never keep silent when they are missing."""

from __future__ import annotations

import io
import zipfile

import office
import pytest
import xlsxwriter
from compare import differences, error_cells, same
from edited_book import overwritten
from ironcalc_oracle import evaluated
from office_link import OfficeMissing
from workbook_cells import ErrorValue, read_cells


@pytest.fixture(scope="module")
def wrong() -> bytes:
    """A workbook in which =6*7 stores 41, ="a" stores "a" and =1/0 stores 0."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Blad één")
        sheet.write_formula("A1", "=6*7", None, 41)
        sheet.write_formula("A2", '="a"', None, "a")
        sheet.write_formula("A3", "=1/0", None, 0)
        sheet.write_number("B1", 5)
        book.define_name("five", "='Blad één'!$B$1:$B$2")
    return buffer.getvalue()


@pytest.mark.office
def test_libreoffice_computes_for_itself_what_a_file_stores_wrongly(wrong):
    found = differences(read_cells(wrong), office.recalculated({"wrong": wrong})["wrong"].value)
    assert [(each.at, each.stored, each.other) for each in found] == [("A1", 41, 42), ("A3", 0, "#DIV/0!")]


def test_ironcalc_computes_for_itself_what_a_file_stores_wrongly(wrong):
    found = differences(read_cells(wrong), evaluated(wrong))
    assert [(each.at, each.stored, each.other) for each in found] == [("A1", 41, 42), ("A3", 0, "#DIV/0!")]


@pytest.mark.office
def test_an_error_value_is_found_after_recalculation(wrong):
    assert error_cells(office.recalculated({"wrong": wrong})["wrong"]) == ["Blad één!A3 #DIV/0!"]
    assert error_cells(read_cells(wrong)) == []


def test_a_missing_libreoffice_is_a_failure_that_says_what_to_install(monkeypatch, wrong):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(OfficeMissing, match="apt-get install libreoffice-calc"):
        office.recalculated({"wrong": wrong})


@pytest.mark.parametrize(
    ("left", "right"),
    [(1.0, 1 + 1e-10), (0.0, 1e-7), (1e9, 1e9 + 0.5), ("", None), (None, ""), ("n.b.", "n.b."), (2.0, 2)],
)
def test_values_that_engines_write_differently_are_the_same(left, right):
    assert same(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [(1.0, 1.00001), (0.0, None), ("", 0.0), ("n.b.", "n.v.t."), ("1", 1.0), ("#N/A", ErrorValue("#N/A")), (0.0, "")],
)
def test_values_that_differ_are_not_the_same(left, right):
    assert not same(left, right)


def test_a_defined_name_gives_the_cells_it_stands_for(wrong):
    cells = read_cells(wrong)
    assert cells.place("five") == ("Blad één", [["B1"], ["B2"]])
    assert cells.named("five") == [[5], [None]]


def test_overwriting_a_cell_changes_that_cell_alone(wrong):
    edited = overwritten(wrong, {("Blad één", "A1"): 40.5})
    before, after = read_cells(wrong).sheets["Blad één"], read_cells(edited).sheets["Blad één"]
    assert (after["A1"].formula, after["A1"].value) == (None, 40.5)
    assert {at: cell for at, cell in after.items() if at != "A1"} == {
        at: cell for at, cell in before.items() if at != "A1"
    }
    with zipfile.ZipFile(io.BytesIO(edited)) as archive:
        assert archive.testzip() is None
