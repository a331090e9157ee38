"""How a view is entered: its path, its rule, its command, and the keys in its path as numbers.

A view without a rule cannot be made here, and what is not made here is refused (`api.auth`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import quote

import orjson
from flask import Blueprint, Response

from service.api.media_types import JSON
from service.api.possible_ids import refusing_impossible
from service.domain.errors import BadInputError
from service.identity import ALLOWED, Person, Verdict, policy
from service.reports.search import kinds

View = TypeVar("View", bound=Callable[..., Response])

JSON_BYTES = 4 * 1024 * 1024
"""Largest JSON body taken; Camunda 8 bounds all payload of an instance alike."""

NO_IDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Rule:
    """Who may call a view at all; the use case behind it may ask more.

    Attributes:
        name: For reading.
        ask: Person -> verdict; None: anybody, signed in or not.
    """

    name: str
    ask: Callable[[Person], Verdict] | None


def _somebody(person: Person) -> Verdict:
    return ALLOWED if person.is_known else Verdict("not_staff")


ANYBODY = Rule("anybody", None)
SIGNED_IN = Rule("signed in", _somebody)
DEPLOYS = Rule("may deploy", policy.may_deploy)
OPERATES = Rule("may operate", policy.may_operate)
UPDATES_INSTANCES = Rule("may update instances", policy.may_update_instances)
BROADCASTS = Rule("may broadcast", policy.may_broadcast)
SENDS_MESSAGES = Rule("may send messages", policy.may_send_messages)
EVALUATES = Rule("may evaluate expressions", policy.may_evaluate_expressions)
DECIDES = Rule("may evaluate decisions", lambda person: policy.may_evaluate_decision(person, None))
SETS_CLOCK = Rule("may set the clock", policy.may_set_clock)
READS_USAGE = Rule("may read the usage", policy.may_read_usage)
KEEPS_PEOPLE = Rule("may keep people", policy.may_keep_people)


def route(
    blueprint: Blueprint,
    method: str,
    path: str,
    rule: Rule,
    *,
    command: str | None = None,
    body_bytes: int = JSON_BYTES,
    ids: Mapping[str, str] = NO_IDS,
) -> Callable[[View], View]:
    """Enter a view.

    Args:
        blueprint: Where.
        method: One HTTP method.
        path: Below `/v2`; an argument `<..._key>` reaches the view as a number.
        rule: Who may call it.
        command: Its name in refusals («Command 'COMPLETE' rejected …»); None for reading.
        body_bytes: Largest body taken.
        ids: Argument of the path -> what it is called; as an id that nothing can have it is refused
            (`refusing_impossible`).
    """

    def enter(view: View) -> View:
        @wraps(view)
        def entered(**arguments: str) -> Response:
            given = {name: _argument(name, text) for name, text in arguments.items()}
            if not ids:
                return view(**given)
            with refusing_impossible({ids[name]: arguments[name] for name in ids}):
                return view(**given)

        vars(entered).update(rule=rule, command=command, body_bytes=body_bytes)
        endpoint = f"{method.lower()}_{view.__name__}"
        blueprint.add_url_rule(path, endpoint, entered, methods=[method])
        return view

    return enter


def answer(body: Any, status: int = 200) -> Response:
    """Return a JSON answer."""
    return Response(orjson.dumps(body), status=status, content_type=JSON)


def saved_as(file_name: str, content: bytes, content_type: str) -> Response:
    """Return a file to be saved under its name, never shown.

    Source: RFC 6266 §4.3, RFC 8187: names may be Chinese.
    """
    response = Response(content, content_type=content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    encoded = quote(file_name, safe="")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{encoded}"
    return response


def done() -> Response:
    """Return the answer without content."""
    return Response(status=204)


def listed(items: Iterable[Any]) -> Response:
    """Return an answer that is a list below `items`, without pages."""
    return answer({"items": list(items)})


_LONGER = {
    "batch_key": "batchOperationKey",
    "decision_key": "decisionDefinitionKey",
    "evaluation_key": "decisionEvaluationKey",
    "instance_key": "processInstanceKey",
    "process_key": "processDefinitionKey",
    "requirements_key": "decisionRequirementsKey",
}


@cache
def called(argument: str) -> str:
    """Return the name that the API has for an argument of a path: `clientId` of `client_id`."""
    first, *others = argument.split("_")
    return _LONGER.get(argument, first + "".join(part.title() for part in others))


def _argument(name: str, text: str) -> Any:
    """Return what stands in a path; a key as a number.

    Raises:
        BadInputError: It is no key. Titled as what cannot be read (Camunda 8: «Failed to convert»).
    """
    if not name.endswith("_key"):
        return text
    try:
        return kinds.KEY.value(text, called(name))
    except BadInputError as error:
        error.facts["other_type"] = called(name)
        raise
