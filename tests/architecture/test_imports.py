from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for package in ("workbook_builder", "addin") for path in (ROOT / package).rglob("*.py"))

FOUNDATION = {
    "workbook_builder",  # the version
    "workbook_builder.errors",
    "workbook_builder.plan",
    "workbook_builder.files",
    "workbook_builder.zip_guard",
    "workbook_builder.holidays",
    "workbook_builder.outcome",
    "workbook_builder.plans_given",
}
LAYERS = {
    # what a module stands in: what it may import of this package, besides the foundation and itself
    "workbook_builder.template": (),
    "workbook_builder.workbook": ("workbook_builder.template",),
    "workbook_builder.saved": ("workbook_builder.workbook",),  # for the engine that computes formulas
    "workbook_builder.sources": (),
    "workbook_builder.log": ("workbook_builder.template", "workbook_builder.saved"),
    "workbook_builder.control_totals": ("workbook_builder.log",),
    "workbook_builder.prefill": (
        "workbook_builder.log",
        "workbook_builder.control_totals",
        "workbook_builder.template",
        "workbook_builder.workbook",
        "workbook_builder.saved",
        "workbook_builder.sources",
    ),
    "workbook_builder.refresh": (
        "workbook_builder.template",
        "workbook_builder.saved",
        "workbook_builder.prefill",
        "workbook_builder.log",
    ),
    "workbook_builder.closed_plan": (
        "workbook_builder.template",
        "workbook_builder.workbook",
        "workbook_builder.saved",
    ),
    "workbook_builder.reading": (
        "workbook_builder.template",
        "workbook_builder.workbook",
        "workbook_builder.saved",
        "workbook_builder.closed_plan",
    ),
    "workbook_builder.drill": (),
    "workbook_builder.summary_file": (),
    "workbook_builder.summary": (
        "workbook_builder.saved",
        "workbook_builder.closed_plan",
        "workbook_builder.summary_file",
    ),
    "workbook_builder.checking": (
        "workbook_builder.template",
        "workbook_builder.workbook",
        "workbook_builder.saved",
        "workbook_builder.reading",
        "workbook_builder.log",
        "workbook_builder.control_totals",
        "workbook_builder.approve",
    ),
    "workbook_builder.registered": ("workbook_builder.sources",),
    "workbook_builder.refresh_reads": ("workbook_builder.template", "workbook_builder.refresh"),
    "workbook_builder.today": (
        "workbook_builder.log",
        "workbook_builder.template",
        "workbook_builder.sources",
        "workbook_builder.prefill",
        "workbook_builder.refresh",
    ),
    "workbook_builder.refresh_files": (
        "workbook_builder.log",
        "workbook_builder.template",
        "workbook_builder.workbook",
        "workbook_builder.sources",
        "workbook_builder.saved",
        "workbook_builder.prefill",
        "workbook_builder.refresh",
        "workbook_builder.closed_plan",
        "workbook_builder.registered",
        "workbook_builder.today",
    ),
    "workbook_builder.approve": ("workbook_builder.template",),
    "workbook_builder.approve_files": (
        "workbook_builder.template",
        "workbook_builder.workbook",
        "workbook_builder.saved",
        "workbook_builder.closed_plan",
        "workbook_builder.approve",
    ),
    "workbook_builder.export": (
        "workbook_builder.template",
        "workbook_builder.workbook",
        "workbook_builder.saved",
        "workbook_builder.reading",
        "workbook_builder.create",
        "workbook_builder.summary",
        "workbook_builder.summary_file",
    ),
    "workbook_builder.rolling": (
        "workbook_builder.log",
        "workbook_builder.template",
        "workbook_builder.workbook",
        "workbook_builder.sources",
        "workbook_builder.saved",
        "workbook_builder.prefill",
        "workbook_builder.refresh",
        "workbook_builder.closed_plan",
        "workbook_builder.reading",
        "workbook_builder.approve",
        "workbook_builder.registered",
        "workbook_builder.create",
        "workbook_builder.today",
    ),
    "workbook_builder.check_template": ("workbook_builder.template", "workbook_builder.workbook"),
    "workbook_builder.create": (
        "workbook_builder.template",
        "workbook_builder.workbook",
        "workbook_builder.sources",
        "workbook_builder.prefill",
        "workbook_builder.saved",
    ),
    "workbook_builder.progress": (),
}
HOMES = {
    "xlsxwriter": {"workbook/writer.py"},
    # of the last two only the tokenizer, and what moves a formula to another cell
    "openpyxl": {"workbook/named_values.py", "template/formula_rules.py", "saved/shared_formulas.py"},
    "pandas": {"sources/"},
    "python_calamine": {"sources/"},
    "duckdb": {"sources/"},
    "formualizer": {"workbook/recalculate.py"},
    "xlwings": {"addin/live_book.py"},
    "rich": {"progress.py"},
    "pydantic": {"template/", "sources/config.py"},
}
HELPERS_OF_XLSXWRITER = {
    # small pure functions on addresses, and the exceptions, besides the writer itself
    "xlsxwriter.utility": {
        "workbook/formulas.py",
        "workbook/manifest.py",
        "workbook/index.py",
        "workbook/conditions.py",
    },
    "xlsxwriter.exceptions": {"check_template.py"},
}
HEAVY = (
    "pandas", "duckdb", "openpyxl", "xlsxwriter", "pydantic", "rich", "formualizer", "python_calamine", "numpy",
    "xlwings",
)  # fmt: skip
PAID_PARTS = ("xlwings.pro", "xlwings.reports", "xlwings.server")  # of another licence than the rest
ONLY_IN_THE_HOST_ADAPTER, NOWHERE = "api", "fullname"  # attributes of xlwings' objects


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> Iterator[str]:
    """The full name of every module that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            known = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if is_module(name) else str(node.module) for name in known)


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_go_one_way(layer):
    wrong = [
        f"{module_name(path)} imports {name}"
        for path in FILES
        if within(module_name(path), layer)
        for name in imported(path)
        if within(name, "workbook_builder", "addin")
        and name not in FOUNDATION
        and not within(name, layer, *LAYERS[layer])
    ]
    assert wrong == []


def test_the_foundation_imports_nothing_of_the_layers():
    wrong = [
        f"{module_name(path)} imports {name}"
        for path in FILES
        if module_name(path) in FOUNDATION
        for name in imported(path)
        if within(name, "workbook_builder") and name not in FOUNDATION
    ]
    assert wrong == []


def test_every_module_has_a_place_in_the_layers():
    placed = (*FOUNDATION - {"workbook_builder"}, *LAYERS, "workbook_builder.cli", "addin")
    homeless = [
        module_name(path)
        for path in FILES
        if module_name(path) != "workbook_builder" and not within(module_name(path), *placed)
    ]
    assert homeless == []


def test_sources_know_only_errors_and_themselves():
    wrong = {
        name
        for path in FILES
        if within(module_name(path), "workbook_builder.sources")
        for name in imported(path)
        if within(name, "workbook_builder") and not within(name, "workbook_builder.sources")
    }
    assert wrong <= {"workbook_builder.errors", "workbook_builder.files", "workbook_builder.zip_guard"}


@pytest.mark.parametrize("package", HOMES)
def test_a_third_party_package_has_one_home(package):
    wrong = []
    for path in FILES:
        place = path.relative_to(ROOT).as_posix().removeprefix("workbook_builder/")
        for name in imported(path):
            if not within(name, package):
                continue
            at_home = any(place == home or (home.endswith("/") and place.startswith(home)) for home in HOMES[package])
            if not at_home and place not in HELPERS_OF_XLSXWRITER.get(name, ()):
                wrong.append(f"{place} imports {name}")
    assert wrong == []


def test_nothing_comes_from_the_paid_parts_of_xlwings():
    wrong = [
        f"{module_name(path)} imports {name}" for path in FILES for name in imported(path) if within(name, *PAID_PARTS)
    ]
    assert wrong == []


def attributes(path: Path) -> set[str]:
    """Every attribute that a file reads or sets by name."""
    return {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}


def test_only_the_host_adapter_goes_past_xlwings():
    addin = [path for path in FILES if within(module_name(path), "addin")]
    assert [path.name for path in addin if ONLY_IN_THE_HOST_ADAPTER in attributes(path)] == ["host.py"]


def test_nothing_takes_a_path_from_the_full_name_of_an_open_book():
    assert [module_name(path) for path in FILES if NOWHERE in attributes(path)] == []


@pytest.mark.parametrize(
    "start",
    ["import workbook_builder.cli", "import workbook_builder.cli as c, contextlib\n"
     "with contextlib.suppress(SystemExit): c.main(['--help'])"],
    ids=["import", "help"],
)  # fmt: skip
def test_the_command_line_starts_without_heavy_packages(start):
    code = f"{start}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.split() == []
