"""Authorizations: records that grant more than roles and groups do; and one's own."""

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.possible_ids import refusing_impossible
from service.api.reading import found, search_answer
from service.api.routes import KEEPS_PEOPLE, SIGNED_IN, answer, done, route
from service.api.violations import require_all
from service.domain.errors import BadInputError
from service.domain.identifiers import LONGEST_NAME
from service.reports.search.authorizations import NOUN, OWN, OWNER_KIND, RESOURCE_KIND
from service.reports.search.kinds import Kind, missing, refused
from service.reports.search.nouns import search as search_rows
from service.usecases import authorizations as usecases

blueprint = Blueprint("api_authorizations", __name__)


@route(blueprint, "POST", "/authorizations", KEEPS_PEOPLE, command="CREATE")
def create() -> Response:
    """Keep a record; one without effect here is refused with the reason."""
    record = _record()
    with refusing_impossible({"ownerId": record.owner_id}):
        key = usecases.create(house(), person(), record)
    return answer({"authorizationKey": str(key)}, status=201)


@route(blueprint, "POST", "/authorizations/search", SIGNED_IN)
def search() -> Response:
    """Return the records that the body asks for and the person may see."""
    return search_answer(NOUN)


@route(blueprint, "POST", "/authentication/me/authorizations/search", SIGNED_IN)
def search_own() -> Response:
    """Return the records that count for who asks."""
    body = wire.json_object()
    with house().database.reading() as connection:
        page = search_rows(connection, person(), OWN, body)
    return answer({"authorizationsEnabled": True, **page})


@route(blueprint, "GET", "/authorizations/<authorization_key>", SIGNED_IN)
def one(authorization_key: int) -> Response:
    """Return a record."""
    return found(NOUN, authorization_key)


@route(blueprint, "PUT", "/authorizations/<authorization_key>", KEEPS_PEOPLE, command="UPDATE")
def update(authorization_key: int) -> Response:
    """Put another record in the place of one."""
    record = _record()
    with refusing_impossible({"ownerId": record.owner_id}):
        usecases.change(house(), person(), authorization_key, record)
    return done()


@route(blueprint, "DELETE", "/authorizations/<authorization_key>", KEEPS_PEOPLE, command="DELETE")
def delete(authorization_key: int) -> Response:
    """Delete a record."""
    usecases.remove(house(), person(), authorization_key)
    return done()


def _record() -> usecases.Authorization:
    body = wire.body()
    if body.given("resourcePropertyName"):
        raise BadInputError(
            "Expected no 'resourcePropertyName': assignees and candidates have their rights anyway.",
            field="resourcePropertyName",
        )
    require_all(
        lambda: body.required_text("ownerId"),
        lambda: _word(body, "ownerType", OWNER_KIND),
        lambda: _word(body, "resourceType", RESOURCE_KIND),
        lambda: _permission_types(body),
        lambda: _resource_id(body),
    )
    return usecases.Authorization(
        owner_type=_word(body, "ownerType", OWNER_KIND),
        owner_id=body.required_text("ownerId"),
        resource_type=_word(body, "resourceType", RESOURCE_KIND),
        resource_id=_resource_id(body),
        permission_types=_permission_types(body),
    )


def _word(body: wire.Body, name: str, kind: Kind) -> str:
    return str(kind.value(body.required_text(name), name))


def _permission_types(body: wire.Body) -> tuple[str, ...]:
    given = body.texts("permissionTypes")
    if not given:
        raise missing("permissionTypes", "a list that is not empty")
    return given


def _resource_id(body: wire.Body) -> str:
    given = body.required_text("resourceId")
    if len(given) > LONGEST_NAME:
        raise refused("resourceId", f"at most {LONGEST_NAME} characters long", given)
    return given
