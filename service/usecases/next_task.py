"""Which task a person does next."""

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from service.identity import Person
from service.persistence.tables import tasks


def next_task_key(
    connection: Connection, person: Person, case_key: int | None, root_key: int | None
) -> int | None:
    """Return an open task of the same case that is his or that he may claim, else his own next one.

    Within the case his own come first, then the claimable; each by due date, those without last.
    """
    table = tasks.user_tasks
    in_case = []
    if case_key is not None:
        in_case.append(table.c.case_key == case_key)
    elif root_key is not None:
        in_case.append(table.c.root_key == root_key)
    is_his = and_(table.c.state == "CREATED", table.c.assignee == person.username)
    by_due = (table.c.due_at.is_(None), table.c.due_at, table.c.key)
    if in_case:
        may_do = and_(table.c.state == "CREATED", or_(is_his, _is_claimable(person)), *in_case)
        query = select(table.c.key).where(may_do).order_by(table.c.assignee.is_(None), *by_due)
        found: int | None = connection.execute(query.limit(1)).scalar_one_or_none()
        if found is not None:
            return found
    query = select(table.c.key).where(is_his).order_by(*by_due).limit(1)
    his: int | None = connection.execute(query).scalar_one_or_none()
    return his


def _is_claimable(person: Person) -> ColumnElement[bool]:
    candidate, task = tasks.user_task_candidates, tasks.user_tasks
    return exists().where(
        candidate.c.task_key == task.c.key,
        candidate.c.is_free,
        or_(
            and_(candidate.c.kind == "group", candidate.c.name.in_(sorted(person.groups))),
            and_(candidate.c.kind == "user", candidate.c.name == person.username),
        ),
    )
