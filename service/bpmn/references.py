"""What elements use that is deployed apart from them: processes, decisions, forms."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.bpmn.model import ElementModel
from service.bpmn.parts import Reference
from service.feel import Text, verbatim

KINDS = {
    "process": Text("流程", "process"),
    "decision": Text("决策", "decision"),
    "form": Text("表单", "form"),
    "resource": Text("链接资源", "linked resource"),
}
"""Kind of what is used -> how people call it; linked resources are the affair of jobs, not of `uses`."""


@dataclass(frozen=True)
class Use:
    """One thing that an element uses.

    Attributes:
        kind: Which of `KINDS`.
    """

    element: ElementModel
    kind: str
    reference: Reference


def uses(element: ElementModel) -> Iterator[Use]:
    """Give what an element uses."""
    if element.called_process is not None:
        yield Use(element, "process", element.called_process)
    if element.called_decision is not None:
        yield Use(element, "decision", element.called_decision)
    if element.form is not None:
        yield Use(element, "form", element.form)


def not_deployed(use: Use) -> Text:
    """Return the sentence on something that is not deployed, or not with the tag, and what comes of it."""
    name, what, used = use.element.name, KINDS[use.kind], use.reference
    tag = used.version_tag if used.binding == "versionTag" else None
    tagged = f"（版本标签 «{tag}»）" if tag else ""
    english_tag = f" with version tag '{tag}'" if tag else ""
    is_start = use.element.kind == "startEvent"
    then = "部署之前，没有人能在页面上发起这个流程" if is_start else "流程走到这里会停下并报异常"
    english_then = (
        "nobody can start the process on a page" if is_start else "reaching it is an incident"
    )
    called = f"«{name}»（{verbatim(use.element.id)}）" if name else f"«{use.element.id}»"
    missing = f"«{used.id}»{tagged or ' '}还没有部署"
    return Text(
        f"{called} 用到的{what} {missing}，{then}。",
        f"'{use.element.id}' uses the {what:en} '{used.id}'{english_tag}, which is not deployed: "
        f"until it is, {english_then}.",
    )
