"""A field's declaration -> the data validation Excel shows: what may be typed, and the sentence when it may not."""

from __future__ import annotations

from typing import Any

from workbook_builder.template.fields import FieldBase
from workbook_builder.workbook.drawing import Box, Drawing
from workbook_builder.workbook.formulas import Cell, address
from workbook_builder.workbook.layout import PlacedBlock
from workbook_builder.workbook.validation_kinds import validation_kind
from workbook_builder.workbook.writer import Sheet

TITLE = 32  # characters that Excel takes as the title of a message
EARLIEST, LATEST = "=DATE(1990,1,1)", "=DATE(2100,12,31)"


def validate(drawing: Drawing, sheet: Sheet, item: PlacedBlock, one: FieldBase, key: str, box: Box) -> None:
    """Put the validation and input message of an input over `box`; `key` is the id of its texts."""
    if one.role != "input":
        return
    rows = getattr(item.block, "axis", None) or item.key
    rule = rule_for(drawing, one, key, Cell(sheet.raw.name, item.chapter.id, item.key, down=rows))
    if rule:
        sheet.validation(*box, rule)


def rule_for(drawing: Drawing, one: FieldBase, key: str, place: Cell) -> dict[str, Any] | None:
    """The XlsxWriter validation of an input, or None when everything may be typed and there is no guidance."""
    rule = _condition(drawing, one, place)
    title, message = _shortened(drawing.text(key)), drawing.help(key) or drawing.help(f"{place.block}.{one.id}")
    if rule is None and not message:
        return None
    rule = rule or {"validate": "any"}
    if isinstance(one.min, str) or isinstance(one.max, str):
        rule["ignore_blank"] = False  # else Excel takes anything while the other cell is empty
    if message:
        rule |= {"input_title": title, "input_message": message[:255]}
    if rule["validate"] != "any":
        rule |= {"error_title": title, "error_message": _refusal(drawing, one, rule, message)[:255]}
    return rule


def _shortened(title: str) -> str:
    """As much of a title as Excel shows."""
    return title if len(title) <= TITLE else title[: TITLE - 1] + "…"


def _condition(drawing: Drawing, one: FieldBase, place: Cell) -> dict[str, Any] | None:
    kind = validation_kind(one)
    if kind == "custom" and one.valid:
        return {"validate": "custom", "value": drawing.compiler.formula(one.valid, place)}
    if kind == "list" and one.list:
        return {"validate": "list", "source": f"=lists.{one.list}"}
    if kind == "list" and one.pick:
        return {"validate": "list", "source": "=" + address(drawing.layout.areas[one.pick], fixed=True)}
    if kind == "date":
        return _between(drawing, "date", one, place, EARLIEST, LATEST)
    if kind == "length":
        return {"validate": "length", "criteria": "<=", "value": one.max_length}
    return _between(drawing, kind, one, place, -1e12, 1e12) if kind else None


def _between(drawing: Drawing, kind: str, one: FieldBase, place: Cell, low: Any, high: Any) -> dict[str, Any]:
    def bound(given: float | str | None, otherwise: Any) -> Any:
        if given is None:
            return otherwise
        if isinstance(given, str):
            return drawing.compiler.formula(given, place)
        return int(given) if kind == "integer" else given

    if kind == "integer":
        low, high = int(low), int(high)
    return {"validate": kind, "criteria": "between", "minimum": bound(one.min, low), "maximum": bound(one.max, high)}


def _refusal(drawing: Drawing, one: FieldBase, rule: dict[str, Any], message: str) -> str:
    """The sentence for a typed value that is refused, in the plan's language.

    Where a formula judges, only the guidance of the field can say what may be typed; so it is the refusal too.
    """
    if rule["validate"] == "custom":
        return f"{drawing.text('validation.custom')} {message}"
    if rule["validate"] == "list":
        return drawing.text("validation.list")
    if rule["validate"] == "length":
        return drawing.text("validation.length").replace("#", str(one.max_length))
    if one.type == "date":
        judged = isinstance(one.min, str) or isinstance(one.max, str)
        return f"{drawing.text('validation.a_date')} {message}" if judged else drawing.text("validation.date")
    kind = "whole" if rule["validate"] == "integer" else "number"
    bounds = [bound for bound in (one.min, one.max) if isinstance(bound, int | float)]
    if len(bounds) == 2:
        low, high = (_bound_text(one, bound) for bound in bounds)
        return drawing.text(f"validation.{kind}_range").replace("#1", low).replace("#2", high)
    if bounds and one.min is not None:
        return drawing.text(f"validation.{kind}_at_least").replace("#", _bound_text(one, bounds[0]))
    return drawing.text(f"validation.{kind}")


def _bound_text(one: FieldBase, bound: float) -> str:
    return f"{bound:.0%}" if one.type == "percent" else f"{bound:.12g}"
