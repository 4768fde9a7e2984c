"""A program: refreshes a plan in a child process that is killed at a random moment, again and again.

Arguments: the plan, what the sources say (a pickled `Today`), number of kills, and seconds within which to kill. It is
a program of its own because it forks. Prints one line of JSON: how often the plan was as before or as refreshed, or
broken, how many kills left a temporary file, and what lay in the folder after the last whole run.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
import sys
import time
from pathlib import Path

from workbook_builder.files import backups
from workbook_builder.refresh_files import refresh_file


def main(path: Path, sources: Path, kills: int, seconds: float) -> None:
    old, today = path.read_bytes(), pickle.loads(sources.read_bytes())
    assert refresh_file(path, today).problems == ()
    new, draw = path.read_bytes(), random.Random(4)
    counts = {"old": 0, "new": 0, "broken": 0, "left by kills": 0}
    for _ in range(kills):
        for backup in backups(path):
            backup.unlink()
        path.write_bytes(old)
        child = os.fork()
        if child == 0:
            refresh_file(path, today)
            os._exit(0)
        time.sleep(draw.uniform(0, seconds))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = path.read_bytes()
        counts["old" if found == old else "new" if found == new else "broken"] += 1
        counts["broken"] += sum(backup.read_bytes() != old for backup in backups(path))
        counts["left by kills"] += len(_others(path)) > 0
    refresh_file(path, today)
    print(json.dumps({**counts, "left after the next run": _others(path)}))


def _others(path: Path) -> list[str]:
    """What lies beside the plan besides its backups and the sources."""
    known = {path.name, *(each.name for each in backups(path))}
    return sorted(found.name for found in path.parent.iterdir() if found.name not in known)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
