"""An open workbook in Excel <-> values by defined name: the only module that knows xlwings.

Everything a macro does to Excel goes through a `LiveBook`: few and large reads and writes, and plain values on this
side (`places.py` and `cell_values.py` do the arithmetic). `LiveBook.all_or_nothing` takes back what was written when
something fails; `quiet.py` freezes Excel and puts every setting back; what only Excel itself can do stands in
`host.py`. A path never comes from the book: its full name is wrong for files on SharePoint and OneDrive.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from addin.cell_values import as_handed_over, as_it_was, for_new_sheet, padded, same_cells
from addin.live_reading import LiveReading
from addin.patience import asking_excel, insisted, is_busy
from addin.places import Place, Rows, around, by_sheet, free_sheet_name, joined
from workbook_builder.errors import InputError, Problem, raise_if

TITLE = "Accountplan"
LEAST_ROWS = 2  # of a source table: some engines take a column of one row for a single value


class LiveBook(LiveReading):
    """A workbook that is open in Excel, to be read and written."""

    def _values(self, raw: Any, *, errors: bool) -> Rows:
        from xlwings import conversion

        options = {"ndim": 2, "err_to_str": errors}
        values: Rows = conversion.read(None, raw, options, engine_name=self.app.engine.name)
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
        self.write_places(
            joined((place, padded(contents[name], place.rows, place.cols)) for name, place in places.items())
        )

    @asking_excel()
    def write_places(self, writes: Sequence[tuple[Place, Rows]]) -> None:
        """Write each rectangle at once; its rows fill it."""
        if self._undo is not None:
            for sheet, group in by_sheet(dict(enumerate(place for place, _ in writes))).items():
                self._known[sheet] = whole, rows = self._whole(around(group.values()))
                for place in group.values():
                    self._undo.append(partial(self._write, place, place.cut(whole, rows), back=True))
        for place, rows in writes:
            self._write(place, rows)

    def _whole(self, place: Place) -> tuple[Place, Rows]:
        """What is known around a place; reads it when that is not all."""
        known = self._known.get(place.sheet)
        if known is not None and around([place, known[0]]) == known[0]:
            return known
        return place, self._before(place)

    def _write(self, place: Place, rows: Rows, *, back: bool = False) -> None:
        """One bulk write; `back` makes the text of an error value that error again."""
        as_cell = as_it_was if back else as_handed_over
        handed = [[as_cell(value) for value in row] for row in rows]
        single = place.rows == place.cols == 1
        self.sheet(place.sheet).range(place.address).raw_value = handed[0][0] if single else handed
        self._note(place, rows)

    @asking_excel()
    def write_table(
        self, table: str, rows: Sequence[Sequence[Any]], sheet: str | None = None, width: int | None = None
    ) -> None:
        """Make an Excel table exactly as long as the rows, at least two: one resize and one write of what differs.

        Rows hold the first `width` columns of the table; calculated columns after them are left to Excel. `sheet`
        spares the search for it. Raises `InputError` when the table is gone or something stands in its way below.
        """
        found, place = self._table(table, sheet)
        width = width or (len(rows[0]) if rows else place.cols)
        had, count = place.rows - 1, max(LEAST_ROWS, len(rows))
        body = place._replace(row=place.row + 1, rows=max(had, count))
        before = self._before(body)
        _refuse_to_overwrite(table, body, before, had)
        wanted = padded(rows, body.rows, width)
        differing = [at for at, row in enumerate(wanted) if not same_cells(before[at][:width], row)]
        raise_if([Problem("table_totals", table=table)] if differing and found.show_totals else [])
        first, last = (differing[0], differing[-1] + 1) if differing else (0, 0)
        part = body._replace(row=body.row + first, rows=last - first, cols=width)
        if self._undo is not None:
            if differing:
                self._undo.append(partial(self._write, part, part.cut(body, before), back=True))
            self._undo.append(partial(self._resize, table, found, place))
        if count != had:
            self._resize(table, found, place._replace(rows=count + 1))
        if differing:
            self._write(part, wanted[first:last])

    def _resize(self, table: str, found: Any, wanted: Place) -> None:
        """Give the table another length; the columns of the sheet have the look of its new rows."""
        self._tables.pop(table, None)
        found.resize(self.sheet(wanted.sheet).range(wanted.address))
        self._tables[table] = found, wanted

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


def open_plan() -> LiveBook:
    """The plan in front, else the only plan among the open books.

    Raises `InputError` when there is no Excel or no plan open, and when several are and none of them is in front.
    """
    front = active_book()
    others = [LiveBook(book) for app in _apps() for book in app.books]
    plans = [live for live in (front, *others) if _is_plan(live)]
    if plans and plans[0] is not front and len(plans) > 1:
        raise InputError(Problem("several_plans_open", files=", ".join(live.book.name for live in plans)))
    return plans[0] if plans else front


def _is_plan(live: LiveBook) -> bool:
    try:
        live.facts()
    except InputError as fault:
        if any(problem.code == "excel_busy" for problem in fault.problems):
            raise
        return False
    return True


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
