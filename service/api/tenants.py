"""The only tenant, of which everybody is a member; and mapping rules, of which there are none."""

from flask import Blueprint, Response

from service.api.memberships import Members, Whole, enter
from service.api.reading import found, require_visible, search_answer
from service.api.routes import KEEPS_PEOPLE, SIGNED_IN, Rule, route
from service.domain.errors import NotSupportedError
from service.identity import Person
from service.reports.search import groups, roles, users
from service.reports.search.nothing import MAPPING_RULES, TENANTS
from service.reports.search.noun import Noun
from service.usecases.house import House

blueprint = Blueprint("api_tenants", __name__)

ONE_TENANT = "Expected no change of tenants: there is one only, and everybody belongs to it."
NO_CLAIMS = "Expected no mapping rule: nobody signs in by the claims of a token here."

_WHOLE = Whole("tenants", "tenant_id", TENANTS)
_MEMBERS: tuple[tuple[str, Noun, Noun], ...] = (
    ("users", users.NOUN, users.TENANT_MEMBERS),
    ("clients", users.CLIENTS, users.TENANT_CLIENTS),
    ("groups", groups.NOUN, groups.TENANT_MEMBERS),
    ("roles", roles.NOUN, roles.NOUN),
    ("mapping-rules", MAPPING_RULES, MAPPING_RULES),
)
"""Kind of member, the noun that finds one, the noun that lists them."""


@route(blueprint, "POST", "/tenants", KEEPS_PEOPLE, command="CREATE")
def create() -> Response:
    """Refuse: there is one tenant."""
    raise NotSupportedError(ONE_TENANT)


@route(blueprint, "POST", "/tenants/search", SIGNED_IN)
def search() -> Response:
    """Return the tenant if the body asks for it."""
    return search_answer(TENANTS)


@route(blueprint, "GET", "/tenants/<tenant_id>", SIGNED_IN)
def one(tenant_id: str) -> Response:
    """Return the tenant."""
    return found(TENANTS, tenant_id)


@route(blueprint, "PUT", "/tenants/<tenant_id>", KEEPS_PEOPLE, command="UPDATE")
def update(tenant_id: str) -> Response:
    """Refuse: the tenant is as it is."""
    require_visible(TENANTS, tenant_id)
    raise NotSupportedError(ONE_TENANT)


@route(blueprint, "DELETE", "/tenants/<tenant_id>", KEEPS_PEOPLE, command="DELETE")
def delete(tenant_id: str) -> Response:
    """Refuse: the tenant stays."""
    require_visible(TENANTS, tenant_id)
    raise NotSupportedError(ONE_TENANT)


@route(blueprint, "POST", "/mapping-rules", KEEPS_PEOPLE, command="CREATE")
def create_mapping_rule() -> Response:
    """Refuse: nobody signs in by claims."""
    raise NotSupportedError(NO_CLAIMS)


@route(blueprint, "POST", "/mapping-rules/search", SIGNED_IN)
def search_mapping_rules() -> Response:
    """Return none."""
    return search_answer(MAPPING_RULES)


def _enter_rule(method: str, rule_of_access: Rule) -> None:
    name = f"{method.lower()}_mapping_rule"

    def view(mapping_rule_id: str) -> Response:
        return found(MAPPING_RULES, mapping_rule_id)

    view.__name__ = name
    view.__doc__ = "Say that there is no such mapping rule."
    enter = route(blueprint, method, "/mapping-rules/<mapping_rule_id>", rule_of_access)
    enter(view)


def _enter_members(kind: str, one_noun: Noun, many_noun: Noun) -> None:
    def add(_house: House, _who: Person, tenant_id: str, member_id: str) -> None:
        """Everybody who is there belongs to it already."""
        require_visible(TENANTS, tenant_id)
        require_visible(one_noun, member_id)

    def remove(house: House, who: Person, tenant_id: str, member_id: str) -> None:
        add(house, who, tenant_id, member_id)
        raise NotSupportedError(ONE_TENANT)

    members = Members(kind, "member_id", many_noun, None, add, remove, f"one of the {kind}")
    enter(blueprint, _WHOLE, members)


for _method in ("GET", "PUT", "DELETE"):
    _enter_rule(_method, SIGNED_IN if _method == "GET" else KEEPS_PEOPLE)
for _one in _MEMBERS:
    _enter_members(*_one)
