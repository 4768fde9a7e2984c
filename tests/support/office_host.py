"""A program of its own: one headless LibreOffice, asked over stdin and answering over stdout.

It runs in the Python that has LibreOffice's `uno` (Debian: /usr/bin/python3 with python3-uno) and imports nothing of
this project, so the tests themselves may run in any Python and never meet `uno`, which replaces `__import__`.
A request is (name of a method of `Desk`, arguments), an answer (True, result) or (False, kind of error, text), both
pickled. Boxes are (first row, first column, last row, last column), 1-based; an error value in a cell is ("#N/A",).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.sheet.FillDirection import TO_BOTTOM

START_SECONDS, STOP_SECONDS = 60, 10
EPOCH = dt.datetime(1899, 12, 30)
DATE_OR_TIME, LOGICAL = 2 | 4, 1024  # com.sun.star.util.NumberFormat
FORMULA_ERRORS = 4  # com.sun.star.sheet.FormulaResult
CONTENTS = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: values, dates, texts, formulas
ERRORS = {502: "#VALUE!", 503: "#NUM!", 519: "#VALUE!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A"}
FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML", ".ods": "calc8"}
PIECES = re.compile(r"""("(?:[^"]|"")*"|'(?:[^']|'')*'|\[(?:[^\[\]]|\[[^\[\]]*\])*\])""")


class ProtectedSheet(Exception):
    """The cells or the table stand on a protected sheet."""


