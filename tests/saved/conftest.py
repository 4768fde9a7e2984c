"""The plans of `saved_plans` as fixtures."""

from __future__ import annotations

import pytest
from saved_plans import PLANS, used

from workbook_builder.saved.book import SavedBook


@pytest.fixture
def plan() -> bytes:
    """The plan with everything that a user and Excel put into it."""
    return used()


@pytest.fixture(
    params=[pytest.param(name, marks=[pytest.mark.office] if name == "libreoffice" else []) for name in PLANS]
)
def any_plan(request) -> bytes:
    """The plan as each program leaves it."""
    return PLANS[request.param]()


@pytest.fixture
def book(plan) -> SavedBook:
    """The used plan, open."""
    return SavedBook(plan, "plan.xlsx")
