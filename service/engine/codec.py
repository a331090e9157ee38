"""The state of an instance as bytes: a compact format of our own, with its version inside.

Only live tokens are kept: what is finished has left the tree, what is to come is in the diagram.
So the bytes do not grow with the rounds of a loop. Variables are not in it (they are rows of their
own), only how many bytes they take. Instances of a multi-instance that have come equally far are written
together, keys and loop counters as differences: a thousand take some six kilobytes.

    [2, variables_bytes, names,
     [[key, scope key or null, state, name position, notes], ...],
     [[scope key, state, name position, what they wait for, keys, loop counters], ...]]

Format 1, still read: `[1, names, [[key, parent position or -1, state, name position, notes], ...]]`.

Source: none, our own.
"""

from collections.abc import Iterable, Iterator
from itertools import accumulate, islice
from operator import sub
from typing import Any, NamedTuple

import orjson

from service.engine.compiled import CompiledProcess
from service.engine.machine import Machine
from service.engine.stored import Kind, StoredToken, StoredTokens
from service.engine.values import Instance, Surroundings
from service.engine.variables import Variables

VERSION = 2
_ROOT_IN_1 = -1
_ALIKE = ({"loop_counter"}, {"loop_counter", "wait"})
"""The notes of instances of a multi-instance that are written together."""


class _Names(dict[str, int]):
    """Positions of names, in the order in which they are first asked for."""

    def __missing__(self, name: str) -> int:
        self[name] = len(self)
        return self[name]


def encode(machine: Machine) -> bytes:
    """Return the state of an instance that waits."""
    names = _Names()
    single: list[list[Any]] = []
    alike = {kind: dict(members) for kind, members in machine.stored.alike.items() if members}
    for key, stored in machine.stored.single.items():
        single.append([key, stored.scope_key, stored.state, names[stored.name], stored.notes])
    for token in machine.tasks.values():
        name, notes, scope_key = token.task_spec.name, token.notes, token._parent
        if scope_key is not None and notes.keys() in _ALIKE:
            kind = Kind(scope_key, token.state, name, notes.get("wait"))
            alike.setdefault(kind, {})[token.key] = notes["loop_counter"]
        else:
            single.append([token.key, scope_key, token.state, names[name], notes])
    together = [
        [
            *(kind.scope_key, kind.state, names[kind.name], kind.wait),
            *(_steps(kind.scope_key, members), _steps(0, members.values())),
        ]
        for kind, members in alike.items()
    ]
    used_bytes = machine.variables.used_bytes
    return orjson.dumps([VERSION, used_bytes, list(names), single, together])


def _steps(first: int, numbers: Iterable[int]) -> list[int]:
    after = list(numbers)
    return list(map(sub, after, (first, *after)))


def _sums(first: int, steps: Iterable[int]) -> Iterator[int]:
    return islice(accumulate(steps, initial=first), 1, None)


def scope_chain(state: bytes, element_instance_key: int) -> list[int]:
    """Return the scope keys that a live element instance sees, innermost first, the root's last.

    Raises:
        ValueError: The state has no such element instance.
    """
    return _chain(_read(state).tokens, element_instance_key)


def other_scopes(state: bytes, element_instance_key: int) -> tuple[list[int], list[int]]:
    """Return the scopes that a live element instance sees, and the keys of all other element instances.

    Raises:
        ValueError: The state has no such element instance.
    """
    tokens = _read(state).tokens
    chain = _chain(tokens, element_instance_key)
    seen = frozenset(chain)
    return chain, [key for key in tokens.all_keys() if key not in seen]


def _chain(tokens: StoredTokens, element_instance_key: int) -> list[int]:
    chain: list[int] = []
    key: int | None = element_instance_key
    while key is not None:
        chain.append(key)
        try:
            key = tokens.scope_of(key)
        except KeyError as error:
            raise ValueError(f"expected the state to have {element_instance_key}") from error
    return chain


def decode(process: CompiledProcess, instance: Instance, surroundings: Surroundings) -> Machine:
    """Return the machine of a stored instance.

    Raises:
        ValueError: The bytes are of another format version, or of another process.
    """
    saved = _read(instance.state)
    for name in saved.names:
        if name not in process.spec.task_specs:
            raise ValueError(f"expected the process {process.model.id} to have '{name}'")
    variables = Variables(
        instance.key,
        instance.scopes,
        limit_bytes=surroundings.limits.variables_bytes,
        used_bytes=saved.used_bytes,
    )
    return Machine(process.spec, instance.key, variables, surroundings, saved.tokens)


class _Saved(NamedTuple):
    """A state; `used_bytes` is None when it does not say how many bytes the variables take."""

    used_bytes: int | None
    names: list[str]
    tokens: StoredTokens


def _read(state: bytes) -> _Saved:
    version, *rest = orjson.loads(state)
    if version == VERSION:
        used_bytes, names, single, together = rest
        tokens = StoredTokens(_single(names, single), _alike(names, together))
        return _Saved(used_bytes, names, tokens)
    if version == 1:
        names, rows = rest
        return _Saved(None, names, StoredTokens(_from_1(names, rows)))
    raise ValueError(f"expected a state of version {VERSION} or 1, got {version}")


def _single(names: list[str], rows: list[list[Any]]) -> dict[int, StoredToken]:
    return {
        key: StoredToken(scope_key, state, names[name], notes)
        for key, scope_key, state, name, notes in rows
    }


def _alike(names: list[str], together: list[list[Any]]) -> dict[Kind, dict[int, int]]:
    return {
        Kind(scope_key, state, names[name], wait): dict(
            zip(_sums(scope_key, keys), _sums(0, counters), strict=True)
        )
        for scope_key, state, name, wait, keys, counters in together
    }


def _from_1(names: list[str], rows: list[list[Any]]) -> dict[int, StoredToken]:
    return {
        key: StoredToken(
            None if parent == _ROOT_IN_1 else rows[parent][0], state, names[name], notes
        )
        for key, parent, state, name, notes in rows
    }
