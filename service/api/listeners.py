"""Commands that task listeners are asked about: the answer waits for theirs."""

from flask import Response

from service.api.context import house, waiting
from service.api.own_errors import TooLateError
from service.api.routes import done
from service.domain.errors import OverloadedError
from service.usecases.task_answers import outcome

LISTENER_WAIT_S = 10.0
"""How long a command on a user task waits for its listeners."""


def when_listeners_have_answered(change_key: int | None) -> Response:
    """Answer when the task listeners that were asked have answered; at once when there are none.

    Raises:
        WrongStateError: A listener denied the command, or the task was canceled meanwhile.
        TooLateError: They have not answered in time; the command stands and may still be carried out.
    """
    if change_key is None:
        return done()
    here = house()
    try:
        answered = waiting().until(lambda: outcome(here, change_key), LISTENER_WAIT_S)
    except OverloadedError:
        answered = None
    if answered is None:
        raise TooLateError(
            "Expected the task listeners to answer in time, but they have not: the command stands and "
            "is carried out when they do."
        )
    return done()
