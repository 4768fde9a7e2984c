"""Which kind of data validation an input has; without XlsxWriter, for who only looks whether it is still there."""

from __future__ import annotations

from typing import Literal

from workbook_builder.template.fields import FieldBase

Kind = Literal["", "custom", "list", "date", "length", "integer", "decimal"]


def validation_kind(one: FieldBase) -> Kind:
    """The kind of validation of an input, as XlsxWriter calls it; "" when everything may be typed."""
    if one.valid:
        return "custom"
    if one.type == "choice" or one.pick:
        return "list"
    if one.type == "date":
        return "date"
    if one.type == "text":
        return "length" if one.max_length else ""
    return "integer" if one.type == "integer" else "decimal"
