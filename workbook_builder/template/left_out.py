"""A template and the sections that a plan leaves out -> the template of that plan.

A section that is left out keeps its line in the index and what the other sections read of it, and nothing else: no
other field, column, chart, note or list of choices. `workbook/layout.py` puts what is left on a sheet that nobody sees,
so that every figure elsewhere is computed as in a whole plan. What only shows rows of such a section says that it is
not applicable, what judges it goes quiet, and what offers its rows as choices takes any text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from workbook_builder.errors import InputError, Problem
from workbook_builder.template.blocks import (
    Absent,
    Block,
    Chart,
    Check,
    Checks,
    Form,
    SourceTable,
    Statement,
    Table,
    declared_fields,
)
from workbook_builder.template.fields import Column, FieldBase
from workbook_builder.template.model import Chapter, Section, Template
from workbook_builder.template.names import names_in

ALL = ""
"""In the place of a field: the block as a whole. A statement is kept whole, because its lines read each other."""
FOR_TYPING = {"valid": None, "pick": None, "shade": None}

AnyField = TypeVar("AnyField", bound=FieldBase)


class Piece(NamedTuple):
    """What is kept or left out as one: a field of a form, a column of a table, or a whole block."""

    block: str  # chapter.block
    field: str = ALL


class Named(NamedTuple):
    """A name as it stands in a formula, with the chapter and the block from which it is looked up."""

    name: str
    chapter: str = ""
    block: str = ""


@dataclass(frozen=True)
class _Pieces:
    """Every piece of a template by the ids it gives, with the section it belongs to and the names that it reads."""

    ids: dict[str, Piece] = field(default_factory=dict)
    section: dict[Piece, str] = field(default_factory=dict)
    reads: dict[Piece, list[Named]] = field(default_factory=dict)
    """What the values of a piece are computed from."""
    shows: dict[str, list[Named]] = field(default_factory=dict)
    """{section: all that its sheet shows or judges besides: conditions, headings, series, what makes it complete}."""

    numbers: set[Piece] = field(default_factory=set)
    """The columns with the numbers of rows (D1, A1), by which other tables link to them."""

    def is_unjudged(self, piece: Piece, gone: Collection[str]) -> bool:
        """Whether a field judges links to the rows of a section left out: there is nothing to find them in."""
        read = map(self.found, self.reads.get(piece, ())) if self.section.get(piece) not in gone else ()
        return any(each in self.numbers and self.section[each] in gone for each in read if each is not None)

    def found(self, named: Named) -> Piece | None:
        """The piece of a name, nearest first, as `workbook/formulas.py` looks it up; None for a list or a text."""
        for candidate in (f"{named.block}.{named.name}", f"{named.chapter}.{named.name}", named.name):
            if candidate in self.ids:
                return self.ids[candidate]
        return None


def without(template: Template, off: Collection[str]) -> Template:
    """The template of a plan that leaves the sections `off` out; made once for each."""
    asked = id(template), frozenset(off)
    if asked not in _MADE:
        if len(_MADE) == MOST_KEPT:
            _MADE.clear()
        _MADE[asked] = template, _made_without(template, asked[1])
    return _MADE[asked][1]


MOST_KEPT = 8
_MADE: dict[tuple[int, frozenset[str]], tuple[Template, Template]] = {}
"""{(identity of a template, what was left out): that template, so that the identity stays its own, and the other}."""


def _made_without(template: Template, gone: frozenset[str]) -> Template:
    pieces = _pieces_of(template, gone)
    kept = _needed(pieces, gone)
    chapters = [
        chapter.model_copy(
            update={"sections": tuple(_section(pieces, kept, gone, chapter, s) for s in chapter.sections)}
        )
        for chapter in template.chapters
    ]
    return template.model_copy(update={"chapters": tuple(chapters), "off": gone})


def refuse_left_out(template: Template, off: Collection[str], keys: Collection[str], file: object) -> None:
    """Raise `InputError` when a plan leaves out the section of one of these blocks ("chapter.block")."""
    for chapter in template.chapters:
        for section, block in chapter.blocks():
            if section.key in off and f"{chapter.id}.{block.id}" in keys:
                raise InputError(Problem("section_left_out", file=file, section=section.key))


def _needed(pieces: _Pieces, gone: Collection[str]) -> set[Piece]:
    """The pieces of sections left out that the others read, and what those read in turn."""
    shown = [p for p, section in pieces.section.items() if section not in gone and not pieces.is_unjudged(p, gone)]
    waiting = [named for piece in shown for named in pieces.reads[piece]]
    waiting += [named for section, names in pieces.shows.items() if section not in gone for named in names]
    kept: set[Piece] = set()
    while waiting:
        piece = pieces.found(waiting.pop())
        if piece is not None and piece not in kept and pieces.section[piece] in gone:
            kept.add(piece)
            waiting += pieces.reads[piece]
    return kept


def _section(
    pieces: _Pieces, kept: Collection[Piece], gone: Collection[str], chapter: Chapter, section: Section
) -> Section:
    if section.key in gone:
        rest = (_rest(kept, f"{chapter.id}.{block.id}", block) for block in section.blocks)
        return section.model_copy(update={"blocks": tuple(block for block in rest if block is not None)})
    replaced = {block.instead_of for block in section.blocks}
    blocks = (
        _block(pieces, gone, f"{chapter.id}.{block.id}", block)
        for block in section.blocks
        if not (block.rows_of in gone and block.rows_of in replaced)  # another stands in its place
    )
    return section.model_copy(update={"blocks": tuple(block for block in blocks if block is not None)})


def _rest(kept: Collection[Piece], key: str, block: Block) -> Block | None:
    """What stays of a block of a section that is left out; None when that is nothing."""
    if isinstance(block, Statement):
        return block if Piece(key) in kept else None
    if not isinstance(block, Form | Table):
        return None
    fields = [one.model_copy(update=_untyped(one)) for one in declared_fields(block) if Piece(key, one.id) in kept]
    if not fields:
        return None
    if isinstance(block, Form):
        return block.model_copy(update={"fields": tuple(fields)})
    return block.model_copy(update={"columns": tuple(fields), "example": False, "named_by": ""})


def _untyped(one: FieldBase) -> Mapping[str, Any]:
    """What a field has no use for where nobody types or looks."""
    ends = {end: None for end in ("min", "max") if isinstance(getattr(one, end), str)}
    return {**FOR_TYPING, **ends, **({"heading": None} if isinstance(one, Column) else {})}


def _block(pieces: _Pieces, gone: Collection[str], key: str, block: Block) -> Block | None:
    """A block of a section that is shown; None when it only stands in for a section that is shown too."""
    if block.instead_of and block.instead_of not in gone:
        return None
    if block.rows_of in gone:
        return Absent(kind="absent", id=block.id, of=block.rows_of)
    if isinstance(block, Checks):
        return block.model_copy(update={"checks": tuple(_check(pieces, gone, block, each) for each in block.checks)})
    if isinstance(block, Form):
        return block.model_copy(update={"fields": tuple(_alone(pieces, gone, key, one) for one in block.fields)})
    if isinstance(block, Table | Statement):
        return block.model_copy(update={"columns": tuple(_alone(pieces, gone, key, one) for one in block.columns)})
    return block


def _is_shown(block: Block, gone: Collection[str]) -> bool:
    """Whether a block of a section that is shown is there: its rows are, or what it stands in for is not."""
    return block.rows_of not in gone and (not block.instead_of or block.instead_of in gone)


def _alone(pieces: _Pieces, gone: Collection[str], key: str, one: AnyField) -> AnyField:
    """A field that offers the rows of a section left out takes any text; one that judges links to them is empty."""
    if one.formula is not None and pieces.is_unjudged(Piece(key, one.id), gone):
        return one.model_copy(update={"formula": '""'})
    if one.pick and pieces.section[pieces.ids[one.pick]] in gone:
        return one.model_copy(update={"pick": None})
    return one


def _check(pieces: _Pieces, gone: Collection[str], block: Checks, check: Check) -> Check:
    """A check that reads a section left out, or is about one, is quiet."""
    names = [Named(name, "checks", f"checks.{block.id}") for name in names_in(check.left + check.right)]
    read = {pieces.section[piece] for piece in map(pieces.found, names) if piece is not None}
    quiet = not read.union(check.about).isdisjoint(gone)
    return check.model_copy(update={"left": "0", "right": "0", "tolerance": "0", "quiet": True}) if quiet else check


def _pieces_of(template: Template, gone: Collection[str]) -> _Pieces:
    pieces = _Pieces()
    labels = {axis_id: axis.labels for axis_id, axis in template.axes.items() if "." in axis.labels}
    known_by = {axis.labels: axis.known_by for axis in template.axes.values() if axis.known_by}
    for chapter in template.chapters:
        for section in chapter.sections:
            shows = pieces.shows.setdefault(section.key, [])
            shows += [Named(name.partition(":")[0]) for name in (*section.expects, *section.needs)]
            blocks = [block for block in section.blocks if section.key in gone or _is_shown(block, gone)]
            for block in blocks:
                _add_block(pieces, chapter, section, block, labels)
    for label in known_by.keys() & pieces.ids.keys():  # without its number a row is not found when its name changes
        pieces.reads[pieces.ids[label]].append(Named(known_by[label]))
    return pieces


def _add_block(pieces: _Pieces, chapter: Chapter, section: Section, block: Block, labels: Mapping[str, str]) -> None:
    key = f"{chapter.id}.{block.id}"
    shows = pieces.shows[section.key]

    def add(piece: Piece, ids: Iterable[str], formulas: Iterable[str | None]) -> list[Named]:
        pieces.ids.update(dict.fromkeys(ids, piece))
        pieces.section[piece] = section.key
        read = [Named(name, chapter.id, key) for text in formulas if text for name in names_in(text)]
        pieces.reads.setdefault(piece, []).extend(read)
        return pieces.reads[piece]

    if isinstance(block, Form):
        for one in block.fields:
            add(Piece(key, one.id), [f"{chapter.id}.{one.id}"], [one.formula, one.otherwise])
    elif isinstance(block, Table | SourceTable | Checks):
        for column in block.columns:
            ids = [f"{key}.{column.id}", *([f"{chapter.id}.{column.total_id}"] if column.total_id else [])]
            read = add(Piece(key, column.id), ids, [column.formula, column.total])
            axes = [column.over or "", getattr(block, "axis", None) or "" if column.key == "label" else ""]
            read += [Named(labels[axis]) for axis in axes if axis in labels]
            if column.key not in (None, "number", "label"):
                pieces.numbers.add(Piece(key, column.id))
    elif isinstance(block, Statement):
        ids = [f"{key}.{column.id}" for column in block.columns]
        ids += [f"{chapter.id}.{line.id}" for line in block.lines]
        ids += [f"{chapter.id}.{line.id}.{column.id}" for line in block.lines for column in block.columns]
        cells = [block.cell(line, column) for line in block.lines for column in block.columns]
        read = add(Piece(key), ids, [one.formula for one in cells if one])
        read += [Named(labels[axis]) for column in block.columns if (axis := column.over or "") in labels]
    elif isinstance(block, Chart):
        for series in block.series:
            ends = [end for each in (series.categories, series.values, series.labels or "") for end in each.split("..")]
            shows += [Named(end.partition(":")[0]) for end in ends if end]
    for declared in declared_fields(block):
        shows += [Named(name, chapter.id, key) for text in _besides(declared) for name in names_in(text)]


def _besides(one: FieldBase) -> Iterator[str]:
    """The formulas of a field that its own value does not come from."""
    heading = one.heading if isinstance(one, Column) else None
    yield from (text for text in (one.valid, one.min, one.max, one.shade, heading) if isinstance(text, str))
