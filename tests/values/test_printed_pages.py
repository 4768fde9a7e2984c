"""What a plan shows on paper: LibreOffice prints it, and the text of the pages is read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_exports import plan_of
from office import printed_pages

from workbook_builder.sources.config import load_config
from workbook_builder.sources.figures import load_portfolio
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import render

EXAMPLE = Path(__file__).parents[2] / "examples" / "groothandel" / "accountplan.toml"


@pytest.mark.office
@pytest.mark.parametrize(("language", "unit"), [("nl", 1000), ("en", 1)])
def test_every_figure_and_date_fits_its_column(language, unit):
    plan = plan_of(load_portfolio(load_config(EXAMPLE)), "10021", language=language, unit=unit)
    pages = printed_pages(render(load_template(), plan))
    assert any("Machinefabriek Zwanerloo" in page for page in pages)
    assert [line for page in pages for line in page.splitlines() if "###" in line] == []
