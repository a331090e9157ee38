"""Which language an answer of the API speaks: what the client asks for, else English."""

from flask import request

from service.domain.languages import ENGLISH, first_known


def language() -> str:
    """Return the language of the present request, one of `domain.languages`.

    Official clients send no `Accept-Language`, or `*`: they get English, as from Camunda.
    """
    wanted = (tag for tag, quality in request.accept_languages if quality > 0)
    return first_known(wanted) or ENGLISH
