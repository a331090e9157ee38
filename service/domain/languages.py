"""The languages people read, and which of them somebody asks for.

The negotiation is our own: the usual one sends readers in Taiwan and Hong Kong to Simplified Chinese.
"""

from collections.abc import Iterable

SIMPLIFIED = "zh_Hans_CN"
TRADITIONAL = "zh_Hant_TW"
ENGLISH = "en"

_TRADITIONAL_SUBTAGS = frozenset({"tw", "hk", "mo", "hant"})


def first_known(tags: Iterable[str]) -> str | None:
    """Return the first language of ours that somebody asks for, or None.

    Args:
        tags: Language tags, most wanted first (`zh-TW`, `en-GB`); `*` and unknown ones are passed over.
    """
    return next((known for known in map(_language_of, tags) if known is not None), None)


def _language_of(tag: str) -> str | None:
    primary, *rest = tag.lower().replace("_", "-").split("-")
    if primary == "zh":
        is_traditional = "hans" not in rest and not _TRADITIONAL_SUBTAGS.isdisjoint(rest)
        return TRADITIONAL if is_traditional else SIMPLIFIED
    return ENGLISH if primary == "en" else None
