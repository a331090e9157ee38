"""Multi-instance: a body around one inner instance an item, at once or one after the other.

Source: Camunda 8 multi-instance (MultiInstanceBodyProcessor): the body takes the flows and the
boundary events; the output collection keeps input order and reaches the parent only when the body
completes. Execution listeners (`beforeAll`, 8.10): called once, before the input collection is evaluated.
"""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel, Loop
from service.engine.elements.base import END, START
from service.engine.elements.body import Body
from service.engine.errors import EXTRACT_VALUE, STEP_LIMIT, ElementFailure
from service.engine.expressions import Formula, formula, optional_formula, plain_variable
from service.engine.job_definition import listeners_of
from service.engine.leaving import dismiss
from service.engine.machine import Token


class MultiInstanceBody(Body):
    """The body; its note `loop` holds `size`, `created`, `done`, `terminated`, `stop`, in sequence `items`."""

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the loop's expressions; the body has listeners of one event."""
        super().__init__(spec, model, name)
        loop = model.loop
        assert loop is not None, model.id
        self.loop: Loop = loop
        before_all = listeners_of(model, "executionListeners", "beforeAll")
        self.listeners = {START: before_all, END: ()}
        self.items = optional_formula("输入集合", loop.input_collection)
        self.cardinality = formula("多实例次数", loop.cardinality or "0")
        self.output = optional_formula("输出元素", loop.output_element)
        self.output_name = plain_variable(loop.output_element)
        self.condition: Formula | None = optional_formula("完成条件", loop.completion_condition)

    def prepare(self, token: Token) -> Any:
        """Return the items; with a number in place of a collection, that many nulls.

        Raises:
            ElementFailure: No list, no number from 0 up, or too many items.
        """
        place = token.workflow.at(token)
        items = self.items.items(place) if self.items else None
        size = self.cardinality.integer(place) if items is None else len(items)
        limit = token.workflow.surroundings.limits.multi_instance
        if size < 0:
            english = f"Expected at least 0 instances of a multi-instance, but got {size}."
            raise ElementFailure(EXTRACT_VALUE, f"多实例的次数不能小于 0，实际为 {size}。", english)
        if size > limit:
            text = f"多实例最多 {limit} 项，实际有 {size} 项。"
            english = f"Expected at most {limit} items of a multi-instance, but got {size}."
            raise ElementFailure(STEP_LIMIT, text, english)
        return [None] * size if items is None else items

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Make the inner instances; no item: done at once."""
        if self.loop.output_collection:
            nulls = {self.loop.output_collection: [None] * len(prepared)}
            token.workflow.at(token).set_local(nulls)
        if not prepared:
            return {}
        loop = {"size": len(prepared), "created": 0, "done": 0}
        token.notes["loop"] = loop
        if self.loop.is_sequential:
            loop["items"] = prepared
            self._create(token, prepared[0])
        else:
            for item in prepared:
                self._create(token, item)
        return None

    def _create(self, body: Token, item: Any) -> None:
        loop = body.notes["loop"]
        loop["created"] += 1
        child = body.enter(self.inner, {"loop_counter": loop["created"]})
        names = {"loopCounter": loop["created"]}
        if self.loop.input_element:
            names[self.loop.input_element] = item
        if self.output_name is not None:
            names.setdefault(self.output_name, None)
        body.workflow.at(child).set_local(names)
        self.inner._update(child)

    def collect(self, body: Token, inner: Token) -> None:
        """An inner instance is completing: keep its output, ask the completion condition.

        Raises:
            ElementFailure: An expression failed, or somebody else has overwritten the collection.
        """
        if self.output is not None and self.loop.output_collection:
            value = self.output.value(body.workflow.at(inner))
            self._store(body, inner.notes["loop_counter"] - 1, value)
        if self.condition is not None:
            place = inner.workflow.at(inner)
            if self.condition.boolean(place, self._numbers(body)):
                body.notes["loop"]["stop"] = True

    def _store(self, body: Token, index: int, value: Any) -> None:
        name = self.loop.output_collection or ""
        outputs = body.workflow.at(body).local().get(name)
        if not isinstance(outputs, list) or len(outputs) <= index:
            text = f"输出集合 «{name}» 被改写，已不是长度足够的列表。"
            english = f"Expected a list that is long enough in '{name}', but it was overwritten."
            raise ElementFailure(EXTRACT_VALUE, text, english)
        body.workflow.at(body).set_local({name: [*outputs[:index], value, *outputs[index + 1 :]]})

    def _numbers(self, body: Token) -> dict[str, int]:
        """Return the numbers that only the completion condition sees.

        Source: Camunda 8: the finishing instance counts as completed and no longer as active;
        `numberOfInstances` is what was created so far.
        """
        loop = body.notes["loop"]
        done = loop["done"] + 1
        terminated = loop.get("terminated", 0)
        return {
            "numberOfInstances": loop["created"],
            "numberOfActiveInstances": loop["created"] - done - terminated,
            "numberOfCompletedInstances": done,
            "numberOfTerminatedInstances": terminated,
        }

    def child_left(self, scope: Token, child: Token) -> None:
        """Go on with the next item, or complete the body."""
        loop = scope.notes["loop"]
        loop["done"] += 1
        if loop.get("stop"):
            for other in scope.workflow.live_in(scope.key):
                dismiss(other)
            self.emptied(scope)
        elif "items" in loop and loop["created"] < loop["size"]:
            self._create(scope, loop["items"][loop["created"]])
        elif scope.workflow.is_empty(scope.key):
            self.finish(scope, {})

    def emptied(self, scope: Token) -> None:
        """Complete when the instances that were not waited for are gone."""
        if scope.workflow.is_empty(scope.key):
            self.finish(scope, {})

    def take_result(self, token: Token, payload: Mapping[str, Any]) -> None:
        """Hand the output collection to the parent."""
        name = self.loop.output_collection
        if name:
            place = token.workflow.at(token)
            place.outside.propagate({name: place.find(name)})
