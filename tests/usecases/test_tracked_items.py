"""XC-DOC-2: a sample or paper that changes hands is tracked, with a log of its moves."""

from json import dumps
from typing import Any

import pytest
from sqlalchemy import select

from service import forms
from service.domain.errors import (
    BadInputError,
    DeploymentRefusedError,
    NotAllowedError,
    NotFoundError,
    WrongStateError,
)
from service.identity import Person
from service.persistence.tables import cases, items
from service.reports import tracked_items as report
from service.usecases import tracked_items
from service.usecases.tracked_items import NewItem
from tests.usecases.conftest import Office

SAMPLE = NewItem("样品", "开胶的笔记本 2 本", "cs")


def case_no(office: Office) -> str:
    """Open a case, read by the quality department too, and return its number."""
    started = office.start()
    with office.house.database.unit(office.house.outside) as unit:
        unit.connection.execute(
            cases.case_readers.insert().values(
                case_key=started.case_key,
                kind="group",
                name="quality",
                reason="抄送",
                since=unit.now,
            )
        )
        unit.commit()
    return str(started.case_no)


def registered(office: Office) -> tuple[str, int]:
    """Register a sample as the clerk; return the case's number and the item's key."""
    number = case_no(office)
    tracked_items.register(office.house, office.clerk, number, SAMPLE)
    (row,) = office.rows(items.tracked_items)
    return number, row.key


def shown(office: Office, person: Person) -> report.ItemRow:
    """Return the only item as a person sees it."""
    with office.house.database.reading() as connection:
        key = connection.execute(select(items.tracked_items.c.case_key)).scalar_one()
        (row,) = report.of_case(connection, person, key)
    return row


def test_an_item_goes_from_hand_to_hand_and_every_step_is_logged(office: Office) -> None:
    """Registered, handed over, received, archived: the log tells who, when, from where to where."""
    _, key = registered(office)

    tracked_items.hand_over(office.house, office.clerk, key, "quality", "送检")
    on_its_way = shown(office, office.inspector)
    tracked_items.receive(office.house, office.inspector, key)
    tracked_items.end(office.house, office.inspector, key, "归档", "入样品柜")

    assert (on_its_way.state, on_its_way.holder_name, on_its_way.receiver_name) == (
        "ON_ITS_WAY",
        "客服",
        "质量部",
    )
    ended = shown(office, office.clerk)
    assert (ended.state, ended.holder_name, ended.outcome) == ("ENDED", "质量部", "归档")
    steps = [(move.kind, move.from_name, move.to_name, move.note) for move in ended.moves]
    assert steps == [
        ("registered", "", "客服", ""),
        ("handed_over", "客服", "质量部", "送检"),
        ("received", "客服", "质量部", ""),
        ("ended", "质量部", "", "归档：入样品柜"),
    ]
    kinds = [row.kind for row in office.rows(cases.events, cases.events.c.kind.like("item.%"))]
    assert kinds == ["item.registered", "item.handed_over", "item.received", "item.ended"]


def test_the_receiving_department_is_told(office: Office) -> None:
    """A notice names the item and the case; both inspectors get it."""
    number, key = registered(office)
    tracked_items.hand_over(office.house, office.clerk, key, "quality")

    notices = office.rows(cases.notifications, cases.notifications.c.message_id == "XC-DOC-2")

    assert {row.username for row in notices} == {"lina", "zhaolei"}
    assert all(number in row.body for row in notices)


def test_an_item_on_its_way_can_be_taken_back(office: Office) -> None:
    """Until it is received; afterwards there is nothing to take back."""
    _, key = registered(office)
    tracked_items.hand_over(office.house, office.clerk, key, "quality")
    tracked_items.recall(office.house, office.clerk, key)

    assert (shown(office, office.clerk).state, shown(office, office.clerk).receiver_name) == (
        "HELD",
        "",
    )
    with pytest.raises(WrongStateError):
        tracked_items.recall(office.house, office.clerk, key)
    with pytest.raises(WrongStateError):
        tracked_items.receive(office.house, office.inspector, key)


