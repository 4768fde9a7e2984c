"""What many careless people do to a plan, by chance but the same for the same seed, and what the test has to remember.

First the structure, in LibreOffice, which moves formulas and names along as Excel does; then the cells, in the file.
"""

from __future__ import annotations

import functools
import io
import random
import re
import warnings
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from office_user import Edit
from user_content import members, with_parts

from workbook_builder.saved.book import SavedBook
from workbook_builder.saved.cells import Formula

TYPED = [
    "1.234,56", "1,234.56", "1.234", "305k", "ca. 300", "25%", "-", "n.v.t.", "31-12-2026", "3/4/2026", "eind mei",
    "Yes", "ja", "Neutral", "misschien", 0, -1, 2.5, 1e9, 2026, 46387, True, False, "=", "'", "a" * 3000,
    "é€\u2028", "\t",
]  # fmt: skip


@dataclass
class Damage:
    """What was done last to which cells of the sheets of the plan, as they are called at the end."""

    over_formulas: dict[tuple[str, str], Any] = field(default_factory=dict)
    marks: dict[tuple[str, str], str] = field(default_factory=dict)
    edits: int = 0


def structural_edits(seed: int, sheets: list[str], names: list[str], count: int) -> tuple[list[Edit], dict[str, str]]:
    """Edits for `OfficeUser`, and {sheet of the plan: what it is called after them}."""
    chance = random.Random(seed)
    called = {sheet: sheet for sheet in sheets}
    edits: list[Edit] = []
    for number in range(count):
        sheet = chance.choice(sheets)
        now, row = called[sheet], chance.randint(1, 90)
        kind = chance.choice(["in", "in", "in", "out", "column", "rename", "move", "copy", "add", "name", "cut", "row"])
        if kind in ("in", "out"):
            edits.append(("lines", now, "Rows", row, chance.randint(1, 3) if kind == "in" else 1, kind == "in"))
        elif kind == "column":
            edits.append(("lines", now, "Columns", chance.randint(1, 12), 1, chance.random() < 0.7))
        elif kind == "rename":
            called[sheet] = f"Blad {number} 'van' ons"
            edits.append(("rename_sheet", now, called[sheet]))
        elif kind == "move":
            edits.append(("move_sheet", now, chance.randint(0, 10)))
        elif kind == "copy":
            edits.append(("copy_sheet", now, f"kopie {number}", chance.randint(0, 20)))
        elif kind == "add":
            edits.append(("add_sheet", f"eigen {number}", chance.randint(0, 20)))
        elif kind == "name":
            edits.append(("delete_name", names.pop(chance.randrange(len(names)))))
        elif kind == "cut":
            edits.append(("paste", now, (row, 3, row, 6), row + 200, 20, True))
        else:
            edits.append(("paste", now, (row, 1, row, 60), row + chance.randint(1, 4), 1, False))
    return edits, called


def with_careless_typing(plan: bytes, seed: int, sheets: list[str], count: int) -> tuple[bytes, Damage]:
    """The plan after typing, pasting and clearing in cells of these sheets, and after names were lost."""
    chance, damage = random.Random(seed), Damage()
    formulas, filled = _cells(plan)
    book = SavedBook(plan, "plan")
    for number in range(count):
        sheet = chance.choice([sheet for sheet in sheets if filled[sheet]])
        over_formula = chance.random() < 0.3 and bool(formulas[sheet])
        at = chance.choice(formulas[sheet] if over_formula else filled[sheet])
        mark = f"merk {seed}.{number}"
        value: Any = chance.choice([mark, mark, mark, None, Formula("1+1"), *chance.sample(TYPED, 2)])
        if not over_formula and at in formulas[sheet]:
            over_formula = True
        place = book.at(sheet, at)
        book.sheet(sheet).write({place.range.top: {place.range.left: value}})
        if over_formula:
            damage.over_formulas[sheet, at] = value
        damage.marks.pop((sheet, at), None)
        if value == mark:
            damage.marks[sheet, at] = mark
        damage.edits += 1
    edited = book.to_bytes()
    workbook = members(edited)["xl/workbook.xml"].decode()
    for number, name in enumerate(
        chance.sample(re.findall(r'<definedName [^>]*name="([a-z_]+\.[a-z_.]+)"', workbook), 6)
    ):
        refers = ["", "#REF!", "Start!$A$1:$C$3", "1+1", "'geen blad'!$A$1", "Start!$B$2,Start!$B$4"][number]
        pattern = rf'(<definedName [^>]*name="{re.escape(name)}"[^>]*>)[^<]*(</definedName>)'
        new = rf"\g<1>{refers}\g<2>" if refers else ""
        workbook, done = re.subn(pattern, new, workbook, count=1)
        damage.edits += done
    return with_parts(edited, {"xl/workbook.xml": workbook.encode()}), damage


@functools.lru_cache(1)
def _cells(plan: bytes) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """{sheet: where a formula stands that refers to something}, {sheet: where a cell has a look}."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names extensions that it does not read
        book = openpyxl.load_workbook(io.BytesIO(plan))
    formulas: dict[str, list[str]] = {}
    filled: dict[str, list[str]] = {}
    for sheet in book.worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.has_style]
        filled[sheet.title] = [cell.coordinate for cell in cells]
        formulas[sheet.title] = [
            cell.coordinate
            for cell in cells
            if cell.data_type == "f" and isinstance(cell.value, str) and "#REF!" not in cell.value
        ]
    return formulas, filled
