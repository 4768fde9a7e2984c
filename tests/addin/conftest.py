"""For the tests of the add-in: LibreOffice behind xlwings with a real plan open in it, and a made-up computer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import xlwings as xw
from example_account import example_plan
from office_engine import NAME, OfficeProtection, new_app
from paper_desk import PaperLink

from addin import host
from addin.live_book import LiveBook
from addin.machine import Machine, System
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.renderer import render

MakeMachine = Callable[..., Machine]


@pytest.fixture(scope="session")
def office() -> Iterator[xw.App]:
    """A headless LibreOffice as xlwings' active application."""
    app = new_app()
    host.HOSTS[NAME] = OfficeProtection()
    try:
        yield app
    finally:
        del host.HOSTS[NAME]
        app.quit()


@pytest.fixture
def paper(monkeypatch) -> Iterator[xw.App]:
    """What stands in for a spreadsheet program where nothing has to be computed, as xlwings' active application."""
    monkeypatch.setitem(host.HOSTS, NAME, OfficeProtection())
    app = new_app(PaperLink())
    yield app
    app.quit()


@pytest.fixture(scope="session")
def plan_file(tmp_path_factory) -> Path:
    """The plan of the example's main account, in Dutch, as `accountplan new` writes it."""
    path = tmp_path_factory.mktemp("plan") / "Accountplan_10021_2027.xlsx"
    path.write_bytes(render(load_template(), example_plan()))
    return path


@pytest.fixture
def log_file(tmp_path, monkeypatch) -> Path:
    """Where the buttons write their log in this test; the user has registered no config."""
    for variable in ("HOME", "LOCALAPPDATA", "APPDATA", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    return Machine.here().own_folder / "accountplan.log"


@pytest.fixture
def book(office, plan_file) -> Iterator[xw.Book]:
    """That plan, open."""
    opened = office.books.open(str(plan_file))
    yield opened
    opened.close()


@pytest.fixture
def said(office) -> list[str]:
    """What the buttons tell the user in this test, oldest first."""
    office.impl.alerts.clear()
    return office.impl.alerts


@pytest.fixture
def live(book) -> LiveBook:
    return LiveBook(book)


@pytest.fixture
def new_book(office, tmp_path) -> Iterator[Callable[..., xw.Book]]:
    """Makes and opens a small workbook: `new_book(fill)` calls fill(XlsxWriter workbook)."""
    import xlsxwriter

    opened = []

    def make(fill: Callable[..., None]) -> xw.Book:
        path = tmp_path / f"small{len(opened)}.xlsx"
        with xlsxwriter.Workbook(path) as workbook:
            fill(workbook)
        opened.append(office.books.open(str(path)))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def make_machine(tmp_path: Path) -> MakeMachine:
    """A machine of that system; its Python is content with everything, unless another is given."""
    willing = tmp_path / "python"
    willing.write_text("#!/bin/sh\n")
    willing.chmod(0o755)

    def make(system: System, python: Path = willing, registry: Mapping[str, object] | None = None,
             base: Path = Path("C:/Python311"), **environ: str) -> Machine:  # fmt: skip
        home = tmp_path / "Jan Ødegård"
        home.mkdir(exist_ok=True)
        folders = {"APPDATA": str(home / "AppData" / "Roaming"), "LOCALAPPDATA": str(home / "AppData" / "Local")}
        keys = registry or {}
        return Machine(system, home, {**folders, **environ}, python, base, lambda key: keys.get(key, {}))

    return make