class Desk:
    """The open books by number, and everything that may be asked of them."""

    def __init__(self) -> None:
        self.profile = tempfile.mkdtemp(prefix="office_host_")
        pipe = f"name=accountplan{time.time_ns()};urp;StarOffice.ComponentContext"
        command = ["soffice", "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"]
        command += [f"-env:UserInstallation=file://{self.profile}", f"--accept=pipe,{pipe}"]
        self.soffice = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        here = uno.getComponentContext()
        resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
        context = self._connected(resolver, f"uno:pipe,{pipe}")
        self.desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        self.books: dict[int, object] = {}

    def _connected(self, resolver, address):
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                return resolver.resolve(address)
            except Exception:  # NoConnectException until it listens
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def end(self) -> None:
        """Close LibreOffice and remove its profile."""
        with contextlib.suppress(Exception):  # it may be gone already
            for document in self.books.values():
                document.close(True)
            self.desktop.terminate()
        try:
            self.soffice.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.soffice.kill()
        shutil.rmtree(self.profile, ignore_errors=True)

    # books

    def open(self, path, calculate=True):
        """The number of the book; every formula is calculated, as Excel does for a file of ours, unless told not to."""
        document = self.desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, _with(Hidden=True))
        if calculate:
            document.calculateAll()
        number = max(self.books, default=0) + 1
        self.books[number] = document
        return number

    def close(self, book):
        self.books.pop(book).close(True)

    def save(self, book, path, suffix):
        self.books[book].storeToURL(uno.systemPathToFileUrl(path), _with(FilterName=FILTERS[suffix], Overwrite=True))

    def pdf(self, book, sheet, box, path):
        """Print one range to PDF with the page set-up of its sheet."""
        selection = uno.Any("[]com.sun.star.beans.PropertyValue", _with(Selection=self._cells(book, sheet, box)))
        self.books[book].storeToURL(
            uno.systemPathToFileUrl(path), _with(FilterName="calc_pdf_Export", FilterData=selection)
        )

    def print(self, book, path, sheet=None):
        """Print the book to PDF, or what one sheet prints of itself."""
        if sheet is not None:
            (area,) = self._sheet(book, sheet).getPrintAreas()
            self.pdf(book, sheet, _box(area), path)
        else:
            self.books[book].storeToURL(uno.systemPathToFileUrl(path), _with(FilterName="calc_pdf_Export"))

    def automatic(self, book, on):
        """Switch automatic calculation; as in Excel, switching it on calculates what waited."""
        self.books[book].enableAutomaticCalculation(on)
        if on:
            self.books[book].calculate()

    def calculate(self, book):
        self.books[book].calculate()

    def computed(self, book, typed):
        """{sheet: rows of all its values from A1} while `typed` is typed in, {sheet: {(column, row): value}}.

        Every formula is calculated anew; afterwards the cells are as they were.
        """
        document = self.books[book]
        before = []
        for sheet, each in typed.items():
            own = self._sheet(book, sheet)
            for column, top, values in _runs(each):
                cells = own.getCellRangeByPosition(column - 1, top - 1, column - 1, top + len(values) - 2)
                before.append((cells, cells.getDataArray(), cells.getFormulaArray()))
                cells.setDataArray(tuple(("" if value is None else value,) for value in values))
        document.calculateAll()
        try:
            return {sheet.Name: self._all(sheet) for sheet in _each(document.Sheets)}
        finally:
            for cells, values, formulas in before:
                cells.setDataArray(values)
                for place, (formula,) in enumerate(formulas):
                    if isinstance(formula, str) and formula.startswith("=") and values[place] != (formula,):
                        cells.getCellByPosition(0, place).setFormula(formula)

    def _all(self, sheet):
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        cells = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
        rows = [list(row) for row in cells.getDataArray()]
        for r, c in _inside(cells.queryFormulaCells(FORMULA_ERRORS).RangeAddresses, (1, 1)):
            rows[r][c] = (ERRORS.get(cells.getCellByPosition(c, r).getError(), "#VALUE!"),)
        return rows

    # sheets

    def sheets(self, book):
        return list(self.books[book].Sheets.ElementNames)

    def add_sheet(self, book, name, position):
        self.books[book].Sheets.insertNewByName(name, position)

    def delete_sheet(self, book, name):
        self.books[book].Sheets.removeByName(name)

    def rename_sheet(self, book, name, new):
        self._sheet(book, name).Name = new

    def copy_sheet(self, book, name, new, position):
        self.books[book].Sheets.copyByName(name, new, position)

    def move_sheet(self, book, name, position):
        self.books[book].Sheets.moveByName(name, position)

    def visible(self, book, sheet, on=None):
        if on is not None:
            self._sheet(book, sheet).IsVisible = on
        return self._sheet(book, sheet).IsVisible

    def used(self, book, sheet):
        """The box from the first to the last cell in use."""
        cursor = self._sheet(book, sheet).createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return _box(cursor.RangeAddress)

    def protected(self, book, sheet):
        return self._sheet(book, sheet).isProtected()

    def protect(self, book, sheet, password):
        self._sheet(book, sheet).protect(password)

    def unprotect(self, book, sheet, password):
        """Lift the protection; raises when the password is another."""
        self._sheet(book, sheet).unprotect(password)

    def activate(self, book, sheet):
        self.books[book].CurrentController.setActiveSheet(self._sheet(book, sheet))

    def active(self, book):
        return self.books[book].CurrentController.ActiveSheet.Name

    def select(self, book, sheet, box):
        self.books[book].CurrentController.select(self._cells(book, sheet, box))

    def selection(self, book):
        """(sheet, box) of the selected range."""
        selected = self.books[book].CurrentController.Selection
        return selected.Spreadsheet.Name, _box(selected.RangeAddress)

    # cells

    def values(self, book, sheet, box):
        """Rows of numbers, texts, dates, truth values and error values, as Excel would hand them out.

        An empty cell is None, a formula that shows nothing "".
        """
        cells = self._cells(book, sheet, box)
        rows = [list(row) for row in cells.getDataArray()]
        for like in _each(cells.UniqueCellFormatRanges):
            kind = self.books[book].NumberFormats.getByKey(like.getByIndex(0).NumberFormat).Type
            if kind & (DATE_OR_TIME | LOGICAL):
                for r, c in _inside(like.RangeAddresses, box):
                    if isinstance(rows[r][c], float):
                        rows[r][c] = bool(rows[r][c]) if kind & LOGICAL else EPOCH + dt.timedelta(days=rows[r][c])
        for r, c in _inside(cells.queryEmptyCells().RangeAddresses, box):
            rows[r][c] = None
        for r, c in _inside(cells.queryFormulaCells(FORMULA_ERRORS).RangeAddresses, box):
            rows[r][c] = (ERRORS.get(cells.getCellByPosition(c, r).getError(), "#VALUE!"),)
        return rows

    def errors(self, book):
        """Where formulas give an error, as "Sheet!A1:B2", on every sheet."""
        found = []
        for sheet in _each(self.books[book].Sheets):
            for area in sheet.queryFormulaCells(FORMULA_ERRORS).RangeAddresses:
                cells = sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)
                found.append(cells.AbsoluteName.replace("$", ""))
        return found

    def set_values(self, book, sheet, box, rows):
        """Write rows as Excel takes them: a text is read as if typed, unless an apostrophe stands before it."""
        cells, plain, rest = self._cells(book, sheet, box), [], []
        for r, row in enumerate(rows):
            plain.append(tuple(_plain(value) for value in row))
            rest += [(r, c, value) for c, value in enumerate(row) if not _is_plain(value)]
        self._allowed(book, sheet, cells.setDataArray, tuple(plain))
        for r, c, value in rest:
            self._type(book, cells.getCellByPosition(c, r), value)

    def _type(self, book, cell, value):
        """What Excel makes of a value that is handed to it for one cell."""
        if isinstance(value, bool):
            cell.setValue(float(value))
            self._format_if_general(book, cell, "BOOLEAN")
        elif isinstance(value, dt.datetime):
            cell.setValue((value - EPOCH) / dt.timedelta(days=1))
            self._format_if_general(book, cell, "yyyy-mm-dd")
        else:
            cell.setFormula(to_office(value) if value.startswith("=") else value)

    def _format_if_general(self, book, cell, code):
        if cell.NumberFormat == 0:
            cell.NumberFormat = self._format_key(book, code)

    def formulas(self, book, sheet, box):
        """Rows of formulas in Excel's spelling; a constant as it would be typed."""
        rows = self._cells(book, sheet, box).getFormulaArray()
        return [[to_excel(text) if text.startswith("=") else text for text in row] for row in rows]

    def set_formulas(self, book, sheet, box, rows):
        texts = tuple(tuple(map(to_office, row)) for row in rows)
        self._allowed(book, sheet, self._cells(book, sheet, box).setFormulaArray, texts)

    def clear(self, book, sheet, box):
        self._check(book, sheet)
        self._cells(book, sheet, box).clearContents(CONTENTS)

    def fill(self, book, sheet, box, rows, formats_only):
        """Fill the first `rows` rows of a box down over the rest of it; contents stay when only formats go."""
        self._check(book, sheet)
        first, col, last, last_col = box
        below = self._cells(book, sheet, (first + rows, col, last, last_col))
        before = below.getFormulaArray()
        self._cells(book, sheet, box).fillAuto(TO_BOTTOM, rows)
        if formats_only:
            below.setFormulaArray(before)

    def insert(self, book, sheet, box):
        """Insert cells above a box: whole rows when it is as wide as the sheet."""
        self._check(book, sheet)
        whole = box[3] - box[1] + 1 >= self._sheet(book, sheet).Columns.Count
        mode = uno.Enum("com.sun.star.sheet.CellInsertMode", "ROWS" if whole else "DOWN")
        self._sheet(book, sheet).insertCells(self._cells(book, sheet, box).RangeAddress, mode)

    def lines(self, book, sheet, kind, first, count, put_in):
        """Put whole "Rows" or "Columns" in before line `first`, or take them out from there."""
        lines = getattr(self._sheet(book, sheet), kind)
        (lines.insertByIndex if put_in else lines.removeByIndex)(first - 1, count)

    def paste(self, book, sheet, box, row, col, cut):
        """Cut or copy cells to a place on the same sheet, with everything that belongs to them."""
        here = self._sheet(book, sheet)
        to = here.getCellByPosition(col - 1, row - 1).CellAddress
        (here.moveRange if cut else here.copyRange)(to, self._cells(book, sheet, box).RangeAddress)

    def number_format(self, book, sheet, box, code=None):
        cells = self._cells(book, sheet, box)
        if code is not None:
            self._check(book, sheet)
            cells.NumberFormat = self._format_key(book, code)
        return self.books[book].NumberFormats.getByKey(cells.NumberFormat).FormatString

    def fit_columns(self, book, sheet):
        self._sheet(book, sheet).Columns.OptimalWidth = True

    # names and tables

    def place(self, book, name):
        """(name as written, sheet, box) of a defined name; sheet None when it refers to no cells, None when gone."""
        names = self.books[book].NamedRanges
        if not names.hasByName(name):
            return None
        found = names.getByName(name)
        cells = None if "#REF!" in found.Content else found.ReferredCells  # it would give the cells of another sheet
        return (found.Name, cells.Spreadsheet.Name, _box(cells.RangeAddress)) if cells else (found.Name, None, None)

    def names(self, book):
        return list(self.books[book].NamedRanges.ElementNames)

    def name_content(self, book, name):
        return to_excel("=" + self.books[book].NamedRanges.getByName(name).Content)

    def point_name(self, book, name, refers_to):
        self.books[book].NamedRanges.getByName(name).setContent(to_office(refers_to)[1:])

    def delete_name(self, book, name):
        self.books[book].NamedRanges.removeByName(name)

    def tables(self, book):
        """{table: (sheet, box with its headings)}."""
        ranges, sheets = self.books[book].DatabaseRanges, self.sheets(book)
        areas = {name: ranges.getByName(name).DataArea for name in ranges.ElementNames}
        return {name: (sheets[area.Sheet], _box(area)) for name, area in areas.items() if name[:2] != "__"}

    def resize_table(self, book, sheet, table, box):
        """Give a table another last row or column; as in Excel its first cell stays and its formulas fill down."""
        self._check(book, sheet)
        found = self.books[book].DatabaseRanges.getByName(table)
        old = _box(found.DataArea)
        if old[:2] != box[:2]:
            raise ValueError("a table keeps its first cell")
        found.DataArea = self._cells(book, sheet, box).RangeAddress
        first = self._cells(book, sheet, (old[0] + 1, old[1], old[0] + 1, old[3])).getFormulaArray()[0]
        for col, formula in enumerate(first, old[1]):
            if formula.startswith("="):
                if box[2] > old[2]:
                    self._cells(book, sheet, (old[2], col, box[2], col)).fillAuto(TO_BOTTOM, 1)
                column = self._cells(book, sheet, (box[0] + 1, col, box[2], col))
                column.setFormulaArray(column.getFormulaArray())  # LibreOffice forgets #This Row when a table shrinks

    # inside

    def _sheet(self, book, sheet):
        return self.books[book].Sheets.getByName(sheet)

    def _cells(self, book, sheet, box):
        return self._sheet(book, sheet).getCellRangeByPosition(box[1] - 1, box[0] - 1, box[3] - 1, box[2] - 1)

    def _check(self, book, sheet):
        if self.protected(book, sheet):
            raise ProtectedSheet(sheet)

    def _allowed(self, book, sheet, change, *args):
        """Change cells; LibreOffice refuses locked cells with an empty exception: say which it was."""
        try:
            change(*args)
        except Exception:
            self._check(book, sheet)
            raise

    def _format_key(self, book, code):
        formats, english = (
            self.books[book].NumberFormats,
            uno.createUnoStruct("com.sun.star.lang.Locale", "en", "US", ""),
        )
        key = formats.queryKey(code, english, False)
        return key if key != -1 else formats.addNew(code, english)


