"""Finding the instance that an operator's command is about."""

from service import engine
from service.domain.errors import NotFoundError, WrongStateError
from service.usecases.execution.execution import Execution
from service.usecases.execution.running import RunningInstance


def live_instance(execution: Execution, key: int) -> RunningInstance:
    """Lock and load an instance that has not ended; it may be suspended.

    Raises:
        NotFoundError: There is none: one that has ended cannot be operated, as in Camunda 8.
    """
    try:
        return execution.load_live(key)
    except WrongStateError as error:
        raise _ended(key) from error


def require_live(instance: RunningInstance) -> None:
    """Refuse a command on an instance that has ended in this transaction.

    Raises:
        NotFoundError: It has.
    """
    if not instance.is_live:
        raise _ended(instance.key)


def require_not_called_off(instance: RunningInstance) -> None:
    """Refuse a command on an instance that is being terminated and waits for whoever must hear it.

    Raises:
        WrongStateError: It is. Source: Camunda 8 (`a cancel request is already in progress`).
    """
    if engine.is_called_off(instance.process.compiled, instance.value()):
        raise WrongStateError(
            f"Expected process instance '{instance.key}' to be active, but it is being canceled already.",
            reason="called_off",
            key=instance.key,
        )


def _ended(key: int) -> NotFoundError:
    return NotFoundError(
        f"Expected to find an active process instance with key '{key}', but it has ended.",
        reason="ended",
        key=key,
    )
