"""The measure: a plain XlsxWriter script that makes the workbook of `recording.py`. Arguments: recording, target."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

import xlsxwriter

recorded_formats, recorded_charts, recorded_sheets, recorded_book = pickle.loads(Path(sys.argv[1]).read_bytes())

book = xlsxwriter.Workbook(sys.argv[2], {"in_memory": True})  # as the program does: no temporary files
formats = [book.add_format(look) for look in recorded_formats]
made: dict[str, list[Any]] = {"format": formats, "chart": []}


def live(value: Any) -> Any:
    """`value` with the formats and charts that its numbers stand for."""
    if isinstance(value, tuple) and len(value) == 2 and value[0] in made:
        return made[value[0]][value[1]]
    if isinstance(value, dict):
        return {key: live(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(live(each) for each in value)
    return value


made["chart"] = [book.add_chart(options) for options, _ in recorded_charts]
for chart, (_, calls) in zip(made["chart"], recorded_charts, strict=True):
    for name, words, more in calls:
        getattr(chart, name)(*live(words), **live(more))

sheets = [book.add_worksheet(name) for name, _, _ in recorded_sheets]
for sheet, (_, cells, calls) in zip(sheets, recorded_sheets, strict=True):
    for kind, row, col, value, look in cells:
        if kind == "write_number":
            sheet.write_number(row, col, value, formats[look])
        elif kind == "write_string":
            sheet.write_string(row, col, value, formats[look])
        elif kind == "write_formula":
            sheet.write_formula(row, col, value, formats[look])
        elif kind == "write_blank":
            sheet.write_blank(row, col, None, formats[look])
        elif kind == "write_datetime":
            sheet.write_datetime(row, col, value, formats[look])
        else:
            sheet.write_boolean(row, col, value, formats[look])
    for name, words, more in calls:
        getattr(sheet, name)(*live(words), **live(more))

for name, words, more in recorded_book:
    getattr(book, name)(*words, **more)
book.close()
