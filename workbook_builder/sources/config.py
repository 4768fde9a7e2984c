"""`accountplan.toml` as checked data: what to plan, which exports to read, and the dialect of each.

The only thing that decides how a source is read: nothing is guessed while reading. Every fault of the file is
collected and raised once, with its key.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError, field_validator

from workbook_builder.errors import InputError, Problem, raise_if
from workbook_builder.sources.columns import COLUMNS, KINDS
from workbook_builder.sources.parse import clean_id

YEARS = range(1900, 2101)
TABLES = ["plan", "refresh", "sources", "accounts"]


def is_date_format(text: str) -> bool:
    """Whether `text` is a strptime format with a day, a month (by number or name) and a year, and nothing else."""
    return sorted(re.findall(r"%(.)", text)) in (sorted(codes) for codes in ("dmY", "dmy", "dbY", "dby"))


def without_time(date_format: str) -> str:
    """A strptime format up to its time of day, which is never needed; %B is %b, and %-d is %d."""
    return re.sub(r"[T\s]*%[HI].*$", "", date_format).replace("%B", "%b").replace("%-", "%").replace("%#", "%")


class _Part(BaseModel):
    """A table of the config: unknown keys are faults and nothing changes after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PlanSettings(_Part):
    """`[plan]`: the plan year (None: asked for elsewhere), the language, the unit in euros, and which sections.

    `profile` names a choice of sections in the template, `without` the keys of more sections to leave out.
    """

    year: StrictInt | None = None
    language: Literal["nl", "en"] = "nl"
    unit: Literal[1, 1000, 1000000] = 1000
    profile: StrictStr = "volledig"
    without: tuple[StrictStr, ...] = ()

    @field_validator("year")
    @classmethod
    def _year_in_range(cls, year: int | None) -> int | None:
        if year is not None and year not in YEARS:
            raise ValueError(f"{YEARS.start}..{YEARS.stop - 1}")
        return year


class Source(_Part):
    """One export: where it is, its dialect, and its headings by canonical column.

    `path` is absolute after `load_config`. `header_row` is the 1-based line (or sheet row) of the headings.
    `duplicates = "keep"` counts equal lines as sales of their own, for exports that hold such lines by nature.
    """

    path: Path
    format: Literal["csv", "xlsx", "parquet"] = "csv"
    delimiter: StrictStr = ";"
    decimal: Literal[",", "."] = ","
    encoding: StrictStr = "utf-8"
    date_format: StrictStr = "%Y-%m-%d"
    sheet: StrictStr | None = None
    header_row: StrictInt = Field(default=1, ge=1)
    credit: Literal["signed", "flip"] = "signed"
    cost_sign: Literal["positive", "negative"] = "positive"
    duplicates: Literal["check", "keep"] = "check"
    total_words: tuple[StrictStr, ...] = ()
    columns: dict[str, StrictStr]

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, delimiter: str) -> str:
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise ValueError('";" "," "\\t" "|"')
        return delimiter

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str) -> str:
        try:
            "a".encode(encoding)
            return codecs.lookup(encoding).name
        except (LookupError, ValueError, TypeError):
            raise ValueError('"utf-8", "cp1252", "utf-16", "latin-1"') from None

    @field_validator("date_format")
    @classmethod
    def _whole_date(cls, date_format: str) -> str:
        date_format = without_time(date_format)
        if not is_date_format(date_format):
            raise ValueError('"%d-%m-%Y", "%Y-%m-%d", "%d-%m-%y"')
        return date_format


class Sources(_Part):
    """`[sources]`: the sales lines, and what else is exported; None for what is not."""

    sales: Source
    accounts: Source | None = None
    contacts: Source | None = None
    quotations: Source | None = None
    activities: Source | None = None
    costs: Source | None = None
    team: Source | None = None

    def by_kind(self) -> dict[str, Source]:
        """The configured sources by kind, sales first."""
        return {kind: source for kind in KINDS if (source := getattr(self, kind)) is not None}


class RefreshSettings(_Part):
    """`[refresh]`: `least_rows` is the part of the rows read last time that a source must have, from 0 to 1."""

    least_rows: float = 0.5

    @field_validator("least_rows", mode="before")
    @classmethod
    def _is_a_part(cls, part: object) -> object:
        if isinstance(part, bool) or not isinstance(part, int | float) or not 0 <= part <= 1:
            raise ValueError("0 ... 1")
        return part


class Config(_Part):
    """A whole accountplan.toml. `accounts` says which debtor numbers of the source one AccountID stands for."""

    path: Path
    plan: PlanSettings = PlanSettings()
    refresh: RefreshSettings = RefreshSettings()
    sources: Sources
    accounts: dict[str, tuple[StrictStr, ...]] = {}

    def numbers(self, account_id: str) -> frozenset[str]:
        """The debtor numbers that `account_id` may stand for: its own and those of the accounts table."""
        own = clean_id(account_id)
        return frozenset((own, *self.accounts.get(own, ())))

    @property
    def folder(self) -> Path:
        """The folder of the config file, from which relative paths count."""
        return self.path.parent


