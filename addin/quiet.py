"""A frozen Excel with lifted protection, and everything put back whatever happens."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from addin.live_book import TITLE, LiveBook
from addin.patience import asking_excel, insisted, is_busy
from workbook_builder.errors import InputError, Problem, raise_if

FROZEN = {"screen_updating": False, "display_alerts": False, "enable_events": False, "calculation": "manual"}


@contextlib.contextmanager
def showing(live: LiveBook, message: str) -> Iterator[None]:
    """A text in the status bar while something else than Excel takes its time; the old text comes back."""
    with asking_excel():
        before = live.app.status_bar
    try:
        live.status(message)
        yield
    finally:
        raise_if([] if insisted(lambda: live.status(before)) else [Problem("excel_not_restored", what="status_bar")])


@contextlib.contextmanager
def quiet(live: LiveBook, sheets: Iterable[str] = (), message: str = TITLE) -> Iterator[Mapping[str, Any]]:
    """Excel without screen updating, alerts, events and calculation, a status text shown, these sheets unprotected.

    Whatever happens, every setting and every protection is put back; a sheet that was not protected stays so. Gives
    the settings as they were. Raises `InputError` when a protection cannot be lifted (then nothing has happened) or
    something cannot be put back.
    """
    app, frozen = live.app, {**FROZEN, "status_bar": message}
    put_back: list[tuple[str, Callable[[], None]]] = []
    with asking_excel():  # ask for everything first: a fault here leaves Excel as it is
        before = {name: getattr(app, name) for name in frozen}
        protected = {name: live.host.state(live.sheet(name)) for name in dict.fromkeys(sheets)}
    try:
        with asking_excel():
            for name, value in frozen.items():
                put_back.append((name, partial(setattr, app, name, before[name])))
                setattr(app, name, value)
            for name, state in protected.items():
                if state is not None:
                    put_back.append((name, partial(_protect_again, live, name, state)))
                    _lift(live, name)
        yield before
    finally:
        left = [what for what, step in reversed(put_back) if not insisted(step)]
        raise_if([Problem("excel_not_restored", what=", ".join(left))] if left else [])


def _lift(live: LiveBook, name: str) -> None:
    try:
        live.host.lift(live.sheet(name))
    except Exception as fault:
        if is_busy(fault):
            raise
        raise InputError(Problem("sheet_locked", sheet=name)) from fault


def _protect_again(live: LiveBook, name: str, state: Mapping[str, bool]) -> None:
    """Restore a protection, unless it is still there: one with a password was never lifted."""
    sheet = live.sheet(name)
    if live.host.state(sheet) is None:
        live.host.restore(sheet, state)
