"""What holds of every finding: it is told in Simplified Chinese, Traditional Chinese and English."""

import re

from service.domain.errors import Finding
from service.feel.traditional import SIGNS

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
MARKS = re.compile("[\ue000\ue001]")


def assert_told_in_every_language(finding: Finding) -> None:
    """Hold that a finding about a file without Chinese is told in all languages, and in nothing else."""
    assert finding.message
    assert finding.english.endswith(".")
    assert CHINESE.search(finding.english) is None
    assert CHINESE.search(finding.traditional)
    assert not set(SIGNS) & set(finding.traditional)
    assert MARKS.search(f"{finding.message}{finding.advice}{finding.traditional}") is None
