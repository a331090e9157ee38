"""Samples and papers of a case, with their movement logs (XC-DOC-2)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from service.identity import Person, policy
from service.persistence.tables import items
from service.reports.names import group_names, people_names


@dataclass(frozen=True)
class MoveRow:
    """One step: `kind` is registered, handed_over, received, recalled or ended; names, not keys."""

    kind: str
    from_name: str
    to_name: str
    note: str
    who_name: str
    at: datetime


@dataclass(frozen=True)
class ItemRow:
    """One item and its log, oldest step first.

    Attributes:
        state: `HELD`, `ON_ITS_WAY` or `ENDED`.
        actions: What the reader may do now: `hand_over`, `end`, `receive`, `recall`.
    """

    key: int
    item_no: str
    kind: str
    description: str
    state: str
    holder_key: str
    holder_name: str
    receiver_name: str
    outcome: str
    moves: Sequence[MoveRow]
    actions: frozenset[str]


def of_case(connection: Connection, person: Person, case_key: int) -> tuple[ItemRow, ...]:
    """Return the items of a case in the order they were registered."""
    table, log = items.tracked_items, items.item_moves
    rows = connection.execute(
        select(table).where(table.c.case_key == case_key).order_by(table.c.key)
    ).all()
    if not rows:
        return ()
    moves = connection.execute(
        select(log).where(log.c.item_key.in_([row.key for row in rows])).order_by(log.c.key)
    ).all()
    keys = {key for row in rows for key in (row.holder_group, row.receiver_group) if key}
    keys |= {key for move in moves for key in (move.from_group, move.to_group) if key}
    groups: dict[str | None, str] = {None: ""}
    groups.update(group_names(connection, keys))
    people = people_names(connection, (move.moved_by for move in moves))
    log_of: dict[int, list[MoveRow]] = defaultdict(list)
    for move in moves:
        log_of[move.item_key].append(
            MoveRow(
                move.kind,
                groups[move.from_group],
                groups[move.to_group],
                move.note or "",
                people[move.moved_by],
                move.moved_at,
            )
        )
    return tuple(
        ItemRow(
            key=row.key,
            item_no=row.item_no,
            kind=row.kind,
            description=row.description or "",
            state=row.state,
            holder_key=row.holder_group,
            holder_name=groups[row.holder_group],
            receiver_name=groups[row.receiver_group],
            outcome=row.outcome or "",
            moves=log_of[row.key],
            actions=_actions(person, row.state, row.holder_group, row.receiver_group),
        )
        for row in rows
    )


def _actions(person: Person, state: str, holder: str, receiver: str | None) -> frozenset[str]:
    holds = bool(policy.may_move_item(person, holder))
    if state == "HELD":
        return frozenset({"hand_over", "end"}) if holds else frozenset()
    if state == "ON_ITS_WAY" and receiver is not None:
        receives = bool(policy.may_move_item(person, receiver))
        found = {"receive": receives, "recall": holds}
        return frozenset(name for name, may in found.items() if may)
    return frozenset()
