"""When Excel does not answer: say so in one sentence, and insist on putting things back."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from workbook_builder.errors import InputError, Problem

PAUSES = (0.0, 0.1, 0.3, 1.0, 2.0)  # seconds after each attempt to put something back
BUSY = (-2147418111, -2146777998)  # RPC_E_CALL_REJECTED, VBA_E_IGNORE: a cell is being edited, a dialog is open


@contextlib.contextmanager
def asking_excel() -> Iterator[None]:
    """Raise `InputError` that says what to do when Excel is busy; also a decorator."""
    try:
        yield
    except Exception as fault:
        if is_busy(fault):
            raise InputError(Problem("excel_busy")) from fault
        raise


def is_busy(fault: BaseException) -> bool:
    """Whether Excel refused because a person edits a cell or has a dialog open."""
    details = getattr(fault, "excepinfo", None) or ()  # of pywin32's com_error; the last one is its own number
    numbers = {getattr(fault, "hresult", None), *details[-1:]}
    return type(fault).__name__ == "ExcelBusyError" or not numbers.isdisjoint(BUSY)


def insisted(step: Callable[[], object]) -> bool:
    """Whether the step was done at one of a few attempts, some seconds in all."""
    for pause in PAUSES:
        try:
            step()
            return True
        except Exception:  # whatever is wrong, the other things have to be put back too
            time.sleep(pause)
    return False