def to_office(formula):
    """Excel's spelling of a formula -> LibreOffice's: 'A;B' for 'A,B', 'Sheet.A1' for 'Sheet!A1'."""
    if not formula.startswith("="):
        return formula
    pieces = PIECES.split(formula)
    pieces[0::2] = [re.sub(r"_xl\w+\.", "", text).replace(",", ";").replace("!", ".") for text in pieces[0::2]]
    return "".join(re.sub(r"\],\s*\[", "];[", text) if text[:1] == "[" else text for text in pieces)


def to_excel(formula):
    """LibreOffice's spelling of a formula -> Excel's."""
    pieces = PIECES.split(formula)
    pieces[0::2] = [text.replace(";", ",") for text in pieces[0::2]]
    text = "".join(piece.replace("];[", "],[") if piece[:1] == "[" else piece for piece in pieces)
    return re.sub(r"\$?('(?:[^']|'')*'|\b[A-Za-z_]\w*)\.(?=\$?[A-Z]{1,3}\$?\d)", r"\1!", text)


def _runs(cells):
    """(column, first row, values downwards) of cells that stand below each other, of {(column, row): value}."""
    runs = []
    for (column, row), value in sorted(cells.items(), key=lambda cell: cell[0]):
        if runs and runs[-1][0] == column and runs[-1][1] + len(runs[-1][2]) == row:
            runs[-1][2].append(value)
        else:
            runs.append((column, row, [value]))
    return runs


