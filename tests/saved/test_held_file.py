"""A plan is replaced whole or not at all, by one run at a time, and its old version stays beside it."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from workbook_builder import files
from workbook_builder.errors import InputError
from workbook_builder.files import KEPT_BACKUPS, Seen, backups, hold, locked, replace_file

ROOT = Path(__file__).resolve().parents[2]
SAVED_AT = dt.datetime(2027, 1, 15, 9, 30, 5).timestamp()
BACKUP = "plan.xlsx.2027-01-15_093005.bak"


@pytest.fixture
def path(tmp_path) -> Path:
    """A plan that was saved on 15 January 2027 at 9:30:05."""
    plan = tmp_path / "plan.xlsx"
    plan.write_bytes(b"oud")
    os.utime(plan, (SAVED_AT, SAVED_AT))
    return plan


def names(path: Path) -> list[str]:
    return sorted(found.name for found in path.parent.iterdir())


def code(caught: pytest.ExceptionInfo[InputError]) -> str:
    [problem] = caught.value.problems
    return problem.code


def test_the_old_version_stays_beside_it_under_the_moment_it_was_saved(path):
    backup = replace_file(path, b"nieuw", Seen.of(b"oud"))
    assert path.read_bytes() == b"nieuw"
    assert backup == path.with_name(BACKUP)
    assert backup.read_bytes() == b"oud"
    assert backup.stat().st_mtime == SAVED_AT
    assert names(path) == ["plan.xlsx", BACKUP]


def test_the_same_content_is_not_written(path):
    assert replace_file(path, b"oud", Seen.of(b"oud")) is None
    assert path.stat().st_mtime == SAVED_AT
    assert names(path) == ["plan.xlsx"]


def test_who_may_read_the_file_stays_the_same(path):
    path.chmod(0o640)
    replace_file(path, b"nieuw", Seen.of(b"oud"))
    assert path.stat().st_mode & 0o777 == 0o640


def test_the_last_ten_versions_are_kept(path):
    for number in range(14):
        content = path.read_bytes()
        replace_file(path, f"versie {number}".encode(), Seen.of(content))
        os.utime(path, (SAVED_AT + 60 * number, SAVED_AT + 60 * number))
    kept = backups(path)
    assert len(kept) == KEPT_BACKUPS == 10
    assert kept[-1].read_bytes() == b"versie 12"
    assert kept[0].read_bytes() == b"versie 3"


def test_two_versions_of_one_second_are_both_kept(path):
    for content in (b"tweede", b"derde", b"vierde"):
        replace_file(path, content, Seen.of(path.read_bytes()))
        os.utime(path, (SAVED_AT, SAVED_AT))
    assert [backup.read_bytes() for backup in backups(path)] == [b"oud", b"tweede", b"derde"]


def test_files_of_others_that_look_like_backups_are_left_alone(path):
    others = ["plan.xlsx.bak", "plan.xlsx.2027-01-15.bak", "plan.xlsx.2027-01-15_093005.bak.xlsx", "ander.xlsx.bak"]
    for other in others:
        path.with_name(other).write_bytes(b"van mij")
    for number in range(12):
        replace_file(path, f"versie {number}".encode(), Seen.of(path.read_bytes()))
    assert {path.with_name(other).read_bytes() for other in others} == {b"van mij"}


def test_a_drive_without_second_names_gets_a_copy(path, monkeypatch):
    def no_links(*arguments, **options):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("workbook_builder.files.os.link", no_links)
    backup = replace_file(path, b"nieuw", Seen.of(b"oud"))
    assert backup is not None
    assert (backup.read_bytes(), backup.stat().st_mtime) == (b"oud", SAVED_AT)
    assert names(path) == ["plan.xlsx", BACKUP]


@pytest.mark.parametrize("lock", ["~$plan.xlsx", ".~lock.plan.xlsx#"])
def test_a_file_that_is_open_in_a_spreadsheet_program_is_refused(path, lock):
    path.with_name(lock).write_bytes(b"")
    with pytest.raises(InputError) as caught, hold(path):
        pytest.fail("held")
    assert code(caught) in ("file_open_in_excel", "file_open_in_libreoffice")
    assert lock in caught.value.text("nl")


def test_a_file_that_is_opened_meanwhile_is_refused(path):
    with hold(path) as held:
        path.with_name("~$plan.xlsx").write_bytes(b"")
        with pytest.raises(InputError) as caught:
            held.replace(b"nieuw")
    assert code(caught) == "file_open_in_excel"
    assert path.read_bytes() == b"oud"
    assert names(path) == ["plan.xlsx", "~$plan.xlsx"]


def test_a_file_that_was_changed_meanwhile_is_refused(path):
    with hold(path) as held:
        path.write_bytes(b"dat")  # as long, and with the old time
        os.utime(path, (SAVED_AT, SAVED_AT))
        with pytest.raises(InputError) as caught:
            held.replace(b"nieuw")
    assert caught.value.text("en") == (
        f"{path} was changed by somebody else meanwhile and stays as it is; refresh again."
    )
    assert path.read_bytes() == b"dat"
    assert names(path) == ["plan.xlsx"]


def test_a_file_that_was_changed_since_it_was_read_is_refused(path):
    with pytest.raises(InputError) as caught:
        replace_file(path, b"nieuw", Seen.of(b"eerder"))
    assert code(caught) == "file_changed"
    assert names(path) == ["plan.xlsx"]


def test_a_file_that_was_only_touched_is_replaced(path):
    with hold(path) as held:
        os.utime(path, (SAVED_AT + 9, SAVED_AT + 9))  # by a program that synchronises
        held.replace(b"nieuw")
    assert path.read_bytes() == b"nieuw"


def test_a_read_only_file_stays_as_it_is(path):
    path.chmod(0o444)
    with pytest.raises(InputError) as caught, hold(path):
        pytest.fail("held")
    assert code(caught) == "file_read_only"
    assert names(path) == ["plan.xlsx"]


@pytest.mark.parametrize("what", ["nothing", "a folder"])
def test_what_is_no_file_is_refused(tmp_path, what):
    path = tmp_path / "weg.xlsx"
    if what == "a folder":
        path.mkdir()
    with pytest.raises(InputError) as caught, hold(path):
        pytest.fail("held")
    assert code(caught) == "plan_absent"


def test_a_link_is_followed_to_the_plan_it_means(path, tmp_path):
    folder = tmp_path / "elders"
    folder.mkdir()
    link = folder / "snelkoppeling.xlsx"
    link.symlink_to(path)
    replace_file(link, b"nieuw", Seen.of(b"oud"))
    assert link.is_symlink()
    assert path.read_bytes() == b"nieuw"
    assert names(link) == ["snelkoppeling.xlsx"]
    assert BACKUP in names(path)


def test_the_loser_of_two_runs_hears_that_the_file_is_in_use(path):
    with hold(path) as first:
        with pytest.raises(InputError) as caught, hold(path):
            pytest.fail("held twice")
        first.replace(b"nieuw")
    assert caught.value.text("nl") == (
        f"{path} is in gebruik: een andere verversing (proces {os.getpid()}) is er nu mee bezig; "
        "wacht tot die klaar is."
    )
    assert path.read_bytes() == b"nieuw"
    assert names(path) == ["plan.xlsx", BACKUP]


def test_a_run_that_fails_lets_the_next_one_in(path):
    with pytest.raises(ZeroDivisionError), hold(path):
        raise ZeroDivisionError
    with hold(path) as held:
        held.replace(b"nieuw")
    assert names(path) == ["plan.xlsx", BACKUP]


def test_a_lock_that_its_holder_has_just_removed_is_nobodys(path, monkeypatch):
    """Between opening the lock file and locking it, the other run is done: the name means another file by then."""
    lock_at_first, taken = files._lock, []

    def slow(handle: int) -> None:
        if not taken:
            taken.append(1)
            path.with_name(".plan.xlsx.lock").unlink()
        lock_at_first(handle)

    monkeypatch.setattr(files, "_lock", slow)
    with locked(path):
        monkeypatch.setattr(files, "_lock", lock_at_first)
        with pytest.raises(InputError) as caught, locked(path):
            pytest.fail("locked twice")
    assert code(caught) == "file_in_use"


def test_a_drive_that_knows_no_locks_is_used_without(path, monkeypatch):
    def no_locks(handle: int) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(files, "_lock", no_locks)
    replace_file(path, b"nieuw", Seen.of(b"oud"))
    assert path.read_bytes() == b"nieuw"
    assert names(path) == ["plan.xlsx", BACKUP]


def test_of_two_runs_at_once_each_time_one_wins_and_none_breaks_the_file(path):
    """A hundred rounds of two threads; each has handles of its own, so they stand for two processes."""
    outcomes: list[tuple[str, str]] = []
    for number in range(100):
        said: dict[int, str] = {}
        start = threading.Barrier(2)

        def run(who: int, number: int = number, said: dict[int, str] = said, start=start) -> None:
            start.wait()
            try:
                with hold(path) as held:
                    held.replace(f"ronde {number}, {who}".encode() * 5000)
                said[who] = "won"
            except InputError as refusal:
                said[who] = refusal.problems[0].code

        threads = [threading.Thread(target=run, args=(who,)) for who in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert path.read_bytes() in [f"ronde {number}, {who}".encode() * 5000 for who in (1, 2)]
        assert "won" in said.values()
        outcomes.append((said[1], said[2]))
    assert {outcome for pair in outcomes for outcome in pair} <= {"won", "file_in_use"}
    assert any("file_in_use" in pair for pair in outcomes)
    assert [name for name in names(path) if not name.endswith(".bak")] == ["plan.xlsx"]


def test_of_two_processes_at_once_each_time_one_wins_and_none_breaks_the_file(path):
    """The same with two processes that start their hundred rounds together."""
    program = (
        "import sys, pathlib\n"
        "from workbook_builder.errors import InputError\n"
        "from workbook_builder.files import hold\n"
        "path, who, said = pathlib.Path(sys.argv[1]), sys.argv[2], []\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "for number in range(100):\n"
        "    try:\n"
        "        with hold(path) as held: held.replace(f'{who} {number} '.encode() * 5000)\n"
        "        said.append('won')\n"
        "    except InputError as refusal: said.append(refusal.problems[0].code)\n"
        "print(*said)\n"
    )
    words = [sys.executable, "-c", program, str(path)]
    runs = [
        subprocess.Popen([*words, who], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for who in "ab"
    ]
    for run in runs:
        assert run.stdout
        assert run.stdout.readline() == "ready\n"
    for run in runs:
        assert run.stdin
        run.stdin.write("go\n")
        run.stdin.flush()
    said = [word for run in runs for word in run.communicate(timeout=60)[0].split()]
    assert len(said) == 200
    assert set(said) <= {"won", "file_in_use"}
    who, number = path.read_bytes().decode().split()[:2]
    assert path.read_bytes() == f"{who} {number} ".encode() * 5000
    assert [name for name in names(path) if not name.endswith(".bak")] == ["plan.xlsx"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills by signal need POSIX; the file system is the same elsewhere")
def test_after_two_hundred_kills_the_file_is_old_or_new_and_the_next_run_cleans_up(tmp_path):
    words = [sys.executable, str(ROOT / "tests" / "support" / "killed_runs.py"), str(tmp_path), "200"]
    done = subprocess.run(
        words, capture_output=True, text=True, timeout=120, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    found = json.loads(done.stdout)
    assert found["first"] + found["second"] == 200
    assert found["broken"] == 0
    assert found["left by kills"] > 10  # else nothing was killed while it wrote
    assert found["left after the next run"] == []


STEPS = ["write", "fsync", "chmod", "link", "replace"]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_leaves_the_old_file_and_no_other(path, monkeypatch, step):
    def fail(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    if step == "write":
        monkeypatch.setattr("workbook_builder.files.os.fdopen", lambda handle, mode: Full(handle))
    else:
        monkeypatch.setattr(f"workbook_builder.files.os.{step}", fail)
    if step == "link":  # the copy that is made instead fails too
        monkeypatch.setattr("workbook_builder.files.os.utime", fail)
    with pytest.raises(InputError) as caught:
        replace_file(path, b"nieuw", Seen.of(b"oud"))
    assert code(caught) == "file_not_replaced"
    assert "No space left on device" in caught.value.text("en")
    assert path.read_bytes() == b"oud"
    assert [name for name in names(path) if name != BACKUP] == ["plan.xlsx"]


class Full(contextlib.AbstractContextManager["Full"]):
    """A file on a disk that is full after its first byte."""

    def __init__(self, handle: int) -> None:
        self.handle = handle

    def write(self, content: bytes) -> int:
        os.write(self.handle, content[:1])
        raise OSError(errno.ENOSPC, "No space left on device")

    def __exit__(self, *fault: object) -> None:
        os.close(self.handle)


@pytest.mark.skipif(sys.platform == "win32", reason="the limit on the size of a file is POSIX")
def test_a_disk_that_is_really_full_leaves_the_old_file_whole(path):
    """The system itself stops the write half-way: the process may make no file of more than 20,000 bytes."""
    program = (
        "import sys, pathlib, resource\n"
        "from workbook_builder.files import Seen, replace_file\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try: replace_file(pathlib.Path(sys.argv[1]), b'nieuw' * 10_000, Seen.of(b'oud'))\n"
        "except Exception as refusal: print(type(refusal).__name__, refusal.problems[0].code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["InputError", "file_not_replaced"]
    assert path.read_bytes() == b"oud"
    assert names(path) == ["plan.xlsx"]


def test_an_interrupted_run_leaves_the_old_file_and_no_other(path, monkeypatch):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("workbook_builder.files.os.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace_file(path, b"nieuw", Seen.of(b"oud"))
    assert path.read_bytes() == b"oud"
    assert names(path) == ["plan.xlsx", BACKUP]


def test_a_disk_that_gives_back_other_bytes_is_not_trusted(path, monkeypatch):
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: b"rot" if self.suffix == ".new" else read(self))
    with pytest.raises(InputError) as caught:
        replace_file(path, b"nieuw", Seen.of(b"oud"))
    assert code(caught) == "file_not_replaced"
    assert path.read_bytes() == b"oud"
    assert names(path) == ["plan.xlsx"]
