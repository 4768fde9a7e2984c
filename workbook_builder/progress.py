"""A progress bar on the terminal for work that takes longer than a second."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

PATIENCE = 1.0  # seconds of silence before a bar appears


@contextmanager
def step_bar(codes: Sequence[str], text: Callable[[str], str]) -> Iterator[Callable[[str], None]]:
    """A function to call with the code of each step as it starts; the bar shows after a second, on stderr."""
    with _bar("", len(codes)) as update:
        yield lambda code: update(description=text(code), completed=codes.index(code))


@contextmanager
def count_bar(text: str, total: int) -> Iterator[Callable[[], None]]:
    """A function to call as each of `total` things is done; the bar shows after a second, on stderr."""
    with _bar(text, total) as update:
        yield lambda: update(advance=1)


@contextmanager
def _bar(text: str, total: int) -> Iterator[Callable[..., None]]:
    """A function that updates the one task of a bar."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(text, total=total)
    timer = threading.Timer(PATIENCE, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda **changes: bar.update(task, **changes)
    finally:
        timer.cancel()
        bar.stop()
