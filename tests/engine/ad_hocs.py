"""Ad-hoc sub-processes: led by a list, by hand, or by a job."""

from dataclasses import dataclass, replace

from tests.engine.blocks import Block, Drawing, Open, State, Working, chain
from tests.engine.leaves import JOB, Activity
from tests.engine.scopes import opened


@dataclass
class AdHoc(Block):
    """An ad-hoc sub-process whose list starts all of its activities.

    Attributes:
        by_hand: Whether its first activity may be started by hand, too, again and again.
    """

    activities: list[Activity]
    is_ordered: bool = False
    by_hand: bool = False
    name: str = ""

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """Activities without flows."""
        self.name = drawing.new_id("adHocSubProcess")
        outside, drawing.lines = drawing.lines, []
        ids = [activity.draw(drawing)[0] for activity in self.activities]
        inside, drawing.lines = "".join(drawing.lines), outside
        listed = ", ".join(f"&quot;{element_id}&quot;" for element_id in ids)
        told = f'<zeebe:adHoc activeElementsCollection="=[{listed}]" />'
        content = f"<bpmn:extensionElements>{told}</bpmn:extensionElements>{inside}"
        ordering = {"ordering": "Sequential"} if self.is_ordered else {}
        drawing.add("adHocSubProcess", content, self.name, **ordering)
        return self.name, self.name

    def begin(self) -> State | None:
        """All of the list, at once or one after the other."""
        if self.is_ordered:
            return chain(list(self.activities))
        states = [state for one in self.activities if (state := one.begin()) is not None]
        more = opened(self.name, f"by hand of {self.activities[0].name}")
        return AdHocState(self, states, more) if states else None


@dataclass
class AdHocState(State):
    """An ad-hoc sub-process that runs."""

    block: AdHoc
    states: list[State]
    more: Working

    def open(self) -> Open:
        """What runs in it."""
        inside = [working for state in self.states for working in state.open()]
        return [*inside, *([self.more] if self.block.by_hand else [])]

    def complete(self, position: int) -> State | None:
        """Go on; over when nothing runs."""
        for index, state in enumerate(self.states):
            size = len(state.open())
            if position < size:
                after = state.complete(position)
                states = [*self.states[:index], *([after] if after else [])]
                states += self.states[index + 1 :]
                return AdHocState(self.block, states, self.more) if states else None
            position -= size
        more = self.block.activities[0].begin()
        states = [*self.states, *([more] if more else [])]
        return AdHocState(self.block, states, self.more)


@dataclass
class Led(Block):
    """An ad-hoc sub-process that a job leads: it says what is started, one at a time, and what is the last."""

    activities: list[Activity]
    name: str = ""

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """Activities without flows."""
        self.name = drawing.new_id("adHocSubProcess")
        outside, drawing.lines = drawing.lines, []
        for activity in self.activities:
            activity.draw(drawing)
        inside, drawing.lines = "".join(drawing.lines), outside
        job = f"<bpmn:extensionElements>{JOB}</bpmn:extensionElements>"
        drawing.add("adHocSubProcess", job + inside, self.name)
        return self.name, self.name

    def begin(self) -> State | None:
        """The job is asked first."""
        return LedState(self, [], opened(self.name, "lead"), is_asked=True)


@dataclass
class LedState(State):
    """An ad-hoc sub-process that a job leads.

    Attributes:
        states: What runs in it.
        lead: What its job waits for; answered with an activity, or with the end of all.
        is_asked: Whether the job is open: it is anew whenever something in it is over.
        is_last: Whether the job has said that it is over when nothing runs.
    """

    block: Led
    states: list[State]
    lead: Working
    is_asked: bool
    is_last: bool = False

    def open(self) -> Open:
        """What runs in it, and what its job may say."""
        inside = [working for state in self.states for working in state.open()]
        return [*inside, *(self._answers() if self.is_asked else [])]

    def _answers(self) -> Open:
        starts = [f"lead of {activity.name}" for activity in self.block.activities]
        return [self.lead, *[replace(self.lead, kind=kind) for kind in starts]]

    def complete(self, position: int) -> State | None:
        """Go on inside, or do what the job says."""
        for index, state in enumerate(self.states):
            size = len(state.open())
            if position < size:
                after = state.complete(position)
                rest = [*self.states[:index], *self.states[index + 1 :]]
                if after is not None:
                    rest.insert(index, after)
                    return replace(self, states=rest)
                return self._left(rest)
            position -= size
        if position == 0:
            return replace(self, is_asked=False, is_last=True) if self.states else None
        started = self.block.activities[position - 1].begin()
        if started is None:
            return self._left(self.states)
        return replace(self, states=[*self.states, started], is_asked=False)

    def _left(self, states: list[State]) -> State | None:
        if self.is_last:
            return replace(self, states=states) if states else None
        return replace(self, states=states, is_asked=True)
