"""The plans of `saved_plans` as fixtures."""

from __future__ import annotations

import pytest
from saved_plans import PLANS, marks_of, used

from workbook_builder.saved.book import SavedBook


@pytest.fixture
def plan() -> bytes:
    """The plan with everything that a user and Excel put into it."""
    return used()


@pytest.fixture(params=[pytest.param(name, marks=marks_of(name)) for name in PLANS])
def any_plan(request) -> bytes:
    """The plan as each program leaves it."""
    return PLANS[request.param]()


@pytest.fixture
def book(plan) -> SavedBook:
    """The used plan, open."""
    return SavedBook(plan, "plan.xlsx")
