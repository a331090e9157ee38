"""What task listeners have answered to a command, for who waits for it."""

from sqlalchemy import select

from service.domain.errors import WrongStateError
from service.persistence.tables import tasks
from service.usecases.house import House

TITLES = {"ASSIGNING": "Assignment", "UPDATING": "Update", "COMPLETING": "Completion"}


def outcome(house: House, change_key: int) -> bool | None:
    """Return True when the change was carried out, None while listeners are still asked.

    Raises:
        WrongStateError: A listener denied it, or the task was canceled meanwhile.
    """
    table = tasks.user_task_changes
    with house.database.reading() as connection:
        row = connection.execute(select(table).where(table.c.key == change_key)).one()
    if row.outcome is None:
        return None
    if row.outcome == "DONE":
        return True
    what = f"{TITLES[row.event]} of the User Task with key '{row.task_key}'"
    if row.outcome == "DENIED":
        raise WrongStateError(
            f"{what} was denied by Task Listener. Reason to deny: '{row.reason}'.",
            task_key=row.task_key,
            denied_reason=row.reason,
        )
    raise WrongStateError(f"{what} is off: the task was canceled.", task_key=row.task_key)
