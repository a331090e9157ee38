"""Reads the components of a form one by one: types, keys, expressions, patterns."""

from collections.abc import Callable, Mapping
from typing import Any

from regress import Regex, RegressError

from service.domain.tracked_items import ITEM_KINDS
from service.feel import Expression, FeelSyntaxError, Text, compile_expression, verbatim
from service.forms.attributes import attribute_mistakes
from service.forms.kinds import AUTO_NAMES, CONTAINERS, EMPTY_VALUES, SHOWN
from service.forms.mistakes import LIST, must_be, must_be_one_of
from service.forms.model import Component
from service.forms.patterns import repeats_a_repetition
from service.forms.slots import REQUIRED_SLOTS, WRITTEN_AS, slots_of, template_texts
from service.forms.templates import expressions_in

MAX_DEPTH = 20
MAX_COMPONENTS = 2_000

_TOO_DEEP = Text(
    f"表单嵌套不能超过 {MAX_DEPTH} 层。", f"Components may be nested at most {MAX_DEPTH} deep."
)
_TOO_MANY = Text(
    f"组件不能超过 {MAX_COMPONENTS} 个。", f"A form may have at most {MAX_COMPONENTS} components."
)
_NO_COMPONENT = Text(
    "组件应为带有 type 的 JSON 对象。", "A component must be a JSON object with a 'type'."
)
_IFRAME = Text(
    "不支持内嵌网页（iframe）：页面安全策略会阻止其显示。",
    "Embedded pages (iframe) are not supported: the security policy of the pages keeps them out.",
)
_NAMES = Text("以“.”分隔的非空名称", "names separated by '.', none of them empty")
_SLOW_PATTERN = Text(
    "正则表达式在重复的分组中又有重复，匹配可能极慢，请改写。",
    "The pattern repeats a group that repeats something itself, which may match extremely slowly: "
    "rewrite it.",
)


