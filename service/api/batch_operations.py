"""Batch operations: create them on instances and jobs, look at them, stop and go on."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from service.api import forecasts, plans, wire
from service.api.context import house, person
from service.api.reading import found, search_answer
from service.api.routes import OPERATES, answer, done, route
from service.api.violations import require_all
from service.domain import batch_operations as words
from service.reports.search import batch_items
from service.reports.search.batch_operations import ITEM, NOUN
from service.reports.search.kinds import KEY_TEXT, NOTHING
from service.reports.search.nouns import unknown
from service.reports.search.wire import key_text
from service.usecases.batch_operations import control
from service.usecases.batch_operations.control import CreateBatch

blueprint = Blueprint("api_batch_operations", __name__)

_PLAIN = {
    "cancellation": words.CANCEL,
    "deletion": words.DELETE,
    "incident-resolution": words.RESOLVE,
    "resumption": words.RESUME,
    "suspension": words.SUSPEND,
}
"""Paths of batch operations that need no more than a filter."""


@route(blueprint, "POST", "/batch-operations/search", OPERATES)
def search() -> Response:
    """Return the batch operations that the body asks for."""
    return search_answer(NOUN)


@route(blueprint, "POST", "/batch-operation-items/search", OPERATES)
def search_items() -> Response:
    """Return the items that the body asks for."""
    return search_answer(ITEM)


@route(blueprint, "GET", "/batch-operations/<batch_id>", OPERATES)
def one(batch_id: str) -> Response:
    """Return a batch operation with the numbers of its items; what is no key names none.

    Raises:
        NotFoundError: There is none.
    """
    key = KEY_TEXT.value(batch_id, "batch_id")
    if key == NOTHING:
        raise unknown(NOUN, batch_id)
    return found(NOUN, key)


@route(blueprint, "POST", "/batch-operations/<batch_key>/cancellation", OPERATES, command="CANCEL")
def cancel(batch_key: int) -> Response:
    """Stop a batch operation for good; what is done stays done."""
    control.cancel(house(), person(), batch_key)
    return done()


@route(blueprint, "POST", "/batch-operations/<batch_key>/suspension", OPERATES, command="SUSPEND")
def suspend(batch_key: int) -> Response:
    """Stop a batch operation until it is resumed."""
    control.suspend(house(), person(), batch_key)
    return done()


@route(blueprint, "POST", "/batch-operations/<batch_key>/resumption", OPERATES, command="RESUME")
def resume(batch_key: int) -> Response:
    """Let a suspended batch operation go on."""
    control.resume(house(), person(), batch_key)
    return done()


@route(blueprint, "POST", "/process-instances/migration", OPERATES, command="CREATE")
def migrate() -> Response:
    """Migrate many instances; with `?dryRun=true`, only say what would happen to each, page by page."""
    body = wire.body()
    planned = body.inner("migrationPlan")
    require_all(lambda: filter_of(body, words.MIGRATE), lambda: plans.migration(planned))
    plan, filter_ = plans.migration(planned), filter_of(body, words.MIGRATE)
    if plans.is_dry_run():
        return answer(forecasts.page(plan, filter_, body.inner("page")))
    pairs = [list(pair) for pair in plan.mapping]
    stored = {"target": str(plan.target_key), "mapping": pairs}
    return created(CreateBatch(words.MIGRATE, filter_, stored))


@route(blueprint, "POST", "/process-instances/modification", OPERATES, command="CREATE")
def modify() -> Response:
    """Move tokens of many instances."""
    body = wire.body()
    require_all(lambda: filter_of(body, words.MODIFY), lambda: plans.moves(body))
    moves = plans.moves(body)
    return created(CreateBatch(words.MODIFY, filter_of(body, words.MODIFY), {"moves": moves}))


@route(blueprint, "POST", "/jobs/batch-update", OPERATES, command="CREATE")
def update_jobs() -> Response:
    """Change many jobs."""
    body = wire.body()
    changes = plans.changeset(body)
    filter_ = filter_of(body, words.UPDATE_JOB)
    return created(CreateBatch(words.UPDATE_JOB, filter_, changes))


def created(command: CreateBatch) -> Response:
    """Create a batch operation and answer its key; its items are found later."""
    key = control.create(house(), person(), command)
    return answer({"batchOperationKey": key_text(key), "batchOperationType": command.kind})


def filter_of(body: wire.Body, kind: str) -> Mapping[str, Any]:
    """Return the filter of a body that asks for a batch operation.

    Raises:
        BadInputError: It is none, or its items cannot be found by it.
    """
    given = body.mapping("filter")
    batch_items.check(kind, given)
    return given


def _enter(path: str, kind: str) -> None:
    def create() -> Response:
        return created(CreateBatch(kind, filter_of(wire.body(), kind)))

    create.__doc__ = f"Do to all instances that the filter finds: {kind}."
    create.__name__ = f"create_{path.replace('-', '_')}"
    route(blueprint, "POST", f"/process-instances/{path}", OPERATES, command="CREATE")(create)


for _path, _kind in _PLAIN.items():
    _enter(_path, _kind)
