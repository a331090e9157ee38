"""Functions of contexts.

Source: DMN 1.5 §10.3.4.10, table 83; Camunda 8 FEEL built-ins (`put`, `put all`, path keys).
"""

from typing import Any

from service.feel.builtins.registry import builtin
from service.feel.errors import Fault
from service.feel.run import Run


@builtin("get value", "m: context", "key: string", is_glance=True)
@builtin("get value", "context: context", "key: string", is_glance=True)
def _get_value(context: dict[str, Any], key: str) -> Any:
    return context.get(key)


@builtin("get value", "context: context", "keys: list", is_glance=True)
def _get_value_at(context: dict[str, Any], keys: list[Any]) -> Any:
    if not keys:
        return None
    value: Any = context
    for key in keys:
        if not isinstance(value, dict) or not isinstance(key, str):
            return None
        value = value.get(key)
    return value


@builtin("get entries", "m: context")
@builtin("get entries", "context: context")
def _get_entries(context: dict[str, Any]) -> list[Any]:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list")
def _context(entries: list[Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for entry in entries:
        key = _key_of(entry)
        if key in made:
            raise Fault(f"重复的键“{key}”", f"The key '{key}' is there twice.")
        made[key] = entry["value"]
    return made


def _key_of(entry: Any) -> str:
    if not isinstance(entry, dict) or "value" not in entry or not isinstance(entry.get("key"), str):
        raise Fault(
            "每一项应为含有 key（文本）和 value 的上下文",
            "Expected every item to be a context of a key (a text) and a value.",
        )
    key: str = entry["key"]
    return key


@builtin("context put", "context: context", "key: string", "value")
def _context_put(context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**context, key: value}


@builtin("context put", "context: context", "keys: list", "value")
def _context_put_at(context: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any]:
    if not keys or not all(isinstance(key, str) for key in keys):
        raise Fault("路径应为至少一个键的文本列表", "Expected a list of at least one key.")
    return _put(context, keys, value)


def _put(context: dict[str, Any], keys: list[str], value: Any) -> dict[str, Any]:
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    if inner is not None and not isinstance(inner, dict):
        raise Fault(f"键“{keys[0]}”的值不是上下文", f"Expected a context at the key '{keys[0]}'.")
    return {**context, keys[0]: _put(inner or {}, keys[1:], value)}


@builtin("put", "context: context", "key: string", "value")
def _old_put(context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return _context_put(context, key, value)


@builtin("context merge", "contexts: list", rest=True, needs_run=True)
def _context_merge(run: Run, contexts: list[Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise Fault("列表只能含有上下文", "Expected a list of contexts only.")
        run.step(len(context))
        merged.update(context)
    return merged


@builtin("put all", "contexts: list", rest=True, needs_run=True)
def _put_all(run: Run, contexts: list[Any]) -> dict[str, Any]:
    return _context_merge(run, contexts)
