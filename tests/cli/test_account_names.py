"""Whatever a customer is called: a file with a safe name, and the name itself unchanged as text in the workbook."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from workbook_builder.files import file_part
from workbook_builder.plan import Plan
from workbook_builder.sources.config import load_config
from workbook_builder.sources.figures import load_portfolio
from workbook_builder.template.loader import load_template
from workbook_builder.template.model import Template
from workbook_builder.workbook.manifest import read_facts
from workbook_builder.workbook.renderer import build

NAMES = [
    # what Windows keeps for itself
    "CON", "nul", "COM1", "lpt9.xlsx", "AUX.", "Prn ", "CLOCK$", "COM¹",
    # parts of paths
    "a/b", "a\\b", "..", "../../etc/passwd", "C:\\Temp\\x", "\\\\server\\map", "/", ".verborgen", "naam.",
    "a:b?c*d|e<f>g\"h",
    # long
    "x" * 300, "é" * 300, "& " * 150, "🍻" * 100,
    # what Excel could take for something else
    "=1+1 B.V.", "+Plus", "-Min", "@Home", "{=1}", "'aanhaling", "#N/A", "TRUE", "00123", "1E5", "3M",
    "100% Kaas", "&8&P",
    "{xx} %s ${plan.year}", "]]>&amp;<b>",
    # other scripts, directions, invisible characters
    "חברה", "شركة", "a\u202egpj.exe", "株式会社", "👩‍👩‍👧 Café", "\u200b", "\u00a0", "Z͑ͫalgo", "ﬁnance", "İstanbul",
    # line ends and characters that XML cannot hold
    "a\nb", "a\tb", "a\r\nb", "a\x00b", "\x1b[31m", "\ufffe", "",
]  # fmt: skip
WINDOWS_KEEPS = re.compile(r"^(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|(COM|LPT)[0-9¹²³])(\.|$)", re.IGNORECASE)


def shared_texts(file: str) -> list[str]:
    folder = Path(os.environ.get("ACCOUNTPLAN_SHARED", Path(__file__).parents[3] / "shared"))
    path = folder / "hostile" / "text" / file
    return json.loads(path.read_text("utf-8")) if path.is_file() else []


NO_SHARED = "no shared test inputs: set ACCOUNTPLAN_SHARED to the folder with hostile/text"
MORE_NAMES = [name for name in shared_texts("account-names-stress.json") if name not in NAMES]
ALL_NAMES = [*NAMES, *(MORE_NAMES or [pytest.param(None, marks=pytest.mark.skip(reason=NO_SHARED))])]


@pytest.fixture(scope="module")
def short_template() -> Template:
    """The first form of the first sheet and of chapter 1: what shows the name, in a workbook made in no time."""
    template = load_template()
    start, account = template.chapter("plan"), template.chapter("account")
    about: Any = start.sections[0].blocks[0]
    fields = [one.model_copy(update={"formula": "${text.green}"}) if one.id == "light" else one for one in about.fields]
    fields = [one.model_copy(update={"otherwise": None}) for one in fields]
    about = about.model_copy(update={"fields": tuple(fields)})
    general: Any = account.sections[0].blocks[0]
    typed = (one for one in general.fields if one.formula is None)
    typed = tuple(one.model_copy(update={"roll_over": "keep" if one.role == "input" else None}) for one in typed)
    first = account.sections[0].model_copy(update={"blocks": (general.model_copy(update={"fields": typed}),)})
    sections = (start.sections[0].model_copy(update={"blocks": (about,)}),)
    chapters = (
        start.model_copy(update={"sections": sections}),
        account.model_copy(update={"sections": (first,)}),
    )
    return template.model_copy(update={"chapters": chapters})


def expected_text(name: str) -> str:
    """The name as a workbook can hold it: Excel's line ends, U+FFFD where XML has no character."""
    for old, new in (("\r\n", "\n"), ("\r", "\n"), ("\x00", "�"), ("\x1b", "�"), ("\ufffe", "�")):
        name = name.replace(old, new)
    return name


@pytest.mark.parametrize("name", ALL_NAMES, ids=lambda name: ascii(name)[:30])
def test_a_file_is_safe_whatever_the_account_is_called(name, tmp_path):
    file = f"Accountplan_{file_part(name)}_2027.xlsx"
    assert Path(file).name == file
    assert not set(file) & set('<>:"/\\|?*\0\n\r\t ')
    assert not any(ord(character) < 32 or character in "\u202e\u200b\ufeff" for character in file)
    assert not WINDOWS_KEEPS.match(file)
    assert len(file) <= 120
    assert len(file.encode("utf-8")) <= 255
    assert not file.startswith((".", "~"))
    (tmp_path / file).write_bytes(b"x")
    assert [path.name for path in tmp_path.iterdir()] == [file]


