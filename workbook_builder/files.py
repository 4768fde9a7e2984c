"""Writing a file whole or not at all: to a temporary file beside it, flushed, then moved into place.

`write_atomically` makes a file of our own. `hold` is for a file that people work in: it is ours alone while we change
it, keeps its old version as a dated backup, and stays as it is when anybody else changed or opened it meanwhile.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import glob
import hashlib
import itertools
import os
import re
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbook_builder.errors import InputError, Problem

CREATED = dt.datetime(2000, 1, 1)  # in every workbook we write: the same input gives the same bytes
ORPHAN_AGE = 600  # seconds: a temporary file older than this is of a run that was killed
HELD = ".new"  # the end of the name of a temporary file that only who holds the lock writes
LARGEST = 200 << 20  # bytes of a file that is read whole
KEPT_BACKUPS = 10
LOCKED_BYTE = 1 << 20  # far behind what is written, so that others can read who holds it
LONGEST_PART = 60  # characters of a name in a file name; the full path has to stay under Windows' 260


def file_part(text: str) -> str:
    """`text` as part of a file name on Windows, macOS and Linux: letters, digits, '.', '-' and '_' kept.

    A text that had to change gets the start of its SHA-256 behind it, so that two accounts never share a file.
    """
    safe = re.sub(r"[^\w.-]+", "_", text).strip("._ ")[:LONGEST_PART].rstrip("._ ") or "account"
    if safe == text:
        return safe
    return f"{safe}_{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"


@dataclass(frozen=True)
class Seen:
    """What a file was when it was read; the time of change is left out, as programs that synchronise touch it."""

    size: int
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> Seen:
        """What `content` is."""
        return cls(len(content), hashlib.sha256(content).hexdigest())


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path` whole or not at all.

    Raises `InputError` when Excel has the file open (its lock file is there) or the folder cannot be written.
    """
    refuse_when_open(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_orphans(path)
        with _temporary(path, content, ".tmp", 0o644) as name:
            os.replace(name, path)
    except OSError as fault:
        raise InputError(Problem("file_not_writable", file=path, fault=fault.strerror or fault)) from None


def refuse_when_open(path: Path) -> None:
    """Raise `InputError` when a spreadsheet program has the file open: then its lock file lies beside it."""
    for lock, code in ((f"~${path.name}", "file_open_in_excel"), (f".~lock.{path.name}#", "file_open_in_libreoffice")):
        if (path.parent / lock).exists():
            raise InputError(Problem(code, file=path, lock=lock))


@contextlib.contextmanager
def _temporary(path: Path, content: bytes, suffix: str, mode: int) -> Iterator[str]:
    """The name of a file beside `path` with `content`, on the disk for good; gone if it is not moved away."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        yield name
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _remove_orphans(path: Path) -> None:
    """Remove the temporary files that killed runs left beside `path`."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        with contextlib.suppress(OSError):  # another run may be removing it too
            if time.time() - left.stat().st_mtime > ORPHAN_AGE:
                left.unlink()


@contextlib.contextmanager
def hold(path: Path) -> Iterator[HeldFile]:
    """The file at `path`, ours alone until the end of the block; a link is followed.

    Raises `InputError` when there is no such file, when it may not be written, when a spreadsheet program has it open,
    and when another run holds it. What killed runs left beside it is cleaned up.
    """
    real = path.resolve()
    with contextlib.ExitStack() as stack:
        with _said_of(path):
            if not real.is_file():
                raise InputError(Problem("plan_absent", file=path))
            refuse_when_open(real)
            if real.stat().st_size > LARGEST:
                raise InputError(Problem("plan_too_large", file=path))
            if not real.stat().st_mode & stat.S_IWUSR:
                raise InputError(Problem("file_read_only", file=path))
            stack.enter_context(locked(real))
            for left in real.parent.glob(f".{glob.escape(real.name)}.*{HELD}"):
                left.unlink(missing_ok=True)  # we hold the file, so nobody is writing it
            held = HeldFile(real, real.read_bytes())
        yield held


@contextlib.contextmanager
def _said_of(path: Path) -> Iterator[None]:
    """Within this block a refusal of the system becomes a sentence about `path`."""
    try:
        yield
    except OSError as fault:
        raise InputError(Problem("file_not_replaced", file=path, fault=fault.strerror or fault)) from None


def replace_file(path: Path, content: bytes, seen: Seen) -> Path | None:
    """Replace a file that was read before, as `hold` does; gives its backup, or None when nothing had to be written.

    Raises `InputError` as `hold` does, and when the file is no longer what was `seen`.
    """
    with hold(path) as held:
        if held.seen != seen:
            raise InputError(Problem("file_changed", file=path))
        return held.replace(content)


class HeldFile:
    """A file that nobody else refreshes; see `hold`."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path = path
        self.content = content
        self.seen = Seen.of(content)

    def replace(self, content: bytes) -> Path | None:
        """Put `content` in the place of the file, whole or not at all, the old version beside it as a backup.

        Gives the backup; None, and writes nothing, when the content is what it was. Raises `InputError` when the file
        was changed or opened meanwhile.
        """
        if content == self.content:
            return None
        with _said_of(self.path), _temporary(self.path, content, HELD, self._mode()) as name:
            if Path(name).read_bytes() != content:
                raise OSError("the disk gives back other bytes than it was given")
            refuse_when_open(self.path)
            if Seen.of(self.path.read_bytes()) != self.seen:
                raise InputError(Problem("file_changed", file=self.path))
            backup = self._keep_old()
            os.replace(name, self.path)
        _flush_folder(self.path.parent)
        self.content, self.seen = content, Seen.of(content)
        _drop_old_backups(self.path, backup)
        return backup

    def _mode(self) -> int:
        return stat.S_IMODE(self.path.stat().st_mode)

    def _keep_old(self) -> Path:
        """The backup: the old file under a second name, or a copy where a file can have only one.

        It is named after the moment at which that version was saved, and kept as the version itself: with its own date
        of change. A run that is killed before it replaced the file leaves the backup that the next one would make.
        """
        saved = self.path.stat().st_mtime
        moment = dt.datetime.fromtimestamp(saved).strftime("%Y-%m-%d_%H%M%S")
        for number in itertools.count(1):
            backup = self.path.with_name(f"{self.path.name}.{moment}{f'_{number}' if number > 1 else ''}.bak")
            if not backup.exists():
                break
            if backup.read_bytes() == self.content:
                return backup
        try:
            os.link(self.path, backup)
        except OSError:
            with _temporary(self.path, self.content, HELD, self._mode()) as name:
                os.utime(name, (saved, saved))
                os.replace(name, backup)
        return backup


def backups(path: Path) -> list[Path]:
    """The backups of a file, the oldest first."""
    named = re.compile(re.escape(path.name) + r"\.\d{4}-\d\d-\d\d_\d{6}(_\d+)?\.bak")
    return sorted(found for found in path.parent.glob(f"{glob.escape(path.name)}.*.bak") if named.fullmatch(found.name))


def _drop_old_backups(path: Path, newest: Path) -> None:
    """Keep the last of the backups, and in any case the one just made."""
    for old in [backup for backup in backups(path) if backup != newest][: -(KEPT_BACKUPS - 1)]:
        with contextlib.suppress(OSError):  # the new file stands; a backup too many does no harm
            old.unlink()


def _flush_folder(folder: Path) -> None:
    """Have the new name of a file on the disk for good; Windows sees to that itself."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock on `path` until the end of the block; raises `InputError` when another run has it.

    The system's lock on a file beside it, which says who we are: the lock goes when we do, even killed, and the file
    that is left then is used again. Where a drive knows no locks, the check that the file is unchanged has to do.
    """
    lock = path.with_name(f".{path.name}.lock")
    handle = _open_locked(path, lock)
    try:
        os.truncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        with contextlib.suppress(OSError):  # Windows removes no open file
            lock.unlink()
        os.close(handle)
        if os.name == "nt":
            with contextlib.suppress(OSError):
                lock.unlink()


def _open_locked(path: Path, lock: Path) -> int:
    """An open handle of the lock file, and the lock on it."""
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(handle)
            if _is_still(handle, lock):
                return handle
        except OSError as fault:
            if fault.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                return handle
            holder = os.read(handle, 20).decode("ascii", "replace").strip() or "?"
            os.close(handle)
            raise InputError(Problem("file_in_use", file=path, process=holder)) from None
        os.close(handle)  # whoever held it has just removed it: what we hold is nobody's lock any more


def _is_still(handle: int, lock: Path) -> bool:
    """Whether the name still means the file that is open."""
    try:
        return os.path.samestat(os.fstat(handle), lock.stat())
    except FileNotFoundError:
        return False


def _lock(handle: int) -> None:
    """Lock an open file for this process, or raise OSError at once."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
