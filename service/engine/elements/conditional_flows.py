"""Conditions on flows that leave an activity: as if an inclusive gateway stood behind it.

Source: BPMN 2.0.2 §8.4.13, §13.3.1 (conditional and default sequence flows of activities); Camunda 8 has none.
"""

from collections.abc import Iterable
from typing import Protocol

from service.engine.errors import CONDITION, ElementFailure
from service.engine.expressions import Formula, Scope


class Way(Protocol):
    """A sequence flow."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def condition(self) -> Formula | None:
        """What it asks, None when it asks nothing."""


def chosen(flows: Iterable[Way], default_id: str | None, place: Scope, name: str) -> list[str]:
    """Return the ids of the flows to take: those that ask nothing, those that are true; none true: the default.

    Raises:
        ElementFailure: A condition is not boolean, or there is no way out.
    """
    ways = list(flows)
    others = [way for way in ways if way.id != default_id]
    true = {way.id for way in others if way.condition and way.condition.boolean(place)}
    always = {way.id for way in others if way.condition is None}
    if not true and default_id is not None:
        true = {default_id}
    if not true and not always:
        raise ElementFailure(
            CONDITION,
            f"活动 «{name}» 的出线条件都不成立，也没有默认出线。",
            f"Expected a condition behind '{name}' to be true, or a default flow; there is neither.",
        )
    return [way.id for way in ways if way.id in true | always]
