"""Authorizations: records that grant more than roles and groups do; and one's own."""

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.possible_ids import refusing_impossible
from service.api.reading import found, search_answer
from service.api.routes import KEEPS_PEOPLE, SIGNED_IN, answer, done, route
from service.domain.errors import BadInputError
from service.domain.identifiers import LONGEST_NAME
from service.reports.search.authorizations import NOUN, OWN, OWNER_KIND, RESOURCE_KIND
from service.reports.search.kinds import refused
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
    resource_id = body.required_text("resourceId")
    if len(resource_id) > LONGEST_NAME:
        raise refused("resourceId", f"at most {LONGEST_NAME} characters long", resource_id)
    return usecases.Authorization(
        owner_type=OWNER_KIND.value(body.required_text("ownerType"), "ownerType"),
        owner_id=body.required_text("ownerId"),
        resource_type=RESOURCE_KIND.value(body.required_text("resourceType"), "resourceType"),
        resource_id=resource_id,
        permission_types=body.texts("permissionTypes") or (),
    )
