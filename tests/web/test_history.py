"""流转记录: what people read of each event."""

from typing import Any

import pytest
from flask import Flask

from service.reports.history import HistoryRow, of_tree
from service.usecases.house import House
from service.web.parts.history import read, title
from tests.fakes import NOW
from tests.rows import add_element, add_event, add_instance


def row(kind: str, element_name: str, **detail: Any) -> HistoryRow:
    """Return an event at an element."""
    return HistoryRow(
        1, NOW, kind, None, "", 1, "catch_reply", element_name, None, None, (), detail
    )


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (row("message.correlated", "等待供方回复", name="pf_reply"), "收到消息：等待供方回复"),
        (row("signal.received", "批次冻结", name="batch_frozen"), "收到信号：批次冻结"),
        (row("message.correlated", "", name="pf_reply"), "收到消息"),
        (row("user_task.opened", "核对", name="核对投诉"), "任务到达：核对投诉"),
        (row("clock.overdue", "", name="核对投诉"), "任务超时：核对投诉"),
    ],
)
def test_an_event_is_told_with_a_name_that_people_know(
    pages: Flask, event: HistoryRow, expected: str
) -> None:
    """What got a message stands behind it, never the name that programs send it by."""
    with pages.test_request_context("/"):
        assert title(event) == expected


def test_an_element_without_a_name_is_not_told_by_its_id(house: House) -> None:
    """The events at it stand there without a step."""
    with house.database.engine.begin() as connection:
        root = add_instance(connection)
        add_element(connection, root, "catch_reply", type="INTERMEDIATE_CATCH_EVENT")
        add_event(connection, "message.correlated", instance_key=root, element_id="catch_reply")

    with house.database.reading() as connection:
        assert [event.element_name for event in of_tree(connection, root)] == [""]


def test_what_one_command_set_is_one_line(pages: Flask, house: House) -> None:
    """The log has an entry for each variable; people read what was changed together."""
    with house.database.engine.begin() as connection:
        root = add_instance(connection)
        for name in ("amount", "note"):
            change = {"before": {name: None}, "after": {name: "x"}}
            add_event(connection, "variables.set", instance_key=root, who="ada", **change)
        add_event(connection, "instance.resumed", instance_key=root, who="ada")
        add_event(connection, "variables.set", instance_key=root, who="ada", after={"late": "y"})

    with house.database.reading() as connection, pages.test_request_context("/"):
        lines = read(connection, of_tree(connection, root), is_masked=False)
    assert [[change.label for change in line.changes] for line in lines] == [
        ["late"],
        [],
        ["amount", "note"],
    ]
