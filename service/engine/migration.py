"""Migrating a running instance to another process definition, element by element.

What is active stays as it is: keys, jobs, user tasks, variables, incidents, rounds of loops. A mapped
event keeps its subscription (a timer its due moment), one that is mapped to nothing is closed, an event
of the target that nothing is mapped to is opened. All or nothing; a dry run is the same call, not kept.

Source: Camunda 8 process instance migration.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service.domain.errors import BadInputError
from service.engine.codec import decode
from service.engine.compiled import CompiledProcess
from service.engine.elements.ad_hoc import INNER_INSTANCE, AdHocSubProcess
from service.engine.elements.base import Element
from service.engine.elements.body import Body
from service.engine.elements.converted_task import convert, waits_for_job
from service.engine.elements.job_user_task import JobUserTask
from service.engine.elements.join import Join
from service.engine.elements.multi_instance import MultiInstanceBody
from service.engine.elements.user_task import UserTask
from service.engine.errors import ElementFailure
from service.engine.machine import Machine, Token
from service.engine.migrated import (
    ClosedSubscription,
    Migrated,
    MovedElement,
    MovedSubscription,
    OpenJob,
)
from service.engine.migrated_events import catches, mapped_events
from service.engine.migrated_notes import MigratedNotes
from service.engine.migration_kinds import kind_of, not_mapped, refused, require_same_kind
from service.engine.stepping import finish_step
from service.engine.triggers import (
    Catch,
    ConditionTrigger,
    condition_of,
    open_all,
    prepare_all,
    tell,
)
from service.engine.values import Instance, Surroundings


def migrate(
    source: CompiledProcess,
    target: CompiledProcess,
    instance: Instance,
    mapping: Sequence[tuple[str, str]],
    surroundings: Surroundings,
    *,
    job_of: Callable[[int], OpenJob],
) -> Migrated:
    """Return an instance of `source` as one of `target`.

    Args:
        source: Its process now.
        target: What it shall be.
        instance: It rests in a wait state.
        mapping: Pairs of ids, source and target: elements, and sequence flows into waiting joins.
        surroundings: Of the step.
        job_of: Gives the job that the element instance of a key waits for.

    Raises:
        BadInputError: The mapping names what is not there, or one source twice.
        WrongStateError: Something active is not mapped, or cannot be what it is mapped to.
    """
    _check_mapping(source, target, mapping)
    old = decode(source, instance, surroundings)
    return _Migration(source, old, target, dict(mapping), job_of).run()


def proposed_mapping(
    source: CompiledProcess, target: CompiledProcess
) -> tuple[tuple[str, str], ...]:
    """Return the mapping of every element and flow that has the same id and kind in both processes."""
    before, after = source.model.elements, target.model.elements
    elements = [
        (id_, id_)
        for id_, element in before.items()
        if id_ in after and kind_of(element) == kind_of(after[id_])
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
        if not _is_known(source, source_id):
            detail = _unknown(source, source_id)
            raise BadInputError(detail, reason="no_source", element_id=source_id)
        if not _is_known(target, target_id):
            detail = _unknown(target, target_id)
            raise BadInputError(detail, reason="no_target", element_id=target_id)
        base_id = source_id.removesuffix(INNER_INSTANCE)
        inner_of = {f"{to_id}{INNER_INSTANCE}" for from_id, to_id in mapping if from_id == base_id}
        if base_id != source_id and target_id not in inner_of:
            raise not_mapped(base_id)


def _unknown(process: CompiledProcess, id_: str) -> str:
    return f"Expected '{id_}' to be an element of the process '{process.model.id}', but it is none."


def _is_known(process: CompiledProcess, id_: str) -> bool:
    """Whether an id may be mapped; the scopes in an ad-hoc sub-process may, they go with it anyway."""
    if id_ in process.model.elements or id_ in process.model.flows:
        return True
    around = process.model.elements.get(id_.removesuffix(INNER_INSTANCE))
    return around is not None and around.kind == "adHocSubProcess"


class _Migration:
    """Builds the machine of the target out of that of the source."""

    def __init__(
        self,
        source: CompiledProcess,
        old: Machine,
        target: CompiledProcess,
        mapping: Mapping[str, str],
        job_of: Callable[[int], OpenJob],
    ) -> None:
        self.source = source
        self.old = old
        self.target = target
        self.mapping = mapping
        self.job_of = job_of
        self.notes = MigratedNotes(mapping, source.model, target.model)
        self.new = Machine(target.spec, old.key, old.variables, old.surroundings)
        self.elements: list[MovedElement] = []
        self.kept: list[MovedSubscription] = []
        self.closed: list[ClosedSubscription] = []

    def run(self) -> Migrated:
        """Move every token, then every subscription."""
        for token in self.old.tokens():
            self._move(token)
        for token in list(self.new.tasks.values()):
            was = self.old.tasks[token.key]
            self._resubscribe(was, token)
            if _is_converted(was, token.task_spec):
                self._convert(was, token)
            if isinstance(token.task_spec, AdHocSubProcess):
                token.task_spec.tell_again(token)
        step = finish_step(self.new)
        flows = tuple(self.notes.flows)
        return Migrated(step, tuple(self.elements), tuple(self.kept), tuple(self.closed), flows)

    # -- tokens

    def _move(self, token: Token) -> None:
        if token.scope is None:
            self.new.plant(self.notes.of_process(token), token.state)
            return
        was: Element = token.task_spec
        # What stands inside a body, or around an activity of an ad-hoc sub-process, goes with that.
        source_id = was.model.id
        target_id = self.mapping.get(source_id)
        if target_id is None:
            raise not_mapped(source_id)
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
                _is_converted(token, spec),
            )
        )

    def _convert(self, was: Token, token: Token) -> None:
        """Let people do what a worker was to do.

        Raises:
            WrongStateError: The job has failed for good, or the form of the target is not there.
        """
        job = self.job_of(token.key)
        source_id, target_id = was.task_spec.element_id, token.task_spec.element_id
        if job.has_incident:
            raise refused(
                "failed_job",
                f"Expected the incident of the job of '{source_id}' to be resolved before it becomes "
                f"the user task '{target_id}', but it is not.",
                element_id=source_id,
                target_id=target_id,
            )
        try:
            convert(token, was.task_spec, job.headers)
        except ElementFailure as failure:
            raise refused(
                "no_form",
                f"Expected the form of '{target_id}' to be there in the place of that which stands in "
                f"the diagram of '{source_id}', but: {failure.text:en}",
                element_id=source_id,
                target_id=target_id,
                because=failure.text,
            ) from failure

    def _spec(self, token: Token, target_id: str) -> Element:
        """Return what executes a token from now on.

        Raises:
            WrongStateError: It is of another kind.
        """
        was: Element = token.task_spec
        require_same_kind(was.model, target_id, self.target.model.elements.get(target_id))
        suffix = was.name.removeprefix(was.model.id)
        spec: Element | None = self.target.spec.task_specs.get(target_id + suffix)
        is_repeated = isinstance(was, Body) or isinstance(spec, Body)
        if spec is None or (is_repeated and type(spec) is not type(was)):
            raise refused(
                "other_marker",
                f"Expected '{target_id}' to be repeated as '{was.model.id}' is, but only one of them has "
                "a multi-instance or loop marker, or each another one.",
                element_id=was.model.id,
                target_id=target_id,
            )
        if type(spec) is not type(was) and (type(was), type(spec)) != (JobUserTask, UserTask):
            raise refused(
                "other_work",
                f"Expected '{target_id}' to be done as '{was.model.id}' is, but only one of them is a job.",
                element_id=was.model.id,
                target_id=target_id,
            )
        if _is_sequential(was) != _is_sequential(spec):
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
        if place != wanted:
            raise refused(
                "other_scope",
                f"Expected '{spec.element_id}' to lie in '{place}', as "
                f"'{token.task_spec.element_id}' does, but it lies in '{wanted}'.",
                element_id=token.task_spec.element_id,
                target_id=spec.element_id,
                scope_id=place,
            )
        if _waits_apart(token, spec):
            raise refused(
                "other_join",
                f"Expected what is started in the ad-hoc sub-process to come together at "
                f"'{spec.element_id}' as at '{token.task_spec.element_id}', but in one of them each waits "
                "for itself.",
                element_id=token.task_spec.element_id,
                target_id=spec.element_id,
            )

    # -- subscriptions

    def _resubscribe(self, was: Token, token: Token) -> None:
        """Keep, close and open what a token waits for."""
        before = list(token.notes.pop("subscriptions", ()))
        waiting = {(catch.event_id, catch.part): catch for catch in catches(token)}
        mapped = mapped_events(
            was.task_spec, token.task_spec, self.mapping, self.source.model, self.target.model
        )
        kept = [self._keep(token, record, waiting, mapped) for record in before]
        still = [record for record in kept if record is not None]
        if still:
            token.notes["subscriptions"] = still
        if not token.is_active or not token.task_spec.has_subscribed(token):
            return
        taken = set(mapped.values())
        opened = [c for (event_id, _), c in waiting.items() if event_id not in taken]
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

    def _keep(
        self,
        token: Token,
        record: Mapping[str, Any],
        waiting: Mapping[tuple[str, int], Catch],
        mapped: Mapping[str, str],
    ) -> dict[str, Any] | None:
        """Return a subscription as that of the target's event; None: it is closed."""
        event_id = mapped.get(record["event"])
        catch = None if event_id is None else waiting.get((event_id, record.get("part", 0)))
        if event_id is None or catch is None:
            self.new.record.close(record["kind"], record["key"])
            closed = ClosedSubscription(record["key"], record["kind"], record["event"])
            self.closed.append(closed)
            return None
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


def _is_sequential(spec: Element) -> bool:
    return isinstance(spec, MultiInstanceBody) and spec.loop.is_sequential


def _waits_apart(token: Token, spec: Element) -> bool:
    """Whether a token waits at a join of an ad-hoc sub-process, and would not wait there in the target."""
    was = token.task_spec
    if token.is_active or not (isinstance(was, Join) and isinstance(spec, Join)):
        return False
    return was.is_shared != spec.is_shared


def _is_converted(was: Token, spec: Element) -> bool:
    """Whether people do from now on what a worker was to do."""
    return waits_for_job(was) and type(spec) is UserTask


def _state(token: Token) -> str:
    if not token.is_active:
        return "JOINING"
    return "INCIDENT" if "incident" in token.notes else "ACTIVE"
