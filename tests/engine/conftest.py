"""What the tests of the engine share: the template, and the switch that rewrites the golden dumps."""

from __future__ import annotations

import pytest

from workbook_builder.template.loader import load_template
from workbook_builder.template.model import Template


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden anew; review the difference")


@pytest.fixture(scope="session")
def template() -> Template:
    """The template that comes with the program."""
    return load_template()
