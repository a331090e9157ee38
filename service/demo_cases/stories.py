"""Stories as `demo/cases.json` tells them, with moments counted back from today.

A story is one root process: who starts it with which values, and the steps of its people. A step may
belong to a case that the story started on its way (a freeze, a return, a notice).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from service.sla import WorkingCalendar

STARTER = "@by"
"""Who does a step: the one who started the story."""

MINUTES = 5
"""Forms take moments in steps of so many minutes."""


@dataclass(frozen=True)
class Step:
    """Something somebody does at a moment.

    Attributes:
        element_id: Whose task is completed; None for the start of the story.
        who: User name or group; None: one of the task's candidates, in turns.
        of: The group whose task is meant, where several of the element are open; None: all of them.
        answers: What he fills in beyond what the form shows already.
    """

    at: datetime
    element_id: str | None
    who: str | None
    of: str | None
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Story:
    """One root process from its start to where it is left.

    Attributes:
        number: Position in the file; whose turn it is depends on it.
        steps: The start first, in order of time.
    """

    number: int
    process_id: str
    steps: tuple[Step, ...]


def read_stories(
    told: Mapping[str, Any], now: datetime, calendar: WorkingCalendar
) -> tuple[Story, ...]:
    """Return the stories of a file's JSON, placed before `now`.

    Args:
        told: `usual` (answers by element), `paths` (steps by name: day of the story, time or `+` minutes
            after its start, element), `stories`.
        now: The moment at which everything must be over.
        calendar: Days are working days before the day of `now`.

    Raises:
        ValueError: A step does not lie before `now`.
        KeyError: A story names a path that is not told.
    """
    days = _Days(now, calendar)
    return tuple(
        _story(number, story, told["usual"], told["paths"], days)
        for number, story in enumerate(told["stories"])
    )


def dated(value: Any, at: datetime, calendar: WorkingCalendar) -> Any:
    """Return an answer with its moments: `@now`, `@+3d` (18:00 that day), `@on+3d` (the day)."""
    if isinstance(value, list):
        return [dated(item, at, calendar) for item in value]
    if isinstance(value, dict):
        return {name: dated(item, at, calendar) for name, item in value.items()}
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    local = at.astimezone(calendar.zone)
    if value == "@now":
        local -= timedelta(minutes=local.minute % MINUTES)
        return local.isoformat(timespec="minutes")
    on = local.date() + timedelta(days=int(value.lstrip("@on").rstrip("d")))
    if value.startswith("@on"):
        return on.isoformat()
    return datetime.combine(on, calendar.closes, calendar.zone).isoformat(timespec="minutes")


class _Days:
    """Counts working days back from today."""

    def __init__(self, now: datetime, calendar: WorkingCalendar) -> None:
        self.now = now
        self._calendar = calendar
        self._day = [calendar.local_day(now)]

    def moment(self, back: int, clock: str) -> datetime:
        """Return a time of the day that lies `back` working days ago; `-90m` is 90 minutes before now."""
        if back < 0:
            raise ValueError(f"Expected a day before today, but got {-back} day(s) after it.")
        if clock.startswith("-"):
            return self.now - timedelta(minutes=int(clock[1:-1]))
        while len(self._day) <= back:
            on = self._day[-1] - timedelta(days=1)
            while not self._calendar.day(on).is_working:
                on -= timedelta(days=1)
            self._day.append(on)
        return datetime.combine(self._day[back], time.fromisoformat(clock), self._calendar.zone)


def _story(
    number: int,
    story: Mapping[str, Any],
    usual: Mapping[str, Mapping[str, Any]],
    paths: Mapping[str, Sequence[Sequence[Any]]],
    days: _Days,
) -> Story:
    back, late = int(story["back"]), timedelta(minutes=story.get("late", 0))
    begin = days.moment(back, story["at"])
    steps = [Step(begin, None, story["by"], None, story["start"])]
    for day, clock, element_id, *rest in [*paths[story["path"]], *story.get("then", [])]:
        more: Mapping[str, Any] = rest[0] if rest else {}
        answers = {
            **usual.get(element_id, {}),
            **story.get("answers", {}).get(element_id, {}),
            **more.get("answers", {}),
        }
        at = (
            begin + timedelta(minutes=int(clock))
            if clock.startswith("+")
            else days.moment(back - day, clock) + late
        )
        who = story["by"] if more.get("who") == STARTER else more.get("who")
        steps.append(Step(at, element_id, who, more.get("of"), answers))
    steps.sort(key=lambda step: step.at)
    if steps[-1].at >= days.now:
        raise ValueError(
            f"Expected story {number} to be over by now, but '{steps[-1].element_id}' is not."
        )
    return Story(number, story["process"], tuple(steps))
