"""Evaluating a decision with everything it requires, each decision once.

Source: DMN 1.5 §6.2, §10.4 (decision services).
"""

from collections.abc import Mapping
from typing import Any

from service.dmn.boxed import START, code_of, wrong_type
from service.dmn.errors import DecisionFailed
from service.dmn.logic import LogicResult
from service.dmn.model import (
    Decision,
    Definitions,
    InputData,
    Knowledge,
    Node,
    Reference,
    Service,
)
from service.dmn.outcome import DecisionOutcome, EvaluatedDecision
from service.feel import Surroundings
from service.feel.errors import AssertionFailed, LimitExceeded
from service.feel.number_context import feel_numbers
from service.feel.run import Frame, Run
from service.feel.types import FeelType, coerce
from service.feel.values import Lambda
from service.feel.wording import Text

_Key = tuple[Definitions, str]
_KINDS = {AssertionFailed: "assertion_failed", LimitExceeded: "limit_exceeded"}
_NOTHING: Mapping[str, Any] = {}
_TOO_DEEP = Text("嵌套太深", "It is nested too deep.")


def evaluate(
    definitions: Definitions,
    decision_id: str,
    variables: Mapping[str, Any],
    surroundings: Surroundings,
    imports: Mapping[str, Definitions] | None = None,
    stand_ins: Mapping[str, Any] = _NOTHING,
) -> DecisionOutcome:
    """Return the outcome of a decision (or decision service) over FEEL values; never raises.

    Args:
        decision_id: Id of a decision or decision service of `definitions`.
        variables: All that expressions may read, by name.
        imports: Imported files by namespace, beyond those given when the file was read.
        stand_ins: Values by name of decisions that are not evaluated but given.
    """
    run = Run(surroundings)
    evaluation = Evaluation(run, definitions, imports or {}, variables, stand_ins)
    value, failure, seen = None, None, None
    with feel_numbers():
        try:
            value = evaluation.asked(decision_id)
        except DecisionFailed as error:
            failure, seen = error.text, error.result
        except (AssertionFailed, LimitExceeded) as error:
            failure = error.text
            run.note(_KINDS[type(error)], failure, START)
        except RecursionError:
            failure = _TOO_DEEP
            run.note("limit_exceeded", failure, START)
    failed = None
    if failure is not None:
        failed = evaluation.give_up(seen) or decision_id
    return DecisionOutcome(
        value, tuple(evaluation.evaluated), tuple(run.diagnostics), failed, failure
    )


