"""The tokens of an instance as they are stored: each stays so until somebody asks for it.

A command touches few of them, however many there are: in a multi-instance of a thousand, the one that is
completed and the scopes around it. The others are carried over into the next state as they came.
"""

from typing import Any, NamedTuple

from SpiffWorkflow.util.task import TaskState


class StoredToken(NamedTuple):
    """A token; `scope_key` is None for the process itself."""

    scope_key: int | None
    state: int
    name: str
    notes: dict[str, Any]


class Kind(NamedTuple):
    """What the instances of a multi-instance that have come equally far have in common.

    Attributes:
        wait: What they wait for, or None.
    """

    scope_key: int
    state: int
    name: str
    wait: str | None


class StoredTokens:
    """The tokens that nobody has asked for yet, by key.

    Attributes:
        single: Those that are like no other.
        alike: Instances of multi-instances that wait, with their loop counters.
    """

    def __init__(
        self,
        single: dict[int, StoredToken] | None = None,
        alike: dict[Kind, dict[int, int]] | None = None,
    ) -> None:
        """Begin with these; they are taken over."""
        self.single = single or {}
        self.alike = alike or {}
        self._single_in: dict[int, set[int]] = {}
        self._alike_in: dict[int, list[Kind]] = {}
        for key, token in self.single.items():
            if token.scope_key is not None:
                self._single_in.setdefault(token.scope_key, set()).add(key)
        for kind in self.alike:
            self._alike_in.setdefault(kind.scope_key, []).append(kind)

    def take(self, key: int) -> StoredToken | None:
        """Return a token, which is stored no longer; None when it is not here."""
        token = self.single.pop(key, None)
        if token is not None and token.scope_key is not None:
            self._single_in[token.scope_key].discard(key)
        kind = None if token or not self.alike else self._kind_of(key)
        if kind is None:
            return token
        notes: dict[str, Any] = {"loop_counter": self.alike[kind].pop(key)}
        if kind.wait is not None:
            notes["wait"] = kind.wait
        return StoredToken(kind.scope_key, kind.state, kind.name, notes)

    def all_keys(self) -> list[int]:
        """Return the keys of all."""
        return [*self.single, *(key for members in self.alike.values() for key in members)]

    def inside(self, scope_key: int) -> list[int]:
        """Return the keys of those directly in a scope."""
        kinds = self._alike_in.get(scope_key, ())
        alike = (key for kind in kinds for key in self.alike[kind])
        return [*self._single_in.get(scope_key, ()), *alike]

    def is_empty(self, scope_key: int) -> bool:
        """Whether none is directly in a scope."""
        kinds = self._alike_in.get(scope_key, ())
        return not (self._single_in.get(scope_key) or any(self.alike[kind] for kind in kinds))

    def waiting(self) -> list[int]:
        """Return the keys of those that wait at joins."""
        return [key for key, token in self.single.items() if token.state == TaskState.WAITING]

    def noted(self, name: str) -> list[int]:
        """Return the keys of those that are like no other and have a note of that name."""
        return [key for key, token in self.single.items() if name in token.notes]

    def subscriber(self, subscription_key: int) -> int | None:
        """Return the key of the one that holds a subscription, or None."""
        for key, token in self.single.items():
            if any(s["key"] == subscription_key for s in token.notes.get("subscriptions", ())):
                return key
        return None

    def scope_of(self, key: int) -> int | None:
        """Return the key of the scope of one, None for the process itself.

        Raises:
            KeyError: It is not here.
        """
        kind = self._kind_of(key)
        return self.single[key].scope_key if kind is None else kind.scope_key

    def _kind_of(self, key: int) -> Kind | None:
        return next((kind for kind, members in self.alike.items() if key in members), None)
