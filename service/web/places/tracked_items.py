"""实物与单据: register samples and papers of a case and pass them on (XC-DOC-2)."""

from types import MappingProxyType

from flask import Blueprint, Response, make_response, redirect, request, url_for
from sqlalchemy import Connection

from service.domain.tracked_items import ITEM_KINDS, OUTCOMES
from service.identity import Person
from service.reports import people as people_report
from service.usecases import tracked_items
from service.web.frame import flashes
from service.web.request import current
from service.web.request.access import signed_in
from service.web.words.texts import gettext, lazy_gettext

blueprint = Blueprint("tracked_items", __name__)

_KIND_NAMES = MappingProxyType(
    {
        "样品": lazy_gettext("样品"),
        "传真件": lazy_gettext("传真件"),
        "发票": lazy_gettext("发票"),
        "其他": lazy_gettext("其他"),
    }
)
_OUTCOME_NAMES = MappingProxyType(
    {
        "归还客户": lazy_gettext("归还客户"),
        "归档": lazy_gettext("归档"),
        "销毁": lazy_gettext("销毁"),
        "遗失": lazy_gettext("遗失"),
    }
)
_MOVE_NAMES = MappingProxyType(
    {
        "registered": lazy_gettext("登记"),
        "handed_over": lazy_gettext("移交"),
        "received": lazy_gettext("签收"),
        "recalled": lazy_gettext("收回"),
        "ended": lazy_gettext("办结"),
    }
)


@blueprint.app_template_filter("item_kind")
def kind_name(kind: str) -> str:
    """Return how a kind of item is called."""
    return str(_KIND_NAMES.get(kind, kind))


@blueprint.app_template_filter("item_outcome")
def outcome_name(outcome: str) -> str:
    """Return how the end of an item's way is called."""
    return str(_OUTCOME_NAMES.get(outcome, outcome))


@blueprint.app_template_filter("item_move")
def move_name(kind: str) -> str:
    """Return how a step of an item is called."""
    return str(_MOVE_NAMES.get(kind, kind))


def choices(connection: Connection, person: Person) -> dict[str, object]:
    """Return what the forms of the section offer: kinds, outcomes, departments, those of the reader."""
    departments = [row for row in people_report.groups(connection) if row.is_department]
    own = [row for row in departments if row.key in person.groups or person.has_role("admin")]
    own.sort(key=lambda row: row.key != person.department)
    return {"kinds": ITEM_KINDS, "outcomes": OUTCOMES, "departments": departments, "own": own}


@blueprint.post("/cases/<case_no>/items")
@signed_in
def register(case_no: str) -> Response:
    """Register an item of a case."""
    item = tracked_items.NewItem(
        kind=request.form.get("kind", ""),
        description=request.form.get("description", ""),
        holder_group=request.form.get("holder_group", ""),
    )
    item_no = tracked_items.register(current.house(), current.person(), case_no, item)
    flashes.tell(gettext("已登记，编号 %(item_no)s", item_no=item_no))
    return _to_case(case_no)


@blueprint.post("/cases/<case_no>/items/<int:item_key>/hand-over")
@signed_in
def hand_over(case_no: str, item_key: int) -> Response:
    """Send an item to another department."""
    to_group, note = request.form.get("to_group", ""), request.form.get("note", "")
    tracked_items.hand_over(current.house(), current.person(), item_key, to_group, note)
    flashes.tell(gettext("已移交，等待对方签收"))
    return _to_case(case_no)


@blueprint.post("/cases/<case_no>/items/<int:item_key>/receive")
@signed_in
def receive(case_no: str, item_key: int) -> Response:
    """Confirm that an item has arrived."""
    tracked_items.receive(current.house(), current.person(), item_key)
    flashes.tell(gettext("已签收"))
    return _to_case(case_no)


@blueprint.post("/cases/<case_no>/items/<int:item_key>/recall")
@signed_in
def recall(case_no: str, item_key: int) -> Response:
    """Take an item back that was not received yet."""
    tracked_items.recall(current.house(), current.person(), item_key)
    flashes.tell(gettext("已收回"))
    return _to_case(case_no)


@blueprint.post("/cases/<case_no>/items/<int:item_key>/end")
@signed_in
def end(case_no: str, item_key: int) -> Response:
    """End the way of an item."""
    outcome, note = request.form.get("outcome", ""), request.form.get("note", "")
    tracked_items.end(current.house(), current.person(), item_key, outcome, note)
    flashes.tell(gettext("已办结"))
    return _to_case(case_no)


def _to_case(case_no: str) -> Response:
    address = url_for("web.cases.case", case_no=case_no, _anchor="case-files")
    return make_response(redirect(address, 303))
