"""The command line: each command calls one library function.

stdout carries only the result (a path, JSON); everything for a person goes to stderr, in Dutch or English. A refusal
is one sentence per problem and exit code 2; then nothing was written. Heavy packages load inside the commands.
"""

from __future__ import annotations

import argparse
import functools
import gc
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from workbook_builder import __version__
from workbook_builder.errors import AccountplanError, InputError, Problem, say

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from workbook_builder.outcome import Outcome

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # no search through all packages, and no code of theirs
LANGUAGES = ("nl", "en")
CONFIG = Path("accountplan.toml")
WORKERS = 2  # processes that refresh plans side by side


def run() -> NoReturn:
    """Run one command as a process of its own, and end it.

    It lives for a second or so and makes few cycles: not collecting them, and not taking everything apart at the
    end, saves a tenth of that.
    """
    gc.disable()
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code (0, 1 when a check found something, 2 for a refusal, 130 when stopped)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # also where Windows pipes default to cp1252
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = message_language(words)
    try:
        options = parser(language).parse_args(words)
        code: int = options.run(options, language) or 0
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever reads our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except AccountplanError as fault:
        print(fault.text(language), file=sys.stderr)
        return 2
    return code


def message_language(words: Sequence[str]) -> str:
    """The language of the messages: --lang, else that of the config, else Dutch."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    first.add_argument("--lang", nargs="?")
    first.add_argument("--config", nargs="?", type=Path, const=CONFIG, default=CONFIG)
    given, _ = first.parse_known_args(list(words))
    if given.lang in LANGUAGES:
        return str(given.lang)
    try:
        configured = tomllib.loads(given.config.read_text("utf-8"))["plan"]["language"]
    except (OSError, ValueError, KeyError, TypeError):
        return LANGUAGES[0]
    return configured if configured in LANGUAGES else LANGUAGES[0]


class Parser(argparse.ArgumentParser):
    """argparse that speaks the user's language and refuses as the rest of the program does."""

    language = LANGUAGES[0]

    def error(self, message: str) -> NoReturn:
        """Refuse a command line that cannot be understood."""
        named = re.search(r"--[a-z-]+|(?<=unrecognized arguments: ).+|(?<=invalid choice: )'[^']*'", message)
        where = f" ({named.group()})" if named else ""
        raise InputError(Problem("help_error", where=where, help=self.prog))

    def format_usage(self) -> str:
        """The usage line, in the user's language."""
        return super().format_usage().replace("usage: ", say("help_usage", self.language), 1)

    def format_help(self) -> str:
        """The help page, in the user's language."""
        return super().format_help().replace("usage: ", say("help_usage", self.language), 1)


def parser(language: str) -> Parser:
    """All commands and options with their help in `language`."""
    root = _parser(language, "accountplan", say("help_description", language))
    root.add_argument(
        "--version", action="version", version=f"accountplan {__version__}", help=say("help_version", language)
    )
    root.add_argument("--lang", choices=LANGUAGES, help=say("help_lang", language))
    commands = root.add_subparsers(
        title=say("help_commands", language), metavar="", dest="command", required=True, parser_class=Parser
    )
    for name, declare in COMMANDS.items():
        text = say(f"help_{name}", language)
        command = _parser(language, f"accountplan {name}", text, commands.add_parser, name)
        declare(command, lambda key: say(f"help_{key}", language))
        command.add_argument("--lang", choices=LANGUAGES, help=say("help_lang", language))
    return root


def _parser(language: str, prog: str, text: str, make: Callable[..., Any] = Parser, *name: str) -> Parser:
    made: Parser = make(*name, prog=prog, description=text, add_help=False, **({"help": text} if name else {}))
    made.language = language
    made._positionals.title = say("help_arguments", language)
    made._optionals.title = say("help_options", language)
    made.add_argument("-h", "--help", action="help", help=say("help_help", language))
    return made


def _declare_init(command: Parser, text: Callable[[str], str]) -> None:
    command.add_argument("export", type=Path, help=text("init_export"))
    command.add_argument("--out", type=Path, default=CONFIG, help=text("init_out"))
    command.add_argument("--decimal", choices=(",", "."), help=text("decimal"))
    command.add_argument("--date-format", help=text("date_format"))
    command.add_argument("--language", choices=LANGUAGES, help=text("init_language"))
    command.set_defaults(run=_init)


