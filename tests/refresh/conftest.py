"""A plan of the middle of last year in which somebody typed, and the same plan saved in LibreOffice."""

from __future__ import annotations

import office
import pytest
from plan_of_then import Then


@pytest.fixture(scope="session", params=["as typed", "saved in LibreOffice"])
def old_plan(request: pytest.FixtureRequest, then: Then) -> bytes:
    """The plan of then, as somebody typed in it and as LibreOffice saved it after that."""
    plan = then.plan.read_bytes()
    return plan if request.param == "as typed" else office.saved_again(plan)
