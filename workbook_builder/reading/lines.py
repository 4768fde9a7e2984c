"""Where the rows or the columns of a sheet are now, and where one of now was when the plan was made."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping


class Lines:
    """Rows or columns then and now, from 1; built on the pairs that are certain.

    Between two pairs with as many lines then as now, each line has its own place. Where lines were put in or taken out
    and nothing tells which, their places are not known. `exact` are pairs that need not rise: rows that somebody moved.
    A line of `told` is one of those, or it is gone.
    """

    def __init__(
        self, certain: Mapping[int, int], exact: Mapping[int, int] | None = None, told: Collection[int] = ()
    ) -> None:
        self._exact, self._told = dict(exact or {}), frozenset(told)
        gone = self._told - self._exact.keys()
        self._certain = _without_gaps(rising({**certain, **self._exact}), gone)
        self._then = sorted(self._certain)
        self._now = [self._certain[line] for line in self._then]
        self._back = dict(zip(self._now, self._then, strict=True)) | {now: then for then, now in self._exact.items()}

    def now(self, line: int) -> int | None:
        """Where a line of then is; None when it is gone or not known."""
        if line in self._exact or line in self._told:
            return self._exact.get(line)
        return self._certain.get(line) or _between(self._then, self._now, line)

    def then(self, line: int) -> int | None:
        """Where a line of now was; None when somebody put it in, or when that is not known."""
        known = self._back.get(line)
        if known is None:
            known = _between(self._now, self._then, line)
        return None if known in self._told and self._exact.get(known) != line else known

    def with_certain(self, more: Mapping[int, int]) -> Lines:
        """The same with more pairs, of which those count that rise with the others."""
        return Lines({**more, **self._certain}, self._exact, self._told) if more else self

    def with_exact(self, exact: Mapping[int, int], told: Collection[int]) -> Lines:
        """The same with lines that something else tells: the places of all lines of `told`."""
        certain = {then: now for then, now in self._certain.items() if then not in told}
        return Lines(certain, {**self._exact, **exact}, self._told | set(told))

    def is_put_in(self, line: int) -> bool:
        """Whether a line of now was put in by somebody; where a line was moved from, there is an empty place."""
        return line not in self._back and _between(self._now, self._then, line) is None

    def put_in(self) -> list[int]:
        """The lines of now that somebody put in before the last one that is certain."""
        return [line for line in range(1, self._now[-1]) if self.is_put_in(line)] if self._now else []


def _between(known: list[int], other: list[int], line: int) -> int | None:
    """The place of a line by the nearest pairs before and after it."""
    at = bisect_left(known, line)
    if not known:
        return line
    if at == 0:
        place = other[0] - (known[0] - line)
        return place if place > 0 else None
    if at == len(known) or known[at] - known[at - 1] == other[at] - other[at - 1]:
        return other[at - 1] + (line - known[at - 1])
    return None


def _without_gaps(pairs: dict[int, int], gone: Collection[int]) -> dict[int, int]:
    """The pairs, and those between them of lines that have just the room that lines which are gone leave."""
    full = dict(pairs)
    known = list(pairs.items())
    for (then, now), (next_then, next_now) in itertools.pairwise(known):
        left = [line for line in range(then + 1, next_then) if line not in gone]
        if next_then - then != next_now - now and len(left) == next_now - now - 1:
            full |= zip(left, range(now + 1, next_now), strict=True)
    return dict(sorted(full.items()))


def rising(pairs: Mapping[int, int]) -> dict[int, int]:
    """The most pairs that rise together, in order: what was moved against the order of the rest is left out."""
    tails: list[int] = []  # the smallest end of a run of each length
    ends: list[int] = []
    runs: dict[int, int | None] = {}
    for key in sorted(pairs):
        at = bisect_left(tails, pairs[key])
        runs[key] = ends[at - 1] if at else None
        tails[at : at + 1], ends[at : at + 1] = [pairs[key]], [key]
    found: dict[int, int] = {}
    last = ends[-1] if ends else None
    while last is not None:
        found[last] = pairs[last]
        last = runs[last]
    return dict(sorted(found.items()))


def most_votes(votes: Iterable[tuple[int, int]]) -> dict[int, int]:
    """{line of then: line of now} with the most votes for each line, the nearest of equals."""
    counts: dict[int, dict[int, int]] = {}
    for then, now in votes:
        lines = counts.setdefault(then, {})
        lines[now] = lines.get(now, 0) + 1
    return {then: max(lines, key=lambda now: (lines[now], -abs(now - then))) for then, lines in counts.items()}


SAME = Lines({})
