"""What a search for a regular expression keeps in mind."""

from service.feel.errors import LimitExceeded

STEPS = 500_000
"""Steps one search may take; a pattern that blows up is given up after them."""


class State:
    """Text, groups found so far, and the steps left.

    Attributes:
        starts: A stack a group: where the open rounds of it began.
        rounds: A stack a repeated part: how many rounds, and where the last began.
    """

    __slots__ = ("groups", "rounds", "starts", "steps", "text")

    def __init__(self, text: str, groups: int, repeats: int) -> None:
        self.text = text
        self.starts: list[list[int]] = [[] for _ in range(groups + 1)]
        self.rounds: list[list[tuple[int, int]]] = [[] for _ in range(repeats)]
        self.groups: list[tuple[int, int] | None] = [None] * (groups + 1)
        self.steps = STEPS

    def step(self, count: int = 1) -> None:
        """Use up steps.

        Raises:
            LimitExceeded: None are left.
        """
        self.steps -= count
        if self.steps < 0:
            raise LimitExceeded(
                f"正则表达式的匹配超过 {STEPS} 步",
                f"The search for the regular expression exceeds {STEPS} steps.",
            )
