"""The inner signal of a decision that cannot be decided."""

from service.dmn.logic import LogicResult
from service.feel.wording import Text


class DecisionFailed(Exception):
    """A decision breaks its own rules, such as two hits of a UNIQUE table.

    Attributes:
        text: One sentence.
        result: Of a table: its inputs and the rules that contradict each other.
    """

    def __init__(self, text: Text, result: LogicResult | None = None) -> None:
        super().__init__(text.english)
        self.text = text
        self.result = result
