"""Which accounts there are, what they are called, and which debtor numbers each of them stands for."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from workbook_builder.errors import InputError, Problem
from workbook_builder.sources.columns import plain
from workbook_builder.sources.findings import TO_CHECK, Imported
from workbook_builder.sources.parse import clean_id

NEAREST = 5


class Names:
    """The accounts of the sources by AccountID.

    `groups` is the config's accounts table. Numbers come from the sales lines (used or not) and the master data.
    """

    def __init__(
        self,
        groups: Mapping[str, tuple[str, ...]],
        imports: Mapping[str, Imported],
        masters: Mapping[str | None, list[dict[str, Any]]],
    ) -> None:
        sales = imports["sales"]
        self.groups = {account: tuple(map(clean_id, numbers)) for account, numbers in groups.items()}
        self.owners = {number: account for account, numbers in self.groups.items() for number in numbers}
        to_check = (finding.account_id for finding in sales.findings if finding.status == TO_CHECK)
        found = {*sales.by_account, *to_check, *masters} - {None}
        self.found = {str(number) for number in found}
        free = {number for number in self.found if number not in self.owners}
        in_use = {account for account, numbers in self.groups.items() if self.found.intersection(numbers)}
        self.account_ids: tuple[str, ...] = tuple(sorted(free | in_use))
        master_names = {number: rows[0].get("name") for number, rows in masters.items()}
        self.by_number = {
            number: sales.names.get(number) or master_names.get(number) or number for number in self.found
        }

    def numbers(self, account_id: str) -> tuple[str, ...]:
        """The debtor numbers of an AccountID, itself among them unless the config gives that number to another."""
        listed = self.groups.get(account_id, ())
        own = (account_id,) if self.owners.get(account_id, account_id) == account_id else ()
        return tuple(dict.fromkeys((*listed, *own))) if account_id in self.found else listed

    def name(self, account_id: str) -> str:
        """The name of an account: that of its own number, else of its first number with one, else its id."""
        for number in (account_id, *self.numbers(account_id)):
            name = self.by_number.get(number, number)
            if name != number:
                return name
        return account_id

    def known(self, account_id: str) -> str:
        """`account_id` as it is known; raises InputError, with the nearest ids, when it is not."""
        wanted = clean_id(account_id)
        if wanted in self.account_ids:
            return wanted
        if wanted in self.owners and self.owners[wanted] in self.account_ids:
            raise InputError(Problem("account_part_of", account=wanted, owner=self.owners[wanted]))
        near = self.nearest(wanted)
        if not near:
            raise InputError(Problem("account_unknown", account=wanted, some=", ".join(self.account_ids[:5])))
        shown = ", ".join(f"{account} ({self.name(account)})" for account in near)
        raise InputError(Problem("account_unknown_near", account=wanted, near=shown))

    def nearest(self, wanted: str) -> list[str]:
        """At most five AccountIDs like `wanted`: but for zeros or capitals, by name, or by spelling."""
        bare = plain(wanted)
        titles = {account: plain(self.name(account)) for account in self.account_ids}
        same = [each for each in self.account_ids if plain(each).lstrip("0") == bare.lstrip("0")]
        named = [each for each, title in titles.items() if bare and bare in title]
        spelled = get_close_matches(wanted, self.account_ids, n=NEAREST)
        words = {word for title in titles.values() for word in (title, *title.split())}
        likely = set(get_close_matches(bare, words, n=NEAREST, cutoff=0.75))
        called = [each for each, title in titles.items() if likely & {title, *title.split()}]
        return list(dict.fromkeys((*same, *named, *spelled, *called)))[:NEAREST]
