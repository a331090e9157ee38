"""Sentences about a form file that several checks share."""

from collections.abc import Iterable

from service.feel import Text, verbatim

# Between Chinese and Latin letters stands a space.
TRUE_OR_FALSE = Text(" true 或 false", "true or false")
INTEGER = Text("整数", "an integer")
LIST = Text("列表", "a list")
OBJECT = Text("对象", "an object")
STRING = Text("文本", "a string")


def must_be(name: str, what: Text) -> Text:
    """Return that an attribute is not what it must be."""
    return Text(f"{name} 应为{what}。", f"'{name}' must be {what:en}.")


def must_be_one_of(name: str, known: Iterable[str]) -> Text:
    """Return that an attribute has none of the values it may have."""
    values = tuple(known)
    return Text(
        f"{name} 只能是 {verbatim('、'.join(values))} 之一。",
        f"'{name}' must be one of {', '.join(values)}.",
    )
