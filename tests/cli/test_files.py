from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbook_builder.errors import InputError
from workbook_builder.files import file_part, write_atomically

ROOT = Path(__file__).resolve().parents[2]


def test_a_file_is_written_whole_in_a_folder_that_is_made(tmp_path):
    path = tmp_path / "nieuw" / "map" / "plan.xlsx"
    write_atomically(path, b"inhoud")
    assert path.read_bytes() == b"inhoud"
    assert [found.name for found in path.parent.iterdir()] == ["plan.xlsx"]


def test_others_may_read_the_file(tmp_path):
    write_atomically(tmp_path / "plan.xlsx", b"inhoud")
    assert (tmp_path / "plan.xlsx").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("step", ["replace", "fsync", "chmod"])
def test_a_step_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, step):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"oud")

    def fail(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"workbook_builder.files.os.{step}", fail)
    with pytest.raises(InputError) as caught:
        write_atomically(path, b"nieuw")
    assert [problem.code for problem in caught.value.problems] == ["file_not_writable"]
    assert "No space left on device" in caught.value.text("en")
    assert path.read_bytes() == b"oud"
    assert [found.name for found in tmp_path.iterdir()] == ["plan.xlsx"]


def test_an_interrupted_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"oud")

    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("workbook_builder.files.os.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, b"nieuw")
    assert path.read_bytes() == b"oud"
    assert [found.name for found in tmp_path.iterdir()] == ["plan.xlsx"]


@pytest.mark.parametrize("step", ["os.fsync", "os.replace"])
def test_a_killed_run_leaves_the_old_file_whole(tmp_path, step):
    """The process dies (no clean-up at all) just before a step: what it was writing never has the file's name."""
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"oud")
    code = (
        f"import os, pathlib, workbook_builder.files as files\n{step} = lambda *rest: os._exit(9)\n"
        f"files.write_atomically(pathlib.Path({str(path)!r}), b'nieuw')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert path.read_bytes() == b"oud"


def test_what_a_killed_run_left_is_cleaned_up_by_the_next(tmp_path):
    left, running, other = (tmp_path / name for name in (".plan.xlsx.a.tmp", ".plan.xlsx.b.tmp", ".anders.xlsx.c.tmp"))
    for path in (left, running, other):
        path.write_bytes(b"half")
    for path in (left, other):
        os.utime(path, (1_000_000_000, 1_000_000_000))  # in 2001
    write_atomically(tmp_path / "plan.xlsx", b"nieuw")
    assert {path.name for path in tmp_path.iterdir()} == {"plan.xlsx", running.name, other.name}


def test_the_lock_file_of_excel_is_respected(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"oud")
    (tmp_path / "~$plan.xlsx").write_bytes(b"")
    with pytest.raises(InputError) as caught:
        write_atomically(path, b"nieuw")
    assert [problem.code for problem in caught.value.problems] == ["file_open_in_excel"]
    assert path.read_bytes() == b"oud"


def test_a_link_is_not_followed_out_of_the_folder(tmp_path):
    outside = tmp_path / "elders.txt"
    outside.write_bytes(b"elders")
    folder = tmp_path / "plans"
    folder.mkdir()
    os.symlink(outside, folder / "plan.xlsx")
    write_atomically(folder / "plan.xlsx", b"nieuw")
    assert outside.read_bytes() == b"elders"
    assert (folder / "plan.xlsx").read_bytes() == b"nieuw"


@pytest.mark.parametrize("text", ["10021", "QUICK", "AW00000697", "Jansen-Zn", "a.b_c", "Café"])
def test_a_plain_number_or_name_stays_as_it_is(text):
    assert file_part(text) == text


@pytest.mark.parametrize(
    ("text", "start"), [("a/b", "a_b_"), ("..", "account_"), ("", "account_"), ("x" * 300, "x" * 60 + "_")]
)
def test_any_other_text_is_made_safe_and_marked(text, start):
    made = file_part(text)
    assert made.startswith(start)
    assert len(made) == len(start) + 6
    assert file_part(text) == made
    assert file_part(text + "!") != made
