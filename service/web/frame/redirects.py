"""Where a browser goes on after something was done."""

from typing import Any

from flask import Response, jsonify, make_response, redirect, request, url_for


def see_other(endpoint: str, **values: Any) -> Response:
    """Lead to a page that is asked for anew: whoever loads it again does nothing twice (303).

    A script that has sent a form is told the address and goes there itself (`{"next": …}`): it must not
    follow, since what the page tells once is for the person's eyes.

    Args:
        endpoint: Of the page.
        values: What its address says; `_anchor` for a place in it.
    """
    address = url_for(endpoint, **values)
    accepted = request.accept_mimetypes
    if accepted["application/json"] > accepted["text/html"]:
        return jsonify({"next": address})
    return make_response(redirect(address, 303))
