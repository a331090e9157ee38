"""Which language a page speaks: chosen by the reader, else what his browser asks for, else Chinese.

Simplified Chinese is the language the pages are written in. The negotiation is our own: the usual one
sends readers in Taiwan and Hong Kong to Simplified Chinese.
"""

from collections.abc import Sequence
from types import MappingProxyType

DEFAULT = "zh_Hans_CN"

LANGUAGES = MappingProxyType({"zh_Hans_CN": "简体中文", "zh_Hant_TW": "繁體中文", "en": "English"})
"""Every language of the pages and how it calls itself."""

_TRADITIONAL = frozenset({"tw", "hk", "mo", "hant"})


def negotiate(chosen: str | None, asked: Sequence[str]) -> str:
    """Return the language of a page, a key of `LANGUAGES`.

    Args:
        chosen: What the reader picked earlier; anything unknown is passed over.
        asked: Language tags of the browser, most wanted first (`zh-TW`, `en-GB`).
    """
    if chosen in LANGUAGES:
        return str(chosen)
    for tag in asked:
        language = _language_of(tag)
        if language is not None:
            return language
    return DEFAULT


def html_tag(language: str) -> str:
    """Return a language as HTML writes it: `zh-Hans-CN`."""
    return language.replace("_", "-")


def _language_of(tag: str) -> str | None:
    primary, *rest = tag.lower().replace("_", "-").split("-")
    if primary == "zh":
        is_traditional = "hans" not in rest and not _TRADITIONAL.isdisjoint(rest)
        return "zh_Hant_TW" if is_traditional else DEFAULT
    return "en" if primary == "en" else None
