"""Migrating a running instance to another process definition, element by element.

What is active stays as it is: keys, jobs, user tasks, variables, incidents, rounds of loops. A mapped
event keeps its subscription (a timer its due moment), one that is mapped to nothing is closed, an event
of the target that nothing is mapped to is opened. All or nothing; a dry run is the same call, not kept.

Source: Camunda 8 process instance migration.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.bpmn import ElementModel
from service.domain.errors import BadInputError, WrongStateError
from service.engine.codec import decode
from service.engine.compiled import CompiledProcess
from service.engine.elements.ad_hoc import INNER_INSTANCE, AdHocSubProcess
from service.engine.elements.base import Element
from service.engine.elements.join import Join
from service.engine.elements.multi_instance import MultiInstanceBody
from service.engine.elements.scope import Scope
from service.engine.errors import ElementFailure
from service.engine.machine import Machine, Token
from service.engine.migrated_notes import MigratedNotes, refused
from service.engine.stepping import finish_step
from service.engine.triggers import (
    Catch,
    ConditionTrigger,
    condition_of,
    open_all,
    prepare_all,
    tell,
)
from service.engine.values import Instance, Step, Surroundings


@dataclass(frozen=True)
class MovedElement:
    """An element instance that now belongs to another element.

    Attributes:
        state: `ACTIVE`, `INCIDENT`, or `JOINING` of a gateway that waits for more tokens.
    """

    element_instance_key: int
    element_type: str
    from_id: str
    to_id: str
    to_name: str
    state: str


@dataclass(frozen=True)
class MovedSubscription:
    """A timer or subscription that goes on for another event.

    Attributes:
        kind: `timer`, `message` and so on.
        due: The moment of a timer as text, kept; None of all else.
    """

    subscription_key: int
    element_instance_key: int
    kind: str
    from_id: str
    to_id: str
    interrupting: bool
    due: str | None


@dataclass(frozen=True)
class ClosedSubscription:
    """A timer or subscription that nothing is mapped to: no longer waited for."""

    subscription_key: int
    kind: str
    event_id: str


@dataclass(frozen=True)
class Migrated:
    """What a migration does.

    Attributes:
        step: State, opened and closed subscriptions; and what followed, should a join have been waiting
            for what cannot come any more.
    """

    step: Step
    elements: tuple[MovedElement, ...]
    kept: tuple[MovedSubscription, ...]
    closed: tuple[ClosedSubscription, ...]


def migrate(
    source: CompiledProcess,
    target: CompiledProcess,
    instance: Instance,
    mapping: Sequence[tuple[str, str]],
    surroundings: Surroundings,
) -> Migrated:
    """Return an instance of `source` as one of `target`.

    Args:
        source: Its process now.
        target: What it shall be.
        instance: It rests in a wait state.
        mapping: Pairs of ids, source and target: elements, and sequence flows into waiting joins.

    Raises:
        BadInputError: The mapping names what is not there, or one source twice.
        WrongStateError: Something active is not mapped, or cannot be what it is mapped to.
    """
    _check_mapping(source, target, mapping)
    old = decode(source, instance, surroundings)
    return _Migration(old, target, dict(mapping)).run()


def proposed_mapping(
    source: CompiledProcess, target: CompiledProcess
) -> tuple[tuple[str, str], ...]:
    """Return the mapping of every element and flow that has the same id and kind in both processes."""
    before, after = source.model.elements, target.model.elements
    elements = [
        (id_, id_)
        for id_, element in before.items()
        if id_ in after and _kind(element) == _kind(after[id_])
    ]
    flows = [(id_, id_) for id_ in source.model.flows if id_ in target.model.flows]
    return (*elements, *flows)


def _check_mapping(
    source: CompiledProcess, target: CompiledProcess, mapping: Sequence[tuple[str, str]]
) -> None:
    sources = [source_id for source_id, _ in mapping]
    for source_id, target_id in mapping:
        if sources.count(source_id) > 1:
            raise BadInputError(
                f"Expected each source element once, but '{source_id}' is mapped more than once.",
                reason="mapped_twice",
                element_id=source_id,
            )
        for process, id_ in ((source, source_id), (target, target_id)):
            if not _is_known(process, id_):
                raise BadInputError(
                    f"Expected '{id_}' to be an element of the process '{process.model.id}', "
                    "but it is none.",
                    reason="unknown_element",
                    element_id=id_,
                )
        base_id = source_id.removesuffix(INNER_INSTANCE)
        inner_of = {f"{to_id}{INNER_INSTANCE}" for from_id, to_id in mapping if from_id == base_id}
        if base_id != source_id and target_id not in inner_of:
            raise _not_mapped(base_id)


def _is_known(process: CompiledProcess, id_: str) -> bool:
    """Whether an id may be mapped; the scopes in an ad-hoc sub-process may, they go with it anyway."""
    if id_ in process.model.elements or id_ in process.model.flows:
        return True
    around = process.model.elements.get(id_.removesuffix(INNER_INSTANCE))
    return around is not None and around.kind == "adHocSubProcess"


def _not_mapped(source_id: str) -> WrongStateError:
    return refused(
        "not_mapped",
        f"Expected the active element '{source_id}' to be mapped, but it is not.",
        element_id=source_id,
    )


class _Migration:
    """Builds the machine of the target out of that of the source."""

    def __init__(self, old: Machine, target: CompiledProcess, mapping: Mapping[str, str]) -> None:
        self.old = old
        self.target = target
        self.mapping = mapping
        self.notes = MigratedNotes(mapping, self._check_kind)
        self.new = Machine(target.spec, old.key, old.variables, old.surroundings)
        self.elements: list[MovedElement] = []
        self.kept: list[MovedSubscription] = []
        self.closed: list[ClosedSubscription] = []

    def run(self) -> Migrated:
        """Move every token, then every subscription."""
        for token in self.old.tokens():
            self._move(token)
        for token in list(self.new.tasks.values()):
            self._resubscribe(self.old.tasks[token.key], token)
            if isinstance(token.task_spec, AdHocSubProcess):
                token.task_spec.tell_again(token)
        step = finish_step(self.new)
        return Migrated(step, tuple(self.elements), tuple(self.kept), tuple(self.closed))

    # -- tokens

    def _move(self, token: Token) -> None:
        if token.scope is None:
            self.new.plant(self.notes.of_process(token), token.state)
            return
        was: Element = token.task_spec
        # What stands inside a body, or around an activity of an ad-hoc sub-process, goes with that.
        source_id = was.model.id
        target_id = self.mapping.get(source_id)
        if target_id is None or target_id not in self.target.model.elements:
            raise _not_mapped(source_id)
        spec = self._spec(token, target_id)
        scope = self.new.tasks[token.scope_key]
        self._check_scope(token, scope, spec)
        notes = self.notes.of_element(token, spec)
        Token(self.new, spec, scope, token.state, token.key, notes)
        self.elements.append(
            MovedElement(
                token.key,
                spec.element_type,
                was.element_id,
                spec.element_id,
                spec.element_name,
                _state(token),
            )
        )

    def _spec(self, token: Token, target_id: str) -> Element:
        """Return what executes a token from now on.

        Raises:
            WrongStateError: It is of another kind.
        """
        was: Element = token.task_spec
        suffix = was.name.removeprefix(was.model.id)
        spec: Any = self.target.spec.task_specs.get(target_id + suffix)
        if type(spec) is not type(was) or _kind(spec.model) != _kind(was.model):
            raise refused(
                "other_kind",
                f"Expected '{target_id}' to be what '{was.model.id}' is, {' '.join(_kind(was.model))}, "
                "but it is another kind of element.",
                element_id=was.model.id,
                target_id=target_id,
            )
        if isinstance(was, MultiInstanceBody) and spec.loop.is_sequential != was.loop.is_sequential:
            raise refused(
                "other_order",
                f"Expected '{target_id}' to run its instances in the order of "
                f"'{was.element_id}', but one is parallel and one sequential.",
                element_id=was.element_id,
                target_id=target_id,
            )
        return spec

    def _check_scope(self, token: Token, scope: Token, spec: Element) -> None:
        """Refuse a token whose new element lies in another scope than its old one."""
        is_wrapped = spec.name != spec.model.id
        wanted = spec.model.id if is_wrapped else spec.model.parent_id
        place: str = scope.task_spec.model.id
        if "compensates" in token.notes:
            # A handler runs where the event stands that undoes, wherever it is drawn.
            drawn_in: str = token.task_spec.model.parent_id
            is_outside = drawn_in == self.old.spec.name
            place = self.target.model.id if is_outside else self.mapping.get(drawn_in, drawn_in)
        if place != wanted or _waits_apart(token, spec):
            raise refused(
                "other_scope",
                f"Expected '{spec.element_id}' to lie in '{place}', as "
                f"'{token.task_spec.element_id}' does, but it lies in '{wanted}'.",
                element_id=token.task_spec.element_id,
                target_id=spec.element_id,
                scope_id=place,
            )

    # -- subscriptions

    def _resubscribe(self, was: Token, token: Token) -> None:
        """Keep, close and open what a token waits for."""
        before = list(token.notes.pop("subscriptions", ()))
        catches = {(catch.event_id, catch.part): catch for catch in _catches(token)}
        mapped = self._mapped_events(was, token)
        kept = [self._keep(token, record, catches, mapped) for record in before]
        still = [record for record in kept if record is not None]
        if still:
            token.notes["subscriptions"] = still
        if not token.is_active or not token.task_spec.has_subscribed(token):
            return
        taken = set(mapped.values())
        opened = [c for (event_id, _), c in catches.items() if event_id not in taken]
        try:
            open_all(prepare_all(opened, token), token)
        except ElementFailure as failure:
            raise refused(
                "no_subscription",
                f"Expected the events of '{token.task_spec.element_id}' to be subscribed to, but: "
                f"{failure.text:en}",
                target_id=token.task_spec.element_id,
                because=failure.text,
            ) from failure

    def _mapped_events(self, was: Token, token: Token) -> dict[str, str]:
        """Return source event -> target event of one token.

        Raises:
            WrongStateError: An event is mapped to one of another activity, or two to the same.
        """
        allowed = {c.event_id for c in _catches(token, all_of_scope=True)}
        mapped: dict[str, str] = {}
        for event_id in dict.fromkeys(c.event_id for c in _catches(was, all_of_scope=True)):
            target_id = self.mapping.get(event_id)
            if target_id is None:
                continue
            if target_id not in allowed or target_id in mapped.values():
                raise refused(
                    "detached_event",
                    f"Expected the event '{event_id}' to be mapped to one that belongs to "
                    f"'{token.task_spec.element_id}', and no other event to the same, but "
                    f"'{target_id}' is none.",
                    element_id=event_id,
                    target_id=target_id,
                )
            mapped[event_id] = target_id
        return mapped

    def _keep(
        self,
        token: Token,
        record: Mapping[str, Any],
        catches: Mapping[tuple[str, int], Catch],
        mapped: Mapping[str, str],
    ) -> dict[str, Any] | None:
        """Return a subscription as that of the target's event; None: it is closed."""
        event_id = mapped.get(record["event"])
        catch = None if event_id is None else catches.get((event_id, record.get("part", 0)))
        if event_id is None or catch is None:
            self.new.record.close(record["kind"], record["key"])
            closed = ClosedSubscription(record["key"], record["kind"], record["event"])
            self.closed.append(closed)
            return None
        self._check_kind(record["event"], event_id)
        interrupting = catch.is_interrupting
        self.kept.append(
            MovedSubscription(
                record["key"],
                token.key,
                record["kind"],
                record["event"],
                event_id,
                interrupting,
                record.get("due"),
            )
        )
        still = {**record, "event": event_id, "interrupting": interrupting}
        if isinstance(catch.trigger, ConditionTrigger):
            condition = condition_of(self.old.spec, record).text
            still.pop("condition", None)
            if condition_of(self.new.spec, still).text != condition:
                still["condition"] = condition
                self.new.root.notes["keeps_conditions"] = True
            tell(still, token)
        return still

    def _check_kind(self, source_id: str, target_id: str) -> None:
        was = self.old.spec.task_specs[source_id].model
        becomes = self.target.model.elements.get(target_id)
        if becomes is None or _kind(was) != _kind(becomes):
            raise refused(
                "other_kind",
                f"Expected '{target_id}' to be what '{source_id}' is ({_kind(was)}), but it is "
                "another kind of element.",
                element_id=source_id,
                target_id=target_id,
            )


def _catches(token: Token, *, all_of_scope: bool = False) -> Iterable[Catch]:
    """Give the events that a token may subscribe to now; `all_of_scope`: those of its past too."""
    spec = token.task_spec
    catches = [*spec.catches, *spec.own_catches()]
    is_interrupted = bool(token.notes.get("interrupted")) and not all_of_scope
    if is_interrupted and isinstance(spec, Scope):
        return [catch for catch in catches if catch.event_id not in spec.event_starts]
    return catches


def _waits_apart(token: Token, spec: Element) -> bool:
    """Whether a token waits at a join of an ad-hoc sub-process, and would not wait there in the target."""
    was = token.task_spec
    if token.is_active or not (isinstance(was, Join) and isinstance(spec, Join)):
        return False
    return was.is_shared != spec.is_shared


def _kind(model: ElementModel) -> tuple[str, ...]:
    """Return what an element may not change: its BPMN kind, its event, whether a worker does it."""
    events = (definition.kind for definition in model.events)
    parts = (model.kind, *events, "event" if model.is_triggered_by_event else "")
    return tuple(part for part in parts if part)


def _state(token: Token) -> str:
    if not token.is_active:
        return "JOINING"
    return "INCIDENT" if "incident" in token.notes else "ACTIVE"
