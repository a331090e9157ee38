"""What an expression in a form sees: the data, and inside a list its row and what is around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from service.feel import Surroundings, from_json, to_json
from service.forms.model import Component


@dataclass(frozen=True, eq=False)
class Scope:
    """The surroundings of one place in a form, in FEEL values.

    Attributes:
        data: All variables with the form's values on top.
        this: The row, or the data outside lists.
        parent: The row or data around `this`, or None.
        indexes: Row numbers from the outermost list in, counted from 1.
    """

    data: Mapping[str, Any]
    this: Any
    parent: Any = None
    indexes: tuple[int, ...] = ()

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Scope":
        """Return the scope of the whole form over JSON data."""
        values = from_json(data)
        return cls(values, values)

    def row(self, value: Any, index: int) -> "Scope":
        """Return the scope of one row of a list; `index` counts from 0."""
        return Scope(self.data, value, self.this, (*self.indexes, index + 1))

    @cached_property
    def context(self) -> dict[str, Any]:
        """The names an expression may use, as form-js gives them."""
        special = {
            "this": self.this,
            "parent": self.parent,
            "i": from_json(list(self.indexes)),
        }
        marked = {f"_{name}_": value for name, value in special.items()}
        return {**special, **self.data, **marked}


def evaluate(component: Component, slot: str, scope: Scope, surroundings: Surroundings) -> Any:
    """Return the FEEL value of one of a component's expressions; None when it has none there."""
    expression = component.expressions.get(slot)
    if expression is None:
        return None
    return expression.evaluate(scope.context, surroundings).value


def evaluate_json(component: Component, slot: str, scope: Scope, surroundings: Surroundings) -> Any:
    """Return the same as `evaluate`, as a JSON value."""
    return to_json(evaluate(component, slot, scope, surroundings))
