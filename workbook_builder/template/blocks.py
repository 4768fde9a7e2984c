"""The words for what stands in a section: forms, tables, statements, charts, checks and notes.

A block says what is in it, never where: `workbook/layout.py` gives it cells.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from workbook_builder.template.fields import (
    Column,
    Declared,
    FieldBase,
    FormField,
    Identifier,
    RollRule,
    ValueType,
)


class Line(Declared):
    """A line of a statement; `formulas` gives the formula per column.

    A column left out takes the formula under "each", else the column's own, else the one under "*", else it stays
    empty; so does a column whose formula is "".
    """

    id: Identifier
    formulas: dict[str, str] = Field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    sourced: tuple[str, ...] = ()
    type: ValueType | None = None
    unit: str | None = None
    look: Literal["line", "subtotal", "total", "memo", "status"] = "line"


class Part(Declared):
    """A block of a section. Nothing of it is for the customer, unless it says so itself."""

    for_customer: bool | tuple[Identifier, ...] = False
    """What the version for the customer shows: these fields, columns and lines, or with `true` the block as a whole.

    Of a chart, those series of which the values are shown.
    """
    rows_of: str = ""
    """The section whose rows it shows: a plan that leaves that one out says here that it is not applicable."""
    instead_of: str = ""
    """Only in a plan that leaves that section out."""
    roll_over: RollRule | None = None
    """What becomes of what is typed in it when the plan rolls over, for every input that says nothing itself."""
    by_roll_over: bool = False
    """It is filled when a plan rolls over, and a refresh leaves it alone."""


class Form(Part):
    """Labelled values: short ones at the left, long texts at the right."""

    kind: Literal["form"]
    id: Identifier = "form"
    fields: tuple[FormField, ...]


class Closing(Declared):
    """When a row is done with, so that a roll-over leaves it behind.

    That is with one of `items`, with a number from `at_least` or up to `at_most`, else with any value. `column` is one
    of the table, or of another table over the same axis (`chapter.block.column`). With `picked` the row goes when that
    of the name in its column goes.
    """

    column: str
    items: tuple[Identifier, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    picked: bool = False


class History(Declared):
    """What of a row goes to the sheet of earlier years when a plan rolls over.

    `columns` gives {column of the history: column of the table, of another table over the same axis, or of a line of a
    statement whose columns repeat over it (`chapter.block.column.line`)}. With `only_closed` rows that are open move
    along to the next plan, and do not go to the history.
    """

    kind: Identifier
    only_closed: bool = False
    columns: dict[Identifier, str]


class Table(Part):
    """Rows that look alike: a fixed number of prepared rows, or one for every item of an axis."""

    kind: Literal["table"]
    id: Identifier
    rows: int | None = Field(default=None, ge=1, le=400)
    axis: Identifier | None = None
    example: bool = False
    """A grey line above the rows that shows how to fill them in; its texts are `examples.chapter.block.column`."""
    named_by: str | None = None
    """The column with the name of a row, of this table or (`chapter.block.column`) of another over the same axis.

    A row that is filled in and has no name is shown. Without it that is the wide column, else the label of the axis; ""
    says that rows need no name."""
    closed: Closing | None = None
    """When a row stays behind at a roll-over; for every table over the same axis."""
    history: History | None = None
    columns: tuple[Column, ...]

    @model_validator(mode="after")
    def _rows_or_axis(self) -> Table:
        if (self.rows is None) == (self.axis is None):
            raise ValueError(f"table '{self.id}': give either rows or axis")
        return self


class SourceTable(Part):
    """Rows imported for this account, an Excel table in euros; a refresh may make it longer or shorter."""

    kind: Literal["source"]
    id: Identifier
    columns: tuple[Column, ...]


class Statement(Part):
    """Declared lines over columns and periods: the budget, or figures year by year."""

    kind: Literal["statement"]
    id: Identifier
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    headline: Identifier
    """The column whose cell carries the line's own id (`chapter.<line>`)."""

    def cell(self, line: Line, column: Column) -> Column | None:
        """The field of one line in one column, or None where the line has nothing there."""
        changes: dict[str, object] = {"unit": line.unit or column.unit}
        if line.type and column.type != "percent":
            changes["type"] = line.type
        if column.id in line.inputs or column.id in line.sourced:
            role = "input" if column.id in line.inputs else "sourced"
            return column.model_copy(update={**changes, "role": role, "formula": None})
        otherwise = line.formulas.get("each") or column.formula or line.formulas.get("*", "")
        formula = line.formulas.get(column.id, otherwise)
        if not formula:
            return None
        return column.model_copy(update={**changes, "role": "calculated", "formula": formula})

    @model_validator(mode="after")
    def _columns_exist(self) -> Statement:
        known = {column.id for column in self.columns}
        for line in self.lines:
            unknown = (set(line.formulas) | set(line.inputs) | set(line.sourced)) - known - {"*", "each"}
            if unknown:
                raise ValueError(f"statement '{self.id}', line '{line.id}': no column {sorted(unknown)}")
        if self.headline not in known:
            raise ValueError(f"statement '{self.id}': the headline '{self.headline}' is not a column")
        return self


