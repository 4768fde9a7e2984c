"""A program: replaces a file again and again in a child process that is killed at random moments; prints what is left.

Arguments: folder, number of kills. It is a program of its own because it forks. Prints one line of JSON: how often the
file was the first content, the second, or broken, and which other files lay in the folder after the next run.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from workbook_builder.files import backups, hold

FIRST, SECOND = b"eerste" * 20_000, b"tweede!" * 20_000


def replace_for_ever(path: Path) -> None:
    """What a run does, without end."""
    while True:
        with hold(path) as held:
            held.replace(SECOND if held.content == FIRST else FIRST)


def main(folder: Path, kills: int) -> None:
    path = folder / "plan.xlsx"
    path.write_bytes(FIRST)
    draw, counts, left_by_kills, left = random.Random(4), {"first": 0, "second": 0, "broken": 0}, 0, set()
    for _ in range(kills):
        child = os.fork()
        if child == 0:
            replace_for_ever(path)
        time.sleep(draw.uniform(0.002, 0.02))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        content = path.read_bytes()
        counts["first" if content == FIRST else "second" if content == SECOND else "broken"] += 1
        broken = [backup for backup in backups(path) if backup.read_bytes() not in (FIRST, SECOND)]
        counts["broken"] += len(broken)
        left_by_kills += any(found.name.endswith(".new") for found in folder.iterdir())
        with hold(path) as held:  # the next run
            held.replace(SECOND if held.content == FIRST else FIRST)
        left |= {found.name for found in folder.iterdir()} - {"plan.xlsx", *(each.name for each in backups(path))}
    print(json.dumps({**counts, "left by kills": left_by_kills, "left after the next run": sorted(left)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
