"""Who belongs to what: the routes that add, remove and list the members of groups, roles and the tenant."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response

from service.api.context import house, person
from service.api.reading import require_visible, search_answer
from service.api.routes import KEEPS_PEOPLE, SIGNED_IN, called, done, route
from service.domain.errors import NotFoundError
from service.identity import Person
from service.reports.search.conditions import NOTHING, Condition
from service.reports.search.nothing import MAPPING_RULES
from service.reports.search.noun import Noun
from service.usecases.house import House

Change = Callable[[House, Person, str, str], None]
"""(house, who, id of the whole, id of the member): adds or removes."""


@dataclass(frozen=True)
class Whole:
    """What things belong to.

    Attributes:
        path: Such as `groups`.
        key: The name of its id in a path, such as `group_id`.
        noun: Finds one; a whole that is not there, or that somebody may not see, has no members for him.
    """

    path: str
    key: str
    noun: Noun


@dataclass(frozen=True)
class Members:
    """A kind of member of a whole.

    Attributes:
        path: Such as `users`.
        key: The name of its id in a path, such as `username`.
        noun: Lists them.
        within: Id of the whole -> which of them belong to it; None: all.
        add: None: members of this kind are only listed.
        told: What is added and removed, in the words of the document: «somebody», «a program».
    """

    path: str
    key: str
    noun: Noun
    within: Callable[[str], Condition] | None = None
    add: Change | None = None
    remove: Change | None = None
    told: str = ""


def _no_mapping_rule(_house: House, _who: Person, _whole: str, rule_id: str) -> None:
    raise NotFoundError(f"Expected to find mapping rule '{rule_id}', but there is none.")


NO_MAPPING_RULES = Members(
    "mapping-rules",
    "mapping_rule_id",
    MAPPING_RULES,
    add=_no_mapping_rule,
    remove=_no_mapping_rule,
    told="a mapping rule, of which there is none",
)
"""Nobody signs in by the claims of a token."""


def enter(blueprint: Blueprint, whole: Whole, members: Members) -> None:
    """Enter the routes for one kind of members."""
    _enter_search(blueprint, whole, members)
    one = f"/{whole.path}/<{whole.key}>/{members.path}/<{members.key}>"
    if members.add is not None:
        added = f"Add to one of the {whole.path}: {members.told}."
        _enter_change(blueprint, "PUT", one, whole, members, members.add, added)
    if members.remove is not None:
        removed = f"Remove from one of the {whole.path}: {members.told}."
        _enter_change(blueprint, "DELETE", one, whole, members, members.remove, removed)


def _enter_search(blueprint: Blueprint, whole: Whole, members: Members) -> None:
    def search(**ids: str) -> Response:
        whole_id = ids[whole.key]
        try:
            require_visible(whole.noun, whole_id)
        except NotFoundError:
            return search_answer(members.noun, NOTHING)
        within = [] if members.within is None else [members.within(whole_id)]
        return search_answer(members.noun, *within)

    search.__name__ = f"search_members_{members.path.replace('-', '_')}"
    search.__doc__ = f"Return the {members.path} of one of the {whole.path}."
    path = f"/{whole.path}/<{whole.key}>/{members.path}/search"
    route(blueprint, "POST", path, SIGNED_IN)(search)


def _enter_change(
    blueprint: Blueprint,
    method: str,
    path: str,
    whole: Whole,
    members: Members,
    change: Change,
    told: str,
) -> None:
    def changed(**ids: str) -> Response:
        change(house(), person(), ids[whole.key], ids[members.key])
        return done()

    command = "ADD_ENTITY" if method == "PUT" else "REMOVE_ENTITY"
    changed.__name__ = f"{command.lower()}_{members.path.replace('-', '_')}"
    changed.__doc__ = told
    ids = {key: called(key) for key in (whole.key, members.key)}
    route(blueprint, method, path, KEEPS_PEOPLE, command=command, ids=ids)(changed)
