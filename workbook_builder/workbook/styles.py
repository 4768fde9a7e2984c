"""How a cell looks, from what it is: its role, type and look. The palette and the number formats stand here once."""

from __future__ import annotations

from typing import Any

from workbook_builder.template.fields import FieldBase

ACCENT, INK, RULE, QUIET = "#0F4C5C", "#1F2937", "#D0D5DD", "#667085"
INPUT_FILL, INPUT_INK, SOURCE_FILL = "#FFF8E1", "#1D4ED8", "#F2F4F7"
RED, AMBER, GREEN = "#B42318", "#B54708", "#067647"
WORDS = {"alert": RED, "warning": AMBER}
ATTENTION_FILL, BAR_FILL, FAULT_FILL = "#FDE3B8", "#9CC5CF", "#F9D5D0"
TO_CONFIRM = "#FBD38D"
HEAT = ("#FFFFFF", "#A9CDBD")
RISE, FALL = "#7FB2BE", "#E0A0A8"  # light, so that the figure on a bar is read
CHART_COLOURS = ("#0F4C5C", "#E07A00", "#5B8E7D", "#8D99AE", "#B23A48", "#3D5A80")
TAB_COLOURS = {"start": ACCENT, "chapter": "#5B8E7D", "figures": "#E07A00", "source": "#8D99AE", "control": "#3D5A80"}

AT_RIGHT = ("money", "euro", "number", "integer", "percent", "date")
"""Types whose cells and headings stand at the right of their column."""

SHORT_TEXT = 60
"""Characters up to which a typed text is a code or a name, which Excel must take as it is typed."""

Properties = dict[str, Any]
SOURCE_ROW: Properties = {"bg_color": SOURCE_FILL, "bottom": 1, "bottom_color": RULE}
"""What a row of a source table has besides the formats of its columns, as long as it holds something."""

BASE: Properties = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "vcenter"}
UNIT_DECIMALS = {1: 0, 1000: 1, 1_000_000: 3}
"""Decimals shown of a money value by the unit of the plan (EUR, EUR x 1,000, EUR x 1,000,000)."""

FIXED: dict[str, Properties] = {
    "title": {"bold": True, "font_size": 14, "font_color": ACCENT},
    "subtitle": {"font_color": QUIET},
    "link": {"font_color": ACCENT, "underline": 1},
    "band": {"bold": True, "font_size": 11, "font_color": "#FFFFFF", "bg_color": ACCENT},
    "hint": {"italic": True, "font_color": QUIET},
    "header": {"bold": True, "font_color": ACCENT, "bottom": 2, "bottom_color": ACCENT, "text_wrap": True,
               "valign": "bottom"},
    "header_indent": {"bold": True, "font_color": ACCENT, "bottom": 2, "bottom_color": ACCENT, "text_wrap": True,
                      "valign": "bottom", "align": "left", "indent": 1},
    "header_right": {"bold": True, "font_color": ACCENT, "bottom": 2, "bottom_color": ACCENT, "text_wrap": True,
                     "valign": "bottom", "align": "right"},
    "header_quiet": {"font_color": QUIET, "align": "right", "bottom": 1, "bottom_color": RULE, "text_wrap": True,
                     "valign": "bottom"},
    "label": {"bottom": 1, "bottom_color": RULE},
    "label_strong": {"bold": True, "top": 1, "top_color": INK, "bottom": 1, "bottom_color": RULE},
    "label_quiet": {"font_color": QUIET, "bottom": 1, "bottom_color": RULE},
    "word_quiet": {"font_color": QUIET, "bottom": 1, "bottom_color": RULE, "align": "right"},
    "header_upright": {"font_size": 8, "font_color": QUIET, "bottom": 2, "bottom_color": ACCENT, "rotation": 90,
                       "num_format": "dd-mm", "align": "center", "valign": "bottom"},
    "example": {"italic": True, "font_color": QUIET, "text_wrap": True, "bottom": 1, "bottom_color": RULE},
    "example_right": {"italic": True, "font_color": QUIET, "bottom": 1, "bottom_color": RULE, "align": "right"},
    "note": {"text_wrap": True},
    "light": {"bold": True},
    "plain": {},
}  # fmt: skip


