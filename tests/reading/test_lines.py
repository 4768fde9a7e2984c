from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.reading.lines import SAME, Lines, most_votes, rising


def test_without_anything_known_every_line_is_where_it_was():
    assert [SAME.now(line) for line in (1, 7, 400)] == [1, 7, 400]
    assert SAME.put_in() == []


def test_a_line_that_was_put_in_moves_those_after_it():
    lines = Lines({1: 1, 3: 3, 4: 5, 9: 10})
    assert [lines.now(line) for line in (2, 3, 4, 6, 9, 12)] == [2, 3, 5, 7, 10, 13]
    assert lines.then(4) is None
    assert lines.put_in() == [4]


def test_where_nothing_tells_which_line_is_new_the_lines_between_are_not_known():
    lines = Lines({1: 1, 5: 6})
    assert [lines.now(line) for line in (2, 3, 4)] == [None, None, None]


def test_lines_that_were_taken_out_are_nowhere():
    lines = Lines({1: 1, 2: 2, 5: 3})
    assert [lines.now(line) for line in (3, 4, 6)] == [None, None, 4]
    assert lines.then(3) == 5


def test_a_line_that_was_moved_is_where_its_key_is():
    lines = Lines({1: 1, 2: 2, 3: 3, 4: 4, 5: 5}).with_exact({2: 4, 3: 2, 4: 3}, range(2, 5))
    assert [lines.now(line) for line in range(1, 6)] == [1, 4, 2, 3, 5]
    assert [lines.then(line) for line in range(1, 6)] == [1, 3, 4, 2, 5]


def test_a_line_of_which_the_key_is_gone_is_gone():
    lines = Lines({1: 1, 5: 4}).with_exact({2: 2, 4: 3}, range(2, 5))
    assert [lines.now(line) for line in range(1, 6)] == [1, 2, None, 3, 4]


def test_beside_a_line_that_is_gone_the_other_lines_have_their_places():
    lines = Lines({1: 1, 5: 4}).with_exact({3: 2}, [3, 4])  # of then, 2 is not certain and 4 is gone
    assert [lines.now(line) for line in range(1, 6)] == [1, None, 2, None, 4]
    assert lines.then(3) is None
    lines = Lines({1: 1, 5: 4}).with_exact({2: 2}, [2, 4])
    assert [lines.now(line) for line in range(1, 6)] == [1, 2, 3, None, 4]
    assert lines.put_in() == []


@given(st.dictionaries(st.integers(1, 30), st.integers(1, 30), max_size=12))
def test_the_pairs_that_are_kept_rise_and_no_other_pair_would_fit_among_them(pairs):
    kept = rising(pairs)
    assert list(kept.values()) == sorted(set(kept.values()))
    assert kept.items() <= pairs.items()
    for then, now in pairs.items() - kept.items():
        between = sorted({**kept, then: now}.items())
        assert [each for _, each in between] != sorted({each for _, each in between})


@pytest.mark.parametrize(("votes", "won"), [([(1, 2), (1, 2), (1, 9)], 2), ([(4, 9), (4, 5)], 5)])
def test_the_most_votes_win_and_of_equals_the_nearest(votes, won):
    assert list(most_votes(votes).values()) == [won]