def _declare_new(command: Parser, text: Callable[[str], str]) -> None:
    command.add_argument("--config", type=Path, default=CONFIG, help=text("config"))
    command.add_argument("--account", required=True, help=text("account"))
    command.add_argument("--year", type=int, help=text("year"))
    command.add_argument("--language", choices=LANGUAGES, help=text("language"))
    command.add_argument("--out", type=Path, help=text("out"))
    command.add_argument("--xlsm", action="store_true", help=text("xlsm"))
    command.set_defaults(run=_new)


def _declare_read(command: Parser, text: Callable[[str], str]) -> None:
    command.add_argument("plan", type=Path, help=text("plan"))
    command.set_defaults(run=_read)


def _declare_refresh(command: Parser, text: Callable[[str], str]) -> None:
    command.add_argument("plans", type=Path, nargs="*", metavar="plan", help=text("refresh_plan"))
    command.add_argument("--open", action="store_true", help=text("refresh_open"))
    command.add_argument("--config", type=Path, help=text("refresh_config"))
    command.set_defaults(run=_refresh)


def _declare_approve(command: Parser, text: Callable[[str], str]) -> None:
    command.add_argument("plans", type=Path, nargs="+", metavar="plan", help=text("approve_plan"))
    command.add_argument("--by", help=text("approve_by"))
    command.add_argument("--on", help=text("approve_on"))
    command.add_argument("--reason", help=text("approve_reason"))
    command.set_defaults(run=_approve)


def _declare_check(command: Parser, text: Callable[[str], str]) -> None:
    command.add_argument("plans", type=Path, nargs="+", metavar="plan", help=text("check_plan"))
    command.add_argument("--json", action="store_true", help=text("check_json"))
    command.add_argument("--out", type=Path, help=text("check_out"))
    command.set_defaults(run=_check)


def _declare_export(command: Parser, text: Callable[[str], str]) -> None:
    command.add_argument("plans", type=Path, nargs="+", metavar="plan", help=text("export_plan"))
    command.add_argument("--variant", choices=("extern",), required=True, help=text("export_variant"))
    command.add_argument("--pdf", action="store_true", help=text("export_pdf"))
    command.add_argument("--out", type=Path, help=text("export_out"))
    command.set_defaults(run=_export)


def _declare_roll_over(command: Parser, text: Callable[[str], str]) -> None:
    command.add_argument("plans", type=Path, nargs="+", metavar="plan", help=text("roll_plan"))
    command.add_argument("--config", type=Path, help=text("roll_config"))
    command.add_argument("--year", type=int, help=text("roll_year"))
    command.add_argument("--language", choices=LANGUAGES, help=text("roll_language"))
    command.add_argument("--out", type=Path, help=text("roll_out"))
    command.set_defaults(run=_roll_over)


def _declare_use(command: Parser, text: Callable[[str], str]) -> None:
    command.add_argument("config", type=Path, help=text("use_config"))
    command.set_defaults(run=_use)


def _declare_summary(command: Parser, text: Callable[[str], str]) -> None:
    command.add_argument("plans", type=Path, nargs="+", metavar="plan", help=text("summary_plan"))
    command.add_argument("--out", type=Path, help=text("summary_out"))
    command.set_defaults(run=_summary)


def _declare_template(command: Parser, text: Callable[[str], str]) -> None:
    actions = command.add_subparsers(
        title=text("commands"), metavar="", dest="action", required=True, parser_class=Parser
    )
    check = _parser(command.language, "accountplan template check", text("template_check"), actions.add_parser, "check")
    check.add_argument("folder", type=Path, nargs="?", help=text("template_folder"))
    check.add_argument("--lang", choices=LANGUAGES, help=text("lang"))
    check.set_defaults(run=_check_template)


def _declare_addin(command: Parser, text: Callable[[str], str]) -> None:
    from addin.commands import declare

    actions = command.add_subparsers(
        title=text("commands"), metavar="", dest="action", required=True, parser_class=Parser
    )
    declare(actions, functools.partial(_parser, command.language), text)


