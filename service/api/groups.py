"""Groups, and who belongs to them: people and programs; which roles they hold."""

from functools import partial
from typing import Any

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.memberships import NO_MAPPING_RULES, Members, Whole, enter
from service.api.reading import found, search_answer
from service.api.routes import KEEPS_PEOPLE, SIGNED_IN, answer, done, route
from service.api.violations import require_all
from service.reports.search import roles, users
from service.reports.search.groups import NOUN
from service.usecases import groups as usecases

blueprint = Blueprint("api_groups", __name__)


@route(blueprint, "POST", "/groups", KEEPS_PEOPLE, command="CREATE")
def create() -> Response:
    """Make a group: a circle of people that tasks may name as candidates."""
    body = wire.body()
    require_all(lambda: body.identifier("groupId"), lambda: body.required_text("name"))
    key = body.identifier("groupId")
    facts = usecases.GroupFacts(
        body.required_text("name"), description=body.text("description") or None
    )
    usecases.create(house(), person(), key, facts)
    return answer(_show(key, facts), status=201)


@route(blueprint, "POST", "/groups/search", SIGNED_IN)
def search() -> Response:
    """Return the groups that the body asks for and the person may see."""
    return search_answer(NOUN)


@route(blueprint, "GET", "/groups/<group_id>", SIGNED_IN)
def one(group_id: str) -> Response:
    """Return a group."""
    return found(NOUN, group_id)


@route(
    blueprint,
    "PUT",
    "/groups/<group_id>",
    KEEPS_PEOPLE,
    command="UPDATE",
    ids={"group_id": "groupId"},
)
def update(group_id: str) -> Response:
    """Change name and description."""
    body = wire.body()
    name, description = body.required_text("name"), body.text("description") or None
    facts = usecases.rename(house(), person(), group_id, name, description)
    return answer(_show(group_id, facts))


@route(blueprint, "DELETE", "/groups/<group_id>", KEEPS_PEOPLE, command="DELETE")
def delete(group_id: str) -> Response:
    """Delete a group that nothing depends on."""
    usecases.remove(house(), person(), group_id)
    return done()


def _show(key: str, facts: usecases.GroupFacts) -> dict[str, Any]:
    return {"groupId": key, "name": facts.name, "description": facts.description}


_WHOLE = Whole("groups", "group_id", NOUN)

for _members in (
    Members(
        "users",
        "username",
        users.MEMBERS,
        users.in_group,
        usecases.add_member,
        usecases.remove_member,
        "somebody",
    ),
    Members(
        "clients",
        "client_id",
        users.CLIENTS,
        users.in_group,
        partial(usecases.add_member, is_program=True),
        partial(usecases.remove_member, is_program=True),
        "a program",
    ),
    Members("roles", "role_id", roles.NOUN, roles.of_group),
    NO_MAPPING_RULES,
):
    enter(blueprint, _WHOLE, _members)
