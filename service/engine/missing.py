"""What is said where something that a diagram names is not deployed."""

from service.bpmn.references import KINDS
from service.engine.values import Binding
from service.feel import Text


def missing(kind: str, binding: Binding) -> Text:
    """Return what was looked for and how to go on.

    Args:
        kind: Which of `KINDS`.
        binding: What was looked for; no such thing is there.

    Source: Camunda 8 (CallActivityIncidentTest, BusinessRuleTaskIncidentTest, NativeUserTaskFormTest): each
    binding is told apart, since each is mended by another deployment.
    """
    what = KINDS[kind]
    if binding.kind == "deployment":
        return Text(
            f"{what} «{binding.id}» 按同一次部署绑定，但这个流程所在的那次部署里没有它。"
            "请把流程和它一起部署，再把实例迁移到新版本。",
            f"Expected a {what:en} '{binding.id}' in the deployment of this process, but there is none; "
            "deploy both together and migrate the instance.",
        )
    if binding.kind == "versionTag":
        return Text(
            f"没有部署带版本标签 «{binding.version_tag}» 的{what} «{binding.id}»。部署后请重试。",
            f"Expected a {what:en} '{binding.id}' with version tag '{binding.version_tag}' to be deployed, "
            "but there is none; deploy it and retry.",
        )
    return Text(
        f"没有部署{what} «{binding.id}»。部署后请重试。",
        f"Expected a {what:en} '{binding.id}' to be deployed, but there is none; deploy it and retry.",
    )
