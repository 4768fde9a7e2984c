"""Every formula of a plan against the manifest: overwritten, emptied, moved, broken, changed, or gone with its row.

When somebody puts in a row, the program moves the references in every formula along. So a formula is compared as it
would read on the sheets as they were; only then does it have the hash that the manifest keeps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workbook_builder.reading.additions import ids_by_cell
from workbook_builder.reading.contents import Spot
from workbook_builder.reading.findings import Finding
from workbook_builder.reading.reader import OpenPlan
from workbook_builder.reading.sheet_maps import SheetMap, as_it_was
from workbook_builder.saved.ranges import cell_name
from workbook_builder.workbook.manifest import formula_hash

BROKEN = "#REF!"


def formula_findings(plan: OpenPlan) -> Iterator[Finding]:
    """A finding for every formula that is not what and where it was; none for one that only moved along."""
    maps = plan.cells.maps
    by_now = {sheet.contents.sheet: sheet for sheet in maps.values()}
    ids: dict[tuple[str, Spot], tuple[str, int | None]] = {}
    for sheet in maps.values():
        wrong = [spots for spots in _differing(sheet) if not _is_same(sheet, *spots, by_now)]
        if not wrong:
            continue
        ids = ids or ids_by_cell(plan.cells)
        loose = (
            _loose(sheet, by_now) if any(now is None or now not in sheet.contents.formulas for _, now in wrong) else {}
        )
        for then, now in wrong:
            name, row = ids.get((sheet.contents.sheet, now), ("", None)) if now else ("", None)
            moved = loose.get(sheet.record.formulas[then])
            yield replace(_finding(sheet, then, now, moved), id=name, row=row)


def _differing(sheet: SheetMap) -> Iterator[tuple[Spot, Spot | None]]:
    """The places then and now of the formulas that do not read exactly as they did."""
    formulas = sheet.contents.formulas
    for then, digits in sheet.record.formulas.items():
        now = sheet.now(then)
        text = formulas.get(now) if now else None
        if text is None or formula_hash(text) != digits:
            yield then, now


def _is_same(sheet: SheetMap, then: Spot, now: Spot | None, by_now: dict[str, SheetMap]) -> bool:
    """Whether a formula is the one of then, with references that moved along with rows, columns and sheets."""
    text = sheet.contents.formulas.get(now) if now else None
    if text is None:
        return False
    digits = sheet.record.formulas[then]
    return any(formula_hash(as_it_was(text, sheet, by_now, wider=wider)) == digits for wider in (False, True))


def _loose(sheet: SheetMap, by_now: dict[str, SheetMap]) -> dict[str, Spot]:
    """{hash: place} of the formulas that stand where the plan had none."""
    known = {sheet.now(then) for then in sheet.record.formulas}
    return {
        formula_hash(as_it_was(text, sheet, by_now)): spot
        for spot, text in sheet.contents.formulas.items()
        if spot not in known
    }


def _finding(sheet: SheetMap, then: Spot, now: Spot | None, moved: Spot | None) -> Finding:
    contents = sheet.contents
    cell = cell_name(*(now or then))
    text = contents.formulas.get(now) if now else None
    if text is not None:
        code = "check_formula_broken" if BROKEN in text else "check_formula_changed"
        return Finding(code, contents.sheet, cell, values=(f"={text}",))
    if moved is not None:
        return Finding("check_formula_moved", contents.sheet, cell, particulars={"to": cell_name(*moved)})
    if now is None:
        return Finding("check_formula_gone", contents.sheet, cell)
    value = contents.values.get(now)
    if value is None:
        return Finding("check_formula_emptied", contents.sheet, cell)
    return Finding("check_formula_overwritten", contents.sheet, cell, values=(value,))
