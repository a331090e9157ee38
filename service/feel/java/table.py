"""The table of static methods, filled by the modules of this folder."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Key = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Method:
    """One static method.

    Attributes:
        parameters: Java types; the last may be an array, which takes all remaining arguments.
        call: Takes and gives Python values of those types (`conversion`).
        returns: A Java type.
    """

    parameters: tuple[str, ...]
    call: Callable[..., Any]
    returns: str


METHODS: dict[Key, Method] = {}


def static(owner: str, signature: str, returns: str, call: Callable[..., Any]) -> None:
    """Register a method under its class and signature (`max(int,int)`)."""
    name, parameters = split_signature(signature)
    key = (owner, name, parameters)
    if key in METHODS:
        raise ValueError(f"{owner}.{signature} is registered twice")
    METHODS[key] = Method(parameters, call, returns)


def split_signature(signature: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of a method and its parameter types.

    Raises:
        ValueError: The text is no signature.
    """
    name, bracket, rest = signature.strip().partition("(")
    if not bracket or not rest.endswith(")") or not name.strip():
        raise ValueError(signature)
    types = [one.strip() for one in rest[:-1].split(",")]
    if types == [""]:
        types = []
    if "" in types:
        raise ValueError(signature)
    return name.strip(), tuple(map(_plain, types))


def _plain(name: str) -> str:
    """Return an array type in one way of writing: `java.lang.Object[]`."""
    if name.startswith("[L") and name.endswith(";"):
        return name[2:-1] + "[]"
    return name[:-3].rstrip() + "[]" if name.endswith("...") else name
