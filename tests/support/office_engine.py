"""xlwings' engine over a live headless LibreOffice: the macros run unchanged on a spreadsheet that recalculates.

Registered with the public `xw.engines.add`; the BSD part of xlwings only. It has what the add-in and its tests use,
and behaves as Excel where LibreOffice does not: the calculation mode belongs to the application, a table on a
protected sheet cannot be resized and fills its formulas down, a text is read as if typed, `sheet.range("a,b")` is
the union of names of that sheet. A book is opened as a temporary copy, so the file itself never changes; its full
name raises, because nothing may use that for a path. `round_trips.TRIPS` counts and fails what would cross to Excel.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlwings as xw
from office_link import OfficeLink
from office_sheets import Names, Range, Sheet, Sheets
from round_trips import crossing
from xlwings import base_classes as base

NAME = "libreoffice"
SETTINGS = {
    "screen_updating": True, "display_alerts": True, "enable_events": True, "interactive": True,
    "status_bar": False, "visible": False, "calculation": "automatic",
}  # fmt: skip


class Engine:
    """What `xw.Engine` wraps."""

    name, type = NAME, "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        """One value as the host takes it."""
        if value is None or value != value:
            return ""
        if isinstance(value, dt.datetime):
            return value.replace(tzinfo=None)
        return dt.datetime(value.year, value.month, value.day) if isinstance(value, dt.date) else value

    @staticmethod
    def clean_value_data(
        data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool
    ) -> list[list[Any]]:
        """Rows of values as the user of xlwings sees them; an error value is None unless its text is asked for."""

        def clean(value: Any) -> Any:
            if value in ("", None):
                return empty_as
            if isinstance(value, tuple):
                return value[0] if err_to_str else None
            return number_builder(value) if number_builder and isinstance(value, float) else value

        return [[clean(value) for value in row] for row in data]


class Apps(base.Apps):
    def __init__(self) -> None:
        self._apps: list[App] = []

    def add(self, spec: Any = None, add_book: Any = None, xl: Any = None, visible: Any = None) -> App:
        self._apps.insert(0, App(self, spec or OfficeLink()))
        return self._apps[0]

    def keys(self) -> list[int]:
        return [app.pid for app in self._apps]

    def __iter__(self) -> Iterator[App]:
        return iter(self._apps)

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self._apps if app.pid == pid)


class App(base.App):
    """LibreOffice with settings that only remember what they were set to, except the calculation mode."""

    engine = property(lambda self: ENGINE)
    api = property(lambda self: self.link)
    pid = property(lambda self: self.link.process.pid)
    version = property(lambda self: "16.0")
    hwnd = property(lambda self: None)

    def __init__(self, apps: Apps, link: Any) -> None:
        self.apps, self.link, self.settings = apps, link, dict(SETTINGS)
        self.open_books: list[Book] = []
        self.alerts: list[str] = []
        self.status_texts: list[Any] = []

    @property
    def books(self) -> Books:
        return Books(self)

    @crossing("call")
    def calculate(self) -> None:
        for book in self.open_books:
            self.link.ask("calculate", book.number)

    @crossing("call")
    def alert(self, prompt: str, title: Any, buttons: Any, mode: Any, callback: Any) -> str:
        self.alerts.append(prompt)
        return "ok"

    @property
    def selection(self) -> Range | None:
        return self._selection()

    @crossing("find")
    def _selection(self) -> Range | None:
        if not self.open_books:
            return None
        book = self.open_books[0]
        sheet, box = self.link.ask("selection", book.number)
        return Range(Sheet(book, sheet), box)

    def activate(self, steal_focus: bool = False) -> None:
        self.apps._apps.remove(self)
        self.apps._apps.insert(0, self)

    def quit(self) -> None:
        for book in list(self.open_books):
            book.close()
        self.apps._apps.remove(self)
        self.link.stop()

    kill = quit

    @crossing("setting")
    def _get(self, name: str) -> Any:
        return self.settings[name]

    @crossing("setting")
    def _set(self, name: str, value: Any) -> None:
        self.settings[name] = value
        if name == "status_bar":
            self.status_texts.append(value)
        if name == "calculation":
            for book in self.open_books:
                self.link.ask("automatic", book.number, value == "automatic")


for _name in SETTINGS:
    setattr(
        App, _name,
        property(
            lambda self, name=_name: self._get(name), lambda self, value, name=_name: self._set(name, value)
        ),
    )  # fmt: skip


class Books(base.Books):
    def __init__(self, app: App) -> None:
        self.app = app

    active = property(lambda self: self.app.open_books[0] if self.app.open_books else None)

    def open(self, fullname: str, *args: Any, **options: Any) -> Book:
        book = Book(self.app, Path(fullname))
        self.app.open_books.insert(0, book)
        return book

    def __call__(self, key: Any) -> Book:
        if isinstance(key, int):
            return self.app.open_books[key - 1]
        for book in self.app.open_books:
            if book.file.name.lower() == key.lower():
                return book
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self.app.open_books)

    def __iter__(self) -> Iterator[Book]:
        return iter(list(self.app.open_books))


class Book(base.Book):
    """A temporary copy of a file, open in LibreOffice."""

    def __init__(self, app: App, file: Path) -> None:
        self._app, self.file = app, file
        self.web = ""
        self.folder = Path(tempfile.mkdtemp(prefix="office_engine_"))
        copy = shutil.copy(file, self.folder)
        self.number = self.ask("open", str(copy), book=False)

    def ask(self, name: str, *args: Any, book: bool = True) -> Any:
        return self._app.link.ask(name, *((self.number, *args) if book else args))

    api = property(lambda self: self)

    @property
    def fullname(self) -> str:
        raise AssertionError("book.fullname raises or is wrong for SharePoint and OneDrive books: never use it")

    @property
    @crossing("find")
    def name(self) -> str:
        return self.file.name

    @property
    @crossing("find")
    def app(self) -> App:
        return self._app

    @property
    @crossing("find")
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    @crossing("find")
    def names(self) -> Names:
        return Names(self)

    @crossing("call")
    def activate(self) -> None:
        self._app.open_books.remove(self)
        self._app.open_books.insert(0, self)

    def save(self, path: str | None = None, password: Any = None) -> None:
        assert path, "a copy is open here: say where to save it"
        self.ask("save", os.path.realpath(path), Path(path).suffix)

    def close(self) -> None:
        self._app.open_books.remove(self)
        self.ask("close")
        shutil.rmtree(self.folder, ignore_errors=True)


class OfficeProtection:
    """The protection of a sheet in LibreOffice, for `addin.host`; which actions it allows is not kept there."""

    @crossing("protection")
    def state(self, sheet: Any) -> dict[str, bool] | None:
        return {} if sheet.api.ask("protected") else None

    @crossing("protection")
    def lift(self, sheet: Any) -> None:
        sheet.api.ask("unprotect", "")

    @crossing("protection")
    def restore(self, sheet: Any, state: Any) -> None:
        sheet.api.ask("protect", "")

    @crossing("find")
    def folder(self, book: Any) -> str:
        """Where the file was opened from; `web` is what Excel gives for a book that it has from SharePoint."""
        return str(book.impl.web or book.impl.file.parent)


ENGINE = Engine()


def new_app(link: Any = None) -> xw.App:
    """A LibreOffice of its own, or what stands in for it, as xlwings' active application; end it with `quit()`."""
    if NAME not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=ENGINE))
    xw.engines[NAME].activate()
    return xw.App(spec=link, add_book=False, visible=False)
