"""The ad-hoc sub-process: its activities are started one by one, by a list, a command or a job.

Source: Camunda 8 ad-hoc sub-processes (AdHocSubProcessProcessor).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.domain.errors import BadInputError, NotFoundError
from service.engine.elements.base import Element, Flow, element
from service.engine.elements.join import Join
from service.engine.elements.scope import Scope, SubProcess
from service.engine.errors import EXTRACT_VALUE, ElementFailure
from service.engine.expressions import optional_formula, plain_variable
from service.engine.job_definition import JobDefinition, job_definition, open_job
from service.engine.job_results import AdHocActivation, AdHocResult, JobResult
from service.engine.leaving import dismiss
from service.engine.machine import Token
from service.feel import Expression, ai_parameters, compile_expression, to_json, verbatim

LEADING = "leading"
ELEMENTS_VARIABLE = "adHocSubProcessElements"
INNER_INSTANCE = "#innerInstance"
"""What follows the id of an ad-hoc sub-process in that of the scopes around its activities."""


class InnerInstance(Scope):
    """The scope around one started activity and what flows from it; variables stay inside."""

    type_name = "AD_HOC_SUB_PROCESS_INNER_INSTANCE"
    keeps_variables = True
    is_strand = True

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile it; it has neither mappings nor listeners of its own."""
        super().__init__(spec, model, name)
        self.make_plain()
        self.element_id = f"{model.id}{INNER_INSTANCE}"

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Start the activity that was asked for, or what a flow leads to."""
        started = token.workflow.spec.task_specs[token.notes.pop("start")]
        flow_id = token.notes.pop("along", None)
        own = token.notes.pop("own", None)
        if flow_id is None:
            started.start_in(token, {"given": own} if own else None)
        else:
            started.arrive(token, flow_id)
        return None

    def remember(self, token: Token) -> None:
        """What can be undone in it can be undone from outside, as if it lay there."""
        records = token.notes.get("compensations")
        if records and token.scope is not None:
            token.scope.notes.setdefault("compensations", []).extend(records)

    def close(self, token: Token) -> bool:
        """Hand the output to the sub-process before the variables are gone."""
        assert token.scope is not None, token.key
        token.scope.task_spec.collect(token.scope, token)
        return True


@element("adHocSubProcess")
class AdHocSubProcess(SubProcess):
    """Active until its condition is true or, without one, nothing that was started is left.

    Its note `fulfilled` says that the condition was true and what still runs is waited for, `queue`
    holds what an ordered one has still to start.

    Attributes:
        inner_instance: The scope around each started activity (set once, by the compiler).
        startable: The elements that can be started, by id (likewise).
        told: What a worker is told of them (likewise).
    """

    type_name = "AD_HOC_SUB_PROCESS"
    inner_instance: Element
    startable: Mapping[str, ElementModel] = {}
    told: Sequence[Mapping[str, Any]] = ()

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the list, the condition, the output and the job."""
        super().__init__(spec, model, name)
        tag = model.tag("adHoc")
        attributes = tag.attributes if tag else {}
        self.list = optional_formula("要启动的活动", attributes.get("activeElementsCollection"))
        self.condition = optional_formula("完成条件", model.completion_condition)
        self.output = optional_formula("输出元素", attributes.get("outputElement"))
        self.output_name = plain_variable(attributes.get("outputElement"))
        self.collection = attributes.get("outputCollection") or ""
        self.job: JobDefinition | None = job_definition(model) if model.job_type else None

    # -- activating

    def take_inputs(self, token: Token) -> bool:
        """Say what can be started and begin the output, before the input mappings."""
        local: dict[str, Any] = {ELEMENTS_VARIABLE: list(self.told)}
        if self.collection:
            local[self.collection] = []
        token.workflow.at(token).set_local(local)
        return super().take_inputs(token)

    def tell_again(self, token: Token) -> None:
        """Say what can be started now that it has migrated; not before it has begun.

        Raises:
            BadInputError: All variables together would pass the limit.
        """
        place = token.workflow.at(token)
        if ELEMENTS_VARIABLE in place.local():
            try:
                place.set_local({ELEMENTS_VARIABLE: list(self.told)})
            except ElementFailure as failure:
                raise BadInputError(f"{failure.text:en}") from failure

    def prepare(self, token: Token) -> Any:
        """Return the ids to start, or the terms of the job that leads.

        Raises:
            ElementFailure: No list of texts, or an id that cannot be started.
        """
        place = token.workflow.at(token)
        if self.job is not None:
            return self.job.terms(place)
        ids = [] if self.list is None else self.list.items(place)
        unknown = [element_id for element_id in ids if element_id not in self.startable]
        if unknown:
            text = f"临时子流程 «{self.element_name}» 里没有可以启动的活动：{verbatim(f'{unknown!r:.200}')}。"
            english = (
                f"Expected activities of the ad-hoc sub-process '{self.element_name}', "
                f"but got {unknown!r:.200}."
            )
            raise ElementFailure(EXTRACT_VALUE, text, english)
        return ids

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Start what the list names, or ask the job; with an empty list it waits."""
        if self.job is not None:
            self._open_job(token, prepared)
        else:
            self.activate(token, [AdHocActivation(element_id) for element_id in prepared])
        return None

    def activate(self, token: Token, activations: Iterable[AdHocActivation]) -> None:
        """Start activities, each in a scope of its own; an ordered sub-process one after the other.

        Source: BPMN 2.0.2 §10.3.5, §13.3.5 (`ordering`).
        """
        for activation in activations:
            own = (None, dict(activation.own)) if activation.own else ()
            self._start_or_queue(token, activation.element_id, dict(activation.variables), *own)

    def follow(self, scope: Token, flow: Flow, notes: Mapping[str, Any]) -> None:
        """Go on behind what has come together: each flow in a scope of its own, unless it joins again.

        Source: Camunda 8.10 (AdHocSubProcessSharedJoinTest).
        """
        if isinstance(flow.target, Join) and flow.target.is_shared:
            super().follow(scope, flow, notes)
        else:
            self._start_or_queue(scope, flow.target.element_id, {}, flow.id)

    def _start_or_queue(self, token: Token, *start: Any) -> None:
        if self.model.is_ordered and self._is_busy(token):
            token.notes.setdefault("queue", []).append(list(start))
        else:
            self._start_inner(token, *start)

    def _start_inner(
        self,
        token: Token,
        element_id: str,
        variables: Mapping[str, Any],
        flow_id: str | None = None,
        own: Mapping[str, Any] | None = None,
    ) -> None:
        given = dict(variables)
        if self.output_name is not None:
            given.setdefault(self.output_name, None)
        notes: dict[str, Any] = {"start": element_id, "given": given}
        if flow_id is not None:
            notes["along"] = flow_id
        if own:
            notes["own"] = own
        inner = token.enter(self.inner_instance, notes)
        self.inner_instance._update(inner)

    def _is_busy(self, token: Token) -> bool:
        children = token.workflow.live_in(token.key)
        return any(child.task_spec is self.inner_instance for child in children)

    def start_queued(self, token: Token) -> None:
        """Start what waits for its turn, when it is its turn."""
        queue = token.notes.get("queue")
        if queue and not self._is_busy(token):
            self._start_inner(token, *queue.pop(0))

    def check(self, activations: Iterable[AdHocActivation]) -> None:
        """Refuse activities that are not here, or are named twice.

        Raises:
            NotFoundError: They are not here.
            BadInputError: They are named twice.
        """
        ids = [activation.element_id for activation in activations]
        unknown = [element_id for element_id in ids if element_id not in self.startable]
        if unknown:
            text = f"Expected activities of '{self.element_id}' that can be started, but got {unknown}."
            raise NotFoundError(text, element_ids=unknown)
        if len(set(ids)) < len(ids):
            raise BadInputError(f"Expected each activity once, but got {ids}.", element_ids=ids)

    # -- leading

    def job_done(
        self, token: Token, variables: Mapping[str, Any], result: JobResult | None
    ) -> None:
        """Do what the leading worker says; its variables are local.

        Raises:
            NotFoundError: It starts what is not here.
            BadInputError: It starts something twice, or starts and is done at the same time.
        """
        if "listener" in token.notes:
            super().job_done(token, variables, result)
            return
        answer = result if isinstance(result, AdHocResult) else AdHocResult()
        self.check(answer.activations)
        if answer.is_fulfilled and answer.activations:
            text = "Expected either activities to start or a fulfilled completion condition, but got both."
            raise BadInputError(text, field="result")
        self._end_wait(token, is_terminated=False)
        token.workflow.at(token).set_local(variables)
        if answer.cancels_remaining:
            self.cancel_remaining(token)
        self.activate(token, answer.activations)
        if answer.is_fulfilled:
            token.notes["fulfilled"] = True
            self._finish_if_empty(token)

    def cancel_remaining(self, token: Token) -> None:
        """Terminate all that runs inside, and start nothing more that was asked for."""
        token.notes.pop("queue", None)
        for child in token.workflow.live_in(token.key):
            dismiss(child)

    def child_left(self, scope: Token, child: Token) -> None:
        """An inner flow is over: is that all, or who says how it goes on?"""
        if "incident" in scope.notes or "listener" in scope.notes:
            return
        if isinstance(child.task_spec, Join) and child.task_spec.leave_with(child):
            return
        if scope.notes.get("interrupted"):
            self._finish_if_empty(scope)
        elif "fulfilled" in scope.notes:
            self.start_queued(scope)
            self._finish_if_empty(scope)
        elif self.job is not None:
            self.start_queued(scope)
            self._lead(scope, self._ask_job)
        elif self.condition is not None:
            self._lead(scope, self._ask_condition)
        else:
            self.start_queued(scope)
            self._finish_if_empty(scope)

    def emptied(self, scope: Token) -> None:
        """What was canceled is gone: start what waited for its turn, or complete."""
        self.start_queued(scope)
        is_over = scope.notes.get("interrupted") or "fulfilled" in scope.notes
        if is_over or (self.job is None and self.condition is None):
            self._finish_if_empty(scope)

    def repeat(self, token: Token) -> None:
        """Ask again who leads, or try the stage again that failed."""
        if token.notes["incident"] != LEADING:
            super().repeat(token)
            return
        del token.notes["incident"]
        self._lead(token, self._ask_job if self.job is not None else self._ask_condition)

    def _lead(self, token: Token, ask: Callable[[Token], None]) -> None:
        try:
            ask(token)
        except ElementFailure as failure:
            token.workflow.fail(token, LEADING, failure)

    def _ask_job(self, token: Token) -> None:
        """Open the leading job anew, in place of one that is still open."""
        assert self.job is not None, self.element_id
        terms = self.job.terms(token.workflow.at(token))
        self._end_wait(token, is_terminated=True)
        self._open_job(token, terms)

    def _ask_condition(self, token: Token) -> None:
        assert self.condition is not None, self.element_id
        if not self.condition.boolean(token.workflow.at(token)):
            self.start_queued(token)
            return
        token.notes["fulfilled"] = True
        token.notes.pop("queue", None)
        if self.model.cancels_remaining:
            self.cancel_remaining(token)
        self._finish_if_empty(token)

    def _open_job(self, token: Token, terms: Any) -> None:
        assert self.job is not None, self.element_id
        token.notes["wait"] = "job"
        open_job(token, self.job, terms, kind="AD_HOC_SUB_PROCESS")

    def _finish_if_empty(self, token: Token) -> None:
        if token.workflow.is_empty(token.key):
            self.finish(token, {})

    # -- the output

    def collect(self, token: Token, inner: Token) -> None:
        """An inner flow is completing: append its output, in order of completion.

        Raises:
            ElementFailure: The expression failed, or somebody else has overwritten the collection.
        """
        if self.output is None or not self.collection:
            return
        machine = token.workflow
        value = self.output.value(machine.at(inner))
        outputs = machine.at(token).local().get(self.collection)
        if not isinstance(outputs, list):
            text = f"输出集合 «{self.collection}» 被改写，已不是列表。"
            english = f"Expected the output collection '{self.collection}' to be a list; it was overwritten."
            raise ElementFailure(EXTRACT_VALUE, text, english)
        machine.at(token).set_local({self.collection: [*outputs, value]})

    def take_result(self, token: Token, payload: Mapping[str, Any]) -> None:
        """Hand the output collection to the parent; the output mappings follow."""
        if self.collection:
            place = token.workflow.at(token)
            place.outside.propagate({self.collection: place.find(self.collection)})


def told_of(model: ElementModel) -> dict[str, Any]:
    """Return what a worker is told of an activity that can be started; what is empty is left out.

    Source: Camunda 8 (AdHocActivityMetadata): an empty property is null.
    """
    parameters = [
        _filled({name: to_json(value) for name, value in vars(parameter).items()})
        for expression in _inputs(model)
        for parameter in ai_parameters(expression)
    ]
    told = {
        "elementId": model.id,
        "elementName": model.name,
        "documentation": model.documentation,
        "properties": {name: value or None for name, value in model.properties.items()},
        "parameters": parameters,
    }
    return _filled(told)


def _filled(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in (None, "", {}, [])}


def _inputs(model: ElementModel) -> Iterator[Expression]:
    """Give the FEEL expressions of an activity's input mappings."""
    for mapping in model.inputs:
        if mapping.source is not None and mapping.source.startswith("="):
            yield compile_expression(mapping.source[1:])
