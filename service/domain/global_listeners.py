"""Task listeners that hold for the user tasks of all processes, beside those that diagrams draw.

Source: Camunda 8.9 global user task listeners.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

ALL = "all"
EVENTS = ("creating", "assigning", "updating", "completing", "canceling")
DEFAULT_RETRIES = 3
DEFAULT_PRIORITY = 50


@dataclass(frozen=True)
class GlobalListener:
    """A listener of user tasks everywhere.

    Attributes:
        id: Given by whoever made it.
        type: Of its jobs.
        event_types: Of `EVENTS`, or `ALL`.
        retries: Of each job, at least 1.
        after_non_global: Asked after the listeners of the diagram, not before them.
        priority: The higher is asked first.
    """

    id: str
    type: str
    event_types: tuple[str, ...]
    retries: int = DEFAULT_RETRIES
    after_non_global: bool = False
    priority: int = DEFAULT_PRIORITY

    def hears(self, event: str) -> bool:
        """Whether it is asked about an event."""
        return event in self.event_types or ALL in self.event_types


@dataclass(frozen=True)
class GlobalListeners:
    """Who is asked about each event, in order.

    Attributes:
        before: Event -> those asked before the listeners of the diagram; events without any are missing.
        after: The same of those asked after them.
    """

    before: Mapping[str, tuple[GlobalListener, ...]] = field(default_factory=dict)
    after: Mapping[str, tuple[GlobalListener, ...]] = field(default_factory=dict)

    def asks(self, event: str) -> bool:
        """Whether anybody is asked about an event."""
        return event in self.before or event in self.after


NONE = GlobalListeners()


def in_order(listeners: Iterable[GlobalListener]) -> GlobalListeners:
    """Return who is asked about what: higher priority first, then by id."""
    ordered = sorted(listeners, key=lambda one: (-one.priority, one.id))
    return GlobalListeners(
        _by_event(one for one in ordered if not one.after_non_global),
        _by_event(one for one in ordered if one.after_non_global),
    )


def _by_event(ordered: Iterable[GlobalListener]) -> dict[str, tuple[GlobalListener, ...]]:
    listeners = tuple(ordered)
    heard = {event: tuple(one for one in listeners if one.hears(event)) for event in EVENTS}
    return {event: found for event, found in heard.items() if found}
