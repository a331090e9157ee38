"""Short lists: mails, letters, definitions, parameters, calendar, people."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, insert

from service.domain.errors import NotFoundError
from service.persistence.tables import definitions, house
from service.reports import mails, notifications, parameters, people, processes
from service.reports.inbox_counts import at_icons
from service.reports.search import contents
from tests.fakes import NOW
from tests.rows import (
    add_case,
    add_form,
    add_group,
    add_incident,
    add_instance,
    add_mail,
    add_notification,
    add_person,
    add_process,
    person,
)

QUINN = person("quinn", groups=frozenset({"quality"}))


def test_mails_are_paged_newest_first(connection: Connection) -> None:
    """Two pages of three mails; one shows its case."""
    case = add_case(connection, "c1")
    keys = [add_mail(connection, created_at=NOW + timedelta(minutes=n)) for n in range(2)]
    keys.append(add_mail(connection, created_at=NOW + timedelta(minutes=2), case_key=case))

    first = mails.page(connection, limit=2)
    second = mails.page(connection, cursor=first.next_cursor, limit=2)
    shown = mails.mail(connection, keys[2])

    assert [row.key for row in (*first.rows, *second.rows)] == keys[::-1]
    assert second.next_cursor is None
    assert shown is not None
    assert shown.case_no == "c1"
    assert mails.mail(connection, 1) is None


def test_letters_are_those_of_one_person(connection: Connection) -> None:
    """Another person's letter is neither listed, nor counted, nor opened."""
    own = add_notification(connection, "quinn")
    add_notification(connection, "quinn", read_at=NOW, created_at=NOW - timedelta(days=1))
    foreign = add_notification(connection, "sam")

    found = notifications.page(connection, QUINN)

    assert found.rows[0].key == own
    assert len(found.rows) == 2
    assert at_icons(connection, QUINN).letters == 1
    with pytest.raises(NotFoundError):
        notifications.letter(connection, QUINN, foreign)


def test_a_process_may_be_started_by_its_start_groups_and_by_owners(connection: Connection) -> None:
    """The latest version counts; without start groups it is the process owners' affair."""
    add_process(connection, "open", properties={"startGroups": "sales, quality"}, name="甲")
    add_process(connection, "closed", name="乙")
    add_process(
        connection, "old", properties={"startGroups": "quality"}, is_latest=False, name="丙"
    )
    owner = person("owen", roles=frozenset({"process_owner"}))

    assert [one.process_id for one in processes.startable(connection, QUINN)] == ["open"]
    assert {one.process_id for one in processes.startable(connection, owner)} == {"open", "closed"}
    assert processes.startable(connection, person("zoe")) == ()


def test_versions_of_a_process_count_what_runs_of_each(connection: Connection) -> None:
    """The list counts over all versions, the versions their own; who called what stands still counts, too."""
    first = add_process(connection, "p", is_latest=False)
    second = add_process(connection, "p", version=2, xml=b"<second/>")
    add_instance(connection, process_key=first, process_id="p")
    caller = add_instance(connection, process_key=second, process_id="p")
    called = add_instance(connection, process_id="q", parent_instance_key=caller)
    add_incident(connection, called)
    add_instance(connection, process_key=second, process_id="p", state="COMPLETED")

    (listed,) = processes.processes(connection)
    versions = processes.process_versions(connection, "p")

    assert (listed.key, listed.running, listed.incidents) == (second, 2, 1)
    assert [(v.version, v.running, v.incidents) for v in versions] == [(2, 1, 1), (1, 1, 0)]
    assert contents.process_file(connection, second).content == b"<second/>"


def test_decisions_and_forms_are_listed_with_their_files(connection: Connection) -> None:
    """A decision's file is that of its requirements graph."""
    connection.execute(
        insert(definitions.deployments).values(key=1, deployed_at=NOW, deployed_by="x")
    )
    form = add_form(connection, "sign", b"{}")
    connection.execute(
        insert(definitions.decision_requirements).values(
            key=7,
            requirements_id="r",
            version=1,
            resource_name="grade.dmn",
            resource_key=definition_file(connection),
            deployment_key=1,
            checksum="x",
            is_latest=True,
        )
    )
    connection.execute(
        insert(definitions.decision_definitions).values(
            key=8,
            decision_id="grade",
            name="定级",
            version=1,
            requirements_key=7,
            deployment_key=1,
            is_latest=True,
        )
    )

    (decision,) = processes.decisions(connection)
    (listed,) = processes.forms(connection)

    assert (decision.name, decision.resource_name) == ("定级", "grade.dmn")
    assert processes.decision_versions(connection, "grade") == (decision,)
    assert processes.form_versions(connection, "sign") == (listed,)
    assert contents.decision_file(connection, 8).content == b"<dmn/>"
    assert contents.form_file(connection, form).content == b"{}"
    assert processes.counts(connection) == processes.Counts(0, 1, 1)
    with pytest.raises(NotFoundError):
        contents.decision_file(connection, 9)


def definition_file(connection: Connection) -> int:
    from tests.rows import add_resource

    return add_resource(connection, b"<dmn/>", "grade.dmn")


def test_parameters_and_days_name_who_changed_them(connection: Connection) -> None:
    """The shipped value has nobody; a year without bundled holidays is said to be unannounced."""
    add_person(connection, "admin", name="管理员")
    row = {"value": 5, "default": 4, "label": "时限", "rule_refs": ["FB-4.5-7"], "unit": "小时"}
    connection.execute(
        insert(house.parameters).values(key="A", changed_by="admin", changed_at=NOW, **row)
    )
    connection.execute(insert(house.parameters).values(key="B", **row))
    connection.execute(
        insert(house.calendar_days).values(
            day=date(2026, 12, 31), is_working=False, name="盘点", changed_by="admin"
        )
    )

    changed, shipped = parameters.parameters(connection)
    (day,) = parameters.calendar_days(connection)
    this_year, _next_year = parameters.calendar_years(connection, NOW)

    assert (changed.changed_by, shipped.changed_by) == ("管理员", "")
    assert (changed.value, changed.default) == (5, 4)
    assert (day.name, day.changed_by) == ("盘点", "管理员")
    assert (this_year.year, this_year.is_announced) == (2026, True)


def test_people_are_listed_with_groups_and_tokens(connection: Connection) -> None:
    """The active come first; an unknown department has no name."""
    add_group(connection, "quality", name="质量部")
    add_person(connection, "anna", is_active=False)
    add_person(connection, "zoe", ("quality",), department="quality")
    connection.execute(
        insert(house.api_tokens).values(sha256="f", username="zoe", label="ERP", created_at=NOW)
    )

    first, second = people.people(connection)

    assert (first.username, first.group_names, first.department_name) == (
        "zoe",
        ("质量部",),
        "质量部",
    )
    assert (second.username, second.is_active) == ("anna", False)
    assert people.person(connection, "zoe") == first
    assert people.person(connection, "nobody") is None
    assert [token.label for token in people.tokens(connection, "zoe")] == ["ERP"]
