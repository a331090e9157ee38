"""Texts in the reader's language: written in Simplified Chinese, looked up in `translations/`."""

from functools import lru_cache

import flask_babel
from babel.support import Translations
from markupsafe import Markup

from service.web.words import catalogs

_KEPT = 8192
"""Texts of templates that are kept, of some two thousand in three languages."""


def gettext(text: str, **values: object) -> str:
    """Return a text in the language of this request, `%(name)s` filled in."""
    found = str(catalogs.texts_of_request().ugettext(text))
    return found % values if values else found


def template_gettext(text: str, **values: object) -> Markup:
    """Return a text of ours as HTML, in the language of this request; values are escaped as they are filled in.

    A table has a text in each of its cells: Jinja's own function takes three calls and a copy for each.

    Args:
        text: `%%` is a sign of percent, as in Jinja's.
        values: For `%(name)s`.
    """
    found = _markup(catalogs.texts_of_request(), text)
    return found % values if values or "%" in found else found


@lru_cache(_KEPT)
def _markup(texts: Translations, text: str) -> Markup:
    return Markup(texts.ugettext(text))


def lazy_gettext(text: str) -> object:
    """Return a text that finds its language each time it is turned into a `str`."""
    found: object = flask_babel.lazy_gettext(text)
    return found