class Check(Declared):
    """One line of the check sheet: 1 when left and right differ by more than the tolerance."""

    id: Annotated[str, Field(pattern=r"^[QRP]\d+[a-z]?$")]
    severity: Literal["error", "warning", "info"]
    left: str
    right: str = "0"
    tolerance: str = "0"
    place: str
    """The section or chapter to look at."""
    about: tuple[str, ...] = ()
    """Sections without which it is quiet, besides those that it reads by itself."""
    quiet: bool = False
    """There is nothing to compare in this plan."""


CHECK_COLUMNS = (
    Column(id="code", key="code"),
    Column(id="question", role="sourced", wide=True),
    Column(id="severity", type="choice", list="severity", role="sourced"),
    Column(id="verdict", formula="-", look="status"),
    Column(id="left", type="number", decimals=3, formula="-"),
    Column(id="right", type="number", decimals=3, formula="-"),
    Column(id="difference", type="number", decimals=3, formula="ROUND(${left}-${right},6)"),
    Column(id="tolerance", type="number", decimals=3, formula="-"),
    Column(id="result", type="integer", formula="IF(ABS(${difference})>${tolerance},1,0)"),
    Column(id="place", role="sourced", look="link"),
    Column(id="what_to_do", role="sourced", max_length=400),
)
"""The columns of a list of checks; "-" stands for a formula that each check has of its own."""


class Checks(Part):
    """The list of checks, with one row for each."""

    kind: Literal["checks"]
    id: Identifier = "list"
    checks: tuple[Check, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of every list of checks."""
        return CHECK_COLUMNS


class Series(Declared):
    """One series of a chart: the ids of its name text, its categories and its values ("first..last" for a run).

    Categories may be the headings of a column that repeats over an axis: "chapter.block.column:heading".

    In a scatter the categories are the x values, the values the y values, and `labels` the names of the points.
    """

    text: str
    categories: str
    values: str
    labels: str | None = None
    as_line: bool = False
    """In a combo: drawn as a line over the columns."""


class Chart(Part):
    """A native chart over ranges of the workbook, `rows` rows high, below the block before it or beside it.

    The three series of a waterfall are the part that is not drawn, the rises and the falls. `x` and `y` are the ends
    of the axes (across and up); those of a scatter are titled by the texts `chapter.id.x` and `chapter.id.y`, and a
    point beyond them is not drawn.
    """

    kind: Literal["chart"]
    id: Identifier
    chart: Literal["column", "bar", "stacked", "combo", "waterfall", "scatter"]
    series: tuple[Series, ...]
    rows: int = Field(15, ge=8, le=40)
    beside: bool = False
    percent: bool = False
    """Its values are parts of 1, shown as percentages."""
    from_zero: bool = False
    """Its values are never negative: the axis starts at 0, so that a bar is as long as its figure is large."""
    x: tuple[float, float] | None = None
    y: tuple[float, float] | None = None

    @model_validator(mode="after")
    def _parts_of_its_kind(self) -> Chart:
        if self.chart == "waterfall" and len(self.series) != 3:
            raise ValueError(f"waterfall '{self.id}': give three series: the part not drawn, the rises, the falls")
        if self.chart == "scatter" and not (self.x and self.y and len(self.series) == 1 and self.series[0].labels):
            raise ValueError(f"scatter '{self.id}': give x, y and one series with labels")
        return self


class Note(Part):
    """A paragraph of guidance; its text is `chapter.id`."""

    kind: Literal["note"]
    id: Identifier


class Absent(Part):
    """One line in the place of a block whose rows are those of a section that the plan leaves out."""

    kind: Literal["absent"]
    id: Identifier
    of: str


class SectionCounts(Part):
    """Per section how many of its cells people should look at, with the way to it; what it counts is its id.

    number_cells: the cells for a number or a date that hold something else; nameless_rows: the cells filled in on a
    row without its name.
    """

    kind: Literal["section_counts"]
    id: Literal["number_cells", "nameless_rows"]


class Lists(Part):
    """Every list of choices side by side, for the validations to point at."""

    kind: Literal["lists"]
    id: Identifier = "choices"


class Index(Part):
    """The list of chapters and sections with links and how complete each is, and the legend of colours."""

    kind: Literal["index"]
    id: Identifier = "index"


class Completeness(Part):
    """How far each numbered chapter is filled in: the mean of its sections in the index."""

    kind: Literal["completeness"]
    id: Identifier = "completeness"


Block = Annotated[
    Form
    | Table
    | SourceTable
    | Statement
    | Checks
    | Chart
    | Note
    | Absent
    | Index
    | Completeness
    | SectionCounts
    | Lists,
    Field(discriminator="kind"),
]


def declared_fields(block: Block) -> tuple[FieldBase, ...]:
    """The fields of a form or the columns of a table, statement or source; none for other blocks."""
    if isinstance(block, Form):
        return block.fields
    return block.columns if isinstance(block, Table | SourceTable | Statement) else ()
