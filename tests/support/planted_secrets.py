"""A plan and its file with a secret in every place that the customer must not see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from user_content import members, zipped

from workbook_builder.plan import Plan
from workbook_builder.template.blocks import Form, SourceTable, Statement, Table
from workbook_builder.template.customer import for_customer, shown_ids
from workbook_builder.template.fields import FieldBase
from workbook_builder.template.model import Template

NUMBERS = {  # what must not be read as a number either: rates, hours, costs, margins, shares, limits
    "account.credit_limit": 81000.17, "team.members.hourly_rate": 82.17, "team.members.available_hours": 483.25,
    "account.units.budget": 84017.25, "analysis.wishes.cost": 85.1725, "analysis.competitors.share": 0.1861725,
    "budget.direct_costs_plan.own": 87.1725, "budget.staff.hours_each": 8.81725, "budget.drivers.rate": 891.725,
    "strategy.price.discount": 0.0901725, "strategy.bonus_tiers.threshold": 9117.25, "settings.interest": 0.0921725,
    "goals.share_of_wallet_goal": 0.931725, "strategy.promotion.cost": 94.1725, "actions.results.cost": 95.1725,
    "goals.measures.baseline": 961.725, "organisation.couplings.value": 97.1725,
    "src_costs.rows.amount": 9817.25, "src_costs.rows.hours": 99.1725,
}  # fmt: skip


def secret(number: int) -> str:
    """A word that stands nowhere else."""
    return f"GEHEIM{number:04}X"


def with_secrets(template: Template, plan: Plan) -> tuple[Plan, dict[str, str]]:
    """The plan with a secret in every text that is not for the customer and in `NUMBERS`, and {id: secret}."""
    shown = {name for chapter in for_customer(template).chapters for _, block in chapter.blocks()
             for name in shown_ids(chapter.id, block)}  # fmt: skip
    fields: dict[str, Any] = {}
    tables: dict[str, list[dict[str, Any]]] = {}
    planted: dict[str, str] = {}
    for name, one, line in _typed(template):
        if name in shown:
            continue
        value: Any = NUMBERS.get(name)
        if value is None and one.type == "text":
            value = planted[name] = secret(len(planted) + 1)
        if value is None:
            continue
        planted.setdefault(name, f"{value!r}")
        key, _, column = name.rpartition(".")
        if line:
            tables.setdefault(line, []).append({"line": key.split(".")[1], column: value})
        elif name.count(".") == 1:
            fields[name] = value
        else:
            tables.setdefault(key, [{"row": 1}])[0][column] = value
    return plan.with_typed(fields, tables), planted


def _typed(template: Template) -> Iterator[tuple[str, FieldBase, str]]:
    """Everything that people or sources fill in: its id, its field, and for a line the id of its statement."""
    for chapter in template.chapters:
        for _, block in chapter.blocks():
            key = f"{chapter.id}.{block.id}"
            if isinstance(block, Form):
                yield from ((f"{chapter.id}.{one.id}", one, "") for one in block.fields if one.role != "calculated")
            elif isinstance(block, Table | SourceTable):
                columns = [one for one in block.columns if one.role != "calculated" and not one.key]
                yield from ((f"{key}.{one.id}", one, "") for one in columns if one.look != "gantt")
            elif isinstance(block, Statement):
                for line in block.lines:
                    for column in block.columns:
                        one = block.cell(line, column)
                        if one and one.role != "calculated" and not one.over:
                            yield f"{chapter.id}.{line.id}.{column.id}", one, key


BESIDE = {  # a secret in what people put into the file besides the plan
    "own sheet": "GEHEIM9001X", "note": "GEHEIM9002X", "author": "GEHEIM9003X", "header": "GEHEIM9004X",
    "name": "GEHEIM9005X", "custom property": "GEHEIM9006X", "unknown part": "GEHEIM9007X",
    "value of a formula": "GEHEIM9008X", "hidden sheet": "GEHEIM9009X",
}  # fmt: skip


def put_beside(book: bytes) -> bytes:
    """The file (made by `user_content.with_user_content`) with those secrets in it."""
    parts = {name: content.decode("utf-8", "surrogateescape") for name, content in members(book).items()}
    changed = {}

    def put(name: str, old: str, new: str) -> None:
        text = changed.get(name, parts[name])
        assert old in text, (name, old)
        changed[name] = text.replace(old, new, 1)

    own = next(name for name, text in parts.items() if "Mijn eigen sommen" in text)
    put(own, "Mijn eigen sommen", BESIDE["own sheet"])
    put(own, '<c r="D2"><f', '<c r="D2" t="str"><f')
    put(own, "<v>1</v>", f"<v>{BESIDE['value of a formula']}</v>")
    notes = next(name for name, text in parts.items() if "Mijn notitie" in text)
    put(notes, "Mijn notitie", BESIDE["note"])
    put(notes, "<author>Ik</author>", f"<author>{BESIDE['author']}</author>")
    put("docProps/core.xml", "<dc:creator></dc:creator>", f"<dc:creator>{BESIDE['custom property']}</dc:creator>")
    footer = re.search(r"<oddFooter>", parts["xl/worksheets/sheet1.xml"])
    assert footer
    put("xl/worksheets/sheet1.xml", "<oddFooter>", f"<oddHeader>{BESIDE['header']}</oddHeader><oddFooter>")
    put("xl/workbook.xml", "</definedNames>",
        f'<definedName name="mijn_naam">"{BESIDE["name"]}"</definedName></definedNames>')  # fmt: skip
    put("xl/workbook.xml", 'name="Mijn blad"', f'name="{BESIDE["hidden sheet"]}" state="veryHidden"')
    changed["customXml/item9.xml"] = f"<x>{BESIDE['unknown part']}</x>"
    edited = {name: text.encode("utf-8", "surrogateescape") for name, text in changed.items()}
    return zipped({**members(book), **edited})
