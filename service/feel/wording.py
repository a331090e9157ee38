"""Texts for people, in the languages that read diagnostics."""

from dataclasses import dataclass

from service.domain.languages import ENGLISH


@dataclass(frozen=True, slots=True)
class Text:
    """A word or sentence in Simplified Chinese and English, its facts filled in.

    In f-strings `{text}` gives the Chinese and `{text:en}` the English.
    """

    chinese: str
    english: str

    def __str__(self) -> str:
        return self.chinese

    def __format__(self, spec: str) -> str:
        return self.english if spec == "en" else self.chinese

    def in_language(self, language: str) -> str:
        """Return the text in a language of `domain.languages`; all but English read the Chinese."""
        return self.english if language == ENGLISH else self.chinese


def joined(texts: list[Text]) -> Text:
    """Return an enumeration; «nothing» when there are none."""
    if not texts:
        return Text("无", "nothing")
    return Text("、".join(map(str, texts)), ", ".join(text.english for text in texts))
