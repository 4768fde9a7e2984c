"""What became of each file when a command is given several: one that fails never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from workbook_builder.errors import InputError, Problem

Needed = TypeVar("Needed")

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


def side_by_side(
    paths: Sequence[Path],
    jobs: Mapping[int, Needed | Outcome],
    work: Callable[[Path, Needed], Outcome],
    unforeseen: str,
    executor: Executor | None,
    done: Callable[[Outcome], None],
) -> list[Outcome]:
    """The outcome of each path, in the order given; `done` is told of each as it is ready.

    `jobs` hold what the path of that number (from 0) needs, or its outcome when that could not be had. Without an
    `executor` the work is done one after the other.
    """
    results: dict[int, Outcome] = {}

    def settle(number: int, result: Outcome) -> None:
        results[number] = result
        done(result)

    waiting: dict[int, Needed] = {}
    for number, job in jobs.items():
        if isinstance(job, Outcome):
            settle(number, job)
        else:
            waiting[number] = job
    if executor is None or len(waiting) < 2:
        for number, job in waiting.items():
            settle(number, work(paths[number], job))
    else:
        futures = {executor.submit(work, paths[number], job): number for number, job in waiting.items()}
        for future in as_completed(futures):
            number = futures[future]
            fault = future.exception()
            settle(number, future.result() if fault is None else failed(paths[number], fault, unforeseen))
    return [results[number] for number in range(len(paths))]
