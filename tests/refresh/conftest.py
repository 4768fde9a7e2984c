"""A plan of the middle of last year in which somebody typed, and the same plan saved in LibreOffice."""

from __future__ import annotations

import pytest
from plan_of_then import Then, saved_by_libreoffice


@pytest.fixture(scope="session", params=["as typed", "saved in LibreOffice"])
def old_plan(request: pytest.FixtureRequest, then: Then, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The plan of then, as somebody typed in it and as LibreOffice saved it after that."""
    if request.param == "as typed":
        return then.plan.read_bytes()
    return saved_by_libreoffice(then.plan, tmp_path_factory.mktemp("office") / "out").read_bytes()
