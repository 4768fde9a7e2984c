from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from addin.cell_values import as_handed_over, padded
from addin.places import Place, around, column_letters, column_number, free_sheet_name, joined, references


def test_an_address_becomes_a_place_and_back():
    assert Place.parse("Blad", "$B$8:$J$400") == Place("Blad", 8, 2, 393, 9)
    assert Place.parse("Blad", "$XFD$1") == Place("Blad", 1, 16384, 1, 1)
    assert Place("Blad", 8, 2, 393, 9).address == "B8:J400"
    assert Place("Blad", 3, 27).address == "AA3"


@pytest.mark.parametrize("text", ["", "B", "8", "B8:", "Blad!B8", "B8,C9", "#REF!"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match="no address"):
        Place.parse("Blad", text)


@pytest.mark.parametrize(
    ("reference", "place"),
    [
        ("='H1 Account'!$D$10", Place("H1 Account", 10, 4)),
        ("=Start!$B$2:$C$9", Place("Start", 2, 2, 8, 2)),
        ("='Jan''s blad'!$A$1", Place("Jan's blad", 1, 1)),
        ("=#REF!$D$10", None), ("=Start!#REF!", None), ("='H1 Account'!$D$10,'H1 Account'!$D$12", None),
        ("=SUM(Start!$B$2)", None), ("=12", None), ("", None),
    ],
)  # fmt: skip
def test_what_a_name_refers_to_is_a_place_or_nothing(reference, place):
    assert Place.of_reference(reference) == place


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_columns_count_in_letters(number, letters):
    assert (column_letters(number), column_number(letters)) == (letters, number)


def test_the_box_around_places_cuts_into_their_values_again():
    name, rows = Place("S", 2, 2), Place("S", 4, 3, 2, 2)
    box = around([name, rows])
    assert box == Place("S", 2, 2, 4, 3)
    values = [["a", None, None], [None, None, None], [None, 1, 2], [None, 3, 4]]
    assert (name.cut(box, values), rows.cut(box, values)) == ([["a"]], [[1, 2], [3, 4]])


def test_neighbours_are_written_together_and_nothing_between_them():
    above, below = Place("S", 1, 4), Place("S", 2, 4)
    left, right = Place("S", 6, 2, 2, 1), Place("S", 6, 3, 2, 2)
    apart, elsewhere = Place("S", 9, 4), Place("T", 3, 4)
    writes = [
        (below, [["b"]]), (right, [[2, 3], [5, 6]]), (elsewhere, [["t"]]),
        (above, [["a"]]), (left, [[1], [4]]), (apart, [["c"]]),
    ]  # fmt: skip
    assert sorted(joined(writes)) == [
        (Place("S", 1, 4, 2, 1), [["a"], ["b"]]),
        (Place("S", 6, 2, 2, 3), [[1, 2, 3], [4, 5, 6]]),
        (Place("S", 9, 4), [["c"]]),
        (Place("T", 3, 4), [["t"]]),
    ]


def test_a_reference_of_many_names_stays_within_what_excel_takes():
    names = [f"settings.account_rows.amount_{number:03}" for number in range(15)]
    groups = references(names)
    assert [name for group in groups for name in group] == names
    assert [len(group) for group in groups] == [7, 7, 1]  # 7 x 32 characters and 6 commas
    assert [len(group) for group in references(["a"] * 30)] == [14, 14, 2]  # 14 x 18 characters of addresses


@pytest.mark.parametrize(
    ("value", "handed"),
    [
        (None, ""), (float("nan"), ""), ("", ""), (3, 3.0), (Decimal("1234.56"), 1234.56), (True, True),
        (dt.date(2026, 12, 31), 46387.0), (dt.datetime(2026, 12, 31, 12), 46387.5),
        ("Lagers & afdichtingen", "Lagers & afdichtingen"), ("Café", "Café"),
        ("0123", "'0123"), ("1-2", "'1-2"), ("7327 ZZ", "'7327 ZZ"), ("mei 2026", "'mei 2026"), ("1E5", "'1E5"),
        ("=1+1", "'=1+1"), ("+31", "'+31"), ("@SUM(A1)", "'@SUM(A1)"), ("-", "'-"), ("#N/B", "'#N/B"),
        ("WAAR", "'WAAR"), ("true", "'true"), ("'s-Hertogenbosch", "''s-Hertogenbosch"), (" x", "' x"),
    ],
)  # fmt: skip
def test_excel_takes_every_value_literally(value, handed):
    assert as_handed_over(value) == handed
    assert type(as_handed_over(value)) is type(handed)


def test_rows_are_filled_up_and_too_many_are_refused():
    assert padded([(1, 2)], 3, 2) == [[1, 2], [None, None], [None, None]]
    with pytest.raises(ValueError, match="2 rows of"):
        padded([[1], [2]], 1, 1)
    with pytest.raises(ValueError, match="do not fit in 2 rows of 2"):
        padded([[1, 2], [3]], 2, 2)


@pytest.mark.parametrize(
    ("name", "free"),
    [
        ("Detail", "Detail"), ("omzet", "omzet 3"), ("Omzet [2026]: a/b?", "Omzet -2026-- a-b-"), ("''", "Accountplan"),
        ("Een naam die veel te lang is voor een blad", "Een naam die veel te lang is vo"),
        ("Een naam die al te lang was eerst", "Een naam die al te lang was e 2"),
    ],
)  # fmt: skip
def test_a_new_sheet_gets_a_name_that_excel_takes(name, free):
    assert free_sheet_name(name, {"omzet", "omzet 2", "een naam die al te lang was eer"}) == free