def load_config(path: Path) -> Config:
    """The checked config at `path`; every fault in it is one problem of the InputError that is raised."""
    path = Path(path)
    settings = _read_toml(path)
    problems: list[Problem] = []
    try:
        config = Config.model_validate({**settings, "path": path.absolute()})
    except ValidationError as error:
        problems = [_as_problem(path, fault) for fault in error.errors()]
        raise InputError(*problems) from None
    if "path" in settings:
        problems.append(_unknown_key(path, "path", TABLES))
    for kind, source in config.sources.by_kind().items():
        problems += _column_problems(path, kind, source)
    problems += _account_problems(path, config.accounts)
    raise_if(problems)
    resolved = {
        kind: source.model_copy(update={"path": config.folder / source.path})
        for kind, source in config.sources.by_kind().items()
    }
    return config.model_copy(update={"sources": config.sources.model_copy(update=resolved)})


def _read_toml(path: Path) -> dict[str, Any]:
    """The tables of the file, or an InputError when it is absent, unreadable or not TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise InputError(Problem("config_absent", file=path)) from None
    except OSError as error:
        raise InputError(Problem("config_unreadable", file=path, reason=error.strerror)) from None
    except UnicodeDecodeError:
        raise InputError(Problem("config_not_utf8", file=path)) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(Problem("config_not_toml", file=path, reason=error)) from None


_PARTS: dict[int, dict[str, type[BaseModel]]] = {
    1: {"plan": PlanSettings, "refresh": RefreshSettings, "sources": Sources}
}


def _known_keys(location: tuple[Any, ...]) -> list[str]:
    """The keys a table of the config may hold; `location` is the path of the table."""
    if not location:
        return TABLES
    if len(location) == 1:
        return list(_PARTS[1][location[0]].model_fields) if location[0] in _PARTS[1] else []
    return list(Source.model_fields) if location[0] == "sources" else []


def _unknown_key(path: Path, key: str, known: list[str]) -> Problem:
    """The problem of a key that is not one of `known`, with the nearest one or, if none is near, all of them."""
    near = get_close_matches(key.rsplit(".", 1)[-1], known, n=1)
    if near:
        return Problem("config_unknown_key_near", file=path.name, key=key, near=near[0])
    return Problem("config_unknown_key", file=path.name, key=key, known=", ".join(known))


def _as_problem(path: Path, fault: Any) -> Problem:
    """One fault that pydantic found, in our own words."""
    location = tuple(part for part in fault["loc"] if isinstance(part, str | int))
    key = ".".join(str(part) for part in location)
    if fault["type"] == "extra_forbidden":
        return _unknown_key(path, key, _known_keys(location[:-1]))
    if fault["type"] == "missing":
        return Problem("config_key_absent", file=path.name, key=key)
    particulars = {"file": path.name, "key": key, "value": fault["input"]}
    context = fault.get("ctx", {})
    allowed = context.get("expected") or context.get("error") or ("ge" in context and f">= {context['ge']}")
    if allowed:
        return Problem("config_value", **particulars, allowed=str(allowed).replace(" or ", ", "))
    return Problem(_type_code(fault["type"]), **particulars)


def _type_code(code: str) -> str:
    """The code of the sentence about a value of the wrong type, from the code of a pydantic fault."""
    starts = {
        "string": "config_not_text",
        "path": "config_not_text",
        "int": "config_not_whole",
        "tuple": "config_not_list",
    }
    return next((ours for start, ours in starts.items() if code.startswith(start)), "config_not_table")


def _column_problems(path: Path, kind: str, source: Source) -> list[Problem]:
    """Columns of one source that are unknown, required but not mapped, or mapped to one heading twice."""
    known = COLUMNS[kind]
    place = f"sources.{kind}.columns"
    problems = [_unknown_key(path, f"{place}.{name}", list(known)) for name in source.columns if name not in known]
    required = [name for name, column in known.items() if column.required]
    problems += [
        Problem("config_key_absent", file=path.name, key=f"{place}.{name}")
        for name in required
        if name not in source.columns
    ]
    if kind == "costs" and not {"amount", "hours"} & source.columns.keys():
        problems.append(Problem("config_costs_without_amount", file=path.name, key=place))
    if "rate" in source.columns and "currency" not in source.columns:
        problems.append(Problem("config_key_absent", file=path.name, key=f"{place}.currency"))
    headings = [heading.strip() for heading in source.columns.values()]
    for name, heading in source.columns.items():
        if not heading.strip():
            problems.append(Problem("config_heading_empty", file=path.name, key=f"{place}.{name}"))
        elif headings.count(heading.strip()) > 1:
            problems.append(Problem("config_heading_twice", file=path.name, key=f"{place}.{name}", heading=heading))
    return problems


def _account_problems(path: Path, accounts: dict[str, tuple[str, ...]]) -> list[Problem]:
    """Debtor numbers that stand in two accounts, and accounts that stand for nothing."""
    problems = []
    owners: dict[str, str] = {}
    for account, numbers in accounts.items():
        if not numbers:
            problems.append(Problem("config_account_empty", file=path.name, account=account))
        for number in numbers:
            owner = owners.setdefault(number.strip(), account)
            if owner != account:
                problems.append(
                    Problem("config_number_twice", file=path.name, number=number, account=account, other=owner)
                )
    return problems
