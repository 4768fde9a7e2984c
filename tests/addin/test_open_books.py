from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import xlwings as xw

from addin import patience
from addin.live_book import LiveBook, active_book, open_book
from addin.patience import insisted, is_busy
from workbook_builder.errors import InputError


@pytest.mark.office
def test_the_book_in_front_is_found(book):
    assert active_book().facts()["account_id"] == "10021"
    assert active_book().book.name == book.name


@pytest.mark.office
def test_an_open_book_is_found_by_its_file_name(book):
    assert open_book("ACCOUNTPLAN_10021_2027.xlsx").facts()["year"] == "2027"
    with pytest.raises(InputError, match=r"Ander\.xlsx is not open in Excel"):
        open_book("Ander.xlsx")


@pytest.mark.office
def test_a_book_with_an_equals_sign_in_its_name_is_found(office, plan_file, tmp_path):
    path = tmp_path / "plan = concept.xlsx"
    path.write_bytes(plan_file.read_bytes())
    opened = office.books.open(str(path))
    try:
        assert open_book("plan = concept.xlsx").facts()["account_id"] == "10021"
    finally:
        opened.close()


@pytest.mark.office
def test_a_book_that_is_open_twice_is_refused(office, book, plan_file):
    second = office.impl.books.open(str(plan_file))  # as in a second Excel
    try:
        with pytest.raises(InputError, match="is open in more than one Excel"):
            open_book("Accountplan_10021_2027.xlsx")
    finally:
        second.close()


@pytest.mark.office
def test_without_an_open_book_there_is_nothing_to_do(office):
    assert len(office.books) == 0
    with pytest.raises(InputError, match="No workbook is open in Excel"):
        active_book()


def test_without_excel_the_user_hears_what_to_do_instead(monkeypatch):
    monkeypatch.setattr(xw.engines, "active", None)
    with pytest.raises(InputError) as refused:
        active_book()
    assert refused.value.text("nl") == (
        "Er is geen Excel open op deze computer; open het plan in Excel, of ververs het gesloten bestand met "
        "'accountplan refresh'."
    )


def test_xlwings_is_told_to_give_up_on_an_excel_that_rejects_every_call(monkeypatch):
    source = Path(xw.__file__).with_name("_xlwindows.py").read_text("utf-8")
    assert "\nN_COM_ATTEMPTS = 0" in source  # for ever, unless we say otherwise
    assert "n_attempt < N_COM_ATTEMPTS" in source
    windows = ModuleType("xlwings._xlwindows")
    windows.N_COM_ATTEMPTS = 0
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    LiveBook(SimpleNamespace())
    assert windows.N_COM_ATTEMPTS == 10_000


class ComError(Exception):
    """As pywin32's com_error: (hresult, text, excepinfo, argument)."""

    def __init__(self, hresult: int, scode: int | None = None) -> None:
        self.hresult = hresult
        self.excepinfo = None if scode is None else (0, "Excel", "", None, 0, scode)
        super().__init__(hresult, "", self.excepinfo, None)


class ExcelBusyError(Exception):
    """xlwings' own, by name."""


@pytest.mark.parametrize(
    ("fault", "busy"),
    [
        (ComError(-2147418111), True),  # the call was rejected by the callee
        (ComError(-2147352567, -2146777998), True),  # an exception, which says that a cell is being edited
        (ComError(-2146777998), True),
        (ExcelBusyError(), True),
        (ComError(-2147352567, -2146827284), False),  # a protected sheet
        (ComError(-2147352567), False),
        (KeyError("Blad1"), False),
    ],
)
def test_a_busy_excel_is_told_from_one_that_refuses(fault, busy):
    assert is_busy(fault) is busy


def test_putting_back_is_tried_a_few_times_and_not_for_ever(monkeypatch):
    monkeypatch.setattr(patience, "PAUSES", (0.0, 0.0, 0.0))
    tries: list[int] = []

    def step(good: int) -> None:
        tries.append(1)
        if len(tries) < good:
            raise OSError

    assert insisted(lambda: step(3))
    assert len(tries) == 3
    tries.clear()
    assert not insisted(lambda: step(4))
    assert len(tries) == 3
