"""The words for one value of a plan: its type, who fills it, what it may hold, what becomes of it at a roll-over.

A field is a value in a form or a column of a table. The blocks that hold fields are in `blocks.py`, the chapters that
hold blocks in `model.py`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
ValueType = Literal["text", "integer", "number", "money", "euro", "percent", "date", "choice"]
"""text; integer; number (unit in the declaration); money (EUR in the unit of the plan); euro (whole EUR and
cents: rates and source lines); percent (0.1 is 10 %); date; choice (an id of a list, shown as its label)."""
NUMBERS = ("integer", "number", "money", "euro", "percent", "date")
"""The types whose cells hold a number (a date is one too)."""
Role = Literal["input", "calculated", "sourced"]
GridName = Literal["text", "page", "short", "periods", "timeline", "source", "log", "history", "named"]
Look = Literal["", "alert", "warning", "status", "strong", "link", "heat", "bar", "gantt", "narrow"]
"""alert: red words; warning: amber words; status: the words of a traffic light in their colours; heat: a colour scale
over the numbers of the column; bar: a bar as long as the percentage; gantt: upright dates above narrow columns;
narrow: counts of one or two figures in such columns."""
RollRule = Literal["keep", "confirm", "source", "reference", "reset", "history"]
"""What becomes of a typed value when its plan rolls over to the next year.

keep: it moves along; confirm: it moves along and is marked until somebody confirms it; source: what the sources say
now, else it moves along; reference: it stands as last year's beside an empty cell; reset: the new plan starts afresh;
history: it goes to the sheet of earlier years. What does not move along is named in the report of the roll-over.
"""


class Declared(BaseModel):
    """What every declaration shares: it cannot change after loading and knows no unknown words."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldBase(Declared):
    """One value (in a form) or one column of values (in a table): its type, who fills it, what it may hold."""

    id: Identifier
    type: ValueType = "text"
    role: Role = "input"
    formula: str | None = None
    list: Identifier | None = None
    unit: str | None = None
    default: str | int | float | None = None
    min: float | str | None = None
    max: float | str | None = None
    max_length: int | None = Field(default=None, ge=1, le=2000)
    valid: str | None = None
    """A condition in Excel text that a typed value must meet, over and above type and range."""
    decimals: int | None = Field(default=None, ge=0, le=4)
    pick: str | None = None
    """The id of a table column whose cells are offered as choices."""
    look: Look = ""
    shade: str | None = None
    """A condition in Excel text; the cells for which it holds are filled, whatever they hold (a Gantt chart)."""
    roll_over: RollRule | None = None
    """What becomes of what is typed here when the plan rolls over; without it, what its block says."""
    before: str | None = None
    """The id of the input, or with `computed` of the formula, of which it shows what last year's plan held, on the row
    of the same thing."""
    before_as: Literal["value", "computed", "first", "times", "id"] = "value"
    """What it shows of it: the value that was typed; what a formula made of it; the first one, however often it moved
    along; how often it moved along; or the year and the number of its row in last year's plan."""

    @model_validator(mode="before")
    @classmethod
    def _role_follows(cls, data: object) -> object:
        if isinstance(data, dict) and "formula" in data:
            data = {"role": "calculated", **data}
        if isinstance(data, dict) and ("key" in data or data.get("look") == "gantt" or "before" in data):
            data = {"role": "sourced", **data}
        return data

    @model_validator(mode="after")
    def _role_and_type_agree(self) -> FieldBase:
        if (self.role == "calculated") != (self.formula is not None):
            raise ValueError(f"'{self.id}': a calculated field, and only that, has a formula")
        if (self.type == "choice") != (self.list is not None):
            raise ValueError(f"'{self.id}': a choice, and only that, names a list")
        return self

    @property
    def is_long(self) -> bool:
        """Whether it holds a few sentences rather than a few words."""
        return self.type == "text" and (self.max_length or 0) > 100

    @property
    def takes_number(self) -> bool:
        """Whether people type a number or a date there."""
        return self.role == "input" and self.type in NUMBERS


class FormField(FieldBase):
    """A labelled value of a form; its id is `chapter.id`.

    Where people type a number and there is something to fall back on, formulas read `chapter.id.applies`, a cell
    beside it: the number typed, else `otherwise`, else the default.
    """

    otherwise: str | None = None
    """What applies as long as no number is typed, in Excel text; a field without it falls back on its default."""

    @property
    def falls_back(self) -> bool:
        """Whether something applies when no number is typed, be it that the cell is empty or holds a text."""
        return self.takes_number and (self.otherwise is not None or self.default is not None)

    @model_validator(mode="after")
    def _falls_back_on_a_number(self) -> FormField:
        if self.otherwise is not None and not self.takes_number:
            raise ValueError(f"'{self.id}': only an input for a number or a date falls back on something")
        if self.falls_back and self.valid:
            raise ValueError(f"'{self.id}': 'valid' would judge the value it falls back on; use min and max")
        return self


class Column(FieldBase):
    """A column of a table or statement; its id is `chapter.block.id`.

    `over` repeats it for every item of an axis; `total` is the formula of the total row ("sum" for the sum
    of the column), named `chapter.<total_id>`.
    """

    over: Identifier | None = None
    total: str | None = None
    total_id: Identifier | None = None
    key: str | None = None
    """Fixed by the template: "number" (1, 2, 3 …), "label" (the heading of the row's axis item), else a prefix
    ("D" gives D1, D2, D3 …)."""
    wide: bool = False
    """Takes the wide slot of its grid (the main text of the row)."""
    helper: bool = False
    """A working figure of other formulas (a rank, a place in a chart): right of the paper, quiet, never printed."""
    heading: str | None = None
    """A formula for the heading, where a text cannot say it (a year that is not over yet)."""

    @model_validator(mode="after")
    def _a_helper_is_one_column(self) -> Column:
        if self.helper and (self.over or self.total or self.key):
            raise ValueError(f"'{self.id}': a helper is one column of formulas, without a total")
        return self
