"""Roles, and who holds them: people, programs, groups."""

from functools import partial
from typing import Any

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.memberships import NO_MAPPING_RULES, Members, Whole, enter
from service.api.reading import found, search_answer
from service.api.routes import KEEPS_PEOPLE, SIGNED_IN, answer, done, route
from service.api.violations import require_all
from service.reports.search import groups, users
from service.reports.search.roles import NOUN
from service.usecases import roles as usecases

blueprint = Blueprint("api_roles", __name__)


@route(blueprint, "POST", "/roles", KEEPS_PEOPLE, command="CREATE")
def create() -> Response:
    """Make a role; what it grants, authorizations say."""
    body = wire.body()
    require_all(lambda: body.identifier("roleId"), lambda: body.required_text("name"))
    role_id, name = body.identifier("roleId"), body.required_text("name")
    description = body.text("description") or None
    usecases.create(house(), person(), role_id, name, description)
    return answer(_show(role_id, name, description), status=201)


@route(blueprint, "POST", "/roles/search", SIGNED_IN)
def search() -> Response:
    """Return the roles that the body asks for and the person may see."""
    return search_answer(NOUN)


@route(blueprint, "GET", "/roles/<role_id>", SIGNED_IN)
def one(role_id: str) -> Response:
    """Return a role."""
    return found(NOUN, role_id)


@route(
    blueprint, "PUT", "/roles/<role_id>", KEEPS_PEOPLE, command="UPDATE", ids={"role_id": "roleId"}
)
def update(role_id: str) -> Response:
    """Change name and description of a role of the house's own."""
    body = wire.body()
    name, description = body.required_text("name"), body.text("description") or None
    usecases.change(house(), person(), role_id, name, description)
    return answer(_show(role_id, name, description))


@route(blueprint, "DELETE", "/roles/<role_id>", KEEPS_PEOPLE, command="DELETE")
def delete(role_id: str) -> Response:
    """Delete a role of the house's own."""
    usecases.remove(house(), person(), role_id)
    return done()


def _show(role_id: str, name: str, description: str | None) -> dict[str, Any]:
    return {"roleId": role_id, "name": name, "description": description}


_WHOLE = Whole("roles", "role_id", NOUN)

for _members in (
    Members(
        "users",
        "username",
        users.ROLE_MEMBERS,
        users.with_role,
        usecases.give_to_account,
        usecases.take_from_account,
        "somebody",
    ),
    Members(
        "clients",
        "client_id",
        users.CLIENTS,
        users.with_role,
        partial(usecases.give_to_account, is_program=True),
        partial(usecases.take_from_account, is_program=True),
        "a program",
    ),
    Members(
        "groups",
        "group_id",
        groups.HOLDERS,
        groups.with_role,
        usecases.give_to_group,
        usecases.take_from_group,
        "a group",
    ),
    NO_MAPPING_RULES,
):
    enter(blueprint, _WHOLE, _members)
