"""案件: the list of cases somebody may read, and everything about one of them."""

from flask import Blueprint, Response, make_response, render_template

from service.web.parts import case_list, case_view, tracked_items
from service.web.request import current
from service.web.request.access import signed_in
from service.web.request.addresses import choices

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases")
@signed_in
def page() -> Response:
    """Show the cases that the reader may read."""
    chosen = choices(case_list.ENDPOINT, *case_list.NAMES)
    with current.reading() as connection:
        view = case_list.read(connection, current.person(), chosen)
    return make_response(render_template("cases.html", view=view))


@blueprint.get("/cases/<case_no>")
@signed_in
def case(case_no: str) -> Response:
    """Show one case."""
    with current.reading() as connection:
        shown = case_view.read(connection, current.person(), case_no)
        offered = tracked_items.choices(connection, current.person())
    return make_response(render_template("case.html", case=shown, offered=offered))
