"""Texts for people, in the languages that read diagnostics."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.languages import ENGLISH, TRADITIONAL
from service.feel.traditional import END_OF_FACT, FACT, traditional

_NO_MARKS = str.maketrans("", "", FACT + END_OF_FACT)


@dataclass(frozen=True, slots=True)
class Text:
    """A word or sentence in Simplified Chinese and English, its facts filled in.

    In f-strings, to build other texts from, `{text}` gives the Chinese with its marks and `{text:en}` the
    English.

    Attributes:
        marked: The Chinese; facts in it stand in quotation marks or are `verbatim`.
    """

    marked: str
    english: str

    @property
    def chinese(self) -> str:
        """The text in Simplified Chinese."""
        return self.marked.translate(_NO_MARKS) if FACT in self.marked else self.marked

    @property
    def traditional(self) -> str:
        """The text in Traditional Chinese."""
        return traditional(self.marked).translate(_NO_MARKS)

    def __str__(self) -> str:
        return self.chinese

    def __format__(self, spec: str) -> str:
        return self.english if spec == "en" else self.marked

    def in_language(self, language: str) -> str:
        """Return the text in a language of `domain.languages`; all others read the Simplified."""
        if language == ENGLISH:
            return self.english
        return self.traditional if language == TRADITIONAL else self.chinese


def verbatim(fact: str) -> str:
    """Return a fact for the Chinese of a `Text` that stands there without quotation marks."""
    return f"{FACT}{fact}{END_OF_FACT}"


def joined(texts: Sequence[Text]) -> Text:
    """Return an enumeration; «nothing» when there are none."""
    if not texts:
        return Text("无", "nothing")
    return Text("、".join(text.marked for text in texts), ", ".join(text.english for text in texts))
