"""An open workbook in Excel <-> values by defined name: the only module that knows xlwings.

Everything a macro does to Excel goes through a `LiveBook`: few and large reads and writes, and plain values on this
side (`places.py` and `cell_values.py` do the arithmetic). `LiveBook.all_or_nothing` takes back what was written when
something fails; `quiet.py` freezes Excel and puts every setting back; what only Excel itself can do stands in
`host.py`. A path never comes from the book: its full name is wrong for files on SharePoint and OneDrive.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.cell_values import as_handed_over, for_new_sheet, padded
from addin.host import Host, host_of
from addin.patience import asking_excel, insisted, is_busy
from addin.places import Place, Rows, around, by_sheet, free_sheet_name, joined, references
from workbook_builder.errors import InputError, Problem, raise_if
from workbook_builder.workbook.manifest import FACTS, MANIFEST

if TYPE_CHECKING:
    import xlwings

TITLE = "Accountplan"
LEAST_ROWS = 2  # of a source table: some engines take a column of one row for a single value
N_COM_ATTEMPTS = 10_000  # of a call that Excel rejects at once: some seconds; xlwings' own default is for ever


class LiveBook:
    """A workbook that is open in Excel; sheets and places of names are asked for once."""

    def __init__(self, book: xlwings.Book) -> None:
        windows = sys.modules.get("xlwings._xlwindows")  # the only engine of xlwings that tries again
        if windows is not None:
            windows.__dict__["N_COM_ATTEMPTS"] = N_COM_ATTEMPTS
        self.book = book
        self._places: dict[str, Place] = {}
        self._handles: dict[str, Any] = {}
        self._known: dict[str, tuple[Place, Rows]] = {}  # per sheet what was read, until it is written to
        self._undo: list[Callable[[], None]] | None = None

    @functools.cached_property
    def app(self) -> xlwings.App:
        """The Excel that has the book open."""
        return self.book.app

    @functools.cached_property
    def host(self) -> Host:
        """How this program protects sheets."""
        return host_of(self.app.engine.name)

    @functools.cached_property
    def _sheets(self) -> Any:
        return self.book.sheets

    @functools.cached_property
    def _names(self) -> Any:
        return self.book.names

    def sheet(self, name: str) -> xlwings.Sheet:
        """The sheet; raises `InputError` when there is none of that name."""
        if name not in self._handles:
            try:
                self._handles[name] = self._sheets[name]
            except Exception as fault:  # each host has its own exception for it
                if is_busy(fault):
                    raise
                raise InputError(Problem("sheet_missing", sheet=name)) from fault
        return self._handles[name]

    # where things stand

    @asking_excel()
    def facts(self) -> dict[str, str]:
        """The facts on the very hidden sheet, by key; raises `InputError` when the book is no plan of ours."""
        try:
            rows = self._read(Place(MANIFEST, 1, 1, len(FACTS), 2))
        except InputError:
            raise InputError(Problem("book_not_ours")) from None
        facts = {str(key): str(fact or "") for key, fact in rows}
        if tuple(facts) != FACTS or not (facts["year"].isdigit() and facts["unit"].isdigit()):
            raise InputError(Problem("book_not_ours"))
        return facts

    @asking_excel()
    def locate(self, names: Iterable[str]) -> dict[str, Place]:
        """Where each defined name stands, in the order asked; raises `InputError` with every name that is gone.

        Names of one chapter stand on one sheet: Excel is asked for the sheet once a chapter and then for many names
        at a time. A name that is elsewhere, or a group with one that is gone, is asked for name by name.
        """
        wanted = list(dict.fromkeys(names))
        chapters: dict[str, list[str]] = {}
        for name in wanted:
            if name not in self._places:
                chapters.setdefault(name.partition(".")[0], []).append(name)
        for first, *others in chapters.values():
            place = self._locate_alone(first)
            for group in references(others):
                if not (place and self._locate_together(place.sheet, group)):
                    for name in group:
                        self._locate_alone(name)
        raise_if(Problem("name_missing", name=name) for name in wanted if name not in self._places)
        return {name: self._places[name] for name in wanted}

    def _locate_alone(self, name: str) -> Place | None:
        try:
            defined = self._names[name]
            refers_to = defined.refers_to
        except Exception:  # each host has its own exception for a name that is gone
            if name in self._names:
                raise
            return None
        if "#REF!" in refers_to:
            return None
        place = Place.of_reference(refers_to)
        if place is None:  # another spelling; ask more, and be as exact
            cells = defined.refers_to_range
            place = Place.parse(cells.sheet.name, cells.address)
        self._places[name] = place
        return place

    def _locate_together(self, sheet: str, names: list[str]) -> bool:
        """Whether Excel told the places of all the names at once."""
        try:
            parts = self.sheet(sheet).range(",".join(names)).address.split(",")
            places = [Place.parse(sheet, part) for part in parts]
        except Exception as fault:
            if is_busy(fault):
                raise
            return False
        if len(places) == len(names):
            self._places.update(zip(names, places, strict=True))
        return len(places) == len(names)

    @asking_excel()
    def tables(self) -> dict[str, Place]:
        """Every Excel table with its place, headings included; asks sheet by sheet."""
        return {
            table.name: Place.parse(sheet.name, table.range.address) for sheet in self._sheets for table in sheet.tables
        }

    @asking_excel()
    def selection(self) -> Place | None:
        """The selected cells, the first area of them; None when something else is selected."""
        cells = self.app.selection
        return Place.parse(cells.sheet.name, cells.address.partition(",")[0]) if cells else None

    # reading

    @asking_excel()
    def contents(self, sheet: str, most: Place) -> tuple[Place, Rows, Rows]:
        """The cells of a sheet that are in use, no further than `most`: their place, values and formulas.

        A cell without a formula has its constant among the formulas.
        """
        used = Place.parse(sheet, self.sheet(sheet).used_range.address)
        rows = max(1, min(used.row + used.rows, most.rows + 1) - used.row)
        place = used._replace(rows=rows, cols=max(1, min(used.col + used.cols, most.cols + 1) - used.col))
        formulas = self.sheet(sheet).range(place.address).formula
        single = place.rows == place.cols == 1
        return place, self._read(place), [[formulas]] if single else [list(row) for row in formulas]

    def read(self, name: str) -> Rows:
        """The rows of values of a defined name; an empty cell and an error value are None, a date is a datetime."""
        return self.read_many([name])[name]

    @asking_excel()
    def read_many(self, names: Iterable[str]) -> dict[str, Rows]:
        """The rows of each defined name, with one read per sheet."""
        found: dict[str, Rows] = {}
        places = self.locate(names)
        for sheet, group in by_sheet(places).items():
            whole = around(group.values())
            self._known[sheet] = whole, self._read(whole)
            found |= {name: place.cut(*self._known[sheet]) for name, place in group.items()}
        return {name: found[name] for name in places}

    @asking_excel()
    def read_table(self, table: str, sheet: str | None = None) -> Rows:
        """The rows of an Excel table, headings first."""
        return self._read(self._table(table, sheet)[1])

    @asking_excel()
    def table_place(self, table: str, sheet: str | None = None) -> Place:
        """Where an Excel table stands, its headings included; raises `InputError` when it is gone."""
        return self._table(table, sheet)[1]

    def _read(self, place: Place) -> Rows:
        values: Rows = self.sheet(place.sheet).range(place.address).options(ndim=2, chunksize=None).value
        return values

    # writing

    def write(self, name: str, rows: Sequence[Sequence[Any]]) -> None:
        """Write the cells of a defined name at once; what the rows leave of it becomes empty."""
        self.write_many({name: rows})

    @asking_excel()
    def write_many(self, contents: Mapping[str, Sequence[Sequence[Any]]]) -> None:
        """Write several defined names, neighbours together in one write; cells between them are not touched.

        Rows are as wide as the name and not more than it has. Raises `InputError` for names that are gone and
        `ValueError` for rows that do not fit, before anything is written.
        """
        places = self.locate(contents)
        writes = joined((place, padded(contents[name], place.rows, place.cols)) for name, place in places.items())
        self._remember(place for place, _ in writes)
        for place, rows in writes:
            self._write(place, rows)

    def _write(self, place: Place, rows: Rows) -> None:
        """One bulk write."""
        self._known.pop(place.sheet, None)
        handed = [[as_handed_over(value) for value in row] for row in rows]
        single = place.rows == place.cols == 1
        self.sheet(place.sheet).range(place.address).raw_value = handed[0][0] if single else handed

    def _remember(self, places: Iterable[Place]) -> None:
        """Keep what these places hold, to be able to write it back; reads a sheet only when nothing is known of it."""
        if self._undo is None:
            return
        for sheet, group in by_sheet(dict(enumerate(places))).items():
            whole = around(group.values())
            known = self._known.get(sheet)
            if known is None or around([whole, known[0]]) != known[0]:
                known = whole, self._read(whole)
            self._undo += [partial(self._write, place, place.cut(*known)) for place in group.values()]

    @asking_excel()
    def write_table(self, table: str, rows: Sequence[Sequence[Any]], sheet: str | None = None) -> None:
        """Make an Excel table exactly as long as the rows, at least two, and write them: one resize and one write.

        Rows hold the first columns of the table; calculated columns after them are left to Excel. `sheet` spares the
        search for the table. Raises `InputError` when the table is gone or something stands in its way below.
        """
        found, place = self._table(table, sheet)
        width = len(rows[0]) if rows else place.cols
        had, count = place.rows - 1, max(LEAST_ROWS, len(rows))
        body = place._replace(row=place.row + 1, rows=max(had, count))
        before = self._read(body)
        _refuse_to_overwrite(table, body, before, had)
        if self._undo is not None:
            old = body._replace(cols=width)
            self._undo.append(partial(self._write, old, old.cut(body, before)))
            self._undo.append(partial(self._resize, found, place, place))
        if count != had:
            self._resize(found, place, place._replace(rows=count + 1))
        self._write(body._replace(cols=width), padded(rows, body.rows, width))

    def _resize(self, table: Any, had: Place, wanted: Place) -> None:
        """Give the table another length; new rows look like the last one."""
        sheet = self.sheet(had.sheet)
        table.resize(sheet.range(wanted.address))
        if wanted.rows > had.rows:
            last = had._replace(row=had.row + had.rows - 1, rows=1)
            rest = last._replace(rows=wanted.rows - had.rows + 1)
            sheet.range(last.address).autofill(sheet.range(rest.address), "fill_formats")

    def _table(self, table: str, sheet: str | None) -> tuple[Any, Place]:
        """The xlwings table and its place, headings included."""
        if sheet is None:
            sheet = next((one.name for one in self._sheets if table in one.tables), None)
        try:
            if sheet is None:
                raise KeyError(table)
            found = self.sheet(sheet).tables[table]
        except KeyError as fault:
            raise InputError(Problem("table_missing", table=table)) from fault
        return found, Place.parse(sheet, found.range.address)

    @contextlib.contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Take back everything written inside, when something fails; use it inside `quiet`.

        A formula that somebody typed over a sourced cell comes back as its value. Raises `InputError` that asks to
        close without saving when even that fails.
        """
        self._undo = []
        try:
            yield
        except BaseException as fault:
            failed = [step for step in reversed(self._undo) if not insisted(step)]
            if failed:
                raise InputError(Problem("book_not_restored")) from fault
            raise
        finally:
            self._undo = None

    # the rest of what a button does

    @asking_excel()
    def add_sheet(self, name: str, rows: Sequence[Sequence[Any]] = (), formats: Mapping[int, str] | None = None) -> str:
        """The name of a new sheet behind the active one, with these rows from A1.

        A name that is taken gets a number; `formats` gives {column from 1: number format in English}. Dates get a
        date format of their own; a text that begins with "=" is a formula only as `Formula`.
        """
        taken = {sheet.name.casefold() for sheet in self._sheets}
        wanted = free_sheet_name(name, taken)
        if self._undo is not None:
            self._undo.append(partial(self._delete_sheet, wanted))
        try:
            sheet = self._handles[wanted] = self._sheets.add(wanted, after=self._sheets.active)
        except Exception as fault:
            if is_busy(fault):
                raise
            raise InputError(Problem("sheet_not_added", sheet=wanted)) from fault
        if rows:
            sheet.range("A1").value = [[for_new_sheet(value) for value in row] for row in rows]
            for column, code in (formats or {}).items():
                sheet.range(Place("", 1, column, len(rows)).address).number_format = code
            sheet.autofit("columns")
        return wanted

    def _delete_sheet(self, name: str) -> None:
        """Take back a new sheet, if it got so far."""
        for sheet in self._sheets:
            if sheet.name.casefold() == name.casefold():
                sheet.delete()

    @asking_excel()
    def select(self, sheet: str, cell: str) -> None:
        """Show a sheet and put the cursor on a cell, such as "D8"."""
        self.sheet(sheet).activate()
        self.sheet(sheet).range(cell).select()

    @asking_excel()
    def alert(self, message: str) -> None:
        """Show one message with an OK button."""
        self.app.alert(message, TITLE)

    @asking_excel()
    def status(self, text: str) -> None:
        """Show progress in the status bar; `quiet` puts the old text back."""
        self.app.status_bar = text

    @asking_excel()
    def calculate(self) -> None:
        """Calculate what waits, also when the calculation mode is manual."""
        self.app.calculate()

    def folder(self) -> Path:
        """The folder of the plan on this computer; raises `InputError` when it was never saved, or is on the web."""
        with asking_excel():
            folder = self.host.folder(self.book)
        if not folder:
            raise InputError(Problem("book_never_saved"))
        if "://" in folder:
            raise InputError(Problem("book_on_the_web", address=folder))
        return Path(folder)

    def to_pdf(self, cells_of: Place, path: Path) -> None:
        """Print some cells, with the page set-up of their sheet, to a PDF file; raises `InputError` when it fails."""
        import xlwings

        with asking_excel():
            sheet = self.sheet(cells_of.sheet)
            cells = sheet.range(cells_of.address)
            try:
                try:
                    cells.to_pdf(str(path.absolute()))
                except xlwings.XlwingsError:  # macOS prints whole sheets only, by hiding the others for a moment
                    sheet.to_pdf(str(path.absolute()))
            except Exception as fault:
                if is_busy(fault):
                    raise
                raise InputError(Problem("pdf_not_written", file=path)) from fault


