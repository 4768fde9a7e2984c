"""What a plan shows on paper: LibreOffice prints it, and the text of the pages is read back."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from made_exports import plan_of
from office import SECONDS
from office_link import soffice

from workbook_builder.sources.config import load_config
from workbook_builder.sources.figures import load_portfolio
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import render

EXAMPLE = Path(__file__).parents[2] / "examples" / "groothandel" / "accountplan.toml"


@pytest.mark.office
@pytest.mark.parametrize(("language", "unit"), [("nl", 1000), ("en", 1)])
def test_every_figure_and_date_fits_its_column(tmp_path, language, unit):
    plan = plan_of(load_portfolio(load_config(EXAMPLE)), "10021", language=language, unit=unit)
    (tmp_path / "plan.xlsx").write_bytes(render(load_template(), plan))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    printed = [soffice(), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*printed, str(tmp_path / "plan.xlsx")], check=True, capture_output=True, timeout=SECONDS)
    pages = subprocess.run(["pdftotext", "-layout", str(tmp_path / "plan.pdf"), "-"], check=True, capture_output=True)
    text = pages.stdout.decode("utf-8")
    assert "Machinefabriek Zwanerloo" in text
    assert [line for line in text.splitlines() if "###" in line] == []
