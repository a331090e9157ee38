"""How many of many instances a migration would take, and why it would refuse the others."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from service.domain.errors import HuiyinError
from service.identity import Person
from service.usecases import migration
from service.usecases.house import House
from service.usecases.migration import Forecast, MigrationPlan

WITHIN_S = 2.0
"""How long instances are tried for an overview; each takes some milliseconds."""

MOST = 5_000
"""Instances that are tried for an overview, however fast they are."""


@dataclass(frozen=True)
class Refused:
    """Instances that a migration would refuse for the same reason.

    Attributes:
        refusal: That of the first of them.
    """

    refusal: HuiyinError
    count: int


@dataclass(frozen=True)
class Overview:
    """What a migration would do to the first of many instances.

    Attributes:
        tried: How many were tried, oldest first.
        refused: By reason, the most frequent first.
    """

    tried: int
    fitting: int
    refused: tuple[Refused, ...]


def overview(
    house: House,
    person: Person,
    told: Sequence[Forecast],
    keys: Iterable[int],
    plan: MigrationPlan,
    *,
    seconds: Callable[[], float] = time.monotonic,
) -> Overview:
    """Return how many would migrate and how many be refused; nothing is changed.

    Args:
        house: Where.
        person: Who asks.
        told: Forecasts that are there already, of the first instances.
        keys: The instances that follow them; as many are tried as `WITHIN_S` allows.
        plan: Where to.
        seconds: Tells how time passes.

    Raises:
        NotAllowedError: He is no operator.
    """
    until = seconds() + WITHIN_S
    every = list(told)
    for key in keys:
        if seconds() >= until:
            break
        every += migration.forecast(house, person, [key], plan)
    return _summed_up(every)


def _summed_up(told: Sequence[Forecast]) -> Overview:
    by_reason: dict[tuple[object, ...], list[HuiyinError]] = {}
    for one in told:
        if one.refusal is not None:
            by_reason.setdefault(_reason(one.refusal), []).append(one.refusal)
    refused = [Refused(alike[0], len(alike)) for alike in by_reason.values()]
    refused.sort(key=lambda one: one.count, reverse=True)
    return Overview(len(told), len(told) - sum(one.count for one in refused), tuple(refused))


def _reason(refusal: HuiyinError) -> tuple[object, ...]:
    facts = refusal.facts
    return (refusal.code, *(facts.get(name) for name in ("reason", "element_id", "flow_id")))
