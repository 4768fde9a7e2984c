"""Plan -> workbook -> plan is equal: every input and every sourced value, whatever the text."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from example_account import xml_parts
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from workbook_builder.plan import Plan
from workbook_builder.template.blocks import Form, SourceTable, Statement, Table
from workbook_builder.template.left_out import without
from workbook_builder.template.loader import load_template
from workbook_builder.workbook.layout import lay_out
from workbook_builder.workbook.named_values import read_plan
from workbook_builder.workbook.renderer import build

NASTY = [
    "=1+1",
    "=HYPERLINK(\"http://x\",\"klik\")",
    "+31 6 12345678",
    "-10,50",
    "@jansen",
    "=",
    "'=1+1",
    "\"aangehaald\"",
    "{=SUM(A1)}",
    "100%",
    "00123",
    "1E5",
    "TRUE",
    "#N/A",
    "regel 1\nregel 2\n\nregel 4",
    "\ttab",
    "  spaties  ",
    "x" * 500,
    "חברה בע\"מ",
    "شركة",
    "👩‍👩‍👧 Café 🍻",
    "株式会社日本",
    "Z͑ͫalgo",
    "a\u202egpj.exe",
    "\u200b",
    "]]>&amp;<b>\"'",
    "{xx} ${plan.year} %s",
    "_x0041_",
    "http://voorbeeld.nl/",
    "12345678901234567890",
]  # fmt: skip
SHOWN_AS_MISSING = {"n.b.", "n.v.t.", "n/a", "n.a."}  # the reader takes these for 'no value'
ODD_TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=60)


class RandomValues:
    """Values that a field of each type may hold, from one seed; None for one field in five."""

    def __init__(self, seed: int, texts: list[str]) -> None:
        self.random = Random(seed)
        self.texts = [text for text in (*NASTY, *texts) if text not in SHOWN_AS_MISSING and "x005F_" not in text]

    def value(self, one: Any) -> Any:
        if self.random.random() < 0.2:
            return None
        if one.type == "choice":
            return self.random.choice(load_template().lists[one.list].items)
        if one.type == "date":
            return dt.date(1990, 1, 1) + dt.timedelta(days=self.random.randrange(40_000))
        if one.type == "integer":
            return self.random.choice([0, 1, -1, 7, 10**9, self.random.randrange(-(10**6), 10**6)])
        if one.type == "text":
            return self.random.choice(self.texts) or None
        return Decimal(self.random.randrange(-(10**12), 10**12)).scaleb(-4)

    def row(self, columns: Any) -> dict[str, Any]:
        axes = load_template().axes
        return {
            one.id: [self.value(one) for _ in range(axes[one.over].size)] if one.over else self.value(one)
            for one in columns
            if kept(one)
        }


def kept(one: Any) -> bool:
    """Whether the value of a field comes from the plan."""
    return one.role != "calculated" and getattr(one, "key", None) is None and one.look != "gantt"


def random_plan(values: RandomValues, language: str) -> Plan:
    fields: dict[str, Any] = {}
    tables: dict[str, list[dict[str, Any]]] = {}
    template = without(load_template(), ())
    for chapter in template.chapters:
        for _, block in chapter.blocks():
            key = f"{chapter.id}.{block.id}"
            if isinstance(block, Form):
                fields |= {f"{chapter.id}.{one.id}": values.value(one) for one in block.fields if kept(one)}
            elif isinstance(block, Table):
                count = values.random.randrange(template.rows(key) + 1)
                tables[key] = [values.row(block.columns) for _ in range(count)]
            elif isinstance(block, SourceTable):
                tables[key] = [values.row(block.columns) for _ in range(values.random.randrange(40))]
            elif isinstance(block, Statement):
                by_id = {column.id: column for column in block.columns}
                tables[key] = [
                    {"line": line.id} | values.row(by_id[column] for column in (*line.inputs, *line.sourced))
                    for line in block.lines
                    if line.inputs or line.sourced
                ]
    for counted in ("settings.formulas_made", "settings.formulas_found"):  # the renderer fills these in
        del fields[counted]
    unit = values.random.choice([1, 1000, 1_000_000])
    year = values.random.randrange(1951, 2101)
    fields |= {"plan.year": year, "plan.unit": unit}
    name = values.random.choice(values.texts) or "naam"
    return Plan(values.random.choice(values.texts), name, year, language, unit, fields, tables)


def as_stored(value: Any) -> Any:
    """What a workbook keeps of a value: numbers as floats, empty texts as nothing."""
    if isinstance(value, list):
        return [as_stored(item) for item in value]
    if isinstance(value, Decimal | int):
        return float(value)
    return None if value == "" else value


def is_filled(value: Any) -> bool:
    return any(map(is_filled, value)) if isinstance(value, list) else value not in (None, "")


def assert_same(plan: Plan, read: Plan) -> None:
    template = load_template()
    assert (read.account_id, read.account_name) == (plan.account_id, plan.account_name)
    assert (read.year, read.language, read.unit) == (plan.year, plan.language, plan.unit)
    for name, value in plan.fields.items():
        assert as_stored(read.fields[name]) == as_stored(value), name
    for key, rows in plan.tables.items():
        chapter, block_id = key.split(".")
        block = next(block for _, block in template.chapter(chapter).blocks() if block.id == block_id)
        found = list(read.tables[key])
        if isinstance(block, Statement):
            found = [next(one for one in found if one["line"] == row["line"]) for row in rows]
        if isinstance(block, SourceTable):  # rows without any value are no rows
            rows = [row for row in rows if any(is_filled(value) for value in row.values())]
            assert len(found) == len(rows), key
        for number, row in enumerate(rows):
            there = found[number] if number < len(found) else {}
            for column, value in row.items():
                assert as_stored(there.get(column)) == as_stored(value) or not (there or is_filled(value)), (
                    key,
                    column,
                )


@pytest.mark.parametrize("language", ["nl", "en"])
@settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)
@given(seed=st.integers(0, 2**32), texts=st.lists(ODD_TEXTS, max_size=10))
def test_what_a_plan_holds_is_read_back_equal(tmp_path_factory, language, seed, texts):
    plan = random_plan(RandomValues(seed, texts), language)
    path = tmp_path_factory.mktemp("round") / "plan.xlsx"
    path.write_bytes(build(load_template(), plan))
    assert_same(plan, read_plan(path, load_template()))


def test_no_text_of_a_plan_becomes_a_formula():
    """The formula cells are those of a plan without a single value, and no more."""
    full = random_plan(RandomValues(7, []), "nl")
    template = load_template()
    growing = {key for key, block in template.blocks() if isinstance(block, SourceTable)}
    rows = {key: [{}] * len(rows) for key, rows in full.tables.items() if key in growing}
    bare = Plan("1", "1", full.year, "nl", full.unit, {}, rows)
    with_values, without_any = (xml_parts(build(template, plan)) for plan in (full, bare))
    for name, text in with_values.items():
        if name.startswith("xl/worksheets/sheet"):
            assert formula_cells(text) == formula_cells(without_any[name]), name


def formula_cells(sheet: str) -> list[str]:
    return re.findall(r'<c r="([A-Z]+[0-9]+)"[^>]*><f', sheet)


def test_every_nasty_text_is_a_shared_string_in_its_own_cell():
    template = load_template()
    texts = [text for text in NASTY if len(text) <= 300]
    rows = [{"wish": text} for text in texts[:10]]
    plan = Plan("1", "n", 2026, "nl", 1000, {}, {"analysis.wishes": rows})
    book = build(template, plan)
    area = lay_out(template, "nl").areas["analysis.wishes.wish"]
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        number = 1 + [chapter.id for chapter in template.chapters].index("analysis")
        sheet = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
    for offset in range(len(rows)):
        cell = re.search(rf'<c r="C{area.row + offset + 1}"[^>]*>', sheet)
        assert cell is not None
        assert 't="s"' in cell[0]


def test_line_ends_become_those_of_excel_and_impossible_characters_a_replacement():
    fields = {"account.culture": "een\r\ntwee\rdrie", "account.description": "a\x00b\x1fc\ud800d\uffff"}
    template = load_template()
    plan = Plan("1", "n", 2026, "nl", 1000, fields)
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(build(template, plan)))
    found = {}
    for name in fields:
        ((sheet, place),) = book.defined_names[name].destinations
        found[name] = book[sheet][place.replace("$", "")].value
    assert found == {"account.culture": "een\ntwee\ndrie", "account.description": "a�b�c�d�"}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_choice_is_shown_as_its_label_and_read_as_its_id(tmp_path, language):
    template = load_template()
    plan = Plan("1", "n", 2026, language, 1000, {"plan.status": "in_review"}, {"account.dmu": [{"role": "decider"}]})
    path = tmp_path / "plan.xlsx"
    path.write_bytes(build(template, plan))
    strings = xml_parts(path.read_bytes())["xl/sharedStrings.xml"]
    assert template.label(language, "plan_status", "in_review") in strings
    assert ">in_review<" not in strings
    read = read_plan(path, template)
    assert read.fields["plan.status"] == "in_review"
    assert read.tables["account.dmu"][0]["role"] == "decider"


def test_a_field_without_a_value_starts_with_its_default(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(build(load_template(), Plan("1", "n", 2026, "nl", 1000)))
    read = read_plan(path, load_template())
    assert read.fields["plan.status"] == "draft"
    assert read.fields["settings.interest"] == 0.06
    assert read.fields["targets.seasonality"] == "last_year"
