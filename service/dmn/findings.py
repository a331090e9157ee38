"""Findings about a DMN file, said in every language."""

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
        text: One sentence.
        advice: What to draw or write instead, where the sentence does not say it all.
    """
    return Finding(
        severity,
        rule,
        text.chinese,
        "" if advice is None else advice.chinese,
        resource,
        element_id,
        line,
        " ".join(one.english for one in (text, advice) if one is not None).rstrip("."),
        text.traditional,
    )
