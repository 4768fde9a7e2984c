"""The commands `accountplan addin build | install | uninstall | doctor | run`: each calls one function.

The command line loads this module for its help, so it loads nothing itself before a command runs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbook_builder.errors import raise_if, say

MakeParser = Callable[..., Any]


def declare(actions: Any, make: MakeParser, text: Callable[[str], str]) -> None:
    """Declare the commands on `actions`; `make(prog, help, add, name)` gives the parser of one."""
    for name, run in COMMANDS.items():
        command = make(f"accountplan addin {name}", text(f"addin_{name}"), actions.add_parser, name)
        if name == "build":
            command.add_argument("--out", type=Path, default=Path(), help=text("addin_out"))
        if name == "run":
            command.add_argument("button", help=text("addin_button"))
        command.add_argument("--lang", choices=("nl", "en"), help=text("lang"))
        command.set_defaults(run=run)


def _build(options: argparse.Namespace, language: str) -> None:
    from addin.build import write_addin

    print(write_addin(options.out, language))


def _install(options: argparse.Namespace, language: str) -> None:
    from addin.install import install
    from addin.machine import Machine

    machine = Machine.here()
    addin, _ = install(machine, language)
    print(say("addin_installed", language, python=machine.python), file=sys.stderr)
    print(addin)


def _uninstall(options: argparse.Namespace, language: str) -> None:
    from addin.install import uninstall
    from addin.machine import Machine

    removed = uninstall(Machine.here())
    if not removed:
        print(say("addin_was_absent", language), file=sys.stderr)
    for path in removed:
        print(path)


def _doctor(options: argparse.Namespace, language: str) -> None:
    from addin.doctor import examine
    from addin.machine import Machine

    found = examine(Machine.here())
    for finding in found:
        if not finding.blocks:
            print(finding.problem.text(language))
    raise_if(finding.problem for finding in found if finding.blocks)
    print(say("doctor_good", language), file=sys.stderr)


def _run(options: argparse.Namespace, language: str) -> None:
    from addin.run import press

    press(options.button)


COMMANDS: dict[str, Callable[[argparse.Namespace, str], None]] = {
    "build": _build,
    "install": _install,
    "uninstall": _uninstall,
    "doctor": _doctor,
    "run": _run,
}
