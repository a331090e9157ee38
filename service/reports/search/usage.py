"""How much the house was used in a time: what began, what was decided, who had tasks."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from service.persistence.tables import instances, tasks
from service.reports.search.conditions import Condition


def usage(connection: Connection, start: datetime, end: datetime) -> dict[str, int]:
    """Return the API's counts; both ends count in. An instance that was called is none of its own."""
    running, decided, task = (
        instances.process_instances,
        instances.decision_instances,
        tasks.user_tasks,
    )

    def count(what: Any, *conditions: Condition) -> int:
        return connection.execute(select(func.count(what)).where(*conditions)).scalar_one()

    return {
        "processInstances": count(
            running.c.key,
            running.c.started_at.between(start, end),
            running.c.parent_instance_key.is_(None),
        ),
        "decisionInstances": count(
            func.distinct(decided.c.evaluation_key), decided.c.evaluated_at.between(start, end)
        ),
        "assignees": count(func.distinct(task.c.assignee), task.c.created_at.between(start, end)),
    }
