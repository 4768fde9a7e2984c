"""One LibreOffice for all tests of edited plans, and the plan that they edit."""

from __future__ import annotations

import pytest
from office_user import OfficeUser
from saved_plans import fresh

from workbook_builder.plan import Plan
from workbook_builder.reading.reader import read_content
from workbook_builder.template.loader import load_template


@pytest.fixture(scope="session")
def user(tmp_path_factory) -> OfficeUser:
    """Somebody who edits plans in LibreOffice."""
    return OfficeUser(tmp_path_factory.mktemp("user"))


@pytest.fixture(scope="session")
def untouched() -> Plan:
    """What the plan holds that the tests edit."""
    return read_content(fresh(), "plan.xlsx", load_template()).plan
