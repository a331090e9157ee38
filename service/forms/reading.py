"""From the bytes of a `.form` file to a `Form`, or every reason to refuse it."""

from collections.abc import Iterator, Mapping
from json import JSONDecodeError, loads
from typing import Any

from service.domain.errors import DeploymentRefusedError, Finding
from service.feel import Text
from service.feel.findings import finding_of
from service.forms.components import Reader
from service.forms.mistakes import INTEGER, STRING, must_be
from service.forms.model import Component, Form
from service.forms.remarks import remarks
from service.forms.shape import shape_of

MAX_BYTES = 1024 * 1024
MAX_SCHEMA_VERSION = 19

_FORM_TYPE = "default"
_TOO_LARGE = Text(
    f"表单文件不能超过 {MAX_BYTES // 1024} KB。",
    f"A form file may have at most {MAX_BYTES // 1024} KB.",
)
_NOT_UTF_8 = Text(
    "不是有效的 JSON 文件：编码不是 UTF-8。",
    "The file is no valid JSON: it is not encoded in UTF-8.",
)
_TOO_DEEP = Text("JSON 嵌套过深。", "The JSON is nested too deep.")
_NAME_TWICE = Text(
    "同一对象中有重复的属性名。",
    "The file is no valid JSON: an object has two properties of one name.",
)
_NO_OBJECT = Text("文件内容应为一个 JSON 对象。", "The file must hold a JSON object.")
_NO_ID = Text("表单缺少 id。", "The form has no id.")
_WRONG_FORM_TYPE = Text(
    f"表单的 type 应为“{_FORM_TYPE}”。", f"The 'type' of the form must be '{_FORM_TYPE}'."
)
_NEWER_SCHEMA = Text(
    f"只支持 schemaVersion {MAX_SCHEMA_VERSION} 及以下的表单。",
    f"Forms are supported up to schemaVersion {MAX_SCHEMA_VERSION}.",
)
_TRACKED_INSIDE = Text(
    "trackedItem 只能用于表单最外层的复选框，不能放在动态列表或带路径的分组中。",
    "'trackedItem' is only for checkboxes of the outermost level of the form: not inside dynamic lists or "
    "groups with a path.",
)


def parse(text: bytes, resource: str = "") -> Form:
    """Return the form of a form-js file with every expression and pattern compiled.

    Args:
        text: The file.
        resource: Its name, for findings; a stem other than the form's id is remarked, not refused.

    Raises:
        DeploymentRefusedError: With a finding for everything that is wrong.

    Source: form-js schemaVersion 19.
    """
    findings = _Findings(text, resource)
    schema = _loaded(text, findings)
    _check_head(schema, findings)
    reader = Reader(findings.error)
    components = reader.read(schema.get("components", []))
    shape, refused = shape_of(components)
    for component in refused:
        findings.error("duplicate_key", _double_key(".".join(component.path)), component.id)
    _check_tracked_items(components, findings)
    findings.refuse_if_any()
    return Form(
        id=schema["id"],
        version_tag=schema.get("versionTag") or None,
        schema=schema,
        components=components,
        shape=shape,
        names=frozenset(reader.names.union(_roots(components))),
        remarks=tuple(remarks(schema["id"], components, resource, findings.line_of)),
    )


def _check_tracked_items(
    components: tuple[Component, ...], findings: "_Findings", is_plain: bool = True
) -> None:
    """Refuse `trackedItem` inside of lists and paths: which row came in would be anybody's guess."""
    for component in components:
        if component.tracked_item and not is_plain:
            findings.error("bad_tracked_item", _TRACKED_INSIDE, component.id)
        is_inside = is_plain and not (component.children and component.path)
        _check_tracked_items(component.children, findings, is_inside)


class _Findings:
    """Collects what is wrong with one file, with the line where the component stands."""

    def __init__(self, text: bytes, resource: str) -> None:
        self._lines = text.split(b"\n")
        self._resource = resource
        self._found: list[Finding] = []

    def error(
        self, rule: str, text: Text, element_id: str | None = None, line: int | None = None
    ) -> None:
        """Note one reason to refuse."""
        if line is None and element_id:
            line = self.line_of(element_id)
        self._found.append(
            finding_of(
                "error", rule, text, resource=self._resource, element_id=element_id, line=line
            )
        )

    def refuse_if_any(self) -> None:
        """Raise with everything noted so far, if anything was."""
        if self._found:
            name = self._resource or "the form"
            raise DeploymentRefusedError(
                f"Expected a form without mistakes, but {name} has {len(self._found)}.", self._found
            )

    def line_of(self, element_id: str) -> int | None:
        """Return the line in which a component's id stands, from 1, or None."""
        wanted = b'"' + element_id.encode("utf-8", "replace") + b'"'
        hits = (n for n, line in enumerate(self._lines, 1) if wanted in line and b'"id"' in line)
        return next(hits, None)


def _loaded(text: bytes, findings: _Findings) -> dict[str, Any]:
    schema = None
    if len(text) > MAX_BYTES:
        findings.error("too_large", _TOO_LARGE)
        findings.refuse_if_any()
    try:
        schema = loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except JSONDecodeError as error:
        findings.error("not_json", _no_json(error), line=error.lineno)
    except UnicodeDecodeError:
        findings.error("not_json", _NOT_UTF_8)
    except RecursionError:
        findings.error("too_deep", _TOO_DEEP)
    except _NotStrictError as error:
        findings.error("not_json", error.text)
    findings.refuse_if_any()
    if not isinstance(schema, dict):
        findings.error("not_a_form", _NO_OBJECT)
    findings.refuse_if_any()
    return schema or {}


class _NotStrictError(ValueError):
    """JSON that Python would take and the standard does not, or that says a thing twice."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english)
        self.text = text


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) < len(pairs):
        raise _NotStrictError(_NAME_TWICE)
    return names


def _no_constant(name: str) -> Any:
    raise _NotStrictError(
        Text(
            f"不是有效的 JSON 数值：{name}。",
            f"The file is no valid JSON: {name} is no number of it.",
        )
    )


def _no_json(error: JSONDecodeError) -> Text:
    return Text(f"不是有效的 JSON 文件：{error.msg}。", f"The file is no valid JSON: {error.msg}.")


def _double_key(key: str) -> Text:
    return Text(
        f"键“{key}”已被表单中的另一个组件占用。",
        f"The key '{key}' is that of another component of the form.",
    )


def _check_head(schema: Mapping[str, Any], findings: _Findings) -> None:
    if not isinstance(schema.get("id"), str) or not schema["id"]:
        findings.error("missing_id", _NO_ID)
    if schema.get("type", _FORM_TYPE) != _FORM_TYPE:
        findings.error("not_a_form", _WRONG_FORM_TYPE)
    version = schema.get("schemaVersion", 1)
    if not isinstance(version, int) or isinstance(version, bool):
        findings.error("schema_version", must_be("schemaVersion", INTEGER))
    elif version > MAX_SCHEMA_VERSION:
        findings.error("schema_version", _NEWER_SCHEMA)
    if not isinstance(schema.get("versionTag") or "", str):
        findings.error("wrong_type", must_be("versionTag", STRING))


def _roots(components: tuple[Component, ...]) -> Iterator[str]:
    for component in components:
        if component.path:
            yield component.path[0]
        else:
            yield from _roots(component.children)