class Reader:
    """Reads a tree of components and reports what is wrong, instead of stopping at the first.

    Attributes:
        names: Variables that expressions and option lists read, gathered on the way.
    """

    def __init__(self, report: Callable[[str, Text, str | None], None]) -> None:
        self.names: set[str] = set()
        self._report = report
        self._ids: set[str] = set()

    def read(self, raw: Any, depth: int = 1) -> tuple[Component, ...]:
        """Return the components of one level with everything inside them."""
        if not isinstance(raw, list):
            self._report("wrong_type", must_be("components", LIST), None)
            return ()
        if depth > MAX_DEPTH:
            self._report("too_deep", _TOO_DEEP, None)
            return ()
        found = (self._component(entry, depth) for entry in raw)
        return tuple(component for component in found if component is not None)

    def _component(self, raw: Any, depth: int) -> Component | None:
        if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
            self._report("wrong_type", _NO_COMPONENT, None)
            return None
        component_id = self._id(raw)
        if not self._is_known(raw["type"], component_id):
            return None
        for rule, text in attribute_mistakes(raw):
            self._report(rule, text, component_id)
        children = self.read(raw.get("components", []), depth + 1) if _holds(raw) else ()
        if isinstance(raw.get("valuesKey"), str):
            self.names.add(raw["valuesKey"])
        self._check_templates(raw, component_id)
        return Component(
            id=component_id or "",
            type=raw["type"],
            label=_text(raw.get("label")),
            path=self._path(raw, component_id),
            raw=raw,
            expressions=self._expressions(raw, component_id),
            pattern=self._pattern(raw, component_id),
            properties=self._properties(raw, component_id),
            children=children,
        )

    def _id(self, raw: Mapping[str, Any]) -> str | None:
        component_id = raw.get("id")
        if not isinstance(component_id, str) or not component_id:
            self._report("missing_id", _no_id(raw["type"]), None)
            return None
        if component_id in self._ids:
            self._report("duplicate_id", _double_id(component_id), component_id)
        self._ids.add(component_id)
        if len(self._ids) == MAX_COMPONENTS + 1:
            self._report("too_large", _TOO_MANY, None)
        return component_id

    def _is_known(self, component_type: str, component_id: str | None) -> bool:
        if component_type in EMPTY_VALUES or component_type in CONTAINERS | SHOWN:
            return True
        if component_type == "iframe":
            self._report("iframe", _IFRAME, component_id)
        else:
            self._report("unknown_type", _unknown_type(component_type), component_id)
        return False

    def _path(self, raw: Mapping[str, Any], component_id: str | None) -> tuple[str, ...]:
        is_keyed = raw["type"] in EMPTY_VALUES
        if not is_keyed and raw["type"] not in CONTAINERS:
            return ()
        name = "key" if is_keyed else "path"
        written = raw.get(name)
        if not written and raw["type"] == "group":
            return ()
        steps = tuple(written.split(".")) if isinstance(written, str) else ()
        if not steps or not all(steps):
            self._report("bad_key", must_be(name, _NAMES), component_id)
            return ()
        return steps

    def _expressions(
        self, raw: Mapping[str, Any], component_id: str | None
    ) -> dict[str, Expression]:
        compiled = {}
        for slot, text in slots_of(raw):
            if slot in REQUIRED_SLOTS and not text.startswith("="):
                self._report("feel_prefix", _no_prefix(WRITTEN_AS[slot], text), component_id)
                continue
            expression = self._compiled(text.removeprefix("="), slot, component_id)
            if expression is not None:
                compiled[slot] = expression
        return compiled

    def _check_templates(self, raw: Mapping[str, Any], component_id: str | None) -> None:
        for name, text in template_texts(raw):
            for expression in expressions_in(text):
                self._compiled(expression, name, component_id)

    def _compiled(self, text: str, slot: str, component_id: str | None) -> Expression | None:
        try:
            expression = compile_expression(text)
        except FeelSyntaxError as error:
            told = _no_feel(WRITTEN_AS.get(slot, slot), error)
            self._report("feel_syntax", told, component_id)
            return None
        self.names |= expression.names_used
        return expression

    def _pattern(self, raw: Mapping[str, Any], component_id: str | None) -> Regex | None:
        checks = raw.get("validate")
        written = checks.get("pattern") if isinstance(checks, Mapping) else None
        if not written:
            return None
        if repeats_a_repetition(str(written)):
            self._report("slow_pattern", _SLOW_PATTERN, component_id)
            return None
        try:
            return Regex(str(written))
        except RegressError as error:
            self._report("bad_pattern", _bad_pattern(error), component_id)
            return None

    def _properties(self, raw: Mapping[str, Any], component_id: str | None) -> dict[str, str]:
        written = raw.get("properties") or {}
        if not isinstance(written, Mapping):
            return {}
        properties = {name: _text(value) for name, value in written.items()}
        if properties.get("auto") and properties["auto"] not in AUTO_NAMES:
            self._report("bad_auto", must_be_one_of("auto", sorted(AUTO_NAMES)), component_id)
        kind = properties.get("trackedItem")
        if kind and (kind not in ITEM_KINDS or raw.get("type") != "checkbox"):
            self._report("bad_tracked_item", _bad_tracked_item(), component_id)
        return properties


def _holds(raw: Mapping[str, Any]) -> bool:
    return raw["type"] in CONTAINERS


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _no_id(component_type: str) -> Text:
    return Text(
        f"类型为“{component_type}”的组件缺少 id。",
        f"A component of type '{component_type}' has no id.",
    )


def _double_id(component_id: str) -> Text:
    return Text(
        f"组件 id“{component_id}”重复。", f"The component id '{component_id}' is there twice."
    )


def _unknown_type(component_type: str) -> Text:
    return Text(
        f"不支持的组件类型“{component_type}”。",
        f"The component type '{component_type}' is not supported.",
    )


def _no_prefix(attribute: str, text: str) -> Text:
    return Text(
        f"{attribute} 须以“=”开头：{verbatim(text)}",
        f"'{attribute}' must begin with '=', but is '{text}'.",
    )


def _no_feel(attribute: str, error: FeelSyntaxError) -> Text:
    return Text(
        f"{attribute} 的表达式有语法错误：{error.sentence}",
        f"The expression of '{attribute}' is no FEEL: {error.sentence:en}",
    )


def _bad_pattern(error: RegressError) -> Text:
    return Text(f"正则表达式有误：{error}。", f"The pattern is wrong: {error}.")


def _bad_tracked_item() -> Text:
    kinds = verbatim("、".join(ITEM_KINDS))
    return Text(
        f"trackedItem 只能用于复选框，且只能是 {kinds} 之一。",
        f"'trackedItem' is for checkboxes only, and must be one of {', '.join(ITEM_KINDS)}.",
    )
