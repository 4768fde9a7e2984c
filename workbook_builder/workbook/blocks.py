"""How each kind of block is drawn; `draw` is the table from kind to function.

Every function takes the drawing, the worksheet and the placed block, and writes that block only: its places are
the layout's, its looks `styles`', its formulas the compiler's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workbook_builder.template.blocks import Absent, Checks, Form, Note, Statement, Table
from workbook_builder.template.fields import Column, FormField
from workbook_builder.workbook.charts import draw_chart
from workbook_builder.workbook.conditions import colour_filled_rows, draw_conditions, status_colours
from workbook_builder.workbook.drawing import Drawing
from workbook_builder.workbook.formulas import Cell, address, quoted
from workbook_builder.workbook.grids import GRIDS, KEY, MAIN
from workbook_builder.workbook.index import draw_completeness, draw_index, target
from workbook_builder.workbook.layout import (
    Area,
    PlacedBlock,
    note_lines,
    split_form,
    table_name,
)
from workbook_builder.workbook.nameless_rows import shade_missing_names
from workbook_builder.workbook.number_cells import draw_applies, shade_what_is_no_number
from workbook_builder.workbook.section_counts import draw_section_counts
from workbook_builder.workbook.styles import AT_RIGHT, WORDS, cell_properties, source_properties
from workbook_builder.workbook.text_lines import INDENT, LINE_HEIGHT, lines
from workbook_builder.workbook.validation import validate
from workbook_builder.workbook.writer import Sheet

RUNS_ON = ("text", "choice")


def draw(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """Draw a block by its kind, and mark what is no number where a number belongs, and a row without its name."""
    KINDS[item.block.kind](drawing, sheet, item)
    shade_what_is_no_number(drawing, sheet, item)
    shade_missing_names(drawing, sheet, item)


def draw_form(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """Labels with values; units stand in the slot between or after them."""
    form, chapter = item.block, item.chapter
    assert isinstance(form, Form)
    left, right = split_form(chapter, form)
    grid = GRIDS[chapter.grid]
    for offset, one in enumerate(left):
        row = item.top + offset
        _form_label(drawing, sheet, item, one, (row, MAIN), (row, grid.form_value))
        if one.look in WORDS:  # a message: nothing is ruled as long as there is none
            _form_value(drawing, sheet, item, one, row, grid.form_value)
            continue
        unit = drawing.unit_of(one)
        if unit or grid.form_unit < grid.form_value:
            sheet.value(row, grid.form_unit, unit or None, drawing.book.fixed("label_quiet"))
        if one.type in RUNS_ON and not unit:  # a few words run on over the empty slot beside them
            beside = one.model_copy(update={"type": "text", "look": ""})
            sheet.value(row, grid.form_value + 1, None, drawing.look(beside))
        _form_value(drawing, sheet, item, one, row, grid.form_value)
    right_label, right_value = grid.form_right or (0, 0)
    for offset, one in enumerate(right):
        row = item.top + offset
        for slot in range(right_label, right_value) if one.look not in WORDS else ():
            sheet.value(row, slot, None, drawing.book.fixed("label"))
        _form_label(drawing, sheet, item, one, (row, right_label), (row, right_value))
        _form_value(drawing, sheet, item, one, row, right_value)


def _form_label(
    drawing: Drawing, sheet: Sheet, item: PlacedBlock, one: FormField, spot: tuple[int, int], value: tuple[int, int]
) -> None:
    """The label; that of a message is there only when there is a message."""
    text = drawing.text(f"{item.chapter.id}.{one.id}")
    if one.look in WORDS:
        at = address(Area("", *value), fixed=False)
        drawing.formula(sheet, *spot, f'=IF({at}="","",{quoted(text)})', drawing.book.fixed("plain"))
    else:
        sheet.value(*spot, text, drawing.book.fixed("label"))


def _form_value(drawing: Drawing, sheet: Sheet, item: PlacedBlock, one: FormField, row: int, col: int) -> None:
    key = f"{item.chapter.id}.{one.id}"
    properties = cell_properties(one, drawing.plan.unit)
    if one.type in RUNS_ON and not one.is_long:
        properties["text_wrap"] = False
    if one.look in WORDS:
        properties["bottom"] = 0
    look = drawing.book.format(properties)
    value = drawing.plan.fields.get(key, one.default)
    place = Cell(sheet.raw.name, item.chapter.id, item.key)
    drawing.cell(sheet, row, col, one, value, place, look)
    validate(drawing, sheet, item, one, key, (row, col, 1, 1))
    draw_conditions(drawing, sheet, one, place, (row, col, 1, 1))
    if one.falls_back:
        draw_applies(drawing, sheet, one, place, drawing.layout.areas[key])


def draw_table(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """Headings, prepared rows, and the total row if any column has a total."""
    table = item.block
    assert isinstance(table, Table)
    rows = drawing.template.rows(item.key)
    _headings(drawing, sheet, item)
    if table.example:
        _example(drawing, sheet, item)
    _fill_gaps(drawing, sheet, item, rows)
    given = drawing.plan.tables.get(item.key, ())
    for column in table.columns:
        look = drawing.look(column, quiet=column.helper, indent=_after_figures(item, column))
        key_look = drawing.look(column, quiet=column.key != "label") if column.key else look
        span = drawing.template.span(column)
        top, left = item.first_row, item.slots[column.id]
        for i in range(rows):
            row_values = given[i] if i < len(given) else {}
            for j in range(span):
                if column.look == "gantt":
                    continue
                if column.key:
                    place = _place(sheet, item, i, column, j)
                    _key_cell(drawing, sheet, item, column, place, (top + i, left + j), key_look)
                elif column.formula is not None:
                    place = _place(sheet, item, i, column, j)
                    drawing.cell(sheet, top + i, left + j, column, None, place, look)
                else:
                    value = row_values.get(column.id, column.default)
                    if column.over and isinstance(value, list | tuple):
                        value = value[j] if j < len(value) else None
                    drawing.value(sheet, top + i, left + j, drawing.shown(column, value), look)
        box = (top, left, rows, span)
        validate(drawing, sheet, item, column, f"{item.key}.{column.id}", box)
        draw_conditions(drawing, sheet, column, _place(sheet, item, 0, column, 0), box)
    if any(column.total for column in table.columns):
        _total_row(drawing, sheet, item, rows)


def _example(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """A grey line below the headings that shows how a row may look."""
    row, look = item.top + 1, drawing.book.fixed("example")
    for slot in range(KEY, _end(drawing, item)):
        sheet.value(row, slot, None, look)
    sheet.value(row, KEY, drawing.text("values.example"), look)
    for column in item.columns:
        key = f"examples.{item.key}.{column.id}"
        if key in drawing.template.texts[drawing.plan.language]:
            side = "example_right" if column.type in AT_RIGHT else "example"
            drawing.value(sheet, row, item.slots[column.id], drawing.text(key), drawing.book.fixed(side))


def _end(drawing: Drawing, item: PlacedBlock) -> int:
    """The slot after the last one on paper that the block takes."""
    return max(item.slots[one.id] + drawing.template.span(one) for one in item.columns if not one.helper)


def _fill_gaps(drawing: Drawing, sheet: Sheet, item: PlacedBlock, rows: int) -> None:
    """The rule under each row runs on through the slots that the table leaves empty."""
    used = {item.slots[column.id] + j for column in item.columns for j in range(drawing.template.span(column))}
    for slot in range(KEY, _end(drawing, item)):
        if slot not in used:
            for i in range(rows):
                sheet.value(item.first_row + i, slot, None, drawing.book.fixed("label"))


def _place(sheet: Sheet, item: PlacedBlock, i: int, column: Column, j: int) -> Cell:
    down = getattr(item.block, "axis", None) or item.key
    return Cell(sheet.raw.name, item.chapter.id, item.key, down, i, column.over or "", j)


def _key_cell(
    drawing: Drawing, sheet: Sheet, item: PlacedBlock, column: Column, place: Cell, spot: tuple[int, int], look: Any
) -> None:
    axis_id = getattr(item.block, "axis", None) or ""
    if column.key == "number":
        sheet.value(*spot, place.i + 1, look)
    elif column.key == "label":
        _axis_label(drawing, sheet, axis_id, place.i, place, spot, look)
    else:
        sheet.value(*spot, f"{column.key}{place.i + 1}", look)


def _axis_label(
    drawing: Drawing, sheet: Sheet, axis_id: str, index: int, place: Cell, spot: tuple[int, int], look: Any
) -> None:
    """The heading of an axis item: a text, a year, a number, or the cell it is named after."""
    axis = drawing.template.axes[axis_id]
    if axis.labels == "text":
        drawing.value(sheet, *spot, drawing.text(f"axes.{axis_id}.{index + 1}"), look)
    elif axis.labels == "years":
        sheet.value(*spot, str(drawing.plan.year + axis.offsets[index]), look)
    elif axis.labels == "number":
        sheet.value(*spot, index + 1, look)
    else:
        name = f"${{{axis.labels}:{index + 1}}}"
        drawing.formula(sheet, *spot, drawing.compiler.formula(f'IF({name}="","",{name})', place), look)


def _headings(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """The heading row, from the first slot to the last, as high as its longest text needs."""
    texts: dict[int, str] = {}
    looks: dict[int, str] = {}
    for column in item.columns:
        slot = item.slots[column.id]
        for j in range(drawing.template.span(column)):
            looks[slot + j] = _header_look(item, column)
        if not column.over and not column.heading:
            texts[slot] = drawing.text(f"{item.key}.{column.id}")
    widths = GRIDS[item.chapter.grid].columns
    beside = {item.slots[column.id] for column in item.columns if column.helper}
    for slot in {*range(KEY, max(_end(drawing, item), MAIN + 1)), *beside}:
        sheet.value(item.top, slot, texts.get(slot), drawing.book.fixed(looks.get(slot, "header")))
    for column in item.columns:
        for j in range(drawing.template.span(column)):
            spot = (item.top, item.slots[column.id] + j)
            look = drawing.book.fixed(looks[spot[1]])
            place = Cell(sheet.raw.name, item.chapter.id, "", across=column.over or "", j=j)
            if column.heading:
                drawing.formula(sheet, *spot, drawing.compiler.formula(column.heading, place), look)
            elif column.over:
                _axis_label(drawing, sheet, column.over, j, place, spot, look)
    room = {slot: widths[slot] - INDENT * (looks[slot] == "header_indent") for slot in texts}
    needed = [lines(text, room[slot], bold=True) for slot, text in texts.items()]
    needed += [2 for column in item.columns if column.heading]
    height = max(needed, default=1)
    drawing.set_height(sheet, item.top, LINE_HEIGHT * height + 3)


def _header_look(item: PlacedBlock, column: Column) -> str:
    """The name of the format of a heading: on the side where its cells have their values."""
    if column.look in ("gantt", "narrow"):
        return "header_upright"
    if column.helper:
        return "header_quiet"
    if column.type in AT_RIGHT and not column.key:
        return "header_right"
    return "header_indent" if _after_figures(item, column) else "header"


def _after_figures(item: PlacedBlock, column: Column) -> bool:
    """Whether a column of text begins where a column of figures ends."""
    before = [other for other in item.columns if item.slots[other.id] < item.slots[column.id]]
    nearest = max(before, key=lambda other: item.slots[other.id], default=None)
    return column.type not in AT_RIGHT and nearest is not None and not nearest.key and nearest.type in AT_RIGHT


def _total_row(drawing: Drawing, sheet: Sheet, item: PlacedBlock, rows: int) -> None:
    row = item.first_row + rows
    first = min(item.slots.values())
    for slot in range(first, _end(drawing, item)):
        sheet.value(row, slot, None, drawing.book.fixed("label_strong"))
    sheet.value(row, MAIN, drawing.text("values.total"), drawing.book.fixed("label_strong"))
    for column in item.columns:
        if not column.total:
            continue
        total = f"SUM(${{{column.id}:all}})" if column.total == "sum" else column.total
        look = drawing.look(column.model_copy(update={"role": "calculated"}), strong=True)
        for j in range(drawing.template.span(column)):
            place = Cell(sheet.raw.name, item.chapter.id, item.key, "", 0, column.over or "", j)
            text = total.replace(":all}", "}") if column.over else total
            drawing.formula(sheet, row, item.slots[column.id] + j, drawing.compiler.formula(text, place), look)


def draw_source(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """An Excel table of this account's rows; it grows and shrinks, so formulas name its columns.

    The columns have their formats down to the end of the sheet, and a rule colours every row that holds something: a
    table that became longer or shorter looks right without anybody formatting its rows.
    """
    given = drawing.plan.tables.get(item.key, ())
    headers, widths, height = [], GRIDS[item.chapter.grid].widths, 1
    for column in item.columns:
        header, slot = drawing.text(f"{item.key}.{column.id}"), item.slots[column.id]
        heading = drawing.book.fixed(_header_look(item, column))
        headers.append({"header": header, "header_format": heading})
        height = max(height, lines(header, widths[slot], bold=True))
        look = drawing.book.format(source_properties(column, drawing.plan.unit, indent=_after_figures(item, column)))
        sheet.column_look(slot, widths[slot], look)
        sheet.value(item.top, slot, header, heading)
        for i in range(item.rows):
            values: Mapping[str, Any] = given[i] if i < len(given) else {}
            place = _place(sheet, item, i, column, 0)
            drawing.cell(sheet, item.first_row + i, slot, column, values.get(column.id), place, look)
    if height > 1:
        drawing.set_height(sheet, item.top, LINE_HEIGHT * height + 3)
    name = table_name(item.chapter.id)
    first = min(item.slots.values())
    options = {"name": name, "columns": headers, "style": None, "autofilter": False}
    sheet.table(item.top, first, item.rows, len(item.columns), options)
    colour_filled_rows(drawing, sheet, item.first_row, first, len(item.columns))


def draw_statement(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """Declared lines with their unit, over columns and periods."""
    statement = item.block
    assert isinstance(statement, Statement)
    _headings(drawing, sheet, item)
    given = {row["line"]: row for row in drawing.plan.tables.get(item.key, ())}
    for i, line in enumerate(statement.lines):
        row = item.first_row + i
        strong = line.look in ("subtotal", "total")
        label = drawing.book.fixed("label_strong" if strong else "label_quiet" if line.look == "memo" else "label")
        sheet.value(row, KEY, None, label)
        sheet.value(row, MAIN, drawing.text(f"{item.chapter.id}.{line.id}"), label)
        unit = line.unit or line.type or statement.columns[0].type
        sheet.value(row, MAIN + 1, drawing.unit(unit) if unit != "year" else None, label)
        for column in statement.columns:
            one = statement.cell(line, column)
            if one is None:
                continue
            quiet = line.look == "memo" or column.helper
            look = drawing.look(one, strong=strong, quiet=quiet, indent=_after_figures(item, column))
            values = given.get(line.id, {}).get(column.id)
            size = drawing.template.span(column)
            slot = item.slots[column.id]
            for j in range(size):
                value = values[j] if isinstance(values, list | tuple) and j < len(values) else values
                place = Cell(sheet.raw.name, item.chapter.id, item.key, item.key, i, column.over or "", j, column.id)
                drawing.cell(sheet, row, slot + j, one, value, place, look)
            validate(drawing, sheet, item, one, f"{item.chapter.id}.{line.id}", (row, slot, 1, size))
            if line.look == "status":
                status_colours(drawing, sheet, (row, slot, 1, size))


def draw_checks(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """One row per check: both values, the difference, what it means and where to look."""
    checks = item.block
    assert isinstance(checks, Checks)
    _headings(drawing, sheet, item)
    columns = {column.id: column for column in item.columns}
    for i, check in enumerate(checks.checks):
        row = item.first_row + i
        key = f"checks.{check.id}"
        severity = f"${{lists.severity.{check.severity}}}"
        formulas = {
            "left": check.left,
            "right": check.right,
            "tolerance": check.tolerance,
            "verdict": f"IF(${{result}}=0,${{text.ok}},{severity})",
        }
        place = Cell(sheet.raw.name, item.chapter.id, item.key, item.key, i)
        if check.quiet:
            formulas["verdict"] = "${not_applicable}"
        fixed = {"code": check.id, "question": drawing.text(key), "severity": check.severity,
                 "what_to_do": drawing.help(key)}  # fmt: skip
        for column in columns.values():
            spot = (row, item.slots[column.id])
            if column.id == "place":
                goes = target(drawing, check.place)
                if goes:
                    sheet.link(*spot, *goes, drawing.look(column))
                else:
                    drawing.value(sheet, *spot, drawing.text("values.not_in_plan"), drawing.book.fixed("subtitle"))
            elif column.id in fixed:
                one = column.model_copy(update={"role": "calculated"}) if column.id != "severity" else column
                drawing.value(sheet, *spot, drawing.shown(column, fixed[column.id]), drawing.look(one))
            else:
                one = column.model_copy(update={"formula": formulas.get(column.id, column.formula)})
                drawing.cell(sheet, *spot, one, None, place, drawing.look(one, indent=_after_figures(item, column)))
    status_colours(drawing, sheet, (item.first_row, item.slots["verdict"], item.rows, 1))


def draw_lists(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """Each list of choices in a column of its own, its scores beside it."""
    for list_id, choices in drawing.template.lists.items():
        area = drawing.layout.areas[f"lists.{list_id}"]
        sheet.value(area.row - 1, area.col, drawing.text(f"list_titles.{list_id}"), drawing.book.fixed("header"))
        for offset, choice in enumerate(choices.items):
            label = drawing.template.label(drawing.plan.language, list_id, choice)
            drawing.value(sheet, area.row + offset, area.col, label, drawing.book.fixed("note"))
            if choices.scores:
                sheet.value(area.row + offset, area.col + 1, choices.scores[offset], drawing.book.fixed("plain"))


def draw_note(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """A paragraph, a line to a row, running on over the empty cells beside the main slot."""
    assert isinstance(item.block, Note)
    text = note_lines(drawing.template, drawing.plan.language, item.chapter, item.block)
    for offset, line in enumerate(text):
        sheet.value(item.top + offset, MAIN, drawing.filled(line), drawing.book.fixed("hint"))


def draw_absent(drawing: Drawing, sheet: Sheet, item: PlacedBlock) -> None:
    """One line that names the section whose rows would stand here."""
    assert isinstance(item.block, Absent)
    title = f"{item.block.of} {drawing.text(f'sections.{item.block.of}')}"
    text = drawing.text("values.left_out").replace("#", title)
    sheet.value(item.top, MAIN, text, drawing.book.fixed("subtitle"))


KINDS: dict[str, Callable[[Drawing, Sheet, PlacedBlock], None]] = {
    "form": draw_form,
    "table": draw_table,
    "source": draw_source,
    "statement": draw_statement,
    "checks": draw_checks,
    "chart": draw_chart,
    "note": draw_note,
    "absent": draw_absent,
    "index": draw_index,
    "completeness": draw_completeness,
    "section_counts": draw_section_counts,
    "lists": draw_lists,
}