COMMANDS: dict[str, Callable[[Parser, Callable[[str], str]], None]] = {
    "init": _declare_init,
    "new": _declare_new,
    "read": _declare_read,
    "refresh": _declare_refresh,
    "roll-over": _declare_roll_over,
    "approve": _declare_approve,
    "check": _declare_check,
    "export": _declare_export,
    "use": _declare_use,
    "summary": _declare_summary,
    "template": _declare_template,
    "addin": _declare_addin,
}


def _init(options: argparse.Namespace, language: str) -> None:
    from workbook_builder.files import write_atomically
    from workbook_builder.sources.detect import detect

    with _progress(language, "step_look") as step:
        step("step_look")
        found = detect(
            options.export,
            language=options.language or language,
            decimal=options.decimal,
            date_format=options.date_format,
            folder=options.out.parent,
        )
    if options.out.exists():
        raise InputError(Problem("file_exists", file=options.out))
    write_atomically(options.out, found.config_text.encode("utf-8"))
    for note in found.notes:
        print(note.text(language), file=sys.stderr)
    print(say("wrote_config", language, file=options.out), file=sys.stderr)
    print(options.out)


def _new(options: argparse.Namespace, language: str) -> None:
    from workbook_builder.create import create_plan

    with_macros: Callable[[bytes, str], bytes] | None = None
    if options.xlsm:
        from addin import build

        with_macros = build.with_macros
    with _progress(language, "step_read", "step_render", "step_write") as step:
        created = create_plan(
            options.config,
            options.account,
            year=options.year,
            language=options.language,
            out=options.out,
            with_macros=with_macros,
            step=step,
        )
    for note in created.notes:
        print(note.text(language), file=sys.stderr)
    print(created.path)


def _read(options: argparse.Namespace, language: str) -> None:
    from workbook_builder.template.loader import load_template
    from workbook_builder.workbook.named_values import as_json, read_plan

    template = load_template()
    with _progress(language, "step_open") as step:
        step("step_open")
        document = as_json(read_plan(options.plan, template), template)
    print(document)


def _refresh(options: argparse.Namespace, language: str) -> int:
    from workbook_builder.plans_given import plans_given
    from workbook_builder.refresh_files import refresh_files

    if options.open:
        return _refresh_open(options.plans, options.config, language)
    if not options.plans:
        raise InputError(Problem("refresh_which"))
    plans = plans_given(options.plans)
    with _counter(language, "step_refresh", len(plans)) as count, _workers(len(plans)) as executor:

        def tell(result: Outcome) -> None:
            _tell([result], language, count)

        results = refresh_files(plans, options.config, executor=executor, done=tell)
    return 2 if any(result.problems for result in results) else 0


def _tell(results: Iterable[Outcome], language: str, count: Callable[[], None]) -> int:
    """Say what became of each file as soon as it is known, each sentence with its file; 2 when one failed, else 0."""
    failed = False
    for result in results:
        for problem in (*result.notes, *result.problems):
            said = problem.text(language)
            print(said if result.path.name in said else f"{result.path}: {said}", file=sys.stderr)
        for file in result.files:
            print(file)
        failed = failed or bool(result.problems)
        count()
    return 2 if failed else 0


def _check(options: argparse.Namespace, language: str) -> int:
    from workbook_builder.checking import report
    from workbook_builder.checking.check import check_plans, plans_in

    plans = plans_in(options.plans, options.out)
    with _counter(language, "step_check", len(plans)) as count, _workers(len(plans)) as executor:
        found = check_plans(plans, executor=executor, done=count)
    if options.json:
        print(report.as_json(found, language))
    else:
        print("\n\n".join(report.plan_text(one, language) for one in found))
        if len(found) > 1:
            print("\n" + report.overview_text(found, language))
    if options.out:
        from workbook_builder.checking.overview import write_overview

        print(write_overview(found, options.out, language), file=sys.stderr)
    return 0 if all(one.is_good for one in found) else 1


def _refresh_open(plans: Sequence[Path], config: Path | None, language: str) -> int:
    """Refresh the plan that is open in Excel, or those named, as the button does; each is told in Excel too."""
    from addin.live_book import open_book, open_plan
    from addin.refresh_open_book import refresh

    names: list[str | None] = [plan.name for plan in plans]
    code = 0
    for name in names or [None]:
        try:
            live = open_book(name) if name is not None else open_plan()
            notes = refresh(live, config)
        except AccountplanError as fault:
            print(fault.text(language), file=sys.stderr)
            code = 2
            continue
        for note in notes:
            print(note.text(language), file=sys.stderr)
        print(live.book.name)
    return code


