"""The inner signal of a decision that cannot be decided."""


class DecisionFailed(Exception):
    """A decision breaks its own rules, such as two hits of a UNIQUE table.

    Attributes:
        message: One sentence in Chinese.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
