"""An open workbook in Excel -> where its names and tables stand and what they hold: the reading half of `live_book`.

Few and large reads: a sheet is read once for all names and tables on it that are asked for together.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from addin.host import Host, host_of
from addin.patience import asking_excel, is_busy
from addin.places import Place, Rows, around, by_sheet, references
from workbook_builder.errors import InputError, Problem, raise_if
from workbook_builder.workbook.manifest import FACTS, MANIFEST

MOST_ROWS = 20_000  # that are read of a table and what stands below it, unless the table itself is longer
N_COM_ATTEMPTS = 10_000  # of a call that Excel rejects at once: some seconds; xlwings' own default is for ever


class LiveReading:
    """A workbook that is open in Excel, to be read; sheets and places of names are asked for once."""

    def __init__(self, book: Any) -> None:  # an xlwings.Book; xlwings itself stays in live_book
        windows = sys.modules.get("xlwings._xlwindows")  # the only engine of xlwings that tries again
        if windows is not None:
            windows.__dict__["N_COM_ATTEMPTS"] = N_COM_ATTEMPTS
        self.book = book
        self._places: dict[str, Place] = {}
        self._handles: dict[str, Any] = {}
        self._facts: dict[str, str] | None = None
        self._tables: dict[str, tuple[Any, Place]] = {}
        self._known: dict[str, tuple[Place, Rows]] = {}  # per sheet what was read, until it is written to
        self._raw: dict[str, tuple[Place, Rows]] = {}  # the same as Excel gave it, by `read_sheets` alone
        self._ends: set[str] = set()  # sheets of which nothing stands below what is known
        self._undo: list[Callable[[], None]] | None = None

    @functools.cached_property
    def app(self) -> Any:
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

    def sheet(self, name: str) -> Any:
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
        if self._facts is not None:
            return self._facts
        try:
            rows = self._read(Place(MANIFEST, 1, 1, len(FACTS), 2))
        except InputError:
            raise InputError(Problem("book_not_ours")) from None
        facts = {str(key): str(fact or "") for key, fact in rows}
        if tuple(facts) != FACTS or not (facts["year"].isdigit() and facts["unit"].isdigit()):
            raise InputError(Problem("book_not_ours"))
        self._facts = facts
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
        formulas = self.formulas(place)
        return place, self._read(place), formulas

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
    def read_sheets(self, names: Iterable[str], tables: Mapping[str, str]) -> tuple[dict[str, Rows], dict[str, Rows]]:
        """The rows of each defined name, and those of each Excel table, headings first; with one read per sheet.

        `tables` gives the sheet that each table was made on. An error value is its text, such as "#N/A". What stands
        below a table is read along, so that nothing has to be asked when it grows. Raises `InputError` with every name
        and table that is gone.
        """
        problems: list[Problem] = []
        places: dict[str, Place] = {}
        stand: dict[str, Place] = {}
        try:
            places = self.locate(names)
        except InputError as fault:
            problems += fault.problems
        for table, sheet in tables.items():
            try:
                stand[table] = self._table(table, sheet)[1]
            except InputError as fault:
                problems += fault.problems
        raise_if(problems)
        down = {table: self._down(place) for table, place in stand.items()}
        for sheet, group in by_sheet({**places, **down}).items():
            whole = around(group.values())
            raw = self._ask(whole)
            self._known[sheet] = whole, self._values(raw, errors=True)
            if len(raw) == whole.rows and all(isinstance(row, list | tuple) for row in raw):
                self._raw[sheet] = whole, raw
        self._ends |= {place.sheet for place in down.values() if place.rows < MOST_ROWS}
        return (
            {name: place.cut(*self._known[place.sheet]) for name, place in places.items()},
            {table: place.cut(*self._known[place.sheet]) for table, place in stand.items()},
        )

    def _down(self, place: Place) -> Place:
        """The place with everything that is in use below it, to a limit: a stray format can make a sheet endless."""
        used = Place.parse(place.sheet, self.sheet(place.sheet).used_range.address)
        rows = max(place.rows, used.row + used.rows - place.row)
        return place._replace(rows=min(rows, max(place.rows, MOST_ROWS)))

    @asking_excel()
    def formulas(self, place: Place) -> Rows:
        """The formulas of some cells, row by row; a cell without one has its constant as text."""
        found = self.sheet(place.sheet).range(place.address).formula
        return [[found]] if place.rows == place.cols == 1 else [list(row) for row in found]

    @asking_excel()
    def read_table(self, table: str, sheet: str | None = None) -> Rows:
        """The rows of an Excel table, headings first."""
        return self._read(self._table(table, sheet)[1])

    @asking_excel()
    def table_place(self, table: str, sheet: str | None = None) -> Place:
        """Where an Excel table stands, its headings included; raises `InputError` when it is gone."""
        return self._table(table, sheet)[1]

    def seen(self, cell: Place) -> Any:
        """What a cell held when its sheet was read last; None when it was empty or never read."""
        whole, rows = self._known.get(cell.sheet, (cell, [[None]]))
        return cell.cut(whole, rows)[0][0] if around([whole, cell]) == whole else None

    def is_blank(self, cell: Place) -> bool:
        """Whether a cell certainly held nothing when its sheet was read last, not even a formula that shows nothing.

        Excel for Windows tells those apart, Excel for macOS does not: there it is never certain.
        """
        whole, raw = self._raw.get(cell.sheet, (cell, [[""]]))
        return around([whole, cell]) == whole and cell.cut(whole, raw)[0][0] is None

    def _read(self, place: Place, *, errors: bool = False) -> Rows:
        return self._values(self._ask(place), errors=errors)

    def _ask(self, place: Place) -> Any:
        """What Excel gives for some cells."""
        return self.sheet(place.sheet).range(place.address).raw_value

    def _values(self, raw: Any, *, errors: bool) -> Rows:
        """What Excel gave as rows of Python's own values; error values as their text, or as None."""
        raise NotImplementedError

    def _before(self, place: Place) -> Rows:
        """What a place holds: as it was read, or read now when that was not all of it."""
        known = self._known.get(place.sheet)
        if known is not None:
            whole, rows = known
            if place.sheet in self._ends and place.row + place.rows > whole.row + whole.rows:
                more = place.row + place.rows - whole.row - whole.rows
                whole = whole._replace(rows=whole.rows + more)
                rows = [*rows, *([None] * whole.cols for _ in range(more))]
            if around([whole, place]) == whole:
                return place.cut(whole, rows)
        return self._read(place, errors=True)

    def _note(self, place: Place, rows: Rows) -> None:
        """Keep what is known of a sheet true after a write."""
        self._raw.pop(place.sheet, None)
        if place.sheet not in self._known:
            return
        whole, known = self._known[place.sheet]
        if around([whole, place]) != whole:
            del self._known[place.sheet]
            self._ends.discard(place.sheet)
            return
        top, left = place.row - whole.row, place.col - whole.col
        for at, row in enumerate(rows, top):
            known[at][left : left + place.cols] = row

    def _table(self, table: str, sheet: str | None) -> tuple[Any, Place]:
        """The xlwings table and its place, headings included; on another sheet when somebody renamed that one."""
        if table not in self._tables:
            found = self._table_on(table, sheet) if sheet is not None else None
            if found is None:
                name = next((one.name for one in self._sheets if table in one.tables), None)
                found = self._table_on(table, name) if name is not None else None
            if found is None:
                raise InputError(Problem("table_missing", table=table))
            self._tables[table] = found
        return self._tables[table]

    def _table_on(self, table: str, sheet: str) -> tuple[Any, Place] | None:
        try:
            found = self.sheet(sheet).tables[table]
        except (KeyError, InputError):
            return None
        return found, Place.parse(sheet, found.range.address)
