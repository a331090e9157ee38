"""Remarks on a form that is taken: what our pages do not show of it, and a name that its file does not have.

What only decorates is no reason to refuse a form: the work is the same without it (docs/decisions/0028).
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from re import IGNORECASE
from re import compile as compile_pattern

from service.domain.errors import Finding
from service.forms.model import Component

LineOf = Callable[[str], int | None]
"""Line of the file in which the component with an id stands, or None."""

_STYLED = compile_pattern(r"<style\b|<link\b|\sstyle\s*=", IGNORECASE)
_FOREIGN = compile_pattern(r"\s*(?:https?:)?//", IGNORECASE)


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
        yield Finding(
            severity="warning",
            rule="id_mismatch",
            message=f"文件名“{stem}”与表单 id“{form_id}”不一致",
            advice="流程按 id 引用表单，建议文件名与 id 保持一致",
            resource=resource,
            english=f"Expected the form '{form_id}' to be in a file of this name",
            traditional=f"檔案名稱「{stem}」與表單 id「{form_id}」不一致",
        )
    yield from _unshown(components, resource, line_of)


def _unshown(components: Iterable[Component], resource: str, line_of: LineOf) -> Iterator[Finding]:
    for component in components:
        if component.type == "html" and _STYLED.search(_text(component, "content")):
            yield Finding(
                severity="warning",
                rule="html_style",
                message="HTML 内容里的样式不会生效：页面安全策略会阻止其显示",
                resource=resource,
                element_id=component.id,
                line=line_of(component.id),
                english="The styles in the HTML are not shown: the security policy of the pages keeps them out",
                traditional="HTML 內容裡的樣式不會生效：頁面安全政策會阻止其顯示",
            )
        if component.type == "image" and _FOREIGN.match(_text(component, "source")):
            yield Finding(
                severity="warning",
                rule="foreign_image",
                message="来自其他网站的图片不会显示：页面安全策略会阻止其显示",
                advice="可以把图片写成 data: 地址放进表单",
                resource=resource,
                element_id=component.id,
                line=line_of(component.id),
                english="A picture of another site is not shown: the security policy of the pages keeps it out",
                traditional="來自其他網站的圖片不會顯示：頁面安全政策會阻止其顯示",
            )
        yield from _unshown(component.children, resource, line_of)


def _text(component: Component, name: str) -> str:
    return str(component.raw.get(name) or "")
