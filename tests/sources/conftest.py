"""Small exports and configs, written where a test can read them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sales_exports import HEADINGS, config_text

from workbook_builder.sources.config import Config, load_config
from workbook_builder.sources.figures import Portfolio, load_portfolio


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Config]:
    """A function that writes an export and its config, and gives the loaded config."""

    def write(
        content: str | bytes, columns: dict[str, str] = HEADINGS, file: str = "export.csv", extra: str = "", **settings
    ) -> Config:
        data = content if isinstance(content, bytes) else content.encode(str(settings.get("encoding", "utf-8")))
        (tmp_path / file).write_bytes(data)
        config = tmp_path / "accountplan.toml"
        config.write_text(config_text(file, columns, **settings) + extra, "utf-8")
        return load_config(config)

    return write


@pytest.fixture
def portfolio(export: Callable[..., Config]) -> Callable[..., Portfolio]:
    """A function that writes an export and gives the portfolio read from it."""
    return lambda *arguments, **settings: load_portfolio(export(*arguments, **settings))


@pytest.fixture
def shared() -> Path:
    """The folder with the shared test inputs, or a skip that says how to point at it."""
    folder = Path(os.environ.get("ACCOUNTPLAN_SHARED", Path(__file__).parents[3] / "shared"))
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: set ACCOUNTPLAN_SHARED to the folder with hostile/ and data/")
    return folder
