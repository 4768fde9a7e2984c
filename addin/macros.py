"""What a button does: plain functions on an open plan, the same from the ribbon, a terminal and a test.

    run (a button or a terminal) -> macros -> live_book (values by defined name)

Each reads first and writes last, within `all_or_nothing`, and ends with one sentence for the user in the language of
the plan. A button that this version cannot do yet says so and what to do instead.
"""

from __future__ import annotations

import datetime as dt

from addin.live_book import LiveBook
from addin.places import Rows
from workbook_builder import __version__
from workbook_builder.errors import InputError, Problem, say

CHECKS = ("checks.list.code", "checks.list.question", "checks.list.result", "checks.list.what_to_do")
HELD, LIVE, FROZEN = "review.quarters.held_on", "review.figures.live", "review.figures.frozen"


def check(live: LiveBook) -> None:
    """Calculate, and go to the first check that is not in order; says how many there are and what to do."""
    live.calculate()
    columns = live.read_many(CHECKS)
    rows = zip(*(columns[name] for name in CHECKS), strict=True)
    wrong = [(number, code, question, to_do) for number, ([code], [question], [result], [to_do]) in enumerate(rows)
             if result]  # fmt: skip
    if not wrong:
        live.alert(say("checks_in_order", language(live)))
        return
    number, code, question, to_do = wrong[0]
    place = live.locate([CHECKS[0]])[CHECKS[0]]
    live.select(place.sheet, place._replace(row=place.row + number, rows=1, cols=1).address)
    said = {"count": len(wrong), "code": code, "question": question, "to_do": to_do}
    live.alert(say("checks_found", language(live), **said))


def hold_review(live: LiveBook) -> None:
    """Freeze the figures of every review that was held (it has a date) and is not frozen yet.

    What is frozen already stays as it is. Raises `InputError` when no review waits for it.
    """
    from workbook_builder.template.left_out import refuse_left_out
    from workbook_builder.template.loader import load_template

    facts = live.facts()
    spoken = facts["language"]
    refuse_left_out(load_template(), facts["off"].split(), ("review.quarters", "review.figures"), live.book.name)
    live.calculate()
    found = live.read_many((HELD, LIVE, FROZEN))
    frozen: Rows = [list(row) for row in found[FROZEN]]
    waiting = [
        quarter
        for quarter, [held_on] in enumerate(found[HELD])
        if held_on and all(row[quarter] in (None, "") for row in frozen)
    ]
    if not waiting:
        raise InputError(Problem("no_review_waits"))
    for quarter in waiting:
        for row, now in zip(frozen, found[LIVE], strict=True):
            row[quarter] = now[quarter]
    with live.all_or_nothing():
        live.write(FROZEN, frozen)
    quarters = ", ".join(f"Q{quarter + 1}" for quarter in waiting)
    live.alert(say("reviews_frozen", spoken, quarters=quarters))


def approve(live: LiveBook) -> None:
    """Freeze the budget as the next version; who adopts it, when and why stand on Start and Adoption.

    Raises `InputError` for everything that `approval` refuses; versions that stand there are never changed.
    """
    from addin import approving
    from addin.quiet import quiet
    from workbook_builder.approve import FROZEN as LINES
    from workbook_builder.approve import Signature, approval
    from workbook_builder.template.loader import load_template

    live.calculate()
    template = load_template()
    plan, cells = approving.read(live, template)
    found = approval(template, plan, Signature(dt.date.today()), live.book.name)
    sheet = live.locate([f"{LINES}.month"])[f"{LINES}.month"].sheet
    with quiet(live, [sheet]), live.all_or_nothing():
        live.write_many(approving.contents(template, plan.language, found, cells))
    said = {"version": found.version, "by": found.row["adopted_by"], "on": f"{found.row['adopted_on']:%d-%m-%Y}"}
    live.alert("\n".join([say("approve_macro_done", plan.language, **said),
                          *(note.text(plan.language) for note in found.notes[1:])]))  # fmt: skip


def refresh(live: LiveBook) -> None:
    """Today's figures in the open plan, from the registered config; everything that somebody typed stays.

    Raises `AccountplanError`, told in Excel already, when it cannot be done; then nothing has changed.
    """
    from addin.refresh_open_book import refresh

    refresh(live)


def drill_down(live: LiveBook) -> None:
    """The source lines of the selected figure on a new sheet, with a total that ties."""
    from addin.drill_down import drill_down

    drill_down(live)


def add_row(live: LiveBook) -> None:
    """The cursor in the next free row of the table it is in."""
    from addin.add_row import add_row

    add_row(live)


def summary(live: LiveBook) -> None:
    """Chapter 8 as a PDF beside the plan; for a plan on the web in the user's own folder of documents.

    Raises `InputError` when the PDF cannot be made.
    """
    from addin.summary import summary

    summary(live)


def open_folder(live: LiveBook) -> None:
    """The folder of the plan in the file manager; raises `InputError` when it is not on this computer."""
    from addin.folders import show_folder

    show_folder(live.folder())


def help(live: LiveBook) -> None:
    """Show where to begin, and what each button does in the words of its screen tip."""
    from addin.run import BUTTONS

    spoken = language(live)
    explained = [name for name in BUTTONS if name not in ("help", "about")]
    lines = [f"{say(f'ribbon_{name}', spoken)}: {say(f'ribbon_{name}_tip', spoken)}" for name in explained]
    live.alert("\n".join([say("help_of_plan", spoken), "", *lines]))


def about(live: LiveBook) -> None:
    """Show the version of the program and of the template of this plan."""
    facts = live.facts()
    said = {"version": __version__, "template": facts["template"], "template_version": facts["version"]}
    live.alert(say("about_plan", language(live), **said))


def language(live: LiveBook) -> str:
    """The language of the plan: nl or en."""
    return live.facts()["language"]
