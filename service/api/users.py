"""Users: accounts of people; and the first one, while there is no administrator."""

from typing import Any

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.reading import found, search_answer
from service.api.routes import ANYBODY, KEEPS_PEOPLE, SIGNED_IN, answer, done, route
from service.api.violations import require_all
from service.reports.search.users import NOUN
from service.usecases import people as usecases

blueprint = Blueprint("api_users", __name__)


@route(blueprint, "POST", "/users", KEEPS_PEOPLE, command="CREATE")
def create() -> Response:
    """Make an account of a member of staff; roles and groups follow by their own requests."""
    username, facts, password = _account()
    usecases.create_person(house(), person(), username, facts, password)
    return answer(_show(username, facts), status=201)


@route(blueprint, "POST", "/setup/user", ANYBODY, command="CREATE")
def set_up() -> Response:
    """Make the first administrator; refused as soon as there is one."""
    username, facts, password = _account()
    usecases.create_first_administrator(house(), username, facts, password)
    return answer(_show(username, facts), status=201)


@route(blueprint, "POST", "/users/search", SIGNED_IN)
def search() -> Response:
    """Return the users that the body asks for and the person may see."""
    return search_answer(NOUN)


@route(blueprint, "GET", "/users/<username>", SIGNED_IN)
def one(username: str) -> Response:
    """Return a user."""
    return found(NOUN, username)


@route(blueprint, "PUT", "/users/<username>", KEEPS_PEOPLE, command="UPDATE")
def update(username: str) -> Response:
    """Change name, email or password; a blank password stays as it is."""
    body = wire.body()
    facts = usecases.change_user(
        house(),
        person(),
        username,
        name=body.optional_text("name"),
        email=body.optional_text("email"),
        password=body.text("password") or None,
    )
    return answer(_show(username, facts))


@route(blueprint, "DELETE", "/users/<username>", KEEPS_PEOPLE, command="DELETE")
def delete(username: str) -> Response:
    """Delete an account; its name stays in the history."""
    usecases.delete_person(house(), person(), username)
    return done()


def _account() -> tuple[str, usecases.PersonFacts, str]:
    body = wire.body()
    require_all(lambda: body.identifier("username"), lambda: body.required_text("password"))
    username = body.identifier("username")
    facts = usecases.PersonFacts(
        name=body.text("name") or username, email=body.text("email").strip() or None
    )
    return username, facts, body.required_text("password")


def _show(username: str, facts: usecases.PersonFacts) -> dict[str, Any]:
    return {"username": username, "name": facts.name, "email": facts.email}
