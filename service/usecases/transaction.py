"""One command, one transaction: run it, let everything follow, commit; anew when two met."""

import time
from collections.abc import Callable
from typing import TypeVar

from service.domain.errors import BusyError, WrongStateError
from service.identity import Person
from service.usecases.attempts import Attempt, keep
from service.usecases.execution.execution import Execution
from service.usecases.house import House

T = TypeVar("T")

ATTEMPTS = 4
PAUSE_S = 0.02

SYSTEM = Person(
    username="system",
    name="系统",
    roles=frozenset({"operator", "process_owner", "admin"}),
    is_program=True,
)
"""In whose name timers, workers and the start of the house act."""


def transact(
    house: House, who: Person, work: Callable[[Execution], T], attempt: Attempt | None = None
) -> T:
    """Run `work` in one transaction and return what it returns; all or nothing.

    A command that met another one (deadlock, row that moved on) is run anew, `ATTEMPTS` times at most: it
    has written nothing. One that has waited for a lock in vain is not: whoever asked has waited, too.

    Args:
        house: The house.
        who: In whose name.
        work: The command.
        attempt: What is written down when the state of its object forbids it; None: nothing.

    Raises:
        BusyError: It met others each time, or a lock was not to be had.
    """
    try:
        return _transact(house, who, work)
    except WrongStateError:
        if attempt is not None:
            keep(house, who, attempt)
        raise


def _transact(house: House, who: Person, work: Callable[[Execution], T]) -> T:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with house.database.unit(house.outside, is_routine=True) as unit:
                execution = Execution(house, unit, who)
                result = work(execution)
                execution.finish()
                unit.commit()
            return result
        except BusyError as error:
            if attempt == ATTEMPTS or error.facts.get("has_waited"):
                raise
            time.sleep(PAUSE_S * attempt)
    raise AssertionError("unreachable")
