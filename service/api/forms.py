"""Forms: one, with its schema."""

from flask import Blueprint, Response

from service.api.context import house
from service.api.routes import SIGNED_IN, answer, route
from service.reports.search import contents

blueprint = Blueprint("api_forms", __name__)


@route(blueprint, "GET", "/forms/<form_key>", SIGNED_IN)
def one(form_key: int) -> Response:
    """Return a form."""
    with house().database.reading() as connection:
        return answer(contents.show_form(contents.form_file(connection, form_key)))
