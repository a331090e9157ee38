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
from flask_babel import Domain, get_locale

from service.web.languages import DEFAULT

FOLDER = Path(__file__).parent / "translations"


class TextCatalogs(Domain):  # type: ignore[misc]  # Flask-Babel has no types.
    """Flask-Babel's source of texts, with our files in place of compiled ones."""

    def get_translations(self) -> Translations:
        """Return the texts in the language of this request."""
        return catalog(str(get_locale() or DEFAULT))


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
