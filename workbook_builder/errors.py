"""What can go wrong, said in one sentence: where, what, and how to repair it.

Every refusal in the program is a `Problem`: a code with the particulars. The sentences stand in
`messages/*.toml`, Dutch and English side by side. All problems of one step are collected and raised once.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

MESSAGES = Path(__file__).parent / "messages"
SHOWN = 10  # problems in one refusal; the rest is counted


@functools.cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every sentence by code: {code: {"nl": ..., "en": ...}}."""
    merged: dict[str, dict[str, str]] = {}
    for path in sorted(MESSAGES.glob("*.toml")):
        for code, sentence in tomllib.loads(path.read_text("utf-8")).items():
            if code in merged:
                raise ValueError(f"messages: '{code}' stands in two files, the second is {path.name}")
            merged[code] = sentence
    return merged


def say(code: str, language: str, /, **particulars: Any) -> str:
    """The sentence of `code` in "nl" or "en", with the particulars filled in."""
    return catalogue()[code][language].format(**particulars)


class Problem:
    """One thing that is wrong: a code of the catalogue and its particulars."""

    def __init__(self, code: str, /, **particulars: Any) -> None:
        self.code = code
        self.particulars = particulars

    def text(self, language: str = "nl") -> str:
        """The sentence, in "nl" or "en"."""
        return say(self.code, language, **self.particulars)

    def __repr__(self) -> str:
        return f"Problem({self.code!r}, {self.particulars!r})"


class AccountplanError(Exception):
    """A refusal with everything that was wrong; the command line prints it and exits with 2."""

    told = False
    """Whether the user has read it already, in Excel."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(*problems)

    def text(self, language: str = "nl") -> str:
        """One line a problem, at most SHOWN of them and then how many more."""
        lines = [problem.text(language) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(say("more_problems", language, count=len(self.problems) - SHOWN))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text("en")


class InputError(AccountplanError):
    """The user's config, source or workbook cannot be used as it is."""


class TemplateError(AccountplanError):
    """A template says something the workbook cannot hold; found before anything is written."""


def raise_if(problems: Iterable[Problem], kind: type[AccountplanError] = InputError) -> None:
    """Raise `kind` with all of `problems`, if there are any."""
    found = tuple(problems)
    if found:
        raise kind(*found)
