"""What a token remembers, in the ids of another process: counted flows, listeners, what can be undone."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.bpmn import ProcessModel
from service.engine.elements.base import Element
from service.engine.machine import Token
from service.engine.migrated import MovedFlow
from service.engine.migration_kinds import refused, require_same_kind


class MigratedNotes:
    """The notes of tokens under a mapping of ids.

    Attributes:
        flows: Those into joins that are other ones now.
    """

    def __init__(
        self, mapping: Mapping[str, str], source: ProcessModel, target: ProcessModel
    ) -> None:
        """Take the mapping and what is drawn in both processes."""
        self._mapping = mapping
        self._source = source
        self._target = target
        self.flows: list[MovedFlow] = []

    def of_process(self, token: Token) -> dict[str, Any]:
        """Return what the process itself remembers."""
        notes = dict(token.notes)
        if "ends_after" in notes:
            notes["ends_after"] = [self._renamed(each) for each in notes["ends_after"]]
        return notes | self._of_all(notes)

    def of_element(self, token: Token, spec: Element) -> dict[str, Any]:
        """Return what the token of an element remembers once `spec` executes it.

        Raises:
            WrongStateError: A flow it waits for is not mapped, or a listener runs that is not there.
        """
        notes = dict(token.notes)
        if "arrived" in notes:
            notes["arrived"] = self._arrived(token, spec)
        if "started" in notes:
            notes["started"] = [self._renamed(flow_id) for flow_id in notes["started"]]
        if "first" in notes:
            notes["first"] = self._renamed(notes["first"])
        if "listener" in notes:
            self._check_listener(token, spec)
        return notes | self._of_all(notes)

    def _of_all(self, notes: Mapping[str, Any]) -> dict[str, Any]:
        changed: dict[str, Any] = {}
        for name in ("compensations", "undoing"):
            if name in notes:
                changed[name] = self._compensations(notes[name])
        if "start" in notes:
            changed["start"] = self._started(notes["start"])
        if "queue" in notes:
            changed["queue"] = [
                [self._started(id_), given, *map(self._renamed, how[:1]), *how[1:]]
                for id_, given, *how in notes["queue"]
            ]
        if "event" in notes.get("leaving", ()):
            changed["leaving"] = self._leaving(notes["leaving"])
        if "heard" in notes:
            # What a parallel multiple event has heard already, it need not hear again.
            heard = notes["heard"].items()
            changed["heard"] = {
                self._mapping[event_id]: parts
                for event_id, parts in heard
                if event_id in self._mapping
            }
        return changed

    def _started(self, element_id: str) -> str:
        """Return what is started later in the place of an element."""
        target_id = self._renamed(element_id)
        self._check_kind(element_id, target_id)
        return target_id

    def _leaving(self, action: Mapping[str, Any]) -> dict[str, Any]:
        """Return an interruption that waits for listeners: it goes on by the target's event.

        Raises:
            WrongStateError: Its event is not mapped. (That it stays at its activity, and keeps its kind, holds
                for all events.)
        """
        event_id = action["event"]
        target_id = self._mapping.get(event_id)
        if target_id is None:
            raise refused(
                "interrupting_event",
                f"Expected the event '{event_id}', which interrupts, to be mapped, but it is not.",
                element_id=event_id,
            )
        return {**action, "event": target_id}

    def _renamed(self, id_: str) -> str:
        return self._mapping.get(id_, id_)

    def _check_kind(self, source_id: str, target_id: str) -> None:
        source, target = self._source.elements[source_id], self._target.elements.get(target_id)
        require_same_kind(source, target_id, target)

    def _compensations(self, records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return what can be undone in the target: that whose catching event is mapped.

        What has completed is not mapped itself: it becomes what the target's event stands at, and what is
        around it becomes what is around that.

        Raises:
            WrongStateError: An event is mapped to one of another kind, or in another depth.

        Source: Camunda 8 (getCompensationSubscriptionMappings).
        """
        still = []
        for record in records:
            moved = dict(record)
            becomes: list[str] = []
            for name in ("boundary", "start"):
                if name in record and self._mapping.get(record[name]) is None:
                    del moved[name]
                elif name in record:
                    moved[name] = self._mapping[record[name]]
                    self._check_kind(record[name], moved[name])
                    becomes.append(self._undone_by(name, moved[name]))
            if "inner" in record:
                moved["inner"] = self._compensations(record["inner"])
                elements = self._target.elements
                becomes += [elements[inner["activity"]].parent_id for inner in moved["inner"]]
            if becomes:
                moved["activity"] = becomes[0]
                self._check_depth(record["activity"], becomes)
                still.append(moved)
        return still

    def _undone_by(self, name: str, event_id: str) -> str:
        """Return the activity that an event of the target undoes."""
        event = self._target.elements[event_id]
        around = event.attached_to_id if name == "boundary" else event.parent_id
        assert around is not None, event_id
        return around if name == "boundary" else self._target.elements[around].parent_id

    def _check_depth(self, source_id: str, becomes: list[str]) -> None:
        """Refuse what would lie in more or fewer sub-processes than it did, or in several at once.

        Raises:
            WrongStateError: So it is.
        """
        before = _depth(self._source, source_id)
        for target_id in becomes:
            if target_id != becomes[0] or _depth(self._target, target_id) != before:
                raise refused(
                    "other_depth",
                    f"Expected what can be undone of '{source_id}' to lie in as many sub-processes as before, "
                    f"and together, but in the target it is '{target_id}'.",
                    element_id=source_id,
                    target_id=target_id,
                )

    def _arrived(self, token: Token, spec: Element) -> dict[str, int]:
        """Return the tokens that wait at a join, by the flows of the target.

        Raises:
            WrongStateError: The target has fewer incoming flows, or not the one a token came by.
        """
        before, after = token.task_spec.model.incoming, spec.model.incoming
        arrived: dict[str, int] = {}
        for flow_id, count in token.notes["arrived"].items():
            target_id = self._mapping.get(flow_id)
            if target_id not in after or target_id in arrived or len(after) < len(before):
                raise refused(
                    "join_flow",
                    f"Expected the flow '{flow_id}', by which a token waits at "
                    f"'{token.task_spec.element_id}', to be mapped to a flow of its own into "
                    f"'{spec.element_id}', which has at least {len(before)} incoming flows.",
                    element_id=token.task_spec.element_id,
                    target_id=spec.element_id,
                    flow_id=flow_id,
                )
            arrived[str(target_id)] = count
            if target_id != flow_id:
                self.flows.append(MovedFlow(flow_id, str(target_id), count))
        return arrived

    def _check_listener(self, token: Token, spec: Element) -> None:
        """Refuse a token whose listener the target does not have.

        Raises:
            WrongStateError: So it is.
        """
        event, position = token.notes["listener"]
        if position >= len(spec.listeners.get(event, ())):
            raise refused(
                "no_listener",
                f"Expected '{spec.element_id}' to have a listener in the place of that which "
                f"'{token.task_spec.element_id}' waits for, but it has none.",
                element_id=token.task_spec.element_id,
                target_id=spec.element_id,
            )


def _depth(process: ProcessModel, element_id: str) -> int:
    """Return how many sub-processes an element lies in; -1: it is the process."""
    depth = -1
    while element_id in process.elements:
        depth += 1
        element_id = process.elements[element_id].parent_id
    return depth
