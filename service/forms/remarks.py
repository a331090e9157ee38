"""Remarks on a form that is taken: what our pages do not show of it, and a name that its file does not have.

What only decorates is no reason to refuse a form: the work is the same without it (docs/decisions/0028).
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from re import IGNORECASE
from re import compile as compile_pattern

from service.domain.errors import Finding
from service.feel import Text
from service.feel.findings import finding_of
from service.forms.model import Component

LineOf = Callable[[str], int | None]
"""Line of the file in which the component with an id stands, or None."""

_STYLED = compile_pattern(r"<style\b|<link\b|\sstyle\s*=", IGNORECASE)
_FOREIGN = compile_pattern(r"\s*(?:https?:)?//", IGNORECASE)
_BY_ID = Text(
    "流程按 id 引用表单，建议文件名与 id 保持一致。",
    "Name the file by the form's id, by which processes refer to it.",
)
_STYLES = Text(
    "HTML 内容里的样式不会生效：页面安全策略会阻止其显示。",
    "The styles in the HTML have no effect: the security policy of the pages keeps them out.",
)
_PICTURE = Text(
    "来自其他网站的图片不会显示：页面安全策略会阻止其显示。",
    "A picture of another site is not shown: the security policy of the pages keeps it out.",
)
_INTO_THE_FORM = Text(
    "可以把图片写成 data: 地址放进表单。", "Put the picture into the form as a data: URL."
)


def remarks(
    form_id: str, components: Iterable[Component], resource: str, line_of: LineOf
) -> Iterator[Finding]:
    """Yield what is worth telling about a form that is taken.

    Args:
        form_id: Its id.
        components: Its tree.
        resource: Name of its file, or empty.
        line_of: Where a component stands in it.
    """
    stem = PurePosixPath(resource).stem
    if stem and stem != form_id:
        text = Text(
            f"文件名“{stem}”与表单 id“{form_id}”不一致。",
            f"The file is called '{stem}', but the form's id is '{form_id}'.",
        )
        yield finding_of("warning", "id_mismatch", text, _BY_ID, resource=resource)
    for component in _all(components):
        for rule, text, advice in _unshown(component):
            yield finding_of(
                "warning",
                rule,
                text,
                advice,
                resource=resource,
                element_id=component.id,
                line=line_of(component.id),
            )


def _all(components: Iterable[Component]) -> Iterator[Component]:
    for component in components:
        yield component
        yield from _all(component.children)


def _unshown(component: Component) -> Iterator[tuple[str, Text, Text | None]]:
    """Yield rule, sentence and advice of what the pages keep out."""
    if component.type == "html" and _STYLED.search(_text(component, "content")):
        yield "html_style", _STYLES, None
    if component.type == "image" and _FOREIGN.match(_text(component, "source")):
        yield "foreign_image", _PICTURE, _INTO_THE_FORM


def _text(component: Component, name: str) -> str:
    return str(component.raw.get(name) or "")
