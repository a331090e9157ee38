"""Groups, and who belongs to them: people and programs; which roles they hold."""

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.reading import found, require_visible, search_answer
from service.api.routes import KEEPS_PEOPLE, SIGNED_IN, answer, done, route
from service.domain.errors import NotFoundError
from service.reports.search import nothing, roles, users
from service.reports.search.groups import NOUN
from service.usecases import groups as usecases

blueprint = Blueprint("api_groups", __name__)


@route(blueprint, "POST", "/groups", KEEPS_PEOPLE, command="CREATE")
def create() -> Response:
    """Make a group: a circle of people that tasks may name as candidates."""
    body = wire.body()
    key = body.required_text("groupId")
    facts = usecases.GroupFacts(
        body.required_text("name"), description=body.text("description") or None
    )
    usecases.create(house(), person(), key, facts)
    shown = {"groupId": key, "name": facts.name, "description": facts.description}
    return answer(shown, status=201)


@route(blueprint, "POST", "/groups/search", SIGNED_IN)
def search() -> Response:
    """Return the groups that the body asks for and the person may see."""
    return search_answer(NOUN)


@route(blueprint, "GET", "/groups/<group_id>", SIGNED_IN)
def one(group_id: str) -> Response:
    """Return a group."""
    return found(NOUN, group_id)


@route(blueprint, "PUT", "/groups/<group_id>", KEEPS_PEOPLE, command="UPDATE")
def update(group_id: str) -> Response:
    """Change name and description."""
    body = wire.body()
    name, description = body.required_text("name"), body.text("description") or None
    usecases.rename(house(), person(), group_id, name, description)
    return found(NOUN, group_id)


@route(blueprint, "DELETE", "/groups/<group_id>", KEEPS_PEOPLE, command="DELETE")
def delete(group_id: str) -> Response:
    """Delete a group that nothing depends on."""
    usecases.remove(house(), person(), group_id)
    return done()


@route(blueprint, "PUT", "/groups/<group_id>/users/<username>", KEEPS_PEOPLE, command="ADD_ENTITY")
def add_user(group_id: str, username: str) -> Response:
    """Let somebody belong to a group."""
    usecases.add_member(house(), person(), group_id, username)
    return done()


@route(
    blueprint,
    "DELETE",
    "/groups/<group_id>/users/<username>",
    KEEPS_PEOPLE,
    command="REMOVE_ENTITY",
)
def remove_user(group_id: str, username: str) -> Response:
    """Let somebody belong to a group no more."""
    usecases.remove_member(house(), person(), group_id, username)
    return done()


@route(
    blueprint, "PUT", "/groups/<group_id>/clients/<client_id>", KEEPS_PEOPLE, command="ADD_ENTITY"
)
def add_client(group_id: str, client_id: str) -> Response:
    """Let a program belong to a group."""
    usecases.add_member(house(), person(), group_id, client_id, is_program=True)
    return done()


@route(
    blueprint,
    "DELETE",
    "/groups/<group_id>/clients/<client_id>",
    KEEPS_PEOPLE,
    command="REMOVE_ENTITY",
)
def remove_client(group_id: str, client_id: str) -> Response:
    """Let a program belong to a group no more."""
    usecases.remove_member(house(), person(), group_id, client_id, is_program=True)
    return done()


@route(
    blueprint,
    "PUT",
    "/groups/<group_id>/mapping-rules/<mapping_rule_id>",
    KEEPS_PEOPLE,
    command="ADD_ENTITY",
)
def add_mapping_rule(group_id: str, mapping_rule_id: str) -> Response:
    """Refuse: there is no mapping rule."""
    raise _no_mapping_rule(mapping_rule_id)


@route(
    blueprint,
    "DELETE",
    "/groups/<group_id>/mapping-rules/<mapping_rule_id>",
    KEEPS_PEOPLE,
    command="REMOVE_ENTITY",
)
def remove_mapping_rule(group_id: str, mapping_rule_id: str) -> Response:
    """Refuse: there is no mapping rule."""
    raise _no_mapping_rule(mapping_rule_id)


@route(blueprint, "POST", "/groups/<group_id>/users/search", SIGNED_IN)
def search_users(group_id: str) -> Response:
    """Return the people of a group."""
    require_visible(NOUN, group_id)
    return search_answer(users.MEMBERS, users.in_group(group_id))


@route(blueprint, "POST", "/groups/<group_id>/clients/search", SIGNED_IN)
def search_clients(group_id: str) -> Response:
    """Return the programs of a group."""
    require_visible(NOUN, group_id)
    return search_answer(users.CLIENTS, users.in_group(group_id))


@route(blueprint, "POST", "/groups/<group_id>/roles/search", SIGNED_IN)
def search_roles(group_id: str) -> Response:
    """Return the roles that a group holds."""
    require_visible(NOUN, group_id)
    return search_answer(roles.NOUN, roles.of_group(group_id))


@route(blueprint, "POST", "/groups/<group_id>/mapping-rules/search", SIGNED_IN)
def search_mapping_rules(group_id: str) -> Response:
    """Return no mapping rules: there are none."""
    require_visible(NOUN, group_id)
    return search_answer(nothing.MAPPING_RULES)


def _no_mapping_rule(mapping_rule_id: str) -> NotFoundError:
    return NotFoundError(f"Expected to find mapping rule '{mapping_rule_id}', but there is none.")
