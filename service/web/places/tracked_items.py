"""实物与单据: register samples and papers of a case and pass them on (XC-DOC-2)."""

from flask import Blueprint, Response, request

from service.usecases import tracked_items
from service.web.frame import flashes
from service.web.frame.redirects import see_other
from service.web.parts import tracked_items as names
from service.web.request import current
from service.web.request.access import signed_in
from service.web.words.texts import gettext

blueprint = Blueprint("tracked_items", __name__)
blueprint.add_app_template_filter(names.kind_name, "item_kind")
blueprint.add_app_template_filter(names.outcome_name, "item_outcome")
blueprint.add_app_template_filter(names.move_name, "item_move")


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
    return see_other("web.cases.case", case_no=case_no, _anchor="case-files")
