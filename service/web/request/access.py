"""Who may open a page: every view states its rule, and a view without one opens for nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import current_app, request

from service.domain.errors import NotAllowedError
from service.web.request import current

OPERATORS = ("operator", "admin")
"""The roles that operate running instances."""

View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True)
class Rule:
    """Who may open a view.

    Attributes:
        is_public: Nobody need be signed in.
        roles: One of these roles is needed; empty: everybody who is signed in.
            What of the page he then sees is decided by the use case or report behind it.
    """

    is_public: bool = False
    roles: tuple[str, ...] = ()


def public(view: View) -> View:
    """Open a view to everybody, signed in or not."""
    return _state(view, Rule(is_public=True))


def signed_in(view: View) -> View:
    """Open a view to everybody who is signed in; the use case behind it decides the rest."""
    return _state(view, Rule())


def with_role(*roles: str) -> Callable[[View], View]:
    """Open a view to those who hold one of the roles."""

    def state(view: View) -> View:
        return _state(view, Rule(roles=roles))

    return state


def rule_of(view: object) -> Rule | None:
    """Return the rule a view states, or None."""
    found = getattr(view, "access_rule", None)
    return found if isinstance(found, Rule) else None


def check() -> None:
    """Let the request through to its view, or refuse it.

    Raises:
        NotSignedInError: The view needs somebody, and nobody is signed in.
        NotAllowedError: The view needs a role that the person does not hold, or states no rule.
    """
    if request.endpoint is None:
        return
    rule = rule_of(current_app.view_functions[request.endpoint])
    if rule is None:
        raise NotAllowedError(f"Expected {request.endpoint} to state who may open it.")
    if rule.is_public:
        return
    person = current.person()
    if rule.roles and not person.has_role(*rule.roles):
        raise NotAllowedError(
            f"Expected one of the roles {', '.join(rule.roles)}.", reason="role_missing"
        )


def _state(view: View, rule: Rule) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]
    return view
