"""A plan -> what an expert would write down to make the same workbook by hand: formats, cells, and all the rest.

While the program builds the plan once, every call it makes on XlsxWriter is noted. `by_hand.py` then does the same
calls in plain loops: the same values, formulas, formats, validations, conditional formats, tables, charts and names,
without reading a source, laying anything out, or computing a formula. Arguments: config, account, recording.
"""

from __future__ import annotations

import functools
import pickle
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

CELLS = ("write_string", "write_number", "write_formula", "write_blank", "write_boolean", "write_datetime")


def is_noted(name: str, member: object) -> bool:
    """Whether a member of a class of XlsxWriter is a method that callers use."""
    return callable(member) and (name == "__init__" or not name.startswith("_"))


class Recording:
    """The calls made on XlsxWriter while `record` runs; formats, charts and sheets are named by their number."""

    def __init__(self) -> None:
        self.formats: list[dict[str, Any]] = []
        self.charts: list[tuple[dict[str, str], list[Any]]] = []
        self.sheets: list[tuple[str, list[Any], list[Any]]] = []  # name, cells, other calls
        self.book: list[Any] = []
        self._numbers: dict[int, tuple[str, int]] = {}
        self._inside = 0

    def save(self, path: Path) -> int:
        """Write it all to `path`; gives the number of cells."""
        path.write_bytes(pickle.dumps((self.formats, self.charts, self.sheets, self.book)))
        return sum(len(cells) for _, cells, _ in self.sheets)

    def record(self, build: Callable[[], object]) -> None:
        """Run `build` and note what it asks of XlsxWriter, not what XlsxWriter then asks of itself."""
        from xlsxwriter.chart import Chart
        from xlsxwriter.workbook import Workbook
        from xlsxwriter.worksheet import Worksheet

        from workbook_builder.workbook.writer import PlainWorksheet

        originals = [(kind, dict(vars(kind))) for kind in (Workbook, Worksheet, PlainWorksheet, Chart)]
        try:
            for kind, methods in originals:
                for name, method in methods.items():
                    if is_noted(name, method):
                        setattr(kind, name, self._noting(kind.__name__, name, method))
            build()
        finally:
            for kind, methods in originals:
                for name, method in methods.items():
                    if is_noted(name, method):
                        setattr(kind, name, method)

    def _noting(self, kind: str, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def noted(target: Any, *words: Any, **options: Any) -> Any:
            own = self._inside or name == "__init__"
            call = None if own else (name, self._plain(words), self._plain(options))
            self._inside += 1
            try:
                given = method(target, *words, **options)
            finally:
                self._inside -= 1
            if call:
                self._keep(kind, target, call, given)
            return given

        return noted

    def _keep(self, kind: str, target: Any, call: tuple[str, Any, Any], given: Any) -> None:
        name, words, _ = call
        if name == "add_format":
            self._numbers[id(given)] = ("format", len(self.formats))
            self.formats.append(words[0])
        elif name == "add_chart":
            self._numbers[id(given)] = ("chart", len(self.charts))
            self.charts.append((words[0], []))
        elif name == "add_worksheet":
            self._numbers[id(given)] = ("sheet", len(self.sheets))
            self.sheets.append((words[0], [], []))
        elif kind == "Workbook":
            if name != "close":
                self.book.append(call)
        elif kind == "Chart":
            self.charts[self._numbers[id(target)][1]][1].append(call)
        elif not name.startswith("get_"):
            _, cells, others = self.sheets[self._numbers[id(target)][1]]
            if name in CELLS:
                row, col, value, look = words[:4]
                cells.append((name, row, col, value, look[1]))
            else:
                others.append(call)

    def _plain(self, value: Any) -> Any:
        """`value` with every format and chart replaced by its number."""
        if id(value) in self._numbers:
            return self._numbers[id(value)]
        if isinstance(value, dict):
            return {key: self._plain(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self._plain(each) for each in value)
        return value


def main(config: Path, account: str, target: Path) -> None:
    """Make the plan once and write the recording to `target`; prints the number of cells."""
    from workbook_builder.create import create_plan

    recording = Recording()
    with tempfile.TemporaryDirectory() as folder:
        recording.record(lambda: create_plan(config, account, out=Path(folder)))
    print(recording.save(target))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
