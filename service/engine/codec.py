"""The state of an instance as bytes: a compact format of our own, with its version inside.

Only live tokens are kept: what is finished has left the tree, what is to come is in the diagram.
So the bytes do not grow with the rounds of a loop. Variables are not in it (they are rows of their
own).

    [version, names, [[key, parent position, state, name position, notes],
    ...]]

Source: none, our own.
"""

from typing import Any

import orjson

from service.engine.compiled import CompiledProcess
from service.engine.machine import Machine, Token
from service.engine.values import Instance, Surroundings
from service.engine.variables import Variables

VERSION = 1
_ROOT = -1


def encode(machine: Machine) -> bytes:
    """Return the state of an instance that waits."""
    names: dict[str, int] = {}
    positions: dict[int, int] = {}
    rows: list[list[Any]] = []
    # Spiff keeps tasks in the order they were made: scopes stand before what is inside them.
    for token in machine.tasks.values():
        positions[token.key] = len(rows)
        name = names.setdefault(token.task_spec.name, len(names))
        parent = _ROOT if token.scope is None else positions[token.scope_key]
        rows.append([token.key, parent, token.state, name, token.notes])
    return orjson.dumps([VERSION, list(names), rows])


def scope_chain(state: bytes, element_instance_key: int) -> list[int]:
    """Return the scope keys that a live element instance sees, innermost first, the root's last.

    Raises:
        ValueError: The state has no such element instance.
    """
    _version, _names, rows = orjson.loads(state)
    keys = [row[0] for row in rows]
    position = keys.index(element_instance_key)
    chain = [element_instance_key]
    while (position := rows[position][1]) != _ROOT:
        chain.append(keys[position])
    return chain


def decode(process: CompiledProcess, instance: Instance, surroundings: Surroundings) -> Machine:
    """Return the machine of a stored instance.

    Raises:
        ValueError: The bytes are of another format version, or of another process.
    """
    version, names, rows = orjson.loads(instance.state)
    if version != VERSION:
        raise ValueError(f"expected a state of version {VERSION}, got {version}")
    variables = Variables(
        instance.key,
        instance.scopes,
        limit_bytes=surroundings.limits.variables_bytes,
    )
    machine = Machine(process.spec, instance.key, variables, surroundings)
    specs = [_spec(process, name) for name in names]
    tokens: list[Token] = []
    for key, parent, state, name, notes in rows:
        if parent == _ROOT:
            tokens.append(machine.plant(notes, state))
            continue
        token = Token(machine, specs[name], tokens[parent], state, key)
        token.internal_data = notes
        tokens.append(token)
    return machine


def _spec(process: CompiledProcess, name: str) -> Any:
    if name not in process.spec.task_specs:
        raise ValueError(f"expected the process {process.model.id} to have '{name}'")
    return process.spec.task_specs[name]
