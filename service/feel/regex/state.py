"""What a search for a regular expression keeps in mind."""

from collections.abc import Callable

PORTION = 1_000
"""Steps that are taken before the evaluation around is told of them."""


class State:
    """Text, groups found so far, and the steps left of the portion at hand.

    Attributes:
        starts: A stack a group: where the open rounds of it began.
        rounds: A stack a repeated part: how many rounds, and where the last began.
    """

    __slots__ = ("_spend", "groups", "rounds", "starts", "steps", "text")

    def __init__(self, text: str, groups: int, repeats: int, spend: Callable[[int], None]) -> None:
        self.text = text
        self.starts: list[list[int]] = [[] for _ in range(groups + 1)]
        self.rounds: list[list[tuple[int, int]]] = [[] for _ in range(repeats)]
        self.groups: list[tuple[int, int] | None] = [None] * (groups + 1)
        self.steps = PORTION
        self._spend = spend

    def step(self, count: int = 1) -> None:
        """Use up steps.

        Raises:
            LimitExceeded: The evaluation around has none left.
        """
        self.steps -= count
        if self.steps < 0:
            self.settle()

    def settle(self) -> None:
        """Tell the evaluation around what was used of the portion, and begin another.

        Raises:
            LimitExceeded: It has no steps left.
        """
        self._spend(PORTION - self.steps)
        self.steps = PORTION
