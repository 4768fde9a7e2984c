"""A collection of exports that go wrong, from init to plan: a plan or a refusal, never anything else.

The collection is not part of the project: set ACCOUNTPLAN_SHARED to the folder that holds hostile/.
"""

from __future__ import annotations

import shutil

import pytest
from real_sets import shared_folder

FILES = sorted((shared_folder() / "hostile" / "csv-made").glob("*.csv"))


@pytest.mark.skipif(not FILES, reason="no hostile exports: set ACCOUNTPLAN_SHARED to the folder that holds hostile/")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_export_that_goes_wrong_gives_a_plan_or_a_refusal(empty_desk, file):
    shutil.copy(file, empty_desk.folder)
    said = empty_desk.run("init", file.name)
    assert said.code in (0, 2)
    if said.code == 0:
        for account in ("1", "10001"):
            made = empty_desk.run("new", "--account", account, "--year", "2025")
            assert made.code in (0, 2)
            assert bool(made.out) == (made.code == 0)
            assert made.code == 0 or made.err.strip()
