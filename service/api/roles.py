"""Roles, and who holds them: people, programs, groups."""

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.reading import found, require_visible, search_answer
from service.api.routes import KEEPS_PEOPLE, SIGNED_IN, answer, done, route
from service.domain.errors import NotFoundError
from service.reports.search import groups, nothing, users
from service.reports.search.roles import NOUN
from service.usecases import roles as usecases

blueprint = Blueprint("api_roles", __name__)


@route(blueprint, "POST", "/roles", KEEPS_PEOPLE, command="CREATE")
def create() -> Response:
    """Make a role; what it grants, authorizations say."""
    body = wire.body()
    role_id, name = body.required_text("roleId"), body.required_text("name")
    description = body.text("description") or None
    usecases.create(house(), person(), role_id, name, description)
    return answer({"roleId": role_id, "name": name, "description": description}, status=201)


@route(blueprint, "POST", "/roles/search", SIGNED_IN)
def search() -> Response:
    """Return the roles that the body asks for and the person may see."""
    return search_answer(NOUN)


@route(blueprint, "GET", "/roles/<role_id>", SIGNED_IN)
def one(role_id: str) -> Response:
    """Return a role."""
    return found(NOUN, role_id)


@route(blueprint, "PUT", "/roles/<role_id>", KEEPS_PEOPLE, command="UPDATE")
def update(role_id: str) -> Response:
    """Change name and description of a role of the house's own."""
    body = wire.body()
    name, description = body.required_text("name"), body.text("description") or None
    usecases.change(house(), person(), role_id, name, description)
    return found(NOUN, role_id)


@route(blueprint, "DELETE", "/roles/<role_id>", KEEPS_PEOPLE, command="DELETE")
def delete(role_id: str) -> Response:
    """Delete a role of the house's own."""
    usecases.remove(house(), person(), role_id)
    return done()


@route(blueprint, "PUT", "/roles/<role_id>/users/<username>", KEEPS_PEOPLE, command="ADD_ENTITY")
def give_to_user(role_id: str, username: str) -> Response:
    """Give a role to somebody."""
    usecases.give_to_account(house(), person(), role_id, username)
    return done()


@route(
    blueprint, "DELETE", "/roles/<role_id>/users/<username>", KEEPS_PEOPLE, command="REMOVE_ENTITY"
)
def take_from_user(role_id: str, username: str) -> Response:
    """Take a role from somebody."""
    usecases.take_from_account(house(), person(), role_id, username)
    return done()


@route(blueprint, "PUT", "/roles/<role_id>/clients/<client_id>", KEEPS_PEOPLE, command="ADD_ENTITY")
def give_to_client(role_id: str, client_id: str) -> Response:
    """Give a role to a program."""
    usecases.give_to_account(house(), person(), role_id, client_id, is_program=True)
    return done()


@route(
    blueprint,
    "DELETE",
    "/roles/<role_id>/clients/<client_id>",
    KEEPS_PEOPLE,
    command="REMOVE_ENTITY",
)
def take_from_client(role_id: str, client_id: str) -> Response:
    """Take a role from a program."""
    usecases.take_from_account(house(), person(), role_id, client_id, is_program=True)
    return done()


@route(blueprint, "PUT", "/roles/<role_id>/groups/<group_id>", KEEPS_PEOPLE, command="ADD_ENTITY")
def give_to_group(role_id: str, group_id: str) -> Response:
    """Give a role to a group."""
    usecases.give_to_group(house(), person(), role_id, group_id)
    return done()


@route(
    blueprint, "DELETE", "/roles/<role_id>/groups/<group_id>", KEEPS_PEOPLE, command="REMOVE_ENTITY"
)
def take_from_group(role_id: str, group_id: str) -> Response:
    """Take a role from a group."""
    usecases.take_from_group(house(), person(), role_id, group_id)
    return done()


@route(
    blueprint,
    "PUT",
    "/roles/<role_id>/mapping-rules/<mapping_rule_id>",
    KEEPS_PEOPLE,
    command="ADD_ENTITY",
)
def give_to_mapping_rule(role_id: str, mapping_rule_id: str) -> Response:
    """Refuse: there is no mapping rule."""
    raise _no_mapping_rule(mapping_rule_id)


@route(
    blueprint,
    "DELETE",
    "/roles/<role_id>/mapping-rules/<mapping_rule_id>",
    KEEPS_PEOPLE,
    command="REMOVE_ENTITY",
)
def take_from_mapping_rule(role_id: str, mapping_rule_id: str) -> Response:
    """Refuse: there is no mapping rule."""
    raise _no_mapping_rule(mapping_rule_id)


@route(blueprint, "POST", "/roles/<role_id>/users/search", SIGNED_IN)
def search_users(role_id: str) -> Response:
    """Return the people who hold a role themselves."""
    require_visible(NOUN, role_id)
    return search_answer(users.MEMBERS, users.with_role(role_id))


@route(blueprint, "POST", "/roles/<role_id>/clients/search", SIGNED_IN)
def search_clients(role_id: str) -> Response:
    """Return the programs that hold a role themselves."""
    require_visible(NOUN, role_id)
    return search_answer(users.CLIENTS, users.with_role(role_id))


@route(blueprint, "POST", "/roles/<role_id>/groups/search", SIGNED_IN)
def search_groups(role_id: str) -> Response:
    """Return the groups that hold a role."""
    require_visible(NOUN, role_id)
    return search_answer(groups.HOLDERS, groups.with_role(role_id))


@route(blueprint, "POST", "/roles/<role_id>/mapping-rules/search", SIGNED_IN)
def search_mapping_rules(role_id: str) -> Response:
    """Return no mapping rules: there are none."""
    require_visible(NOUN, role_id)
    return search_answer(nothing.MAPPING_RULES)


def _no_mapping_rule(mapping_rule_id: str) -> NotFoundError:
    return NotFoundError(f"Expected to find mapping rule '{mapping_rule_id}', but there is none.")
