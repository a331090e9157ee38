"""Texts in the reader's language: written in Simplified Chinese, looked up in `translations/`."""

import flask_babel

from service.web import catalogs


def gettext(text: str, **values: object) -> str:
    """Return a text in the language of this request, `%(name)s` filled in."""
    found = str(catalogs.texts_of_request().ugettext(text))
    return found % values if values else found


def lazy_gettext(text: str) -> object:
    """Return a text that finds its language each time it is turned into a `str`."""
    found: object = flask_babel.lazy_gettext(text)
    return found
