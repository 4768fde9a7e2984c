"""What the reader noticed in a plan: where, what, and what it did about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from workbook_builder.errors import say

Level = Literal["error", "warning", "note"]
ERRORS = frozenset({
    # figures are or may be wrong, or something that was typed cannot be found
    "read_sheet_gone", "read_field_gone", "read_rows_gone", "read_table_columns",
    "check_formula_overwritten", "check_formula_emptied", "check_formula_moved", "check_formula_broken",
    "check_formula_changed", "check_formula_gone", "check_source_changed", "check_source_moved", "check_errors",
    "check_adopted_changed", "check_own_error", "log_line_changed", "log_start_gone", "log_end_gone",
})  # fmt: skip
NOTES = frozenset({
    # nothing to repair: good to know
    "read_sheet_renamed", "read_sheet_own", "read_sheet_copy", "read_rows_in", "read_columns_in", "read_cells_added",
    "read_older_version", "read_no_values",
    "read_choice_language", "read_choice_spelling", "read_formula_in_input", "read_too_long",
    "check_own_warning",
})  # fmt: skip
LONGEST, MOST = 60, 6  # characters of a value, and values, that a sentence shows


@dataclass(frozen=True)
class Finding:
    """One thing that is odd in a workbook; `code` names its sentence, which ends with what the reader did.

    `sheet` and `cell` ("D7", or "B8:J8" for a row) are those of the file as it is now; `id` is the field or the column
    (`chapter.block.column`) with its `label` in the plan's language; `row` counts from 1 in the table of the template.
    `values` are what somebody typed and what has no place in the plan, as the cells hold them.
    """

    code: str
    sheet: str = ""
    cell: str = ""
    id: str = ""
    label: str = ""
    row: int | None = None
    values: tuple[Any, ...] = ()
    particulars: Mapping[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        """How bad it is: an error or a warning is to be repaired, a note is not."""
        return "error" if self.code in ERRORS else "note" if self.code in NOTES else "warning"

    def text(self, language: str = "nl") -> str:
        """The sentence, in "nl" or "en"; long texts are cut, in the finding they are whole."""
        named = {
            "sheet": self.sheet,
            "cell": self.cell,
            "id": self.id,
            "label": self.label or self.id or say("check_no_field", language),
        }
        return say(self.code, language, **named, values=self._shown(), **self.particulars)

    def _shown(self) -> str:
        """The values for a sentence."""
        texts = [" ".join(str(value).split()) for value in self.values]
        texts = [text if len(text) <= LONGEST else text[: LONGEST - 1] + "…" for text in texts]
        return ", ".join(texts[:MOST]) + (" …" if len(texts) > MOST else "")
