"""Writes the plan of the example account as it looks when its team has filled it in, in Dutch and in English.

    python examples/fill_example.py [OUTDIR]

What was typed stands in groothandel/ingevuld/, a file per chapter: [fields] by id, and rows of tables, `row` from 1.
Texts are Dutch in both workbooks, as a team would have typed them; every choice shows in the plan's language.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

from workbook_builder.plan import Plan
from workbook_builder.prefill import fresh_plan
from workbook_builder.sources.config import load_config
from workbook_builder.sources.figures import load_portfolio
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import render

EXAMPLE = Path(__file__).parent / "groothandel"
ACCOUNT, YEAR = "10021", 2027


def typed() -> dict[str, dict[str, Any]]:
    """{"fields": …, "tables": …} of everything that the team typed."""
    everything: dict[str, dict[str, Any]] = {"fields": {}, "tables": {}}
    for path in sorted((EXAMPLE / "ingevuld").glob("*.toml")):
        content = tomllib.loads(path.read_text("utf-8"))
        for part in everything:
            everything[part] |= content.get(part, {})
    return everything


def filled_plan(language: str) -> Plan:
    """The plan of the example account with everything typed."""
    config = load_config(EXAMPLE / "accountplan.toml")
    portfolio = load_portfolio(config, ACCOUNT)
    figures = portfolio.account(ACCOUNT)
    fresh = fresh_plan(
        load_template(), figures, year=YEAR, language=language, unit=config.plan.unit, last_date=portfolio.last_date
    )
    return fresh.with_typed(**typed())


def main(out: Path) -> None:
    """Write both workbooks to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for language in ("nl", "en"):
        path = out / f"Accountplan_{ACCOUNT}_{YEAR}_ingevuld_{language}.xlsx"
        path.write_bytes(render(load_template(), filled_plan(language)))
        print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "plans"))
