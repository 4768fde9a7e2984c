"""What became of each file when a command is given several: one that fails never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook_builder.errors import InputError, Problem

LONGEST_FAULT = 200  # characters of an error that nobody foresaw


@dataclass(frozen=True)
class Outcome:
    """What became of one plan: notes for a person when it went well, else the problems; then nothing was written.

    `files` are what there is to look at now; `backup` is None when the plan itself was not written.
    """

    path: Path
    notes: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: tuple[Path, ...] = ()
    backup: Path | None = None


def failed(path: Path, fault: BaseException, unforeseen: str) -> Outcome:
    """The outcome of a fault; `unforeseen` is the code of the problem for one that is no refusal of ours."""
    if isinstance(fault, InputError):
        return Outcome(path, problems=fault.problems)
    text = f"{type(fault).__name__}: {fault}"[:LONGEST_FAULT]
    return Outcome(path, problems=(Problem(unforeseen, file=path, fault=text),))


def outcomes(paths: Sequence[Path], work: Callable[[Path], Outcome], unforeseen: str) -> Iterator[Outcome]:
    """The outcome of each path, one after the other."""
    for path in paths:
        try:
            yield work(path)
        except Exception as fault:  # whatever is wrong with one plan, the others go on
            yield failed(path, fault, unforeseen)
