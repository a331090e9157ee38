"""Addresses of lists: the present one with some of its choices changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for


@dataclass(frozen=True)
class Choices:
    """What a list's address says: one text a name; names that are absent are empty."""

    endpoint: str
    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def url(self, **changes: str) -> str:
        """Return the address of the list with these choices changed; it begins at its first page."""
        wanted: dict[str, Any] = {**self.values, "cursor": "", **changes}
        return url_for(self.endpoint, **{name: text for name, text in wanted.items() if text})

    def hidden_fields(self, *typed: str) -> list[tuple[str, str]]:
        """Return the choices a search form must carry along, but not those the reader types in it."""
        skipped = {*typed, "cursor"}
        return [(name, text) for name, text in self.values.items() if text and name not in skipped]


def choices(endpoint: str, *names: str) -> Choices:
    """Return what the address of this request says for some names."""
    return Choices(endpoint, {name: request.args.get(name, "").strip() for name in names})


def numbered(endpoint: str, name: str, **values: str | None) -> Callable[[int], str]:
    """Return a function that gives the address of an endpoint for each number that its path names.

    A list has fifty such addresses, which differ in the number alone; Flask makes one of them.
    """
    given: dict[str, Any] = {name: _NUMBER, **values}
    before, after = url_for(endpoint, **given).split(str(_NUMBER))
    return lambda number: f"{before}{number}{after}"


_NUMBER = 1_029_384_756
"""A number that no other part of an address contains."""