def _is_plain(value):
    """Whether a value goes into a cell as it is: numbers, "" and texts that nobody would take for anything else."""
    if isinstance(value, str):
        certain = value[:1].isalpha() and not any(map(str.isdigit, value)) and value.upper() not in ("TRUE", "FALSE")
        return not value or value.startswith("'") or certain
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(value):
    """A plain value without the apostrophe that keeps it text; "" where another value follows."""
    if not _is_plain(value):
        return ""
    return value[1:] if isinstance(value, str) and value.startswith("'") else value


def _with(**properties):
    return tuple(PropertyValue(name, 0, value, 0) for name, value in properties.items())


def _box(area):
    return area.StartRow + 1, area.StartColumn + 1, area.EndRow + 1, area.EndColumn + 1


def _each(collection):
    listed = collection.createEnumeration()
    while listed.hasMoreElements():
        yield listed.nextElement()


def _inside(areas, box):
    """(row, column) within a box, 0-based, of every cell of the areas."""
    for area in areas:
        for row in range(area.StartRow, area.EndRow + 1):
            for col in range(area.StartColumn, area.EndColumn + 1):
                yield row - box[0] + 1, col - box[1] + 1


def main() -> None:
    """Answer requests until stdin closes."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    desk = Desk()
    try:
        while True:
            try:
                name, args = pickle.load(requests)
            except EOFError:
                return
            try:
                answer = (True, getattr(desk, name)(*args))
            except Exception as fault:  # the one who asked decides what it means
                answer = (False, type(fault).__name__, str(fault))
            pickle.dump(answer, answers)
            answers.flush()
    finally:
        desk.end()


if __name__ == "__main__":
    main()
