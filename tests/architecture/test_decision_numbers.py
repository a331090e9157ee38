"""Decisions are quoted by their number, so each has its own."""

from collections import Counter
from pathlib import Path

DECISIONS = Path(__file__).resolve().parents[2] / "docs" / "decisions"


def test_every_decision_has_a_number_of_its_own() -> None:
    """Two that were written at the same time are told apart before they are quoted."""
    numbers = Counter(file.name[:4] for file in DECISIONS.glob("*.md"))
    assert numbers
    assert [number for number, count in numbers.items() if count > 1] == []


def test_every_decision_says_its_number_and_what_holds_it() -> None:
    """Whoever reads one knows how it is quoted, and which test would fail were it forgotten."""
    texts = {file.name[:4]: file.read_text(encoding="utf-8") for file in DECISIONS.glob("*.md")}

    assert [number for number, text in texts.items() if not text.startswith(f"# {number} ")] == []
    assert [number for number, text in texts.items() if "\nHeld by" not in text] == []
