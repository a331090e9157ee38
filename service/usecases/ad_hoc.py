"""Ad-hoc sub-processes: start activities by hand."""

from sqlalchemy import select

from service import engine
from service.domain.errors import BadInputError, NotFoundError
from service.engine import AdHocActivation
from service.identity import Person, policy
from service.persistence.tables import instances
from service.usecases.execution.execution import Execution
from service.usecases.house import House
from service.usecases.transaction import transact


def activate(
    house: House,
    person: Person,
    element_instance_key: int,
    activations: tuple[AdHocActivation, ...],
    *,
    cancel_remaining: bool = False,
) -> None:
    """Start activities of an ad-hoc sub-process that runs; all of them or none.

    Raises:
        NotFoundError: No such ad-hoc sub-process, or an activity is not in it.
        NotAllowedError: He may not operate.
        WrongStateError: It is over, or stands still with an incident.
        BadInputError: No activity, one is named twice, or its variables are too large.
    """
    if not activations:
        raise BadInputError("Expected 'elements' to name one activity at least.", field="elements")

    def work(execution: Execution) -> None:
        policy.may_update_instances(person).require()
        instance = execution.load(_instance_of(execution, element_instance_key))
        execution.step(
            instance,
            lambda process, value, around: engine.activate_ad_hoc(
                process,
                value,
                element_instance_key,
                activations,
                around,
                cancel_remaining=cancel_remaining,
            ),
        )
        execution.unit.record(
            "ad_hoc.activated",
            instance_key=instance.key,
            root_key=instance.root_key,
            case_key=instance.case_key,
            who=person.username,
            detail={
                "element_instance_key": str(element_instance_key),
                "element_ids": [activation.element_id for activation in activations],
            },
        )

    transact(house, person, work)


def _instance_of(execution: Execution, element_instance_key: int) -> int:
    table = instances.element_instances
    key = execution.unit.connection.execute(
        select(table.c.instance_key).where(
            table.c.key == element_instance_key, table.c.state == "ACTIVE"
        )
    ).scalar_one_or_none()
    if key is None:
        raise NotFoundError(
            f"Expected to find an ad-hoc sub-process with key '{element_instance_key}', "
            "but there is none.",
            key=element_instance_key,
        )
    return int(key)
