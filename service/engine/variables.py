"""Variables in scopes: what an element sees, and the two ways to write.

Values are JSON and never changed in place: a write replaces the value.

Source: Camunda 8 variables (local and propagating writes; reading goes from the innermost scope
outward).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from service.domain.cluster_variables import shadowed
from service.domain.identifiers import LONGEST_NAME
from service.engine.errors import EXTRACT_VALUE, MESSAGE_SIZE, ElementFailure
from service.feel import from_json, verbatim


@dataclass(frozen=True)
class Change:
    """A variable was created or has a new value.

    Attributes:
        kind: `create` or `update`.
    """

    scope_key: int
    name: str
    kind: str


class Variables:
    """The variables of one instance by scope key, and what of them was written in this step.

    Attributes:
        changes: What was created or got another value since somebody last emptied this list.
    """

    def __init__(
        self,
        root_key: int,
        scopes: Mapping[int, Mapping[str, Any]],
        *,
        limit_bytes: int,
        used_bytes: int | None = None,
    ) -> None:
        """Take over the stored variables.

        Args:
            root_key: Key of the root scope.
            scopes: Stored values; not changed, and asked only for scopes that are concerned.
            limit_bytes: Most JSON bytes of all values together.
            used_bytes: How many they are; None: not known, so all have to be read.
        """
        self._root_key = root_key
        self._stored = scopes
        self._scopes: dict[int, dict[str, Any]] = {}
        self._limit_bytes = limit_bytes
        self._used_bytes = used_bytes
        self.written: dict[tuple[int, str], Any] = {}
        self.changes: list[Change] = []
        self.dropped: list[int] = []

    def local(self, scope_key: int) -> Mapping[str, Any]:
        """Return the variables of one scope only."""
        return self._of(scope_key)

    def visible(self, chain: list[int]) -> dict[str, Any]:
        """Return all that is seen from a chain of scopes, innermost first in the chain."""
        merged: dict[str, Any] = {}
        for key in reversed(chain):
            merged.update(self._of(key))
        return merged

    def lookup(self, chain: list[int]) -> Callable[[str], Any]:
        """Return a function name -> value that raises KeyError, reading outward through a chain."""
        scopes = [values for key in chain if (values := self._of(key))]

        def find(name: str) -> Any:
            for values in scopes:
                if name in values:
                    return values[name]
            raise KeyError(name)

        return find

    def names(self, chain: list[int]) -> set[str]:
        """Return the names seen from a chain of scopes."""
        return {name for key in chain for name in self._of(key)}

    def set_local(self, scope_key: int, name: str, value: Any) -> None:
        """Write in exactly this scope.

        Raises:
            ElementFailure: All variables together would pass the limit, or the name is longer than
                `LONGEST_NAME`.
        """
        values = self._of(scope_key)
        if name not in values and len(name) > LONGEST_NAME:
            raise ElementFailure(
                EXTRACT_VALUE,
                f"变量名最多 {LONGEST_NAME} 个字符，实际有 {len(name)} 个。",
                f"Expected names of variables to have at most {LONGEST_NAME} characters, but got {len(name)}.",
            )
        self._charge(
            json_size(name, value) - (json_size(name, values[name]) if name in values else 0)
        )
        if name not in values:
            self.changes.append(Change(scope_key, name, "create"))
        elif values[name] != value:
            self.changes.append(Change(scope_key, name, "update"))
        values[name] = value
        self.written[scope_key, name] = value

    def propagate(self, chain: list[int], name: str, value: Any) -> None:
        """Write in the nearest scope of the chain that has the name, else in its last one.

        Raises:
            ElementFailure: All variables together would pass the limit.
        """
        for key in chain:
            if name in self._of(key):
                return self.set_local(key, name, value)
        return self.set_local(chain[-1], name, value)

    def take_back(self, scope_key: int) -> None:
        """Forget what was written in a scope in this step; it is to be dropped."""
        for name in self._of(scope_key):
            self.written.pop((scope_key, name), None)

    def drop(self, scope_key: int) -> None:
        """Forget the variables of a scope that is over."""
        values = self._of(scope_key)
        if values:
            if self._used_bytes is not None:
                self._used_bytes -= _scope_size(values)
            self._scopes[scope_key] = {}
            self.dropped.append(scope_key)

    def _of(self, scope_key: int) -> dict[str, Any]:
        values = self._scopes.get(scope_key)
        if values is None:
            values = self._scopes[scope_key] = dict(self._stored.get(scope_key, ()))
        return values

    def _charge(self, more_bytes: int) -> None:
        used = self.used_bytes + more_bytes
        if more_bytes > 0 and used > self._limit_bytes:
            raise ElementFailure(
                MESSAGE_SIZE,
                f"流程实例的变量合计最多 {self._limit_bytes} 字节，写入后将达到 {used} 字节。",
                f"Expected at most {self._limit_bytes} bytes of variables in a process instance, "
                f"but there would be {used}.",
            )
        self._used_bytes = used

    @property
    def used_bytes(self) -> int:
        """JSON bytes of all variables; measured when first asked for."""
        if self._used_bytes is None:
            keys = {*self._stored, *self._scopes}
            self._used_bytes = sum(_scope_size(self._of(key)) for key in keys)
        return self._used_bytes


class FeelContext(Mapping[str, Any]):
    """What FEEL sees: variables become FEEL values when they are first asked for.

    `camunda.vars` holds the cluster variables, `camunda.processInstance` key and business id of the
    instance; a process variable `camunda` of the same path shadows them.
    """

    def __init__(
        self,
        find: Callable[[str], Any],
        names: Callable[[], set[str]],
        extra: Mapping[str, Any],
        platform: Mapping[str, Any],
    ) -> None:
        """Look names up in `extra`, then through `find`; `platform` is seen as `camunda`."""
        self._find = find
        self._names = names
        self._extra = extra
        self._platform = platform
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = from_json(self._json(name))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names() | set(self._extra) | {"camunda"})

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _json(self, name: str) -> Any:
        if name in self._extra:
            return self._extra[name]
        if name != "camunda":
            return self._find(name)
        try:
            return shadowed(self._platform, self._find(name))
        except KeyError:
            return self._platform


def json_size(name: str, value: Any) -> int:
    """Return the bytes a variable takes as JSON.

    Raises:
        ElementFailure: The value cannot be JSON.
    """
    try:
        return len(orjson.dumps(name)) + len(orjson.dumps(value)) + len(":,")
    except orjson.JSONEncodeError as error:
        # Such as an integer of more than 64 bits.
        text = f"变量 «{name}» 的值不能存为 JSON：{verbatim(str(error))}"
        english = f"Expected the value of '{name}' to be JSON, but it is not: {error}."
        raise ElementFailure(EXTRACT_VALUE, text, english) from error


def _scope_size(values: Mapping[str, Any]) -> int:
    return len(orjson.dumps(values)) - 1 if values else 0
