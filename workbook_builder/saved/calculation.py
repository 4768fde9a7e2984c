"""What a saved workbook says about calculating: Excel computes everything when it opens it, and its list of formulas.

Excel leaves the wish to compute everything out when it saves, because it has just done so; after an edit it stands
there again. The list (calcChain) names every formula cell. It may stay while the formulas stay: Excel calls a file
damaged in which it names a cell without one, and makes a new list when there is none.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbook_builder.saved.markup import Edit, Element, with_attribute
from workbook_builder.saved.package import Package

_IN_FRONT = (  # of calcPr, in the order of the schema
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames",
)  # fmt: skip


def ask_for_calculation(parsed: Sequence[Element]) -> list[Edit]:
    """The edit of workbook.xml that makes Excel compute everything when it opens the file; none if it would."""
    for each in parsed:
        if each.path == ("workbook", "calcPr"):
            if each.attributes.get("fullCalcOnLoad") in ("1", "true"):
                return []
            return [with_attribute(each, "fullCalcOnLoad", "1")]
    root = parsed[0]
    before = [each for each in parsed if len(each.path) == 2 and each.name in _IN_FRONT]
    at = max((each.end for each in before), default=root.inner)
    return [Edit(at, at, b"<" + root.prefix + b'calcPr fullCalcOnLoad="1"/>')]


def forget_chain(package: Package, workbook: str) -> None:
    """Take the list of formula cells away, with its relationship and its content type."""
    for link in package.links(workbook):
        if link.kind == "calcChain" and link.target in package:
            package.unlink(workbook, link.target)
            package.drop(link.target)