@contextmanager
def _workers(plans: int) -> Iterator[Executor | None]:
    """Processes for more plans than one; started anew, as on every system, because what is loaded here has threads."""
    if plans == 1:
        yield None
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn")) as executor:
        yield executor


def _roll_over(options: argparse.Namespace, language: str) -> int:
    from workbook_builder.plans_given import plans_given
    from workbook_builder.rolling.files import RolledFile, Wanted, roll_over_files
    from workbook_builder.rolling.report import as_text, many_as_text
    from workbook_builder.template.loader import load_template

    plans = plans_given(options.plans)
    wanted = Wanted(options.year, options.language, options.out)
    with _counter(language, "step_roll", len(plans)) as count, _workers(len(plans)) as executor:

        def tell(result: Outcome) -> None:
            _tell([result], language, count)

        results = roll_over_files(plans, options.config, wanted, executor=executor, done=tell)
    made = [one for one in results if isinstance(one, RolledFile)]
    wrong = [result.path for result in results if result.problems]
    if len(plans) > 1:
        print(many_as_text([(one.files[0].name, one.report) for one in made], language), file=sys.stderr)
        print(say("roll_total", language, good=len(made), all=len(plans)), file=sys.stderr)
        if wrong:
            print(say("roll_not", language, files=", ".join(map(str, wrong))), file=sys.stderr)
    for one in made if len(plans) == 1 else ():
        print(as_text(load_template(), one.report, one.plan, language), file=sys.stderr)
    return 2 if wrong else 0


def _approve(options: argparse.Namespace, language: str) -> int:
    from workbook_builder.approve_files import approve_files, signature
    from workbook_builder.plans_given import plans_given

    plans, wanted = plans_given(options.plans), signature(options.by, options.on, options.reason)
    with _counter(language, "step_approve", len(plans)) as count:
        return _tell(approve_files(plans, wanted), language, count)


def _export(options: argparse.Namespace, language: str) -> int:
    from workbook_builder.export import export_files
    from workbook_builder.plans_given import plans_given

    plans = plans_given(options.plans)
    with _counter(language, "step_export", len(plans)) as count:
        return _tell(export_files(plans, options.out, pdf=options.pdf), language, count)


def _use(options: argparse.Namespace, language: str) -> None:
    from workbook_builder.registered import register_config

    print(register_config(options.config))
    print(say("use_done", language, config=options.config.resolve()), file=sys.stderr)


def _summary(options: argparse.Namespace, language: str) -> int:
    from workbook_builder.plans_given import plans_given
    from workbook_builder.summary import summarise

    failed = False
    for path in plans_given(options.plans):
        try:
            print(summarise(path, options.out))
        except AccountplanError as fault:
            print(fault.text(language), file=sys.stderr)
            failed = True
    return 2 if failed else 0


def _check_template(options: argparse.Namespace, language: str) -> None:
    from workbook_builder.check_template import check_template
    from workbook_builder.template.formula_rules import declared_formulas

    template = check_template(options.folder)
    facts = {
        "id": template.id,
        "version": template.version,
        "chapters": len(template.chapters),
        "formulas": sum(1 for _ in declared_formulas(template)),
        "languages": ", ".join(template.languages),
    }
    print(say("template_good", language, **facts), file=sys.stderr)


@contextmanager
def _progress(language: str, *codes: str) -> Iterator[Callable[[str], None]]:
    """A progress bar over the steps, on a terminal only, drawn once the work takes longer than a second."""
    if not sys.stderr.isatty():
        yield lambda code: None
        return
    from workbook_builder.progress import step_bar

    with step_bar(codes, lambda code: say(code, language)) as step:
        yield step


@contextmanager
def _counter(language: str, code: str, total: int) -> Iterator[Callable[[], None]]:
    """A progress bar that counts to `total`, on a terminal only, drawn once the work takes longer than a second."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from workbook_builder.progress import count_bar

    with count_bar(say(code, language), total) as count:
        yield count


if __name__ == "__main__":
    run()
