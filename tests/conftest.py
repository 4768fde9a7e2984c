"""For all tests: properties are tried on the same examples every time, and never fail for a slow machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
