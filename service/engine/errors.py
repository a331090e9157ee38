"""What the engine refuses, and what stops a single element."""

from service.domain.errors import WrongStateError
from service.feel import Text


class UncaughtError(WrongStateError):
    """A BPMN error was thrown that nobody catches; nothing was changed.

    Attributes:
        error_code: The code thrown.
        available: Codes that somebody catches from there; `""` is catch-all.

    The text tells what was said with the error, if anything was: an operator knows the cause by it.
    """

    def __init__(self, error_code: str, available: tuple[str, ...], said: str = "") -> None:
        known = "、".join(code or "(任意)" for code in available) or "(没有)"
        told = ", ".join(f"'{code}'" if code else "any" for code in available) or "none"
        with_message, chinese = (
            (f" with the message '{said}'", f"（说明：«{said}»）") if said else ("", "")
        )
        super().__init__(
            f"Expected somebody to catch the error '{error_code}'{with_message}, but only these codes"
            f" are caught: {told}.",
            error_code=error_code,
            available=available,
            message=f"错误 «{error_code}»{chinese}没有被捕获；此处能捕获的错误代码：{known}。",
        )
        self.error_code = error_code
        self.available = available


class ElementFailure(Exception):
    """An element cannot go on; becomes an incident, never leaves the engine.

    Attributes:
        error_type: Camunda 8's name of the incident.
        text: What was expected and what is so. Facts in its Chinese stand between « and » or quotation
            marks, or are `verbatim`: they are the diagram's own and told to every reader as they are.
    """

    def __init__(self, error_type: str, chinese: str, english: str) -> None:
        super().__init__(english)
        self.error_type = error_type
        self.text = Text(chinese, english)


EXTRACT_VALUE = "EXTRACT_VALUE_ERROR"
IO_MAPPING = "IO_MAPPING_ERROR"
CONDITION = "CONDITION_ERROR"
CALLED_DECISION = "CALLED_DECISION_ERROR"
CALLED_ELEMENT = "CALLED_ELEMENT_ERROR"
FORM_NOT_FOUND = "FORM_NOT_FOUND"
RESOURCE_NOT_FOUND = "RESOURCE_NOT_FOUND"
UNHANDLED_ERROR_EVENT = "UNHANDLED_ERROR_EVENT"
MESSAGE_SIZE = "MESSAGE_SIZE_EXCEEDED"
STEP_LIMIT = "UNKNOWN"
