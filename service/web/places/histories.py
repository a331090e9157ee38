"""到期档案: what is over waits here for a manager to let it be deleted; auditors may look (XC-AR-1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Blueprint, Response, make_response, render_template, request, url_for

from service.domain.errors import BadInputError, HuiyinError
from service.identity import policy
from service.reports import retained_histories as report
from service.reports.retained_histories import CONFIRMED, DELETED, FROZEN
from service.usecases import retention
from service.web.frame import files, flashes
from service.web.frame.redirects import see_other
from service.web.request import current, ticked
from service.web.request.access import with_role
from service.web.words import refusals
from service.web.words.texts import gettext, lazy_gettext

blueprint = Blueprint("histories", __name__)

READERS = ("admin", "auditor")

PAGE_SIZE = 50

_TITLES = MappingProxyType(
    {
        FROZEN: lazy_gettext("待确认"),
        CONFIRMED: lazy_gettext("待删除"),
        DELETED: lazy_gettext("已删除"),
    }
)

_PARTS = MappingProxyType(
    {
        "process_instances": lazy_gettext("流程实例"),
        "user_tasks": lazy_gettext("任务"),
        "form_submissions": lazy_gettext("表单"),
        "attachments": lazy_gettext("附件"),
        "mails": lazy_gettext("邮件"),
        "decision_instances": lazy_gettext("规则判定"),
        "tracked_items": lazy_gettext("跟踪物件"),
        "events": lazy_gettext("流转记录"),
    }
)
"""Tables whose rows people know by a name; the rest is told as one number."""


@dataclass(frozen=True)
class StateTab:
    """One state with the number of its histories."""

    state: str
    title: str
    count: int
    is_here: bool


@blueprint.app_context_processor
def _offer() -> dict[str, object]:
    return {"history_parts": parts_text}


@blueprint.get("/histories")
@with_role(*READERS)
def page() -> Response:
    """Show the histories in a state (`state`), by default those that wait for a manager."""
    state = request.args.get("state", FROZEN)
    if state not in _TITLES:
        raise BadInputError(
            f"Expected 'state' to be one of {', '.join(_TITLES)}, but got '{state}'."
        )
    with current.reading() as connection:
        found = report.page(connection, state, cursor=request.args.get("cursor"), limit=PAGE_SIZE)
        counts = report.counts(connection)
    next_url = ""
    if found.next_cursor:
        next_url = url_for("web.histories.page", state=state, cursor=found.next_cursor)
    return make_response(
        render_template(
            "histories.html",
            state=state,
            states=[
                StateTab(one, str(title), counts[one], is_here=one == state)
                for one, title in _TITLES.items()
            ],
            rows=found.rows,
            next_url=next_url,
            may_confirm=bool(policy.may_confirm_deletion(current.person())),
        )
    )


@blueprint.post("/histories")
@with_role("admin")
def confirm() -> Response:
    """Let the chosen histories be deleted, all or none.

    Raises:
        BadInputError: None is chosen, or it is not said that they were looked at.
    """
    name = "shown" if request.form.get("all") else "history"
    keys = ticked.keys(name, none_ticked=gettext("请先选择要删除的档案"))
    if not request.form.get("agreed"):
        message = gettext("请先勾选“我已核对所选档案”")
        raise BadInputError("Expected 'agreed' to be ticked.", message=message)
    try:
        retention.confirm(current.house(), current.person(), keys)
    except HuiyinError as refusal:
        flashes.tell(refusals.text_of(refusal), "danger")
    else:
        flashes.tell(gettext("已确认删除 %(count)s 份档案，系统将在十分钟内删除", count=len(keys)))
    return see_other("web.histories.page")


@blueprint.get("/histories/<int:root_key>/file")
@with_role(*READERS)
def file(root_key: int) -> Response:
    """Hand out the frozen file of a history; it stays when the history is deleted."""
    content = retention.content(current.house(), current.person(), root_key)
    return files.to_save(f"{root_key}.zip", content)


def parts_text(counts: Mapping[str, int]) -> str:
    """Return what a history is made of, as one line."""
    known = [f"{title} {counts[name]}" for name, title in _PARTS.items() if counts.get(name)]
    rest = sum(number for name, number in counts.items() if name not in _PARTS)
    other = gettext("其他记录")
    return gettext("、").join([*known, *([f"{other} {rest}"] if rest else [])])
