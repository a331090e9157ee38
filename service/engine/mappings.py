"""Input and output mappings of `zeebe:ioMapping`.

Source: Camunda 8 variables (evaluated as drawn, each sees the targets before it; an input with a dotted
target makes the whole object anew, an output merges the leaf into what the outer scope holds; of equal
targets the last wins). What several mappings into one object see of each other: its engine's tests
InputMappingPartialShadowingTest, MappingTypePreservationTest, ActivityInputMappingCombinedTest and
NestedOutputPathPropagationTest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.bpmn import ElementModel, VariableMapping
from service.engine.errors import IO_MAPPING, ElementFailure
from service.engine.expressions import Formula, formula
from service.engine.place import Place
from service.feel import to_json

Path = tuple[str, ...]
"""A target, split at its dots."""

Entries = tuple[tuple[Path, Formula | None], ...]
"""Targets with their sources, in order; a source of None gives null."""


@dataclass(frozen=True)
class Mappings:
    """The compiled mappings of one element."""

    inputs: Entries
    outputs: Entries

    def apply_inputs(self, place: Place) -> None:
        """Write the inputs as locals of the element; nothing is written when one fails.

        Raises:
            ElementFailure: An expression failed.
        """
        mapped = _evaluated(self.inputs, place)
        place.set_local({name: to_json(value) for name, value in mapped.values.items()})

    def apply_outputs(self, place: Place, start: Place) -> None:
        """Write the outputs outward from `start`; nothing is written when one fails.

        Raises:
            ElementFailure: An expression failed.
        """
        start.propagate(self.outputs_of(place, start))

    def outputs_of(self, place: Place, start: Place) -> dict[str, Any]:
        """Return what the outputs would write from `start` on: what no mapping names stays there as it is.

        Raises:
            ElementFailure: An expression failed.
        """
        mapped = _evaluated(self.outputs, place)
        return {name: to_json(mapped.over(name, start)) for name in mapped.values}


@dataclass
class _Mapped:
    """What the mappings so far have given.

    Attributes:
        values: FEEL values by first name: dates and durations are such for the mappings behind, too.
        whole: Targets that were given as a whole: nothing that lay there before is seen through them.
    """

    values: dict[str, Any] = field(default_factory=dict)
    whole: set[Path] = field(default_factory=set)

    def put(self, path: Path, value: Any) -> None:
        """Take the value of a target."""
        self.values[path[0]] = _placed(self.values.get(path[0]), path[1:], value)
        self.whole.add(path)

    def seen(self, place: Place, path: Path) -> dict[str, Any]:
        """Return what the source of a target sees in front of the variables.

        Each target before it by its name, and what was mapped into the object it is itself mapped into by the
        names there, as in a FEEL context.
        """
        names = {name: self.over(name, place) for name in self.values}
        level: Any = self.values
        for name in path[:-1]:
            level = level.get(name)
            if not isinstance(level, dict):
                break
            names.update(level)
        return names

    def over(self, name: str, place: Place) -> Any:
        """Return a target; of an object that was mapped in parts, the rest shows through."""
        if (name,) in self.whole:
            return self.values[name]
        return self._over((name,), self.values[name], place.find(name))

    def _over(self, path: Path, value: Any, below: Any) -> Any:
        if path in self.whole or not (isinstance(value, dict) and isinstance(below, dict)):
            return value
        inner = {name: self._over((*path, name), value[name], below.get(name)) for name in value}
        return {**below, **inner}


def compile_mappings(model: ElementModel) -> Mappings:
    """Return the mappings of an element.

    Raises:
        DeploymentRefusedError: FEEL is malformed.
    """
    return Mappings(_entries(model.inputs, "输入映射"), _entries(model.outputs, "输出映射"))


def _entries(mappings: tuple[VariableMapping, ...], what: str) -> Entries:
    return tuple(
        (
            tuple(mapping.target.split(".")),
            None if mapping.source is None else formula(f"{what} {mapping.target}", mapping.source),
        )
        for mapping in mappings
    )


def _evaluated(entries: Entries, place: Place) -> _Mapped:
    mapped = _Mapped()
    for path, source in entries:
        mapped.put(path, _value(source, place, mapped.seen(place, path)))
    return mapped


def _value(source: Formula | None, place: Place, before: Mapping[str, Any]) -> Any:
    if source is None:
        return None
    try:
        return source.feel_value(place, before)
    except ElementFailure as failure:
        text = failure.text
        raise ElementFailure(IO_MAPPING, text.marked, text.english) from failure


def _placed(below: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    inner = dict(below) if isinstance(below, dict) else {}
    inner[path[0]] = _placed(inner.get(path[0]), path[1:], value)
    return inner