def test_only_who_has_it_passes_it_on(office: Office) -> None:
    """The quality department cannot move what 客服 has, and 客服 cannot receive what it sent."""
    _, key = registered(office)

    with pytest.raises(NotAllowedError):
        tracked_items.hand_over(office.house, office.inspector, key, "finance")
    with pytest.raises(NotAllowedError):
        tracked_items.end(office.house, office.inspector, key, "销毁")
    tracked_items.hand_over(office.house, office.clerk, key, "quality")
    with pytest.raises(NotAllowedError):
        tracked_items.receive(office.house, office.clerk, key)

    assert shown(office, office.clerk).actions == {"recall"}
    assert shown(office, office.inspector).actions == {"receive"}


def test_who_may_not_read_the_case_learns_nothing_of_its_items(office: Office) -> None:
    """A stranger gets the same answer as for an item that does not exist."""
    number, key = registered(office)

    with pytest.raises(NotFoundError):
        tracked_items.register(office.house, office.stranger, number, SAMPLE)
    with pytest.raises(NotFoundError):
        tracked_items.receive(office.house, office.stranger, key)
    with pytest.raises(NotFoundError):
        tracked_items.receive(office.house, office.clerk, 1)


@pytest.mark.parametrize(
    "item",
    [
        NewItem("钥匙", "", "cs"),
        NewItem("样品", "", "no_such_group"),
        NewItem("样品", "长" * 501, "cs"),
    ],
    ids=["kind", "department", "description"],
)
def test_a_wrong_item_is_refused(office: Office, item: NewItem) -> None:
    """With a sentence for people; nothing is written."""
    number = case_no(office)
    with pytest.raises(BadInputError) as caught:
        tracked_items.register(office.house, office.clerk, number, item)
    assert caught.value.facts["message"]
    assert office.rows(items.tracked_items) == []


@pytest.mark.parametrize("to_group", ["cs", "no_such_group", ""])
def test_a_wrong_receiver_is_refused(office: Office, to_group: str) -> None:
    """The department that has it, or one that does not exist."""
    _, key = registered(office)
    with pytest.raises(BadInputError):
        tracked_items.hand_over(office.house, office.clerk, key, to_group)
    assert shown(office, office.clerk).state == "HELD"


def test_numbers_of_a_case_count_up(office: Office) -> None:
    """`{case number}-W{NN}`."""
    number = case_no(office)
    given = [tracked_items.register(office.house, office.clerk, number, SAMPLE) for _ in range(2)]
    assert given == [f"{number}-W01", f"{number}-W02"]


def component(key: str, kind: str, **changes: Any) -> dict[str, Any]:
    """Return a checkbox that registers an item of a kind."""
    written = {"type": "checkbox", "id": key, "key": key, "properties": {"trackedItem": kind}}
    return {**written, **changes}


def form(*components: dict[str, Any]) -> forms.Form:
    """Return a form of these components."""
    schema = {"id": "f", "type": "default", "components": list(components)}
    return forms.parse(dumps(schema).encode(), "f.form")


FORM = form(component("has_sample", "样品"), component("has_fax", "传真件"))


def test_a_form_that_says_a_sample_came_registers_it_once(office: Office) -> None:
    """In the hands of the department of who filled it in; handing the form in again adds nothing."""
    started = office.start()
    clerk = Person("wangfang", "王芳", department="cs")
    with office.house.database.unit(office.house.outside) as unit:
        for _ in range(2):
            tracked_items.add_submitted(
                unit,
                FORM,
                {"has_sample": True, "has_fax": False},
                int(started.case_key or 0),
                str(started.case_no),
                clerk,
            )
        unit.commit()

    (row,) = office.rows(items.tracked_items)
    assert (row.kind, row.holder_group, row.registered_by) == ("样品", "cs", "wangfang")


@pytest.mark.parametrize(
    "refused",
    [
        component("a", "样品", type="textfield"),
        component("a", "钥匙"),
        {"type": "dynamiclist", "id": "l", "path": "l", "components": [component("a", "样品")]},
    ],
    ids=["no_checkbox", "unknown_kind", "in_a_list"],
)
def test_a_form_that_cannot_register_is_refused(refused: dict[str, Any]) -> None:
    """`trackedItem` stands at a checkbox outside of lists and names a kind."""
    with pytest.raises(DeploymentRefusedError) as caught:
        form(refused)
    assert [finding.rule for finding in caught.value.findings] == ["bad_tracked_item"]
