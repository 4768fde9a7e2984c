"""A folder with one small export and its config, the command line in it, and its listing before and after."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from sales_exports import HEADINGS, config_text

from workbook_builder.cli import main

ROWS = [
    ("Klantnummer", "Klantnaam", "Factuurdatum", "Productgroep", "Omzet", "Kostprijs"),
    ("K100", "Bakkerij Jansen", "15-01-2024", "Meel", "100,00", "60,00"),
    ("K100", "Bakkerij Jansen", "15-06-2025", "Meel", "250,50", "150,25"),
    ("K100", "Bakkerij Jansen", "28-12-2026", "Suiker", "75,25", "40,00"),
    ("K200", "Slagerij De Wit", "20-03-2026", "Kruiden", "80,00", "30,00"),
    ("K300", "Café Zuid", "20-03-2019", "Koffie", "12,00", "5,00"),
]


@dataclass(frozen=True)
class Said:
    """What a command wrote: to stdout, to stderr, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Desk:
    """A folder to work in."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *words: object) -> Said:
        """Run `accountplan` in this folder."""
        self.capture.readouterr()
        code = main([str(word) for word in words])
        said = self.capture.readouterr()
        return Said(code, said.out, said.err)

    def refused(self, *words: object) -> str:
        """What stderr says of a command that is refused: exit code 2, nothing on stdout, nothing written."""
        before = listing(self.folder)
        said = self.run(*words)
        assert (said.code, said.out) == (2, "")
        assert listing(self.folder) == before
        assert "Traceback" not in said.err
        return said.err.rstrip("\n")

    def export(self, rows: list[tuple[str, ...]], name: str = "verkoop.csv", encoding: str = "utf-8") -> Path:
        """Write rows as a file with semicolons."""
        path = self.folder / name
        path.write_text("".join(";".join(row) + "\n" for row in rows), encoding)
        return path

    def config(self, *lines: str, columns: dict[str, str] | None = None, **settings: object) -> Path:
        """Write accountplan.toml; `lines` stand in front of [sources.sales], `settings` in it."""
        head = "\n".join(lines or ("[plan]", "year = 2027"))
        keys = {"path": "verkoop.csv", "delimiter": ";", "decimal": ",", **settings}
        path = self.folder / "accountplan.toml"
        path.write_text(f"{head}\n{config_text(columns=columns or HEADINGS, **keys)}", "utf-8")
        return path


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """{path: (size, time of change)} of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def empty_desk(tmp_path, monkeypatch, capsys) -> Desk:
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, capsys)


@pytest.fixture
def desk(empty_desk) -> Desk:
    """A folder with five sales lines of three customers, and the config for plan year 2027."""
    empty_desk.export(ROWS)
    empty_desk.config()
    return empty_desk


@pytest.fixture
def rows() -> list[tuple[str, ...]]:
    """The lines of the export, headings first, to be changed by a test."""
    return list(ROWS)


@pytest.fixture
def headings() -> dict[str, str]:
    """The columns of the config: ours = the heading in the export."""
    return dict(HEADINGS)
