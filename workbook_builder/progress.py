"""A progress bar on the terminal for work that takes longer than a second."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

PATIENCE = 1.0  # seconds of silence before a bar appears


@contextmanager
def step_bar(codes: Sequence[str], text: Callable[[str], str]) -> Iterator[Callable[[str], None]]:
    """A function to call with the code of each step as it starts; the bar shows after a second, on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=len(codes))
    timer = threading.Timer(PATIENCE, bar.start)
    timer.daemon = True

    def step(code: str) -> None:
        bar.update(task, description=text(code), completed=codes.index(code))

    timer.start()
    try:
        yield step
    finally:
        timer.cancel()
        bar.stop()
