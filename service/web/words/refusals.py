"""What people read when something is refused: the error's facts as a sentence in their language."""

from datetime import datetime
from types import MappingProxyType

from service.domain import errors
from service.feel import Text
from service.reports.names import people_names
from service.web.request import current, session
from service.web.words import formats
from service.web.words.operation_texts import REASONS
from service.web.words.texts import gettext, lazy_gettext

STATUS_BY_CLASS = MappingProxyType(
    {
        errors.NotFoundError: 404,
        errors.NotAllowedError: 403,
        errors.NotSignedInError: 401,
        errors.WrongStateError: 409,
        errors.BusyError: 409,
        errors.OverloadedError: 503,
        errors.InvalidFormError: 422,
        errors.BadInputError: 400,
        errors.NotSupportedError: 501,
    }
)
"""HTTP status of each class of error; a class takes the status of its nearest ancestor here."""

_TEXTS = MappingProxyType(
    {
        400: lazy_gettext("提交的内容有误，未能处理"),
        401: lazy_gettext("请先登录"),
        403: lazy_gettext("您没有进行此操作的权限"),
        404: lazy_gettext("您要找的内容不存在，或者您无权查看"),
        405: lazy_gettext("不支持这样访问该地址"),
        409: lazy_gettext("内容的状态已经改变，操作未生效"),
        413: lazy_gettext("提交的内容超过大小限制"),
        422: lazy_gettext("填写的内容有误，请更正后再提交"),
        429: lazy_gettext("操作过于频繁，请稍后再试"),
        500: lazy_gettext("系统出现错误，未能完成操作"),
        501: lazy_gettext("系统不支持该功能"),
        503: lazy_gettext("系统繁忙，请稍后再试"),
    }
)

_REASONS = MappingProxyType(
    {
        "not_staff": lazy_gettext("仅限本公司员工操作"),
        "not_candidate": lazy_gettext("您不是该任务的办理人，也不在其候选人或候选组中"),
        "assigned_to_other": lazy_gettext("该任务已由他人领取"),
        "not_reassigner": lazy_gettext("只有任务的办理人、其主管或系统管理员可以转交或放回该任务"),
        "receiver_not_staff": lazy_gettext("接收人不是本公司员工"),
        "not_case_reader": lazy_gettext("您未参与该投诉的办理，无权查看"),
        "not_starter": lazy_gettext("您无权发起该流程"),
        "role_missing": lazy_gettext("您的角色无权执行此操作"),
        "drafter_may_not_sign": lazy_gettext("拟稿人不得参加会签"),
        "signed_already": lazy_gettext("同一人在同一轮会签中只能签署一次"),
        "other_department": lazy_gettext("会签只能委托给本部门人员代签"),
        "not_item_holder": lazy_gettext("只有保管该物件的部门或接收部门可以操作"),
    }
)
"""The reasons of `identity.verdict.REASONS`, as texts that can be translated."""


def status_of(error: errors.HuiyinError) -> int:
    """Return the HTTP status of an error; 500 for one of no known class."""
    for ancestor in type(error).__mro__:
        if ancestor in STATUS_BY_CLASS:
            return STATUS_BY_CLASS[ancestor]
    return 500


def text_of_status(status: int) -> str:
    """Return the general sentence of an HTTP status."""
    return str(_TEXTS.get(status, _TEXTS[500]))


def text_of_size(sent: int | None, limit: int) -> str:
    """Return the sentence for what is too large, in bytes; None: its sender did not say how large."""
    told = gettext("文件超过大小限制，最大 %(limit)s", limit=formats.size(limit))
    if sent is None or formats.size(sent) == formats.size(limit):
        return told
    return gettext("%(told)s，本次提交了 %(sent)s", told=told, sent=formats.size(sent))


def text_of_other(assignee: str) -> str:
    """Return the sentence for a draft of a task that somebody else has by now."""
    return gettext(
        "任务现由 %(name)s 办理：您填写的内容已存为草稿，但不能提交", name=_name_of(assignee)
    )


def text_of_csrf() -> str:
    """Return the sentence for a page that was open too long or came from elsewhere."""
    return gettext("页面已过期，请刷新后再试")


def text_of(error: errors.HuiyinError) -> str:
    """Return the sentence people read about an error."""
    told = _completed_text(error) or _canceled_text(error) or _assigned_text(error)
    if told:
        return told
    if isinstance(error, errors.BusyError):
        return gettext("其他人正在处理同一内容，请稍候重试")
    reason = error.facts.get("reason")
    if isinstance(reason, str) and reason in _REASONS:
        return str(_REASONS[reason])
    if isinstance(reason, str) and reason in REASONS:
        return str(REASONS[reason]) % _facts(error)
    message = error.facts.get("message")
    return str(message) if message else text_of_status(status_of(error))


def _facts(error: errors.HuiyinError) -> dict[str, object]:
    """Return the facts of an error; those that are texts of the house in the reader's language."""
    return {
        name: fact.in_language(session.language()) if isinstance(fact, Text) else fact
        for name, fact in error.facts.items()
    }


def _completed_text(error: errors.HuiyinError) -> str:
    """Tell who was faster; empty when the error is about something else."""
    who, at = error.facts.get("completed_by"), error.facts.get("completed_at")
    if not isinstance(who, str) or not isinstance(at, datetime):
        return ""
    return gettext(
        "该任务已由 %(name)s 于 %(at)s 办理完成，您的操作未生效",
        name=_name_of(who),
        at=formats.moment(at),
    )


def _canceled_text(error: errors.HuiyinError) -> str:
    """Tell that the process went another way; empty when the error is about something else."""
    if "task_key" not in error.facts or error.facts.get("state") != "CANCELED":
        return ""
    return gettext("该任务已取消，流程不再需要办理，您的操作未生效")


def _assigned_text(error: errors.HuiyinError) -> str:
    """Tell who has the task; empty when the error is about something else."""
    who = error.facts.get("assignee")
    return gettext("该任务已由 %(name)s 领取", name=_name_of(who)) if isinstance(who, str) else ""


def _name_of(username: str) -> str:
    with current.reading() as connection:
        return people_names(connection, [username])[username]
