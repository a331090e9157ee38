"""Short notices that the next page shows: «已领取», «已提交»."""

from flask import flash, get_flashed_messages

KINDS = frozenset({"success", "info", "warning", "danger"})


def tell(message: str, kind: str = "success") -> None:
    """Have the next page show a notice.

    Raises:
        ValueError: The kind is none of `KINDS`.
    """
    if kind not in KINDS:
        raise ValueError(f"Expected a kind of {sorted(KINDS)}, but got {kind!r}.")
    flash(message, kind)


def told() -> list[tuple[str, str]]:
    """Return the notices to show now, as (kind, message); each is told once."""
    found: list[tuple[str, str]] = list(get_flashed_messages(with_categories=True))  # type: ignore[arg-type]
    return found
