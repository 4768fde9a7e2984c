"""`accountplan summary`: chapter 8 of closed plans as PDF, printed by LibreOffice."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from saved_plans import by_openpyxl, fresh, used

from workbook_builder.cli import main
from workbook_builder.saved.book import SavedBook
from workbook_builder.summary import summarise, summary_sheet, with_only
from workbook_builder.summary_file import is_ours, keep_pdf, summary_stem

NAME = "Accountplan_10021_2027_kort.pdf"


def text_of(path: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


@pytest.mark.office
def test_the_pdf_of_a_used_plan_has_two_pages_with_its_figures_in_the_way_of_the_language(tmp_path, capsys):
    plan = tmp_path / "Plan van Jan.xlsx"
    plan.write_bytes(used())
    assert main(["summary", str(plan), str(tmp_path / "weg.xlsx")]) == 2
    said = capsys.readouterr()
    assert said.out == f"{tmp_path / NAME}\n"
    assert "weg.xlsx" in said.err
    text = text_of(tmp_path / NAME)
    assert text.count("\f") == 2
    assert re.search(r"pagina 1 van 2", text)
    revenue = openpyxl.load_workbook(io.BytesIO(fresh()), data_only=True)["Start"]
    shown = next(row for row in revenue.iter_rows(values_only=True) if "Omzet" in row)
    figure = next(value for value in shown if isinstance(value, float))
    assert f"{figure:,.1f}".translate(str.maketrans(",.", ".,")) in text
    assert plan.read_bytes() == used()
    assert sorted(one.name for one in tmp_path.iterdir()) == [NAME, plan.name]
    assert is_ours(tmp_path / NAME)


def test_the_copy_for_the_printer_has_values_of_one_sheet_and_nothing_else():
    book = SavedBook(by_openpyxl(), "plan")
    sheet = summary_sheet(book)
    assert sheet == "H8 Kort"
    copy = openpyxl.load_workbook(io.BytesIO(with_only(book, sheet)))
    was = openpyxl.load_workbook(io.BytesIO(by_openpyxl()), data_only=True)
    for one in copy:
        cells = {cell.coordinate: cell.value for row in one.iter_rows() for cell in row if cell.value is not None}
        wanted = {
            cell.coordinate: cell.value for row in was[sheet].iter_rows() for cell in row if cell.value is not None
        }
        assert cells == (wanted if one.title == sheet else {})


def test_without_libreoffice_it_says_how_else(tmp_path, capsys, monkeypatch):
    plan = tmp_path / "plan.xlsx"
    plan.write_bytes(fresh())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["summary", str(plan), "--lang", "en"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "needs LibreOffice, which is not on this computer; open the plan in Excel and press Summary PDF" in said.err
    assert [one.name for one in tmp_path.iterdir()] == ["plan.xlsx"]


def broken(folder: Path) -> dict[str, bytes]:
    parts = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(fresh())) as old, zipfile.ZipFile(parts, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"summary.", b"sommary.") if name == "xl/workbook.xml" else content)
    stranger = openpyxl.Workbook()
    stranger.save(folder / "stranger.xlsx")
    return {
        "is geen accountplan|accountplan": (folder / "stranger.xlsx").read_bytes(),
        "hoofdstuk 8 is niet meer te vinden": parts.getvalue(),
        "": b"PK\x03\x04 not a zip at all",
    }


@pytest.mark.office
@pytest.mark.parametrize("number", range(3))
def test_what_is_no_plan_is_refused_in_one_sentence_and_nothing_is_written(tmp_path, capsys, number):
    sentence, content = list(broken(tmp_path).items())[number]
    work = tmp_path / "work"
    work.mkdir()
    (work / "plan.xlsx").write_bytes(content)
    assert main(["summary", str(work / "plan.xlsx")]) == 2
    said = capsys.readouterr()
    assert len(said.err.splitlines()) == 1
    assert re.search(sentence, said.err), said.err
    assert [one.name for one in work.iterdir()] == ["plan.xlsx"]


@pytest.mark.office
def test_a_libreoffice_that_gives_nothing_is_said_so(tmp_path, monkeypatch):
    plan = tmp_path / "plan.xlsx"
    plan.write_bytes(fresh())
    lazy = tmp_path / "bin" / "soffice"
    lazy.parent.mkdir()
    lazy.write_text("#!/bin/sh\nexit 0\n")
    lazy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{lazy.parent}:/bin")
    with pytest.raises(Exception, match="LibreOffice made no PDF of it"):
        summarise(plan)


def test_a_file_that_is_not_ours_or_was_changed_keeps_its_name(tmp_path):
    (tmp_path / "kort.pdf").write_bytes(b"%PDF somebody's own")
    first = keep_pdf(tmp_path, "kort", b"%PDF one")
    assert first == tmp_path / "kort_2.pdf"
    assert keep_pdf(tmp_path, "kort", b"%PDF two") == first
    assert first.read_bytes().startswith(b"%PDF two\n%Accountplan ")
    first.write_bytes(first.read_bytes().replace(b"two", b"tow"))
    assert not is_ours(first)
    assert keep_pdf(tmp_path, "kort", b"%PDF three") == tmp_path / "kort_3.pdf"
    assert (tmp_path / "kort.pdf").read_bytes() == b"%PDF somebody's own"
    (tmp_path / "map.pdf").mkdir()
    assert keep_pdf(tmp_path, "map", b"%PDF") == tmp_path / "map_2.pdf"


def test_the_name_says_account_year_and_language_and_fits_any_disk():
    assert summary_stem("10021", 2027, "nl") == "Accountplan_10021_2027_kort"
    assert summary_stem("10021", 2027, "en") == "Accountplan_10021_2027_summary"
    assert re.fullmatch(r"Accountplan_A_B_[0-9a-f]{6}_2027_kort", summary_stem("A/B", 2027, "nl"))
