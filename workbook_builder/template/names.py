"""The `${name}` references in a formula of a template; what a name means stands in `workbook/formulas.py`."""

from __future__ import annotations

import functools
import re

NAME = re.compile(r"\$\{([a-z0-9_.]+)(?::([a-z0-9_]+))?\}")


@functools.lru_cache(maxsize=4096)
def parts(formula: str) -> tuple[tuple[str, str, str], ...]:
    """The formula as (text before, name, word after the colon) pieces; the last piece has no name."""
    pieces, at = [], 0
    for match in NAME.finditer(formula):
        pieces.append((formula[at : match.start()], match[1], match[2] or ""))
        at = match.end()
    return (*pieces, (formula[at:], "", ""))


def names_in(formula: str) -> list[str]:
    """The names that a formula reads."""
    return [name for _, name, _ in parts(formula) if name]