def _refuse_to_overwrite(table: str, body: Place, before: Rows, had: int) -> None:
    """Refuse to grow over anything that somebody typed below a table."""
    for below, row in enumerate(before[had:], had):
        for at, value in enumerate(row):
            if value is not None:
                cell = Place(body.sheet, body.row + below, body.col + at).address
                raise InputError(Problem("table_no_room", sheet=body.sheet, table=table, cell=cell))


def active_book() -> LiveBook:
    """The book in front; raises `InputError` when there is no Excel or no book open."""
    books = [app.books.active for app in _apps()[:1] if len(app.books)]
    raise_if([] if books else [Problem("no_book_open")])
    return LiveBook(books[0])


def open_book(file_name: str) -> LiveBook:
    """The open book of that file name, without folder; raises `InputError` when it is not open, or open twice."""
    found = [book for app in _apps() for book in app.books if book.name.casefold() == file_name.casefold()]
    raise_if([] if found else [Problem("book_not_open", file=file_name)])
    raise_if([Problem("book_open_twice", file=file_name)] if len(found) > 1 else [])
    return LiveBook(found[0])


def _apps() -> list[Any]:
    """Every running Excel, the active one first; raises `InputError` when there is none."""
    import xlwings

    apps = list(xlwings.apps) if xlwings.engines.active else []
    raise_if([] if apps else [Problem("excel_absent")])
    return apps
