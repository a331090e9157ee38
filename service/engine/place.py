"""Where an element instance stands among the scopes: what it sees of the variables, and where it writes."""

from collections.abc import Mapping
from typing import Any

from service.engine.values import Surroundings
from service.engine.variables import FeelContext, Variables
from service.feel import Expression, Outcome
from service.feel import Surroundings as FeelSurroundings
from service.sla import SHANGHAI

NOBODY: frozenset[int] = frozenset()


class Place:
    """Somewhere in the scopes: the chain of scope keys from an element instance to the root."""

    def __init__(
        self,
        variables: Variables,
        surroundings: Surroundings,
        chain: list[int],
        keepers: frozenset[int] = NOBODY,
    ) -> None:
        """Stand in the first scope of a chain.

        Args:
            variables: Those of the instance.
            surroundings: The world of this step.
            chain: Keys from here to the root.
            keepers: Those of scopes that keep their variables: a propagating write ends there.
        """
        self._variables = variables
        self._surroundings = surroundings
        self._chain = chain
        self._keepers = keepers

    @property
    def outside(self) -> "Place":
        """The place one scope further out (of the root: itself)."""
        chain = self._chain[1:] or self._chain
        return Place(self._variables, self._surroundings, chain, self._keepers)

    def evaluate(self, expression: Expression, extra: Mapping[str, Any]) -> Outcome:
        """Return the value of an expression over what is visible, `extra` in front of it."""
        around = self._surroundings
        context = FeelContext(
            self._variables.lookup(self._chain),
            lambda: self._variables.names(self._chain),
            extra,
            around.platform,
        )
        surroundings = FeelSurroundings(around.now, SHANGHAI, around.functions)
        return expression.evaluate(context, surroundings)

    def visible(self) -> dict[str, Any]:
        """Return all visible variables, inner ones in front."""
        return self._variables.visible(self._chain)

    def local(self) -> dict[str, Any]:
        """Return the variables of this scope only."""
        return dict(self._variables.local(self._chain[0]))

    def find(self, name: str) -> Any:
        """Return the visible value of a name, None when there is none."""
        try:
            return self._variables.lookup(self._chain)(name)
        except KeyError:
            return None

    def set_local(self, values: Mapping[str, Any]) -> None:
        """Write into this scope only."""
        for name, value in values.items():
            self._variables.set_local(self._chain[0], name, value)

    def propagate(self, values: Mapping[str, Any]) -> None:
        """Write each name where it is first found from here outward, else into the outermost scope."""
        reached = self._chain
        if self._keepers:
            keeps = (position for position, key in enumerate(reached) if key in self._keepers)
            reached = reached[: next(keeps, len(reached)) + 1]
        for name, value in values.items():
            self._variables.propagate(reached, name, value)
