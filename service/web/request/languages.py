"""Which language a page speaks: chosen by the reader, else what his browser asks for, else Chinese.

Simplified Chinese is the language the pages are written in.
"""

from collections.abc import Sequence
from types import MappingProxyType

from service.domain.languages import ENGLISH, SIMPLIFIED, TRADITIONAL, first_known

DEFAULT = SIMPLIFIED

LANGUAGES = MappingProxyType({SIMPLIFIED: "简体中文", TRADITIONAL: "繁體中文", ENGLISH: "English"})
"""Every language of the pages and how it calls itself."""


def negotiate(chosen: str | None, asked: Sequence[str]) -> str:
    """Return the language of a page, a key of `LANGUAGES`.

    Args:
        chosen: What the reader picked earlier; anything unknown is passed over.
        asked: Language tags of the browser, most wanted first (`zh-TW`, `en-GB`).
    """
    if chosen in LANGUAGES:
        return str(chosen)
    return first_known(asked) or DEFAULT


def html_tag(language: str) -> str:
    """Return a language as HTML writes it: `zh-Hans-CN`."""
    return language.replace("_", "-")
