"""The words a template is written in: chapters hold sections, sections hold blocks, blocks hold fields.

TOML files become these frozen, checked objects (`loader.py`); the layout, the renderer, the reader, the
data dictionary and the tests all walk the same objects. Nothing here knows a cell, a file or Excel.

Ids are English and one thing everywhere: `chapter.field` for a value in a form or a line of a statement,
`chapter.block.column` for a column of a table. The id is the defined name in the workbook, the key of the
text, the heading in the data dictionary and the place named in an error.
"""

from __future__ import annotations

from collections.abc import Iterator
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


class Axis(Declared):
    """Something that repeats rows or columns: months, weeks, product groups, contacts, team members.

    `labels` names where the headings come from: "text" (texts `axes.<id>`), "years" (plan year plus offset),
    "number" (1, 2, 3 …) or the id of a table column whose cells are shown.
    """

    size: int = Field(ge=1, le=400)
    labels: str = "number"
    offsets: tuple[int, ...] = ()
    known_by: str | None = None
    """The id of the column by which a refresh finds a row again when its label changes."""

    @model_validator(mode="after")
    def _years_have_offsets(self) -> Axis:
        if (self.labels == "years") != bool(self.offsets) or (self.offsets and len(self.offsets) != self.size):
            raise ValueError("an axis of years, and only that, lists one offset from the plan year per item")
        return self


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


class Line(Declared):
    """A line of a statement; `formulas` gives the formula per column.

    A column left out takes the formula under "each", else the column's own, else the one under "*", else it stays
    empty; so does a column whose formula is "".
    """

    id: Identifier
    formulas: dict[str, str] = {}
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


class Section(Declared):
    """A numbered section of the bruto index ("3.1") or a named part of a support sheet ("targets")."""

    key: str
    expects: tuple[str, ...] = ()
    """What makes it complete: the id of an input, or "id:n" for a column with at least n filled cells."""
    needs: tuple[str, ...] = ()
    """Ids of other sections that the program itself reads for this one; formulas tell that by themselves."""
    blocks: tuple[Block, ...] = ()


class Chapter(Declared):
    """One sheet: a chapter of the bruto index, or a support sheet (number "")."""

    id: Identifier
    number: str = ""
    grid: GridName
    tab: Literal["start", "chapter", "figures", "source", "control"] = "chapter"
    portrait: bool = False
    fixed_rows: bool = False
    """On exactly two pages: every row has a fixed height, with room for the longest text its columns may hold."""
    sections: tuple[Section, ...]

    def blocks(self) -> Iterator[tuple[Section, Block]]:
        """Every block with its section, in order of the sheet."""
        for section in self.sections:
            for block in section.blocks:
                yield section, block


class ChoiceList(Declared):
    """A list of choices: ids in the order shown, and numbers that go with them (a score, a rank)."""

    items: tuple[Identifier, ...]
    scores: tuple[float, ...] = ()

    @model_validator(mode="after")
    def _a_score_each(self) -> ChoiceList:
        if self.scores and len(self.scores) != len(self.items):
            raise ValueError("a list with scores gives one for every item")
        return self


class VersionStep(Declared):
    """What became of ids and choices from one version of a template to the next, so that older plans can be read.

    `renamed` gives {id of then: id of now} of fields, columns and blocks; with a block go all its columns. `labels`
    gives {"list.item": the labels that the item had}. What is new, gone or elsewhere on its sheet needs no word.
    """

    since: str
    to: str
    renamed: dict[str, str] = {}
    labels: dict[str, tuple[str, ...]] = {}


class Template(Declared):
    """A whole account plan, and its texts by language: {"nl": {key: (text, help), …}, …}."""

    id: Identifier
    version: str
    languages: tuple[str, ...]
    axes: dict[Identifier, Axis]
    lists: dict[Identifier, ChoiceList]
    chapters: tuple[Chapter, ...]
    profiles: dict[Identifier, tuple[str, ...]] = {}
    """{profile: the sections of the chapters that it keeps}; the profile "volledig" keeps all."""
    off: frozenset[str] = frozenset()
    """The sections that this plan leaves out; of those there is only what the others read (`left_out.py`)."""
    steps: tuple[VersionStep, ...] = ()
    """From older versions to this one, oldest first."""
    texts: dict[str, dict[str, tuple[str, str]]]

    def chapter(self, chapter_id: str) -> Chapter:
        """The chapter of that id; KeyError when there is none."""
        return {chapter.id: chapter for chapter in self.chapters}[chapter_id]

    def block(self, key: str) -> Block:
        """The block "chapter.block"; KeyError when there is none."""
        chapter_id, block_id = key.split(".")
        return {block.id: block for _, block in self.chapter(chapter_id).blocks()}[block_id]

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Every block after its id "chapter.block"."""
        for chapter in self.chapters:
            yield from ((f"{chapter.id}.{block.id}", block) for _, block in chapter.blocks())

    def rows(self, key: str) -> int:
        """How many prepared rows the table or statement "chapter.block" has; KeyError when there is none of that id."""
        table = self.block(key)
        if isinstance(table, Statement):
            return len(table.lines)
        if not isinstance(table, Table):
            raise KeyError(key)
        return self.axes[table.axis].size if table.axis else table.rows or 0

    def span(self, column: Column) -> int:
        """How many columns of the sheet a column takes: one for every item of its axis."""
        return self.axes[column.over].size if column.over else 1

    def text(self, language: str, key: str) -> str:
        """The text of `key`; KeyError names a text that is missing."""
        return self.texts[language][key][0]

    def help(self, language: str, key: str) -> str:
        """The guidance that goes with `key`, or an empty string."""
        return self.texts[language].get(key, ("", ""))[1]

    def label(self, language: str, list_id: str, item: str) -> str:
        """What the workbook shows for a choice."""
        return self.text(language, f"lists.{list_id}.{item}")
