"""The inner signal of a decision that cannot be decided."""

from service.dmn.model import LogicResult


class DecisionFailed(Exception):
    """A decision breaks its own rules, such as two hits of a UNIQUE table.

    Attributes:
        message: One sentence in Chinese.
        result: Of a table: its inputs and the rules that contradict each other.
    """

    def __init__(self, message: str, result: LogicResult | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.result = result
