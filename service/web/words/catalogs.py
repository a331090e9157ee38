"""The translations of the pages, read from their `.po` files: nothing compiled lies beside them.

A compiled file would be a second copy that can be older than its text. Reading the text takes under
a tenth of a second, once a process and language.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import has_request_context, request
from flask_babel import Domain, get_locale

from service.web.request.languages import DEFAULT

_KEPT = "huiyin_texts"
"""Where a request keeps its texts: a page asks for some hundred."""

FOLDER = Path(__file__).parents[1] / "translations"


class TextCatalogs(Domain):  # type: ignore[misc]  # Flask-Babel has no types.
    """Flask-Babel's source of texts, with our files in place of compiled ones."""

    def get_translations(self) -> Translations:
        """Return the texts in the language of this request."""
        return texts_of_request()


def texts_of_request() -> Translations:
    """Return the texts in the language of this request, looked for once in it."""
    if not has_request_context():
        return catalog(str(get_locale() or DEFAULT))
    found: Translations | None = getattr(request, _KEPT, None)
    if found is None:
        found = catalog(str(get_locale() or DEFAULT))
        setattr(request, _KEPT, found)
    return found


@cache
def catalog(language: str) -> Translations:
    """Return the texts of a language; empty for `DEFAULT`, whose texts are the keys.

    Args:
        language: A key of `languages.LANGUAGES`, which is also the name of its folder.
    """
    if language == DEFAULT:
        return Translations()
    compiled = BytesIO()
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)
