"""Samples and papers that change hands: registered, handed over, received, ended; every step is logged.

Source: XC-DOC-2.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update

from service import forms
from service.domain.errors import BadInputError, NotFoundError, WrongStateError
from service.domain.notifications import INBOX
from service.domain.tracked_items import ITEM_KINDS, OUTCOMES
from service.identity import Person, policy
from service.persistence.facts import group_names
from service.persistence.tables import cases, items
from service.persistence.unit import Unit
from service.usecases import case_rights
from service.usecases.cases import count_up
from service.usecases.house import House
from service.usecases.notifications import notify

HELD, ON_ITS_WAY, ENDED = "HELD", "ON_ITS_WAY", "ENDED"
RULE = "XC-DOC-2"

STEPS = ("registered", "handed_over", "received", "recalled", "ended")
"""What can happen to an item; each is an event `item.<step>` of the history."""

LONGEST_NOTE = 500


@dataclass(frozen=True)
class NewItem:
    """What is registered.

    Attributes:
        kind: One of `domain.tracked_items.ITEM_KINDS`.
        description: What it is, for people; may be empty.
        holder_group: Key of the department that has it now.
    """

    kind: str
    description: str
    holder_group: str


def register(house: House, person: Person, case_no: str, item: NewItem) -> str:
    """Register an item of a case and return its number `{case number}-W{NN}`.

    Raises:
        NotFoundError: There is no such case, or he may not read it.
        BadInputError: Another kind, an unknown department, a text that is too long.
        NotAllowedError: He does not belong to the department that has it.
    """
    with house.database.unit(house.outside) as unit:
        table = cases.cases
        case = unit.connection.execute(
            select(table).where(table.c.case_no == case_no)
        ).one_or_none()
        if case is None or not case_rights.may_read(unit.connection, person, case.key):
            raise NotFoundError(f"Expected to find a case '{case_no}', but there is none.")
        _check_group(unit, item.holder_group)
        policy.may_move_item(person, item.holder_group).require()
        item_no = add(unit, case.key, case_no, item, person.username)
        unit.commit()
    return item_no


def add(unit: Unit, case_key: int, case_no: str, item: NewItem, who: str) -> str:
    """Write a new item in the transaction of what brought it in, and return its number.

    Raises:
        BadInputError: Another kind, or a text that is too long.
    """
    if item.kind not in ITEM_KINDS:
        raise BadInputError(
            f"Expected 'kind' to be one of {ITEM_KINDS}, but got '{item.kind}'.",
            message="请选择实物的类别。",
        )
    series = f"{case_no}-W"
    item_no = f"{series}{count_up(unit, series):02d}"
    key = unit.new_key()
    unit.connection.execute(
        insert(items.tracked_items).values(
            key=key,
            case_key=case_key,
            item_no=item_no,
            kind=item.kind,
            description=_note(item.description),
            state=HELD,
            holder_group=item.holder_group,
            registered_by=who,
            registered_at=unit.now,
        )
    )
    move = _Move("registered", to_group=item.holder_group)
    _log(unit, key, case_key, item_no, move, who)
    return item_no


def add_submitted(
    unit: Unit,
    form: forms.Form,
    values: Mapping[str, Any],
    case_key: int,
    case_no: str,
    who: Person,
) -> None:
    """Register what a submitted form says has come in: each ticked field with `trackedItem`, once a case.

    The department of who filled the form in has it; somebody without a department registers it by hand.

    Source: XC-DOC-2, docs/dialect.md §6.
    """
    kinds = [field.tracked_item for field in form.fields if values.get(field.path) is True]
    if who.department is None:
        return
    table = items.tracked_items
    for kind in filter(None, kinds):
        query = select(table.c.key).where(table.c.case_key == case_key, table.c.kind == kind)
        if unit.connection.execute(query.limit(1)).first() is None:
            add(unit, case_key, case_no, NewItem(kind, "", who.department), who.username)


def hand_over(house: House, person: Person, item_key: int, to_group: str, note: str = "") -> None:
    """Send an item to another department; it stays in the name of the sender until it is received.

    Raises:
        NotFoundError: No such item, or he may not read its case.
        BadInputError: An unknown department, the same department, a note that is too long.
        NotAllowedError: He does not belong to the department that has it.
        WrongStateError: It is on its way already, or its way has ended.
    """

    def work(unit: Unit, row: Row[Any]) -> tuple[dict[str, Any], "_Move"]:
        policy.may_move_item(person, row.holder_group).require()
        _require(row, HELD)
        _check_group(unit, to_group)
        if to_group == row.holder_group:
            raise BadInputError(
                f"Expected another department than '{to_group}', but it has the item.",
                message="该部门已经保管此物件，请选择其他部门。",
            )
        _tell_receiver(unit, row, to_group)
        changes = {"state": ON_ITS_WAY, "receiver_group": to_group}
        return changes, _Move("handed_over", row.holder_group, to_group, note)

    _change(house, person, item_key, work)


def receive(house: House, person: Person, item_key: int) -> None:
    """Confirm that an item has arrived: from now on the receiving department has it.

    Raises:
        NotFoundError, BadInputError: As `hand_over`.
        NotAllowedError: He does not belong to the receiving department.
        WrongStateError: It is not on its way.
    """

    def work(_unit: Unit, row: Row[Any]) -> tuple[dict[str, Any], "_Move"]:
        _require(row, ON_ITS_WAY)
        policy.may_move_item(person, row.receiver_group).require()
        changes = {"state": HELD, "holder_group": row.receiver_group, "receiver_group": None}
        return changes, _Move("received", row.holder_group, row.receiver_group)

    _change(house, person, item_key, work)


def recall(house: House, person: Person, item_key: int) -> None:
    """Take an item back that was handed over and not yet received.

    Raises:
        NotFoundError, BadInputError, NotAllowedError: As `hand_over`.
        WrongStateError: It is not on its way.
    """

    def work(_unit: Unit, row: Row[Any]) -> tuple[dict[str, Any], "_Move"]:
        policy.may_move_item(person, row.holder_group).require()
        _require(row, ON_ITS_WAY)
        changes = {"state": HELD, "receiver_group": None}
        return changes, _Move("recalled", row.receiver_group, row.holder_group)

    _change(house, person, item_key, work)


def end(house: House, person: Person, item_key: int, outcome: str, note: str = "") -> None:
    """End the way of an item: it went back to the customer, to the archive, was destroyed or lost.

    Raises:
        NotFoundError, NotAllowedError: As `hand_over`.
        BadInputError: Another outcome, or a note that is too long.
        WrongStateError: It is on its way, or its way has ended.
    """

    def work(_unit: Unit, row: Row[Any]) -> tuple[dict[str, Any], "_Move"]:
        policy.may_move_item(person, row.holder_group).require()
        _require(row, HELD)
        if outcome not in OUTCOMES:
            raise BadInputError(
                f"Expected 'outcome' to be one of {OUTCOMES}, but got '{outcome}'.",
                message="请选择实物的去向。",
            )
        told = "：".join(part for part in (outcome, note.strip()) if part)
        return {"state": ENDED, "outcome": outcome}, _Move("ended", row.holder_group, None, told)

    _change(house, person, item_key, work)


@dataclass(frozen=True)
class _Move:
    """One step of an item."""

    kind: str
    from_group: str | None = None
    to_group: str | None = None
    note: str = ""


def _change(
    house: House,
    person: Person,
    item_key: int,
    work: Callable[[Unit, Row[Any]], tuple[dict[str, Any], _Move]],
) -> None:
    """Lock the item, let `work` decide, and write what it decided with its log line."""
    table = items.tracked_items
    with house.database.unit(house.outside) as unit:
        row = unit.connection.execute(
            select(table).where(table.c.key == item_key).with_for_update()
        ).one_or_none()
        if row is None or not case_rights.may_read(unit.connection, person, row.case_key):
            raise NotFoundError(f"Expected to find an item '{item_key}', but there is none.")
        changes, move = work(unit, row)
        unit.connection.execute(update(table).where(table.c.key == item_key).values(**changes))
        _log(unit, item_key, row.case_key, row.item_no, move, person.username)
        unit.commit()


def _log(unit: Unit, item_key: int, case_key: int, item_no: str, move: _Move, who: str) -> None:
    unit.connection.execute(
        insert(items.item_moves).values(
            key=unit.new_key(),
            item_key=item_key,
            kind=move.kind,
            from_group=move.from_group,
            to_group=move.to_group,
            note=_note(move.note),
            moved_by=who,
            moved_at=unit.now,
        )
    )
    unit.record(
        f"item.{move.kind}",
        case_key=case_key,
        who=who,
        rule_refs=(RULE,),
        detail={"item_no": item_no, "from": move.from_group, "to": move.to_group},
    )


def _tell_receiver(unit: Unit, row: Row[Any], to_group: str) -> None:
    number = unit.connection.execute(
        select(cases.cases.c.case_no).where(cases.cases.c.key == row.case_key)
    ).scalar_one()
    sender = group_names(unit.connection).get(row.holder_group, row.holder_group)
    what = f"{row.kind}（{row.description}）" if row.description else row.kind
    notify(
        unit,
        to=[to_group],
        cc=[to_group],
        subject=f"请签收：{row.kind} {row.item_no}",
        body=f"{sender}已将案件 {number} 的{what}移交给贵部门，收到后请在案件的“附件”页签收。",
        channels=(INBOX,),
        message_id=RULE,
        case_key=row.case_key,
    )


def _check_group(unit: Unit, key: str) -> None:
    if key not in group_names(unit.connection):
        raise BadInputError(
            f"Expected a department, but '{key}' is none.", message="请选择接收或保管的部门。"
        )


def _require(row: Row[Any], state: str) -> None:
    if row.state != state:
        raise WrongStateError(
            f"Expected item '{row.item_no}' to be {state}, but it is {row.state}.",
            message="该物件的状态已经改变，请刷新后再操作。",
        )


def _note(text: str) -> str | None:
    """Return a text to store, None when it is empty.

    Raises:
        BadInputError: It is too long.
    """
    told = text.strip()
    if len(told) > LONGEST_NOTE:
        raise BadInputError(
            f"Expected a note of at most {LONGEST_NOTE} characters, but got {len(told)}.",
            message=f"说明不能超过 {LONGEST_NOTE} 个字。",
        )
    return told or None
