"""The business id of an instance: given at its creation, or once while it runs; then it stays.

Source: Camunda 8.10, business id assignment (uniqueness of business ids is not enforced here).
"""

from service.domain.errors import BadInputError, WrongStateError
from service.identity import Person, policy
from service.persistence.tables import instances
from service.usecases.execution.execution import Execution
from service.usecases.execution.running import RunningInstance
from service.usecases.house import House
from service.usecases.transaction import transact

LONGEST = 256


def require_business_id(business_id: str) -> None:
    """Check the form of a business id.

    Raises:
        BadInputError: It is empty or longer than `LONGEST` characters.
    """
    if not 0 < len(business_id) <= LONGEST:
        raise BadInputError(
            f"Expected 'businessId' to have 1 to {LONGEST} characters, "
            f"but it has {len(business_id)}.",
            field="businessId",
        )


def assign(house: House, person: Person, instance_key: int, business_id: str) -> None:
    """Give a running instance its business id; the same one again changes nothing.

    Raises:
        NotFoundError: No such instance.
        NotAllowedError: He may not change instances.
        BadInputError: As `require_business_id`.
        WrongStateError: It has ended, was called by another one, or has another business id.
    """
    require_business_id(business_id)

    def work(execution: Execution) -> None:
        policy.may_update_instances(person).require()
        assign_to(execution, execution.load_live(instance_key), business_id)

    transact(house, person, work)


def assign_to(execution: Execution, instance: RunningInstance, business_id: str) -> None:
    """Give a locked instance its business id, inside a transaction; errors as `assign`."""
    require_business_id(business_id)
    if instance.parent_instance_key is not None:
        raise WrongStateError(
            f"Expected a root process instance, but '{instance.key}' was called by "
            f"'{instance.parent_instance_key}'.",
            called_key=instance.key,
            parent_key=instance.parent_instance_key,
        )
    if instance.business_id == business_id:
        return
    if instance.business_id is not None:
        raise WrongStateError(
            f"Expected process instance '{instance.key}' to have no business id, "
            f"but it has '{instance.business_id}'.",
            instance_key=instance.key,
            business_id=instance.business_id,
        )
    instance.business_id = business_id
    unit = execution.unit
    unit.update(instances.process_instances, instance.key, {"business_id": business_id})
    unit.record(
        "instance.business_id_assigned",
        instance_key=instance.key,
        root_key=instance.root_key,
        case_key=instance.case_key,
        who=execution.who.username,
        after={"business_id": business_id},
    )
