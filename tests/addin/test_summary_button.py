"""The buttons that leave Excel: chapter 8 as a PDF beside the plan, and the folder of the plan."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw
from live_contents import changed, contents

from addin import macros
from addin.live_book import LiveBook
from workbook_builder.errors import InputError
from workbook_builder.summary_file import is_ours

pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("plannen van Jan & Co")


@pytest.fixture(scope="module")
def book(office, plan_file, folder) -> Iterator[xw.Book]:
    opened = office.books.open(str(shutil.copy(plan_file, folder)))
    yield opened
    opened.close()


def pages(path: Path) -> int:
    told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("Pages:")))


def test_chapter_8_is_printed_beside_the_plan_on_two_pages(book, said, folder):
    before = contents(book)
    macros.summary(LiveBook(book))
    path = folder / "Accountplan_10021_2027_kort.pdf"
    assert said == [f"Hoofdstuk 8 staat als PDF in {path}."]
    assert pages(path) == 2
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    assert "8.1 Naam klant" in text.replace("  ", " ")
    assert "8.7 Tijdspad acties" in text.replace("  ", " ")
    assert sorted(one.name for one in folder.iterdir()) == [book.name, path.name]
    assert changed(before, contents(book)) == []


def test_the_next_one_takes_its_place_but_never_that_of_somebody_elses_file(book, said, folder):
    path = folder / "Accountplan_10021_2027_kort.pdf"
    macros.summary(LiveBook(book))
    assert is_ours(path)
    with path.open("ab") as file:  # a reader in which somebody made notes adds to the end
        file.write(b"\n% notes")
    noted = path.read_bytes()
    macros.summary(LiveBook(book))
    assert path.read_bytes() == noted
    assert said[-1] == f"Hoofdstuk 8 staat als PDF in {folder / 'Accountplan_10021_2027_kort_2.pdf'}."
    assert pages(folder / "Accountplan_10021_2027_kort_2.pdf") == 2


def test_a_plan_on_sharepoint_is_printed_to_the_documents_of_the_user(book, said, tmp_path, monkeypatch):
    monkeypatch.setattr(book.impl, "web", "https://bedrijf.sharepoint.com/sites/sales")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "Documents").mkdir()
    macros.summary(LiveBook(book))
    assert pages(tmp_path / "Documents" / "Accountplan_10021_2027_kort.pdf") == 2
    assert said == [f"Hoofdstuk 8 staat als PDF in {tmp_path / 'Documents' / 'Accountplan_10021_2027_kort.pdf'}."]


def test_a_pdf_that_cannot_be_printed_leaves_nothing_behind(book, said, monkeypatch, tmp_path):
    monkeypatch.setattr(book.impl, "file", tmp_path / "weg" / "plan.xlsx")
    with pytest.raises(InputError, match="cannot be written"):
        macros.summary(LiveBook(book))
    assert said == []
    assert not (tmp_path / "weg").exists()


@pytest.fixture
def opened_with(tmp_path, monkeypatch) -> Path:
    """The file that a made-up file manager writes what it was asked to open to."""
    if sys.platform != "linux":
        pytest.skip("the file manager of other systems cannot be replaced by one on the PATH")
    told = tmp_path / "told"
    manager = tmp_path / "bin" / "xdg-open"
    manager.parent.mkdir()
    manager.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > "{told}"\n')
    manager.chmod(0o755)
    monkeypatch.setenv("PATH", f"{manager.parent}:/usr/bin:/bin")
    return told


def test_the_folder_of_the_plan_is_opened(book, opened_with, folder):
    macros.open_folder(LiveBook(book))
    assert opened_with.read_text() == f"{folder}|"


def test_a_plan_on_the_web_or_never_saved_has_no_folder_to_open(book, opened_with, monkeypatch):
    monkeypatch.setattr(book.impl, "web", "https://bedrijf-my.sharepoint.com/personal/jan")
    with pytest.raises(InputError) as refused:
        macros.open_folder(LiveBook(book))
    assert "https://bedrijf-my.sharepoint.com/personal/jan" in refused.value.text("nl")
    live = LiveBook(book)
    monkeypatch.setattr(type(live.host), "folder", lambda self, book: "")
    with pytest.raises(InputError, match="never saved"):
        macros.open_folder(live)
    assert not opened_with.exists()


def test_nothing_but_a_folder_is_opened(book, opened_with, monkeypatch, tmp_path):
    monkeypatch.setattr(book.impl, "web", str(opened_with.parent / "bin" / "xdg-open"))
    with pytest.raises(InputError, match="cannot be opened"):
        macros.open_folder(LiveBook(book))
    assert not opened_with.exists()
