"""Declared formulas -> what Excel would take wrongly, found before a workbook is made.

A formula in a template is Excel text with `${name}`. These rules keep it readable by every Excel, in every
language, and free of anything that changes on its own: functions off the list, Dutch function names, semicolons,
cell addresses, literal labels of choices and numbers that belong in a parameter are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbook_builder.errors import Problem
from workbook_builder.template.blocks import Block, Checks, Form, SourceTable, Statement, Table
from workbook_builder.template.fields import Column, FieldBase, FormField
from workbook_builder.template.model import Chapter, Template

FUNCTIONS = {
    "ABS", "AND", "AVERAGE", "AVERAGEIF", "AVERAGEIFS", "CHOOSE", "COLUMN", "COLUMNS", "COUNT", "COUNTA", "COUNTBLANK",
    "COUNTIF", "COUNTIFS", "DATE", "DATEDIF", "DAY", "EDATE", "EOMONTH", "HLOOKUP", "HYPERLINK", "IF", "IFERROR",
    "INDEX", "INT", "ISBLANK", "ISERROR", "ISNUMBER", "ISTEXT", "LARGE", "LEFT", "LEN", "LOOKUP", "MATCH", "MAX",
    "MEDIAN", "MID", "MIN", "MONTH", "NA", "NETWORKDAYS", "NOT", "OR", "RANK", "REPT", "RIGHT", "ROUND", "ROUNDDOWN",
    "ROUNDUP", "ROW", "ROWS", "SMALL", "SUBSTITUTE", "SUBTOTAL", "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "TRIM",
    "UPPER", "VALUE", "VLOOKUP", "WEEKDAY", "WEEKNUM", "YEAR", "_XLFN.IFNA", "_XLFN.ISOWEEKNUM",
}  # fmt: skip
"""Functions that Excel 2016 and later, LibreOffice and the engines of the tests compute alike."""

UNSTEADY = {
    "CELL", "DOLLAR", "FIXED", "INDIRECT", "INFO", "NOW", "OFFSET", "RAND", "RANDBETWEEN", "TEXT", "TODAY",
}  # fmt: skip
"""Functions whose value changes without the plan changing, or depends on the language of Excel."""

DUTCH = {
    "AANTAL": "COUNT", "AANTAL.ALS": "COUNTIF", "AANTALARG": "COUNTA", "AANTALLEN.ALS": "COUNTIFS", "ABS": "ABS",
    "AFRONDEN": "ROUND", "ALS": "IF", "ALS.FOUT": "IFERROR", "DATUM": "DATE", "EN": "AND", "GEMIDDELDE": "AVERAGE",
    "INTEGER": "INT", "ISGETAL": "ISNUMBER", "ISLEEG": "ISBLANK", "JAAR": "YEAR", "KIEZEN": "CHOOSE",
    "LENGTE": "LEN", "LINKS": "LEFT", "MAAND": "MONTH", "NETTO.WERKDAGEN": "NETWORKDAYS", "NIET": "NOT", "OF": "OR",
    "RECHTS": "RIGHT", "SOM": "SUM", "SOM.ALS": "SUMIF", "SOMMEN.ALS": "SUMIFS", "SOMPRODUCT": "SUMPRODUCT",
    "SUBTOTAAL": "SUBTOTAL", "VANDAAG": "TODAY", "VERGELIJKEN": "MATCH", "VERT.ZOEKEN": "VLOOKUP",
}  # fmt: skip
"""Dutch function names and what a formula in a file has to call them."""

CONSTANTS = frozenset({"0", "1", "2", "3", "7", "10", "12", "21", "31", "100"})
"""Numbers of the calendar, of counting and of decimals; every other number is a parameter with a name."""

REFERENCE = re.compile(r"\$\{[a-z0-9_.]+(?::[a-z0-9_]+)?\}")
STAND_IN = "a.name"  # what the tokenizer sees in place of a ${name}


@dataclass(frozen=True)
class Declared:
    """A formula of the template: its chapter and block, the id it belongs to, and whether it only judges typing."""

    chapter: str
    block: str  # chapter.block
    place: str
    text: str
    is_condition: bool = False


def declared_formulas(template: Template) -> Iterator[Declared]:
    """Every formula of the template: of fields, columns, totals, lines, checks, and conditions on typed values."""
    for chapter in template.chapters:
        for _, block in chapter.blocks():
            key = f"{chapter.id}.{block.id}"
            for place, text in _formulas(chapter, block, key):
                if text:
                    yield Declared(chapter.id, key, place, text)
            for place, one in _fields(chapter, block, key):
                for condition in (one.valid, one.min, one.max):
                    if isinstance(condition, str):
                        yield Declared(chapter.id, key, place, condition, is_condition=True)


def _formulas(chapter: Chapter, block: Block, key: str) -> Iterator[tuple[str, str | None]]:
    for place, one in _fields(chapter, block, key):
        yield place, one.formula
        yield f"{place}, shade", one.shade
        if isinstance(one, FormField):
            yield f"{place}, otherwise", one.otherwise
        if isinstance(one, Column):
            yield f"{place}, heading", one.heading
            yield f"{place}, total", one.total if one.total != "sum" else None
    if isinstance(block, Statement):
        for line in block.lines:
            yield from ((f"{chapter.id}.{line.id}, {column}", formula) for column, formula in line.formulas.items())
    elif isinstance(block, Checks):
        for check in block.checks:
            yield from ((f"checks.{check.id}", side) for side in (check.left, check.right, check.tolerance))


def _fields(chapter: Chapter, block: Block, key: str) -> Iterator[tuple[str, FieldBase]]:
    if isinstance(block, Form):
        yield from ((f"{chapter.id}.{one.id}", one) for one in block.fields)
    elif isinstance(block, Table | SourceTable | Statement):
        yield from ((f"{key}.{one.id}", one) for one in block.columns)


def formula_faults(template: Template) -> list[Problem]:
    """Everything that the rules refuse in the formulas of a template."""
    labels = frozenset(
        template.texts[language].get(f"lists.{list_id}.{item}", ("", ""))[0].casefold()
        for language in template.languages
        for list_id, choices in template.lists.items()
        for item in choices.items
    )
    problems = []
    for one in declared_formulas(template):
        numbers = None if one.is_condition else CONSTANTS  # a format of a standard has its own lengths
        problems += check_formula(one.text, place=one.place, labels=labels, numbers=numbers)
    return problems


def check_formula(
    text: str, *, place: str = "", labels: frozenset[str] = frozenset(), numbers: frozenset[str] | None = CONSTANTS
) -> list[Problem]:
    """What Excel would take wrongly in one declared formula, without its equals sign.

    `labels` are the labels of choices, casefolded (labels of one letter are left alone: a formula may well look
    for an "A"); `numbers` the constants it may hold, None for any.
    """
    from openpyxl.formula import Tokenizer
    from openpyxl.formula.tokenizer import Token, TokenizerError

    try:
        tokens = Tokenizer("=" + REFERENCE.sub(STAND_IN, text)).items
    except (TokenizerError, IndexError):
        return [Problem("formula_refused_form", place=place, part=text)]
    problems = []
    depth = 0
    for token in tokens:
        depth += {Token.OPEN: 1, Token.CLOSE: -1}.get(token.subtype, 0)
        code = ""
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            code = _function_fault(token.value)
        elif token.type == Token.SEP and token.value == ";":
            code = "separator"
        elif token.type == Token.OPERAND:
            code = _operand_fault(token.subtype, token.value, labels, numbers)
        if code:
            name = token.value.removesuffix("(")
            english = DUTCH.get(name.upper(), "")
            problems.append(Problem(f"formula_refused_{code}", place=place, part=name, english=english))
    if depth or not text.strip():
        problems.append(Problem("formula_refused_form", place=place, part=text))
    return problems


def _function_fault(part: str) -> str:
    name = part.removesuffix("(").upper()
    if name in FUNCTIONS:
        return ""
    if name in UNSTEADY:
        return "unsteady"
    return "dutch" if name in DUTCH else "function"


def _operand_fault(kind: str, part: str, labels: frozenset[str], numbers: frozenset[str] | None) -> str:
    if kind in ("RANGE", "ERROR"):
        return "" if part == STAND_IN else "address"
    if kind == "NUMBER":
        return "" if numbers is None or part in numbers else "number"
    if kind == "TEXT":
        written = part[1:-1].replace('""', '"').strip().casefold()
        return "label" if len(written) > 1 and written in labels else ""
    return ""
