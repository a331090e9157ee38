"""Short notices that the next page shows: «已领取», «已提交»."""

from flask import flash, get_flashed_messages

from service.usecases.hand_ins import TakenBefore
from service.web.words.texts import gettext

KINDS = frozenset({"success", "info", "warning", "danger"})


def tell(message: str, kind: str = "success") -> None:
    """Have the next page show a notice.

    Raises:
        ValueError: The kind is none of `KINDS`.
    """
    if kind not in KINDS:
        raise ValueError(f"Expected a kind of {sorted(KINDS)}, but got {kind!r}.")
    flash(message, kind)


def tell_taken_before(before: TakenBefore | None) -> None:
    """Warn whoever went on writing after an attempt that had come through, unseen by him."""
    if before is not None and before.is_changed:
        tell(gettext("您先前的提交已经成功，此后修改的内容没有提交"), "warning")


def told() -> list[tuple[str, str]]:
    """Return the notices to show now, as (kind, message); each is told once, whoever told it twice."""
    return list(dict.fromkeys(get_flashed_messages(with_categories=True)))  # type: ignore[arg-type]
