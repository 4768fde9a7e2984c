"""For all tests: properties are tried on the same examples every time, and never fail for a slow machine."""

from __future__ import annotations

import pytest
from hypothesis import settings
from plan_of_then import Then, make_then

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def then(tmp_path_factory) -> Then:
    """The example's exports as they were and as they are, and a plan of then in which somebody typed."""
    return make_then(tmp_path_factory.mktemp("then"))
