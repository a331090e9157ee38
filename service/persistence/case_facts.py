"""Who has to do with a case, read from its rows."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from service.identity import CaseFacts
from service.persistence.tables import cases, house, tasks


def case_facts(connection: Connection, case_key: int) -> CaseFacts | None:
    """Return the facts that the question «may he read it» needs, or None when there is no such case."""
    case = connection.execute(
        select(cases.cases).where(cases.cases.c.key == case_key)
    ).one_or_none()
    if case is None:
        return None
    table = tasks.user_tasks
    rows = connection.execute(
        select(
            table.c.assignee,
            table.c.completed_by,
            table.c.candidate_groups,
            table.c.candidate_users,
            table.c.properties,
            table.c.state,
        ).where(table.c.case_key == case_key)
    ).all()
    groups = {group for row in rows for group in row.candidate_groups}
    readers = connection.execute(
        select(cases.case_readers.c.kind, cases.case_readers.c.name).where(
            cases.case_readers.c.case_key == case_key
        )
    ).all()
    above = connection.execute(
        select(house.groups.c.supervisor_group).where(house.groups.c.key.in_(groups))
    ).scalars()
    named = {name for row in rows for name in _named(row.properties)}
    people = {name for row in rows for name in (row.assignee, row.completed_by) if name}
    people |= {name for row in rows if row.state == "CREATED" for name in row.candidate_users}
    return CaseFacts(
        case_no=case.case_no,
        started_by=case.opened_by,
        participants=frozenset(people | {row.name for row in readers if row.kind == "user"}),
        task_groups=frozenset(
            group for row in rows if row.state == "CREATED" for group in row.candidate_groups
        ),
        supervisors=frozenset(named | {key for key in above if key}),
        reader_groups=frozenset(row.name for row in readers if row.kind == "group"),
    )


def _named(properties: Mapping[str, str]) -> list[str]:
    """Return the supervisor groups that the element of a task names itself (docs/dialect.md §3)."""
    return [name.strip() for name in properties.get("supervisors", "").split(",") if name.strip()]
