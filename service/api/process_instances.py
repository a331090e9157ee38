"""Process instances: start, search, look into, and all that operators do to a single one."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from service.api import batch_operations, forecasts, plans, wire
from service.api.business_ids import business_id_of
from service.api.context import house, person, waiting
from service.api.languages import language
from service.api.own_errors import TooLateError
from service.api.reading import found, hidden_is_not_found, require_visible, search_answer
from service.api.routes import SIGNED_IN, answer, done, listed, route
from service.api.violations import require_all
from service.domain import batch_operations as words
from service.domain.errors import BadInputError
from service.domain.tags import EXPECTED, are_tags
from service.reports.search import incidents, statistics, variables, wait_states
from service.reports.search.process_instances import NOUN
from service.reports.search.wire import TENANT
from service.usecases import business_ids, deletion, migration, modification, suspension
from service.usecases import process_instances as usecases
from service.usecases.batch_operations.control import CreateBatch

blueprint = Blueprint("api_process_instances", __name__)

_DEFAULT_WAIT_MS = 10_000
_LATEST = -1
_TERMINATE = "TERMINATE_PROCESS_INSTANCE"


@route(blueprint, "POST", "/process-instances", SIGNED_IN, command="CREATE")
def create() -> Response:
    """Start a process; with `awaitCompletion`, answer when it has ended.

    Raises:
        TooLateError: It has not ended in time; it runs on.
    """
    body = wire.readable_body()
    body.check_tenant()
    try:
        command = _command(body)
    except BadInputError:
        require_all(
            lambda: _process(body),
            body.reference,
            lambda: business_id_of(body),
            lambda: _tags(body),
        )
        raise
    created = usecases.create(house(), person(), command)
    shown = {
        "processDefinitionId": created.process_id,
        "processDefinitionVersion": created.version,
        "tenantId": TENANT,
        "variables": {},
        "processDefinitionKey": str(created.process_key),
        "processInstanceKey": str(created.key),
        "tags": list(created.tags),
        "businessId": created.business_id,
    }
    if body.flag("awaitCompletion", default=False):
        shown["variables"] = _awaited(body, created.key)
    return answer(shown)


@route(blueprint, "POST", "/process-instances/search", SIGNED_IN)
def search() -> Response:
    """Return the instances that the body asks for and the person may see."""
    return search_answer(NOUN)


@route(blueprint, "GET", "/process-instances/<instance_key>", SIGNED_IN)
def one(instance_key: int) -> Response:
    """Return an instance."""
    return found(NOUN, instance_key)


@route(
    blueprint, "POST", "/process-instances/<instance_key>/cancellation", SIGNED_IN, command="CANCEL"
)
def cancel(instance_key: int) -> Response:
    """Terminate an instance with everything it called."""
    wire.body()
    with hidden_is_not_found(NOUN, instance_key):
        usecases.cancel(house(), person(), instance_key)
    return done()


@route(
    blueprint, "POST", "/process-instances/<instance_key>/modification", SIGNED_IN, command="MODIFY"
)
def modify(instance_key: int) -> Response:
    """Activate, move and terminate element instances, all as told or nothing."""
    body = wire.readable_body()
    instructions = plans.modification(body)
    with hidden_is_not_found(NOUN, instance_key):
        modification.modify(house(), person(), instance_key, instructions)
    return done()


@route(
    blueprint, "POST", "/process-instances/<instance_key>/migration", SIGNED_IN, command="MIGRATE"
)
def migrate(instance_key: int) -> Response:
    """Make an instance one of another definition; with `?dryRun=true`, only say what would happen."""
    body = wire.readable_body()
    plan = plans.migration(body, body.reference)
    with hidden_is_not_found(NOUN, instance_key):
        if plans.is_dry_run():
            (told,) = migration.forecast(house(), person(), [instance_key], plan)
            return answer(forecasts.show(told))
        migration.migrate(house(), person(), instance_key, plan)
    return done()


@route(blueprint, "POST", "/process-instances/<instance_key>/deletion", SIGNED_IN, command="DELETE")
def delete(instance_key: int) -> Response:
    """Delete an instance that has ended; what it called stays."""
    wire.body()
    with hidden_is_not_found(NOUN, instance_key):
        deletion.delete_ended(house(), person(), instance_key)
    return done()


@route(
    blueprint,
    "POST",
    "/process-instances/<instance_key>/incident-resolution",
    SIGNED_IN,
    command="RESOLVE",
)
def resolve_incidents(instance_key: int) -> Response:
    """Have all incidents of an instance resolved, an item of a batch operation each."""
    require_visible(NOUN, instance_key)
    filter_ = {"processInstanceKey": str(instance_key)}
    return batch_operations.created(CreateBatch(words.RESOLVE, filter_))


@route(
    blueprint, "POST", "/process-instances/<instance_key>/suspension", SIGNED_IN, command="SUSPEND"
)
def suspend(instance_key: int) -> Response:
    """Suspend an instance; what it called goes on."""
    wire.body()
    with hidden_is_not_found(NOUN, instance_key):
        suspension.suspend(house(), person(), instance_key)
    return done()


@route(
    blueprint, "POST", "/process-instances/<instance_key>/resumption", SIGNED_IN, command="RESUME"
)
def resume(instance_key: int) -> Response:
    """Let a suspended instance go on."""
    wire.body()
    with hidden_is_not_found(NOUN, instance_key):
        suspension.resume(house(), person(), instance_key)
    return done()


@route(
    blueprint,
    "POST",
    "/process-instances/<instance_key>/business-id-assignment",
    SIGNED_IN,
    command="ASSIGN_BUSINESS_ID",
)
def assign_business_id(instance_key: int) -> Response:
    """Give an instance that has no business id its own, for ever."""
    business_id = wire.body().required_text("businessId")
    with hidden_is_not_found(NOUN, instance_key):
        business_ids.assign(house(), person(), instance_key, business_id)
    return done()


@route(blueprint, "POST", "/process-instances/<instance_key>/incidents/search", SIGNED_IN)
def search_incidents(instance_key: int) -> Response:
    """Return the incidents of an instance and of what it called."""
    require_visible(NOUN, instance_key)
    return search_answer(incidents.noun_in(language()), incidents.of_instance(instance_key))


@route(blueprint, "GET", "/process-instances/<instance_key>/sequence-flows", SIGNED_IN)
def sequence_flows(instance_key: int) -> Response:
    """Return the sequence flows that were taken."""
    with house().database.reading() as connection:
        return listed(statistics.taken_flows(connection, person(), instance_key))


@route(
    blueprint, "GET", "/process-instances/<instance_key>/statistics/element-instances", SIGNED_IN
)
def element_statistics(instance_key: int) -> Response:
    """Return how many element instances are active, completed, canceled, in incident, by element."""
    with house().database.reading() as connection:
        return listed(statistics.of_instance(connection, person(), instance_key))


@route(blueprint, "GET", "/process-instances/<instance_key>/statistics/wait-states", SIGNED_IN)
def wait_state_statistics(instance_key: int) -> Response:
    """Return how many element instances wait, by element."""
    with house().database.reading() as connection:
        return listed(wait_states.of_instance(connection, person(), instance_key))


@route(blueprint, "GET", "/process-instances/<instance_key>/call-hierarchy", SIGNED_IN)
def call_hierarchy(instance_key: int) -> Response:
    """Return the instances that called this one, the outermost first."""
    with house().database.reading() as connection:
        return answer(statistics.call_hierarchy(connection, person(), instance_key))


def _command(body: wire.Body) -> usecases.CreateInstance:
    key, process_id = _process(body)
    body.reference()
    return usecases.CreateInstance(
        process_key=key,
        process_id=process_id,
        version=body.integer("processDefinitionVersion", _LATEST),
        version_tag=body.optional_text("processDefinitionVersionTag"),
        variables=body.variables(),
        business_id=business_id_of(body),
        tags=_tags(body),
        begins_at=tuple(one.required_text("elementId") for one in body.inners("startInstructions")),
        ends_after=_ends_after(body),
    )


def _process(body: wire.Body) -> tuple[int | None, str | None]:
    """Return key and id of what to start, one of which is None."""
    key, process_id = body.key("processDefinitionKey"), body.process_id("processDefinitionId")
    if (key is None) == (not (process_id or "").strip()):
        raise BadInputError(
            "Expected exactly one of 'processDefinitionKey' and 'processDefinitionId'.",
            field="processDefinitionKey",
        )
    return key, process_id


def _ends_after(body: wire.Body) -> tuple[str, ...]:
    ends_after = []
    for one in body.inners("runtimeInstructions"):
        kind = one.text("type", _TERMINATE)
        if kind != _TERMINATE:
            raise BadInputError(
                f"Expected the type of a runtime instruction to be '{_TERMINATE}', but got '{kind}'.",
                field="runtimeInstructions",
            )
        ends_after.append(one.required_text("afterElementId"))
    return tuple(ends_after)


def _tags(body: wire.Body) -> tuple[str, ...]:
    tags = body.texts("tags") or ()
    if not are_tags(tags):
        raise BadInputError(f"Expected 'tags' to be {EXPECTED}.", field="tags")
    return tuple(dict.fromkeys(tags))


def _awaited(body: wire.Body, instance_key: int) -> Mapping[str, Any]:
    milliseconds = body.integer("requestTimeout", 0) or _DEFAULT_WAIT_MS
    wanted = body.texts("fetchVariables")

    def look() -> tuple[str, Mapping[str, Any]] | None:
        with house().database.reading() as connection:
            return variables.of_ended_instance(connection, instance_key)

    ended = waiting().until(look, milliseconds / 1000)
    if ended is None:
        raise TooLateError(
            f"Expected process instance '{instance_key}' to end in time, but it is still running."
        )
    state, values = ended
    if state != "COMPLETED":
        # Camunda 8 sends a result on completion only: whoever waits for another gets this status, too.
        raise TooLateError(
            f"Expected process instance '{instance_key}' to complete, but it was terminated.",
            terminated_key=instance_key,
        )
    return {name: value for name, value in values.items() if not wanted or name in wanted}