def test_two_accounts_never_share_a_file():
    names = [name for name in ALL_NAMES if isinstance(name, str)]
    assert len({file_part(name).casefold() for name in names}) == len(set(names)) - same_but_for_case(names)


def same_but_for_case(names: list[str]) -> int:
    """How many plain names differ in upper and lower case only; those share a file on Windows, and so be it."""
    plain = [name for name in set(names) if file_part(name) == name]
    return len(plain) - len({name.casefold() for name in plain})


@pytest.mark.parametrize("name", ALL_NAMES, ids=lambda name: ascii(name)[:30])
def test_the_name_is_text_in_the_workbook_and_its_footer_fits(name, short_template):
    plan = Plan(name, name, 2027, "nl", 1000, {"account.name": name, "account.numbers": name})
    book = build(short_template, plan)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    for part, content in parts.items():
        ElementTree.fromstring(content)  # every part is well-formed XML
        for footer in re.findall(r"<oddFooter>(.*?)</oddFooter>", content.decode("utf-8"), re.DOTALL):
            text = ElementTree.fromstring(f"<f>{footer}</f>").text or ""
            assert len(text) <= 255, part
            assert not re.search(r"&8\S", text.replace("&&", "")), "a digit after the size would change the size"
    sheet = parts["xl/worksheets/sheet2.xml"].decode("utf-8")
    found = openpyxl.load_workbook(io.BytesIO(book))
    for field in ("account.name", "account.numbers"):
        ((title, place),) = found.defined_names[field].destinations
        cell = found[title][place.replace("$", "")]
        assert (cell.value or "") == expected_text(name)
        if name:
            written = re.search(rf'<c r="{cell.coordinate}"([^>]*)>(.)', sheet)
            assert written is not None
            assert 't="s"' in written[1]
            assert cell.data_type == "s"
    facts = read_facts(found)
    assert facts is not None
    assert (facts["account_id"], facts["account_name"]) == (expected_text(name), expected_text(name))


CSV_NAMES = ["=1+1 B.V.", "3M", "a/b:c", "חברה", "👩‍👩‍👧 Café", "x" * 300]


def test_a_name_is_read_from_an_export_as_it_is(desk, rows):
    desk.export([*rows, *((name, name, "20-03-2026", "Meel", "80,00", "30,00") for name in CSV_NAMES)])
    portfolio = load_portfolio(load_config(desk.folder / "accountplan.toml"))
    assert [portfolio.account(name).account_name for name in CSV_NAMES] == CSV_NAMES


@pytest.mark.parametrize("name", ["=1+1 B.V.", "👩‍👩‍👧 Café"], ids=ascii)
def test_a_name_goes_from_export_to_plan_and_back_unchanged(desk, rows, name):
    desk.export([*rows, (name, name, "20-03-2026", "Meel", "80,00", "30,00")])
    said = desk.run("new", "--account", name)
    assert said.code == 0
    path = Path(said.out.strip())
    assert path.parent == Path("plans")
    assert [found.name for found in (desk.folder / "plans").iterdir()] == [path.name]
    document = json.loads(desk.run("read", path).out)
    assert (document["account_id"], document["account_name"]) == (name, name)
    assert document["fields"]["account.name"] == name
    assert document["fields"]["analysis.revenue_vv"] == 0.08


TEXTS = shared_texts("formula-injection.json")


@pytest.mark.skipif(not TEXTS, reason=NO_SHARED)
def test_every_hostile_text_stays_text_in_its_cell():
    template = load_template()
    columns = ("function", "person", "location")
    rows = [dict(zip(columns, TEXTS[start : start + 3], strict=False)) for start in range(0, len(TEXTS), 3)]
    assert len(rows) <= template.rows("account.org_chart")
    book = build(template, Plan("1", "n", 2027, "nl", 1000, {}, {"account.org_chart": rows}))
    found = openpyxl.load_workbook(io.BytesIO(book))
    for column in columns:
        ((title, place),) = found.defined_names[f"account.org_chart.{column}"].destinations
        cells = [row[0] for row in found[title][place.replace("$", "")]]
        for row, cell in zip(rows, cells, strict=False):
            if column in row:
                assert cell.data_type == "s"
                assert cell.value == expected_text(row[column])
