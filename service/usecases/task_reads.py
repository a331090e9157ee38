"""Which open tasks somebody has looked at: the others stand in bold in his inbox."""

from sqlalchemy import select

from service.identity import Person
from service.persistence.tables import tasks
from service.persistence.upserts import add_missing
from service.usecases.house import House


def mark_read(house: House, person: Person, task_key: int) -> None:
    """Note that somebody has opened a task; nothing is written of one that is over.

    Who calls this has found that the person may see the task.
    """
    task, read = tasks.user_tasks, tasks.task_reads
    is_open = select(task.c.key).where(task.c.key == task_key, task.c.state == "CREATED")
    with house.database.unit(house.outside) as unit:
        if unit.connection.execute(is_open.with_for_update()).one_or_none() is None:
            return
        row = {"task_key": task_key, "username": person.username, "read_at": unit.now}
        add_missing(unit.connection, read, ("task_key", "username"), [row])
        unit.commit()
