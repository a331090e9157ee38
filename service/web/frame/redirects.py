"""Where a browser goes on after something was done."""

from typing import Any

from flask import Response, make_response, redirect, url_for


def see_other(endpoint: str, **values: Any) -> Response:
    """Lead to a page that is asked for anew: whoever loads it again does nothing twice (303).

    Args:
        endpoint: Of the page.
        values: What its address says; `_anchor` for a place in it.
    """
    return make_response(redirect(url_for(endpoint, **values), 303))
