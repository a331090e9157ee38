"""What a modification asks of the scopes it activates in, and of its instructions together."""

from collections.abc import Iterable

from service.domain.errors import BadInputError
from service.engine.elements.scope import Scope
from service.engine.machine import Token


def require_kept(element_id: str, scope: Token, gone: Iterable[Token]) -> None:
    """Refuse an activation in a scope that the same modification terminates, or that does not run.

    What begins there would be lost without a word.

    Source: Camunda 8.10 (ModifyProcessInstanceRejectionTest: shouldRejectActivationWhenFlowScopeIsTerminated,
    shouldRejectActivationWhenAncestorScopeIsActivating).

    Raises:
        BadInputError: It is so.
    """
    terminated = {token.key for token in gone}
    for around in scope.around():
        spec = around.task_spec
        if around.key in terminated:
            raise refused(
                "scope_terminated",
                f"Expected '{element_id}' to be activated in a scope that stays, but it would be in the scope "
                f"'{spec.element_id}' that is terminated.",
                element_id=element_id,
                scope_id=spec.element_id,
            )
        if isinstance(spec, Scope) and not spec.is_open(around):
            raise no_ancestor(element_id, around.key)


def require_once(sources: Iterable[str | int]) -> None:
    """Refuse several moves of the same element, for it is not said which of its tokens goes where.

    Source: Camunda 8.10 process instance modification.

    Raises:
        BadInputError: An element is named twice.
    """
    seen: set[str] = set()
    for source in sources:
        if not isinstance(source, str):
            continue
        if source in seen:
            raise refused(
                "moved_twice",
                f"Expected '{source}' to be moved once, but there are several instructions.",
                element_id=source,
            )
        seen.add(source)


def no_ancestor(element_id: str, ancestor_key: int) -> BadInputError:
    """Return the refusal of a scope: it is not around an element, or does not run."""
    return refused(
        "no_ancestor",
        f"Expected '{ancestor_key}' to be an active scope around '{element_id}', but it is not.",
        element_id=element_id,
        ancestor_key=ancestor_key,
    )


def not_active(*sources: str | int) -> BadInputError:
    """Return the refusal of what is not active, none of several."""
    quoted = ", ".join(f"'{source}'" for source in sources)
    return refused(
        "not_active",
        f"Expected {quoted} to be active, but it is not.",
        source=", ".join(map(str, sources)),
    )


def refused(reason: str, detail: str, **facts: object) -> BadInputError:
    """Return a refusal; `reason` names it for texts in other languages."""
    return BadInputError(detail, reason=reason, **facts)
