"""The version for the customer: right values of what is declared, and nothing else in any part of the file."""

from __future__ import annotations

import dataclasses
import functools
import html
import io
import re
import subprocess
import tempfile
import urllib.parse
import zipfile
from pathlib import Path
from typing import Any

import pytest
from made_exports import made_portfolio, plan_of
from planted_secrets import BESIDE, put_beside, with_secrets
from saved_plans import SALES_SHEET, excel_check
from user_content import with_user_content
from workbook_cells import Cells, letters, position, read_cells

from examples.fill_example import filled_plan
from workbook_builder import export, summary
from workbook_builder.cli import main
from workbook_builder.errors import InputError
from workbook_builder.export import customer_version, export_file
from workbook_builder.saved.book import SavedBook
from workbook_builder.template.blocks import Form, SourceTable, Statement, Table
from workbook_builder.template.customer import for_customer, shown_ids
from workbook_builder.template.loader import load_template
from workbook_builder.template.profiles import sections_off
from workbook_builder.workbook.renderer import render

TEMPLATE = load_template()
REVIEWED = Path(__file__).with_name("shown_to_the_customer.txt")
SECRET_NAME = "Marge 12 procent GEHEIM9010X.xlsx"


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def everything(content: bytes) -> str:
    """Every part of a workbook as text, as it stands and decoded, with names, comments and the bytes of the zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        pieces = [archive.comment.decode("latin-1"), *archive.namelist()]
        pieces += [(info.comment + info.extra).decode("latin-1") for info in archive.infolist()]
    for part in members(content).values():
        text = part.decode("utf-8", "replace")
        pieces += [text, html.unescape(text), urllib.parse.unquote(text)]
        pieces.append(part.decode("utf-16-le", "replace"))
    pieces.append(content.decode("latin-1"))
    return "\n".join(pieces)


def without_tags(content: bytes) -> str:
    """The text of every part with nothing between its pieces, as a word in several looks is stored."""
    return "\n".join(re.sub(rb"<[^>]*>", b"", part).decode("utf-8", "replace") for part in members(content).values())


@functools.cache
def version(language: str) -> bytes:
    """The version for the customer of the example plan as its team filled it in."""
    return customer_version(TEMPLATE, filled_plan(language), "plan")


@functools.cache
def full_of_secrets() -> tuple[bytes, dict[str, str]]:
    """A plan with a secret in every internal field and in everything that people put beside a plan."""
    plan, planted = with_secrets(TEMPLATE, filled_plan("nl"))
    book = render(TEMPLATE, plan)
    table = SavedBook(book, "plan").table("tbl_src_sales").body
    used = with_user_content(book, SALES_SHEET, f"F{table.top}:F{table.bottom}")
    return put_beside(used), {**planted, **BESIDE, "name of the file": "GEHEIM9010X"}


def test_the_file_with_secrets_holds_every_one_of_them():
    content, planted = full_of_secrets()
    text = everything(content)
    assert len(planted) > 200
    assert [name for name, secret in planted.items() if secret not in text and name != "name of the file"] == []


@pytest.mark.office
def test_none_of_the_planted_secrets_is_in_any_part_of_the_version_nor_in_its_pdf(tmp_path):
    content, planted = full_of_secrets()
    plan = tmp_path / SECRET_NAME
    plan.write_bytes(content)
    made = export_file(plan, tmp_path / "out", pdf=True)
    workbook, pdf = made.files
    text = everything(workbook.read_bytes()) + str([path.name for path in made.files])
    printed = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    about = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    text += printed + about + pdf.read_bytes().decode("latin-1")
    assert "Machinefabriek Zwanerloo" in printed
    assert [name for name, secret in planted.items() if secret in text] == []
    assert "GEHEIM" not in text + without_tags(workbook.read_bytes())
    assert str(tmp_path) not in text
    assert plan.read_bytes() == content


def amounts(cells: Cells, sheets: set[str] | None = None) -> set[float]:
    """The numbers with a fraction: two of those are equal only when they come from the same place."""
    return {
        round(cell.value, 6)
        for name, sheet in cells.sheets.items()
        for cell in sheet.values()
        if (sheets is None or name in sheets) and isinstance(cell.value, float) and cell.value % 1
    }


def test_no_number_of_costs_margins_hours_or_profit_is_in_it():
    plan = filled_plan("nl")
    full, shown_to_all = read_cells(render(TEMPLATE, plan)), read_cells(version("nl"))
    internal = amounts(full, {"H6 Budgettering", "H5 Strategie", "Bron_Kosten", "H8 Kort", "Vaststelling"})
    for name in ("analysis.sales_vv.cost", "analysis.sales_vv.margin", "analysis.sales_vv.margin_pct",
                 "analysis.sales_zz.margin", "goals.revenue.margin", "analysis.history_margin"):  # fmt: skip
        sheet, rows = full.place(name)
        internal |= {round(full.value(sheet, at), 6) for row in rows for at in row
                     if isinstance(full.value(sheet, at), float)}  # fmt: skip
    shown = {name for chapter in for_customer(TEMPLATE).chapters for _, block in chapter.blocks()
             for name in shown_ids(chapter.id, block)}  # fmt: skip
    on_purpose = set()
    for name in shown & full.names.keys():
        sheet, rows = full.place(name)
        below = [letters(position(at)[0]) + str(position(at)[1] + 1) for at in rows[-1]]  # a total, if it has one
        found = [full.value(sheet, at) for at in [*[at for row in rows for at in row], *below]]
        on_purpose |= {round(value, 6) for value in found if isinstance(value, float)}
    assert len(internal) > 500
    assert amounts(shown_to_all) & (internal - on_purpose) == set()
    assert amounts(shown_to_all) <= on_purpose | amounts(full, {"Start"})


def small(language: str = "nl", **typed: Any) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        sales = [["2025-05-10", "Lagers", 4, "1000.00", "700.00"], ["2026-12-31", "Lagers", 8, "3000.50", "2100.00"]]
        plan = plan_of(made_portfolio(Path(folder), sales=sales), language=language)
    return plan.with_typed(typed.get("fields", {}), typed.get("tables", {}))


def column_under(cells: Cells, sheet: str, heading: str) -> list[Any]:
    """The cells below a heading of a sheet, down to the first row where the sheet has nothing."""
    at = next(at for at, cell in cells.sheets[sheet].items() if cell.value == heading)
    column, row = position(at)
    return [cells.value(sheet, f"{letters(column)}{number}") for number in range(row + 1, row + 20)]


def test_the_values_are_those_of_the_plan():
    tables = {
        "goals.revenue": [{"row": 1, "own_target": 4.8, "own_margin_pct": 0.25}],
        "goals.objectives": [{"row": 1, "description": "Elke levering voor tien uur"}],
        "customer.goals": [{"row": 1, "goal_id": "D1"}],
        "actions.list": [{"row": 1, "action": "Vrachtplan opstellen"}, {"row": 2, "action": "Prijzen verhogen"}],
        "customer.actions": [{"row": 1, "action_id": "A1"}],
    }
    content = customer_version(TEMPLATE, small(tables=tables), "plan")
    cells = read_cells(content)
    assert column_under(cells, "Afname", "Omzet")[0] == 3.0005  # EUR 3,000.50 in thousands, of 2026
    assert column_under(cells, "Afname", "Aantal")[0] == 8
    assert column_under(cells, "Doelen", "Doel 2027")[:1] == [4.8]
    assert column_under(cells, "Doelen", "Doel 2027")[16] == 4.8  # the total below sixteen groups
    assert column_under(cells, "Afspraken", "Doel")[0] == "Elke levering voor tien uur"
    assert column_under(cells, "Afspraken", "Actie")[:2] == ["Vrachtplan opstellen", None]
    assert "Prijzen verhogen" not in everything(content)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_has_values_alone_and_nothing_hidden(language, tmp_path):
    content = version(language)
    parts = members(content)
    sheets = [text.decode() for name, text in parts.items() if name.startswith("xl/worksheets/sheet")]
    workbook = parts["xl/workbook.xml"].decode()
    assert [text for text in sheets if "<f>" in text or "<f " in text or "dataValidation" in text] == []
    assert "state=" not in workbook
    assert set(re.findall(r'<definedName name="([^"]+)"', workbook)) <= {"_xlnm.Print_Area", "_xlnm.Print_Titles"}
    folders = {name.rpartition("/")[0] for name in parts}
    assert folders == {
        "", "_rels", "docProps", "xl", "xl/_rels", "xl/charts", "xl/drawings", "xl/drawings/_rels", "xl/theme",
        "xl/worksheets", "xl/worksheets/_rels",
    }  # fmt: skip
    title = {"nl": "voor de klant", "en": "for the customer"}[language]
    assert all(title in {cell.value for cell in sheet.values()} for sheet in read_cells(content).sheets.values())
    if language == "nl":
        assert content == customer_version(TEMPLATE, filled_plan(language), "plan")
    assert excel_check(content, tmp_path) in (None, [])


def test_sections_that_the_plan_leaves_out_are_not_in_it_either():
    off = sections_off(TEMPLATE, "kern", ())
    plan = dataclasses.replace(small(), off=off)
    cells = read_cells(customer_version(TEMPLATE, plan, "plan"))
    assert "Afspraken" not in cells.sheets
    assert "Uw organisatie" in cells.sheets


def test_every_field_is_internal_or_in_the_version_on_purpose():
    """A field that is new in the version is added to the list by whoever has looked at it, by hand."""
    lines = REVIEWED.read_text("utf-8").splitlines()
    reviewed = [line for line in lines if line and not line.startswith("#")]
    version = for_customer(TEMPLATE)
    found = [
        name
        for chapter in version.chapters
        for _, block in chapter.blocks()
        for name in (
            [f"{chapter.id}.{block.id}"] if block.kind in ("chart", "note") else _reviewed_ids(chapter.id, block)
        )
    ]
    assert found == reviewed
    known = {
        name for chapter in TEMPLATE.chapters for _, block in chapter.blocks() for name in _all_ids(chapter.id, block)
    }
    assert len(known - set(found)) > 900  # what stays inside


def _reviewed_ids(chapter: str, block: Any) -> list[str]:
    return [name for name in shown_ids(chapter, block) if not isinstance(block, Statement) or name.count(".") < 2
            or name.split(".")[1] == block.id]  # fmt: skip


def _all_ids(chapter: str, block: Any) -> list[str]:
    if isinstance(block, SourceTable):
        return [f"{chapter}.{block.id}.{column.id}" for column in block.columns]
    return list(shown_ids(chapter, block)) if isinstance(block, Form | Table | Statement) else []


def test_an_error_in_what_the_customer_would_see_is_refused():
    plan = small()
    broken = dataclasses.replace(plan, fields={**plan.fields, "account.description": "#N/A"})
    with pytest.raises(InputError, match="Uw organisatie"):
        customer_version(TEMPLATE, broken, "plan.xlsx")


@functools.cache
def small_book() -> bytes:
    return render(TEMPLATE, small())


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    file = tmp_path / "plan.xlsx"
    file.write_bytes(small_book())
    return file


def test_the_command_writes_a_file_named_after_the_account_and_says_where(plan_file, capsys):
    content = plan_file.read_bytes()
    assert main(["export", str(plan_file), "--variant", "extern"]) == 0
    written = plan_file.with_name("Accountplan_90001_2027_klant.xlsx")
    assert capsys.readouterr().out.split() == [str(written)]
    assert written.exists()
    assert plan_file.read_bytes() == content
    assert main(["export", str(plan_file), "--variant", "extern"]) == 0  # what nobody worked in is made again


def test_an_earlier_version_in_which_somebody_worked_is_not_replaced(plan_file, capsys):
    written = plan_file.with_name("Accountplan_90001_2027_klant.xlsx")
    written.write_bytes(b"worked in")
    assert main(["export", str(plan_file), "--variant", "extern", "--lang", "en"]) == 2
    assert "is not replaced" in capsys.readouterr().err
    assert written.read_bytes() == b"worked in"


def test_a_file_that_is_no_plan_or_a_copy_of_one_does_not_stop_the_others(plan_file, tmp_path, capsys):
    other, copy = tmp_path / "other.xlsx", tmp_path / "zz old copy.xlsx"
    other.write_bytes(b"no workbook")
    copy.write_bytes(plan_file.read_bytes())
    words = ["--variant", "extern", "--out", str(tmp_path / "out"), "--lang", "en"]
    assert main(["export", str(other), str(plan_file), str(copy), *words]) == 2
    said = capsys.readouterr()
    assert str(other) in said.err
    assert f"{copy} would replace" in said.err, "the customer would get the version of an old copy"
    assert said.out.split() == [str(tmp_path / "out" / "Accountplan_90001_2027_klant.xlsx")]


def test_without_libreoffice_a_pdf_is_refused_with_one_sentence_and_nothing_is_written(plan_file, capsys, monkeypatch):
    monkeypatch.setattr(summary.shutil, "which", lambda name: None)
    monkeypatch.setattr(summary, "PLACES", {})
    names = sorted(plan_file.parent.iterdir())
    assert main(["export", str(plan_file), "--variant", "extern", "--pdf"]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "LibreOffice" in said
    assert sorted(plan_file.parent.iterdir()) == names
    assert export.libreoffice is summary.libreoffice
