"""What keeps the buttons from working on this computer, in plain words; nothing is changed.

    machine (files, registry) + the recorded Python -> findings

Each rule names the place where Windows keeps the setting. Read, not tried: whether Excel really starts Python shows
only in Excel.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from addin.build import ADDIN, addin_file
from addin.install import needs_excel, recorded_python
from addin.machine import Machine
from workbook_builder.errors import Problem

# Defender's rule "Block all Office applications from creating child processes", and what its value means.
CHILD_PROCESSES = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
BLOCKS, WARNS = "1", "6"
DEFENDER = (
    r"HKLM\Software\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
    r"HKLM\Software\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
)
DEFENDER_BY_INTUNE = r"HKLM\Software\Policies\Microsoft\Windows Defender\Policy Manager"  # one text: id=1|id=2
# Group policy turns VBA off for a computer, or for a user.
VBA_OFF = (
    r"HKLM\Software\Policies\Microsoft\Office\16.0\Common",
    r"HKCU\Software\Policies\Microsoft\Office\16.0\Common",
)
POLICIES, CHOICES = r"HKCU\Software\Policies\Microsoft\Office\16.0", r"HKCU\Software\Microsoft\Office\16.0"
SIGNED_ONLY, NEVER = 3, 4  # of VBAWarnings
SECONDS = 60


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what there is to say, and whether it blocks the buttons."""

    problem: Problem
    blocks: bool


def examine(machine: Machine) -> list[Finding]:
    """Everything that was found, blocking or not; raises `InputError` on a system that has no Excel."""
    needs_excel(machine)
    found = [*_python(machine), *_addin(machine)]
    if machine.system == "windows":
        found += [*_excel_settings(machine), *_defender(machine)]
    return found


def _python(machine: Machine) -> Iterator[Finding]:
    if machine.system == "windows" and machine.is_store_python:
        yield Finding(Problem("addin_store_python", python=machine.python), blocks=True)
    python = recorded_python(machine)
    if python is None:
        yield Finding(Problem("doctor_not_installed", file=machine.settings), blocks=True)
        return
    if not python.is_file():
        yield Finding(Problem("doctor_python_gone", python=python), blocks=True)
        return
    if python != machine.python:
        yield Finding(Problem("doctor_other_python", python=python, here=machine.python), blocks=False)
    missing = _missing(python)
    if missing:
        yield Finding(Problem("doctor_python_incomplete", python=python, fault=missing), blocks=True)
    else:
        yield Finding(Problem("doctor_python_good", python=python), blocks=False)


def _missing(python: Path) -> str:
    """Why this Python cannot run a button: the last line of what it says when it loads what a button needs."""
    command = [str(python), "-E", "-P", "-c", "import addin.run, xlwings"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as fault:
        return str(fault)
    return (done.stderr.strip().splitlines() or ["?"])[-1] if done.returncode else ""


def _addin(machine: Machine) -> Iterator[Finding]:
    path = machine.addin
    try:
        content = path.read_bytes()
    except OSError:
        yield Finding(Problem("doctor_addin_absent", file=path), blocks=True)
        return
    if machine.system == "windows" and _is_from_internet(path):
        yield Finding(Problem("doctor_from_internet", file=path), blocks=True)
    if content not in [addin_file(language) for language in ("nl", "en")]:
        yield Finding(Problem("doctor_other_addin", file=path), blocks=False)
    else:
        yield Finding(Problem("doctor_addin_good", file=path), blocks=False)


def _is_from_internet(path: Path) -> bool:
    """Whether Windows marked the file as downloaded (zone 3, the internet, or 4): the 'mark of the web'."""
    try:
        mark = Path(f"{path}:Zone.Identifier").read_text("utf-8", errors="replace")
    except OSError:
        return False
    return any(line.strip() in ("ZoneId=3", "ZoneId=4") for line in mark.splitlines())


def _excel_settings(machine: Machine) -> Iterator[Finding]:
    """What policies and the user's own choices in the Trust Center say about macros and add-ins."""
    if any(_is_on(machine.registry(key).get("vbaoff")) for key in VBA_OFF):
        yield Finding(Problem("doctor_vba_off"), blocks=True)
    for root in (POLICIES, CHOICES):
        security = machine.registry(rf"{root}\Excel\Security")
        trusted = machine.registry(rf"{root}\Excel\Security\Trusted Locations")
        if _is_on(security.get("disablealladdins")):
            yield Finding(Problem("doctor_addins_off"), blocks=True)
        if _is_on(security.get("requireaddinsig")):
            yield Finding(Problem("doctor_signed_only"), blocks=True)
        if _is_on(trusted.get("alllocationsdisabled")):
            blocks = _number(security.get("vbawarnings")) in (SIGNED_ONLY, NEVER)
            yield Finding(Problem("doctor_no_trusted_folder"), blocks)
    disabled = machine.registry(rf"{CHOICES}\Excel\Resiliency\DisabledItems").values()
    if any(ADDIN.lower() in value.decode("utf-16-le", "ignore").lower() for value in disabled if type(value) is bytes):
        yield Finding(Problem("doctor_disabled_item"), blocks=True)


def _defender(machine: Machine) -> Iterator[Finding]:
    """Defender's rule on child processes, from the places where group policy, Intune and a local setting put it."""
    values = {str(machine.registry(key).get(CHILD_PROCESSES, "")) for key in DEFENDER}
    by_intune = str(machine.registry(DEFENDER_BY_INTUNE).get("asrrules", "")).lower()
    values |= {rule.partition("=")[2] for rule in by_intune.split("|") if rule.startswith(CHILD_PROCESSES)}
    if BLOCKS in values:
        yield Finding(Problem("doctor_child_processes"), blocks=True)
    elif WARNS in values:
        yield Finding(Problem("doctor_child_processes_warn"), blocks=False)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _is_on(value: object) -> bool:
    return _number(value) not in (None, 0)
