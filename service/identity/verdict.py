"""The answer to a question of rights: yes, or no with a reason."""

from dataclasses import dataclass, field
from types import MappingProxyType

from service.domain.errors import NotAllowedError

REASONS = MappingProxyType(
    {
        "not_staff": ("a member of staff", "仅限本公司员工操作"),
        "not_candidate": (
            "the assignee or a candidate of the task",
            "您不是该任务的办理人，也不在其候选人或候选组中",
        ),
        "assigned_to_other": ("the assignee of the task", "该任务已由他人领取"),
        "not_reassigner": (
            "the assignee, a supervisor of the task or an administrator",
            "只有任务的办理人、其主管或系统管理员可以转交或放回该任务",
        ),
        "receiver_not_staff": ("a receiver who is a member of staff", "接收人不是本公司员工"),
        "not_case_reader": (
            "somebody who had a task in the case, a supervisor, a named reader or an auditor",
            "您未参与该投诉的办理，无权查看",
        ),
        "not_starter": ("a member of a group that may start the process", "您无权发起该流程"),
        "role_missing": ("somebody with the role {roles}", "您的角色无权执行此操作"),
        "drafter_may_not_sign": ("a signer other than the drafter", "拟稿人不得参加会签"),
        "signed_already": (
            "a signer who has not signed in this round",
            "同一人在同一轮会签中只能签署一次",
        ),
        "other_department": (
            "a deputy of the same department",
            "会签只能委托给本部门人员代签",
        ),
        "not_item_holder": (
            "a member of the department that holds the item, or is to receive it",
            "只有保管该物件的部门或接收部门可以操作",
        ),
    }
)
"""Reason → (who was expected, in English, with facts in braces; the sentence people read, in Chinese)."""


@dataclass(frozen=True)
class Verdict:
    """Whether something is allowed; true in a condition when it is.

    Attributes:
        reason: A key of `REASONS`, or None when it is allowed.
        facts: What the refusal is about, by name (task, case, roles).
    """

    reason: str | None = None
    facts: dict[str, object] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.reason is None

    @property
    def message(self) -> str:
        """The sentence for people, in Chinese; empty when it is allowed."""
        return REASONS[self.reason][1] if self.reason else ""

    def require(self) -> None:
        """Go on when it is allowed.

        Raises:
            NotAllowedError: It is not; `facts` holds `reason` and `message` beside our own.
        """
        if self.reason is None:
            return
        expected, message = REASONS[self.reason]
        told = {**self.facts, "reason": self.reason, "message": message}
        raise NotAllowedError(f"Expected {expected.format(**self.facts)}.", **told)


ALLOWED = Verdict()
"""Yes."""


def refused(reason: str, **facts: object) -> Verdict:
    """Return a no for one of `REASONS`."""
    return Verdict(reason, facts)
