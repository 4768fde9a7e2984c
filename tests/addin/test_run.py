from __future__ import annotations

import os
import subprocess
import sys
import types
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin import telling
from addin.run import BUTTONS, book_name, main, press
from workbook_builder.cli import main as accountplan
from workbook_builder.errors import InputError, Problem

ROOT = Path(__file__).resolve().parents[2]


def hexadecimals(name: str) -> str:
    return name.encode("utf-16-be", "surrogatepass").hex().upper()


@pytest.fixture
def excel(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """A double of Excel and of the macros, which need Excel: what they were asked, in order."""
    asked: list[tuple[object, ...]] = []
    book = object()
    live = types.ModuleType("addin.live_book")
    live.open_book = lambda name: asked.append(("open_book", name)) or book
    live.active_book = lambda: asked.append(("active_book",)) or book
    macros = types.ModuleType("addin.macros")
    for button in BUTTONS:
        setattr(macros, button, lambda given, button=button: asked.append((button, given is book)))
    monkeypatch.setitem(sys.modules, "addin.live_book", live)
    monkeypatch.setitem(sys.modules, "addin.macros", macros)
    return asked


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_does_the_macro_of_its_name_on_the_workbook_of_that_name(excel, button):
    code = main([button, "--lang=nl", f"--book={hexadecimals('Plan é.xlsx')}"])
    assert code == 0
    assert excel == [("open_book", "Plan é.xlsx"), (button, True)]


@pytest.mark.parametrize(
    "name",
    ["a=b.xlsx", '"; import os #.xlsx', "%TEMP%&calc.xlsx", "--lang=en", "../x.xlsx", "😀.xlsx", "__import__('os')"],
)
def test_a_name_is_a_name_whatever_it_holds(excel, name):
    assert main(["check", f"--book={hexadecimals(name)}"]) == 0
    assert excel[0] == ("open_book", name)


@given(st.text(st.characters(codec=None), max_size=255))
def test_every_name_comes_back_from_its_hexadecimals(name):
    assert book_name(hexadecimals(name)) == name


@pytest.mark.parametrize(
    "words",
    [
        ["os.system"],
        ["refresh()"],
        ["addin.macros.refresh"],
        ["refresh", "--book=zz"],
        ["refresh", "--book=004"],
        ["refresh", "--config=C:\\x.toml"],
        ["refresh", "more"],
        [],
    ],
)
def test_anything_but_a_button_and_plain_data_is_refused(excel, words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert excel == []
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        (
            "nl",
            "Er is geen accountplan in beeld; open eerst een plan, en klik op Bewerken inschakelen "
            "als Excel dat vraagt.",
        ),
        ("en", "There is no account plan in front; open a plan first, and click Enable Editing when Excel asks."),
    ],
)
def test_without_a_workbook_in_front_it_says_to_open_one(excel, capsys, lang, sentence):
    assert main(["refresh", f"--lang={lang}", "--book="]) == 0
    assert capsys.readouterr().err == f"{sentence}\n"
    assert excel == []


def test_a_refusal_is_told_in_a_sentence_and_excel_hears_that_all_is_well(excel, monkeypatch, capsys):
    def refuse(book: object) -> None:
        raise InputError(Problem("year_missing", file="accountplan.toml"))

    monkeypatch.setattr(sys.modules["addin.macros"], "refresh", refuse)
    assert main(["refresh", "--lang=en", f"--book={hexadecimals('p.xlsx')}"]) == 0
    assert capsys.readouterr().err == (
        "accountplan.toml: there is no plan year; set [plan] year in the config or give --year.\n"
    )


def test_a_fault_of_the_program_goes_to_a_log_and_only_its_place_to_the_user(excel, monkeypatch, capsys, tmp_path):
    def fail(book: object) -> None:
        raise KeyError("a secret detail")

    monkeypatch.setattr(sys.modules["addin.macros"], "refresh", fail)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert main(["refresh", "--lang=en", f"--book={hexadecimals('p.xlsx')}"]) == 0
    told = capsys.readouterr().err
    log = next(tmp_path.rglob("accountplan.log"))
    assert str(log) in told
    assert "secret" not in told
    assert "KeyError: 'a secret detail'" in log.read_text("utf-8")


def test_from_a_terminal_a_button_takes_the_workbook_in_front(excel, capsys):
    assert accountplan(["addin", "run", "drill_down", "--lang", "en"]) == 0
    assert excel == [("active_book",), ("drill_down", True)]


def test_from_a_terminal_a_button_that_is_not_there_is_refused_with_those_that_are(excel, capsys):
    assert accountplan(["addin", "run", "explode", "--lang", "en"]) == 2
    assert capsys.readouterr().err == (
        "There is no button 'explode'; choose one of refresh, check, drill_down, add_row, summary, hold_review, "
        "approve, open_folder, help, about.\n"
    )
    assert excel == []
    with pytest.raises(InputError):
        press("explode")


def test_python_takes_no_module_from_the_folder_where_excel_happens_to_be(tmp_path):
    for name in ("addin", "xlwings", "argparse", "workbook_builder"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken from the folder of the workbook')\n")
    (tmp_path / "xlwings.conf").write_text('"INTERPRETER_WIN","calc.exe"\n')
    planted = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONSTARTUP": str(tmp_path / "addin.py")}
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import addin.run; addin.run.main(['help'])"
    start = [sys.executable, "-E", "-P", "-c", code]
    done = subprocess.run(start, cwd=tmp_path, env=planted, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("Er is geen accountplan in beeld;")


def test_the_flags_are_what_keeps_that_folder_out(tmp_path):
    (tmp_path / "addin.py").write_text("raise SystemExit('taken from the folder of the workbook')\n")
    done = subprocess.run(
        [sys.executable, "-m", "addin.run"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "taken from the folder of the workbook" in done.stderr


def test_the_window_that_tells_is_that_of_the_system(monkeypatch, capsys):
    monkeypatch.setattr(telling.sys, "platform", "darwin")
    started: list[list[str]] = []
    monkeypatch.setattr(telling.subprocess, "run", lambda command, check: started.append(command))
    telling.show_window('a "quote" & `x`')
    assert started == [
        [
            "/usr/bin/osascript",
            "-e", "on run argv",
            "-e", 'display alert "Accountplan" message (item 1 of argv)',
            "-e", "end run",
            'a "quote" & `x`',
        ]
    ]  # fmt: skip
