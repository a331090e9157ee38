"""What goes wrong with FEEL text: one error for callers, and the inner signals of evaluation."""

from service.domain.errors import BadInputError
from service.feel.limits import STRING_CHARACTERS
from service.feel.wording import Text


class FeelSyntaxError(BadInputError):
    """The text is not FEEL; says where, what was expected and what stands there.

    Its `detail` is the sentence in Chinese.

    Attributes:
        line: From 1.
        column: From 1, in characters.
        expected: What would have been right.
        found: What stands there.
        hint: What the writer may have meant, or None.
        sentence: All of it.
    """

    def __init__(
        self, line: int, column: int, expected: Text, found: Text, hint: Text | None = None
    ) -> None:
        self.sentence = _sentence(line, column, expected, found, hint)
        super().__init__(
            str(self.sentence),
            line=line,
            column=column,
            expected=str(expected),
            found=str(found),
            hint=None if hint is None else str(hint),
        )
        self.line = line
        self.column = column
        self.expected = expected
        self.found = found
        self.hint = hint


def _sentence(line: int, column: int, expected: Text, found: Text, hint: Text | None) -> Text:
    tail = Text("", "") if hint is None else Text(f"{hint}", f" {hint:en}")
    return Text(
        f"第 {line} 行第 {column} 列：应为{expected}，实际为{found}。{tail}",
        f"Line {line}, column {column}: expected {expected:en}, but found {found:en}.{tail:en}",
    )


class Fault(Exception):
    """A model's mistake met while evaluating; becomes null and a diagnostic at the nearest call.

    Attributes:
        kind: Stable name of the diagnostic.
        text: The sentence.
    """

    def __init__(self, chinese: str, english: str, kind: str = "bad_argument") -> None:
        super().__init__(english)
        self.kind = kind
        self.text = Text(chinese, english)


class LimitExceeded(Exception):
    """The whole evaluation is given up: it would take too long or grow too large."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.text = Text(chinese, english)


class AssertionFailed(Exception):
    """`assert` does not hold: the whole evaluation ends in null."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english)
        self.text = text


def text_too_long() -> LimitExceeded:
    """Return the error of a text beyond what one may hold."""
    return LimitExceeded(
        f"文本超过 {STRING_CHARACTERS} 个字符",
        f"The text exceeds {STRING_CHARACTERS} characters.",
    )
