"""What goes wrong with FEEL text: one error for callers, and the inner signals of evaluation."""

from service.domain.errors import BadInputError


class FeelSyntaxError(BadInputError):
    """The text is not FEEL; says where, what was expected and what stands there.

    Attributes:
        line: From 1.
        column: From 1, in characters.
        expected: What would have been right, in Chinese.
        found: What stands there, in Chinese.
    """

    def __init__(self, line: int, column: int, expected: str, found: str) -> None:
        super().__init__(
            f"第 {line} 行第 {column} 列：应为{expected}，实际为{found}。",
            line=line,
            column=column,
            expected=expected,
            found=found,
        )
        self.line = line
        self.column = column
        self.expected = expected
        self.found = found


class Fault(Exception):
    """A model's mistake met while evaluating; becomes null and a diagnostic at the nearest call.

    Attributes:
        kind: Stable name of the diagnostic.
        message: The sentence in Chinese.
    """

    def __init__(self, message: str, kind: str = "bad_argument") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


class LimitExceeded(Exception):
    """The whole evaluation is given up: it would take too long or grow too large."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class AssertionFailed(Exception):
    """`assert` does not hold: the whole evaluation ends in null."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