CUSTOMER_ACCENT = "#3D5A80"
CUSTOMER_FIXED: dict[str, Properties] = {
    name: {key: CUSTOMER_ACCENT if value == ACCENT else value for key, value in look.items()}
    for name, look in FIXED.items()
}
"""The same in the colour of the version for the customer, so that the two are told apart at a glance."""


def number_format(field: FieldBase, plan_unit: int) -> str | None:
    """The Excel number format of a field: zero is a dash, text such as n.b. shows as it is; None for text."""
    decimals = field.decimals
    as_typed = field.role == "input"
    if field.type == "money":
        return figures(UNIT_DECIMALS[plan_unit] if decimals is None else decimals, as_typed=as_typed)
    if field.type == "euro":
        return figures(2 if decimals is None else decimals, as_typed=as_typed)
    if field.type == "number":
        return figures(1 if decimals is None else decimals, as_typed=as_typed)
    if field.type == "integer":
        return "0" if field.unit == "year" else figures(0, as_typed=as_typed)
    if field.type == "percent":
        places = 1 if decimals is None else decimals
        shown = "0" + "." * bool(places) + "0" * places + "%"
        return _sections(shown, places + 2, as_typed=as_typed)
    return "dd-mm-yyyy" if field.type == "date" else None


def figures(decimals: int, *, as_typed: bool = False) -> str:
    """Thousands separated, a real minus, and a dash for zero and for what the decimals round to zero.

    What people typed shows as it is (`as_typed`): only a true zero is a dash there.
    """
    return _sections("#,##0" + "." * bool(decimals) + "0" * decimals, decimals, as_typed=as_typed)


def _sections(shown: str, decimals: int, *, as_typed: bool) -> str:
    """The four sections of a number format; no -0.0 for a difference of less than half the last decimal."""
    if as_typed:
        return f'{shown};-{shown};"–";@'
    half = "0." + "0" * decimals + "5"
    return f'[>={half}]{shown};[<=-{half}]-{shown};"–";@'


def cell_properties(
    field: FieldBase, plan_unit: int, *, strong: bool = False, quiet: bool = False, indent: bool = False
) -> Properties:
    """Everything about the cell of `field`: colour by role, number format and side by type.

    `indent` keeps a text apart from figures that end where it begins.
    """
    look: Properties = {**BASE, "bottom": 1, "bottom_color": RULE}
    shown = number_format(field, plan_unit)
    if shown:
        look["num_format"] = shown
    if field.type in AT_RIGHT:
        look["align"] = "right"
        look["shrink"] = True  # a large amount or a date gets smaller, never ###
    else:
        look["text_wrap"] = True
        look["align"] = "left"
        look["indent"] = int(indent)
    if field.role == "input" and field.type == "text" and (field.max_length or SHORT_TEXT + 1) <= SHORT_TEXT:
        look["num_format"] = "@"  # a number of 0012 keeps its zeros, and 3-5 is no date
    if field.role == "input":
        look |= {"bg_color": INPUT_FILL, "font_color": INPUT_INK, "locked": False}
    elif field.role == "sourced":
        look |= {"bg_color": SOURCE_FILL}
    if field.look in WORDS:
        look |= {"font_color": WORDS[field.look]}
    if strong:
        look |= {"bold": True, "top": 1, "top_color": INK}
    if field.look == "strong":
        look |= {"bold": True}
    if quiet:
        look |= {"font_color": QUIET}
    if field.look == "link":
        look |= {"font_color": ACCENT, "underline": 1}
    return look


def source_properties(column: FieldBase, plan_unit: int, *, indent: bool = False) -> Properties:
    """The look of a whole column of a source table; `SOURCE_ROW` comes over it where there is something."""
    look = cell_properties(column, plan_unit, indent=indent)
    return {name: value for name, value in look.items() if name not in SOURCE_ROW}
