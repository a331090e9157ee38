"""What a token remembers, in the ids of another process: counted flows, listeners, what can be undone."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from service.domain.errors import WrongStateError
from service.engine.elements.base import Element
from service.engine.machine import Token


def refused(reason: str, detail: str, **facts: object) -> WrongStateError:
    """Return a refusal of a migration; `reason` names it for texts in other languages."""
    return WrongStateError(detail, reason=reason, **facts)


class MigratedNotes:
    """The notes of tokens under a mapping of ids."""

    def __init__(self, mapping: Mapping[str, str], check_kind: Callable[[str, str], None]) -> None:
        """Take the mapping and what refuses an element that would become one of another kind."""
        self._mapping = mapping
        self._check_kind = check_kind

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
                [self._started(id_), given, *map(self._renamed, along)]
                for id_, given, *along in notes["queue"]
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
            WrongStateError: Its event is not mapped.
        """
        event_id = action["event"]
        target_id = self._mapping.get(event_id)
        if target_id is None:
            raise refused(
                "not_mapped",
                f"Expected the event '{event_id}', which interrupts, to be mapped, but it is not.",
                element_id=event_id,
            )
        self._check_kind(event_id, target_id)
        return {**action, "event": target_id}

    def _renamed(self, id_: str) -> str:
        return self._mapping.get(id_, id_)

    def _compensations(self, records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return what can be undone in the target: that whose catching event is mapped."""
        still = []
        for record in records:
            moved = dict(record)
            moved["activity"] = self._renamed(record["activity"])
            for name in ("boundary", "start"):
                if name in record and self._mapping.get(record[name]) is None:
                    del moved[name]
                elif name in record:
                    moved[name] = self._mapping[record[name]]
                    self._check_kind(record[name], moved[name])
            if "inner" in record:
                moved["inner"] = self._compensations(record["inner"])
            if moved.get("boundary") or moved.get("start") or moved.get("inner"):
                still.append(moved)
        return still

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