class Evaluation:
    """The values of one evaluation so far.

    Attributes:
        evaluated: Decisions that have been evaluated, in order.
    """

    def __init__(
        self,
        run: Run,
        definitions: Definitions,
        imports: Mapping[str, Definitions],
        variables: Mapping[str, Any],
        stand_ins: Mapping[str, Any],
    ) -> None:
        self.evaluated: list[EvaluatedDecision] = []
        self._run = run
        self._main = definitions
        self._imports = imports
        self._root = Frame(variables, None, run)
        self._stand_ins = stand_ins
        self._values: dict[_Key, Any] = {}
        self._path: dict[_Key, Decision] = {}

    def give_up(self, seen: LogicResult | None) -> str | None:
        """Return the id of the decision that could not be decided, None when none was begun.

        It and all that required it are told among the evaluated ones, without output.
        """
        begun = list(self._path.items())[::-1]
        results = [seen or LogicResult(None), *(LogicResult(None) for _ in begun[1:])]
        for ((file, _), node), result in zip(begun, results, strict=False):
            self._tell(file, node, result, None)
        return begun[0][1].id if begun else None

    def asked(self, node_id: str) -> Any:
        """Return the value of a decision or service of the main file.

        Raises:
            DecisionFailed: There is none, or it cannot be decided.
        """
        node = self._main.nodes.get(node_id)
        if isinstance(node, Service):
            return self._asked_service(node)
        if not isinstance(node, Decision):
            raise DecisionFailed(
                Text(f"没有 id 为“{node_id}”的决策", f"There is no decision with id “{node_id}”.")
            )
        return self._decision_value(self._main, node)

    def _asked_service(self, node: Service) -> Any:
        given = {**self._root.names, **self._stand_ins}
        inputs = [self._find(self._main, one)[1] for one in node.input_decisions]
        decided = {one.name: given.get(one.name) for one in inputs}
        inner = Evaluation(self._run, self._main, self._imports, self._root.names, decided)
        inner.evaluated, inner._path = self.evaluated, self._path
        return inner._service_value(self._main, node)

    def _decision_value(self, file: Definitions, node: Decision) -> Any:
        key = (file, node.id)
        if key in self._values:
            return self._values[key]
        if key in self._path:
            raise DecisionFailed(
                Text(f"决策“{node.name}”依赖于它自己", f"Decision “{node.name}” requires itself.")
            )
        self._path[key] = node
        value = self._values[key] = self._decided(file, node)
        del self._path[key]
        return value

    def _decided(self, file: Definitions, node: Decision) -> Any:
        if node.name in self._stand_ins:
            return self._fitted(self._stand_ins[node.name], node.type, node.name)
        names = self._names(file, node.requires)
        run = self._run
        noticed = len(run.diagnostics)
        logic = node.logic
        result = LogicResult(None) if logic is None else logic.decide(Frame(names, self._root, run))
        value = self._fitted(result.value, node.type, node.name)
        if len(run.diagnostics) > noticed:
            run.locate(noticed, Text(f"决策“{node.name}”", f"Decision “{node.name}”"))
        self._tell(file, node, result, value)
        return value

    def _tell(self, file: Definitions, node: Decision, result: LogicResult, value: Any) -> None:
        self.evaluated.append(
            EvaluatedDecision(
                node.id,
                node.name,
                node.logic.kind if node.logic is not None else "UNSPECIFIED",
                value,
                result.inputs,
                result.matched_rules,
                node.logic.hit_policy if node.logic is not None else None,
                result.cells,
                result.row_count,
                file.namespace,
                file.origin,
            )
        )

    def _fitted(self, value: Any, wanted: FeelType | None, name: str) -> Any:
        if wanted is None:
            return value
        fitted, fits = coerce(value, wanted, self._run.step)
        if not fits:
            self._run.note("wrong_type", wrong_type(Text(f"“{name}”", f"“{name}”"), wanted), START)
        return fitted

    def _names(self, file: Definitions, requires: tuple[Reference, ...]) -> dict[str, Any]:
        names: dict[str, Any] = {}
        for reference in requires:
            owner, node = self._find(file, reference)
            value = self._value(owner, node)
            prefix = file.import_names.get(reference.namespace, "") if reference.namespace else ""
            if prefix:
                names.setdefault(prefix, {})[node.name] = value
                continue
            if isinstance(node, Decision):
                names.setdefault(node.id, value)
                names[node.name] = value
                names[node.variable] = value
            elif (
                not isinstance(node, InputData)
                or value is not None
                or node.name in self._root.names
            ):
                names[node.name] = value
        return names

    def _find(self, file: Definitions, reference: Reference) -> tuple[Definitions, Node]:
        owner = file
        if reference.namespace:
            found = file.imports.get(reference.namespace) or self._imports.get(reference.namespace)
            if found is None:
                raise DecisionFailed(
                    Text(
                        f"缺少导入的 DMN 文件“{reference.namespace}”",
                        f"The imported DMN file “{reference.namespace}” is missing.",
                    )
                )
            owner = found
        node = owner.nodes.get(reference.id)
        if node is None:
            raise DecisionFailed(
                Text(
                    f"引用的元素“{reference.id}”不存在",
                    f"The element “{reference.id}” referred to does not exist.",
                )
            )
        return owner, node

    def _value(self, file: Definitions, node: Node) -> Any:
        match node:
            case Decision():
                return self._decision_value(file, node)
            case InputData():
                return self._fitted(self._root.names.get(node.name), node.type, node.name)
            case Knowledge():
                return self._function(file, node)
            case Service():
                return self._service_function(file, node)

    def _function(self, file: Definitions, node: Knowledge) -> Lambda:
        key = (file, node.id)
        known = self._values.get(key)
        if isinstance(known, Lambda):
            return known
        names = tuple(name for name, _ in node.parameters)
        types = tuple(kind for _, kind in node.parameters)
        body = code_of(node.logic)
        own: dict[str, Any] = {}

        def call(*arguments: Any) -> Any:
            outer = Frame(own, None, self._run)
            return body(Frame(dict(zip(names, arguments, strict=True)), outer, self._run))

        made = self._values[key] = Lambda(names, call, types, node.type)
        own.update(self._names(file, node.requires))
        own[node.name] = made
        return made

    def _service_function(self, file: Definitions, node: Service) -> Lambda:
        inputs = [self._find(file, one)[1] for one in (*node.input_data, *node.input_decisions)]
        names = tuple(one.name for one in inputs)
        types = tuple(one.type if isinstance(one, InputData | Decision) else None for one in inputs)

        def call(*arguments: Any) -> Any:
            given = dict(zip(names, arguments, strict=True))
            data = {name: given[name] for name in names[: len(node.input_data)]}
            decided = {name: given[name] for name in names[len(node.input_data) :]}
            inner = Evaluation(self._run, file, self._imports, data, decided)
            return inner._service_value(file, node)

        return Lambda(names, call, types, node.type)

    def _service_value(self, file: Definitions, node: Service) -> Any:
        values = {}
        for reference in node.output_decisions:
            owner, decision = self._find(file, reference)
            values[decision.name] = self._value(owner, decision)
        value = next(iter(values.values())) if len(values) == 1 else values
        return self._fitted(value, node.type, node.name)
