"""Input and output mappings of `zeebe:ioMapping`.

Source: Camunda 8 variables (each entry sees the targets before it; an input with a dotted target
replaces the whole object, an output changes only the leaf; of equal targets the last wins).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.bpmn import ElementModel, VariableMapping
from service.engine.errors import IO_MAPPING, ElementFailure
from service.engine.expressions import Formula, formula
from service.engine.place import Place


@dataclass(frozen=True)
class Mappings:
    """The compiled mappings of one element, in order; a source of None gives null."""

    inputs: tuple[tuple[tuple[str, ...], Formula | None], ...]
    outputs: tuple[tuple[tuple[str, ...], Formula | None], ...]

    def apply_inputs(self, place: Place) -> None:
        """Write the inputs as locals of the element; nothing is written when one fails.

        Raises:
            ElementFailure: An expression failed.
        """
        place.set_local(self._evaluate(self.inputs, place, {}))

    def apply_outputs(self, place: Place, start: Place) -> None:
        """Write the outputs outward from `start`; nothing is written when one fails.

        Raises:
            ElementFailure: An expression failed.
        """
        start.propagate(self.outputs_of(place))

    def outputs_of(self, place: Place) -> dict[str, Any]:
        """Return what the outputs would write.

        Raises:
            ElementFailure: An expression failed.
        """
        roots = {path[0]: place.find(path[0]) for path, _ in self.outputs if len(path) > 1}
        return self._evaluate(self.outputs, place, roots)

    def _evaluate(
        self,
        entries: tuple[tuple[tuple[str, ...], Formula | None], ...],
        place: Place,
        roots: Mapping[str, Any],
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for path, source in _grouped(entries):
            value = self._value(source, place, values)
            below = values.get(path[0], roots.get(path[0]))
            values[path[0]] = _placed(below, path[1:], value)
        return values

    def _value(self, source: Formula | None, place: Place, before: Mapping[str, Any]) -> Any:
        if source is None:
            return None
        try:
            return source.value(place, before)
        except ElementFailure as failure:
            text = failure.text
            raise ElementFailure(IO_MAPPING, text.marked, text.english) from failure


def compile_mappings(model: ElementModel) -> Mappings:
    """Return the mappings of an element.

    Raises:
        DeploymentRefusedError: FEEL is malformed.
    """
    return Mappings(_entries(model.inputs, "输入映射"), _entries(model.outputs, "输出映射"))


def _entries(
    mappings: tuple[VariableMapping, ...], what: str
) -> tuple[tuple[tuple[str, ...], Formula | None], ...]:
    return tuple(
        (
            tuple(mapping.target.split(".")),
            None if mapping.source is None else formula(f"{what} {mapping.target}", mapping.source),
        )
        for mapping in mappings
    )


def _grouped(
    entries: tuple[tuple[tuple[str, ...], Formula | None], ...],
) -> list[tuple[tuple[str, ...], Formula | None]]:
    """Return the entries with those of one first name together, at the place of the first one."""
    groups: dict[str, list[tuple[tuple[str, ...], Formula | None]]] = {}
    for path, source in entries:
        groups.setdefault(path[0], []).append((path, source))
    return [entry for group in groups.values() for entry in group]


def _placed(below: Any, path: tuple[str, ...], value: Any) -> Any:
    if not path:
        return value
    inner = dict(below) if isinstance(below, dict) else {}
    inner[path[0]] = _placed(inner.get(path[0]), path[1:], value)
    return inner
