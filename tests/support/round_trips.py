"""What would cross to Excel: counted by kind, and refused or lost at a chosen one.

One trip is one member of xlwings' engine interface for which the Windows engine asks Excel something. Kinds: `find`
hands out an object or says where something stands, `read` and `write` carry or change contents, `setting` is a
setting of the application, `protection` the protection of a sheet, `call` everything else (alert, PDF, select).
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

CONTENT = ("read", "write", "call")
CALL_WAS_REJECTED = -2147418111  # RPC_E_CALL_REJECTED: what Excel answers while a cell is being edited


class TripFault(Exception):
    """A round trip that failed on purpose; looks like pywin32's com_error."""

    def __init__(self, hresult: int = -2147467259) -> None:
        self.hresult = hresult
        super().__init__(hresult, "injected")


class Trips:
    """The trips since `begin`, in order, and the ones that are to fail."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str]] = []
        self._inside = False
        self._fails: Callable[[int], bool] = lambda number: False
        self._after = False
        self._hresult = 0

    @property
    def count(self) -> int:
        """How many, of every kind."""
        return len(self.made)

    @property
    def kinds(self) -> Counter[str]:
        """How many of each kind."""
        return Counter(kind for kind, _ in self.made)

    @property
    def content(self) -> int:
        """How many carried or changed something in the book."""
        return sum(self.kinds[kind] for kind in CONTENT)

    @contextmanager
    def counted(self) -> Iterator[Trips]:
        """Count from here."""
        self.made = []
        yield self

    @contextmanager
    def failing(
        self, number: int, *, lasting: int = 1, after: bool = False, hresult: int = -2147467259
    ) -> Iterator[Trips]:
        """Fail trip `number` (from 1) and, in all, `lasting` of them in a row; `after`: once it had its effect."""
        self.made = []
        self._fails = lambda at: number <= at < number + lasting
        self._after, self._hresult = after, hresult
        try:
            yield self
        finally:
            self._fails = lambda at: False

    @contextmanager
    def one(self, kind: str, what: str) -> Iterator[None]:
        """A trip; what it does inside is part of it."""
        if self._inside:
            yield
            return
        self.made.append((kind, what))
        fails = self._fails(len(self.made))
        if fails and not self._after:
            raise TripFault(self._hresult)
        self._inside = True
        try:
            yield
        finally:
            self._inside = False
        if fails:
            raise TripFault(self._hresult)


TRIPS = Trips()


def crossing(kind: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A member of an engine that asks Excel something."""

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def counted(self: Any, *args: Any, **options: Any) -> Any:
            with TRIPS.one(kind, f"{type(self).__name__}.{function.__name__}"):
                return function(self, *args, **options)

        return counted

    return wrap
