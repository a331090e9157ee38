"""Findings about a deployed file, said in every language."""

from service.domain.errors import Finding
from service.feel.wording import Text


def finding_of(
    severity: str,
    rule: str,
    text: Text,
    advice: Text | None = None,
    *,
    resource: str = "",
    element_id: str | None = None,
    line: int | None = None,
) -> Finding:
    """Return a finding.

    Args:
        text: One sentence: what was expected and what is so.
        advice: What to draw or write instead, where the sentence does not say it all.
    """
    told = [text] if advice is None else [text, advice]
    return Finding(
        severity,
        rule,
        text.chinese,
        " ".join(_sentence(one.english) for one in told),
        "".join(one.traditional for one in told),
        "" if advice is None else advice.chinese,
        resource,
        element_id,
        line,
    )


def _sentence(english: str) -> str:
    """Return a sentence with its full stop; what is also told within others has none."""
    return english if english.endswith(".") else f"{english}."
