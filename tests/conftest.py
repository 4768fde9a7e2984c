"""For all tests: properties are tried on the same examples every time, and never fail for a slow machine.

Workbooks are millions of small objects that live long; Python looks through them for rubbish less often than it does
by itself, which saves a fifth of the time.
"""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from hypothesis import settings
from other_exports import change_everything, others, take_away
from plan_of_then import Then, make_then

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
gc.set_threshold(200_000, 20, 50)


@pytest.fixture(scope="session")
def then(tmp_path_factory) -> Then:
    """The example's exports as they were and as they are, and a plan of then in which somebody typed."""
    return make_then(tmp_path_factory.mktemp("then"))


@pytest.fixture(scope="session")
def worst(then, tmp_path_factory) -> Path:
    """The config of exports in which everything of the account is another than in those of today."""
    return others(then.today, tmp_path_factory.mktemp("worst"), change_everything)


@pytest.fixture(scope="session")
def emptied(then, tmp_path_factory) -> Path:
    """The config of exports without a cost, quotation or visit of the account, and with little revenue."""
    return others(then.today, tmp_path_factory.mktemp("emptied"), take_away, "\n[refresh]\nleast_rows = 0\n")
