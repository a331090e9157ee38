"""What the random histories promise to do to an instance is done: by a command, which is a request, too."""

from types import SimpleNamespace
from typing import Any, cast

from tests.engine.blocks import Working
from tests.engine.moves import BEGINS, ENDS, MOVES
from tests.engine.stage import OTHER_WAYS, WAYS, moved
from tests.usecases.acting import COMMANDS, TROUBLES, Acted
from tests.usecases.operating import OPERATIONS, Operator
from tests.usecases.requesting import REQUESTS

PROMISED = {
    "suspends": "suspend",
    "suspends many": "batch",
    "holds the caller": "suspend",
    "migrates": "migrate",
    "migrates many": "migrate many",
    "renames": "migrate",
    "renames many": "migrate many",
    "hands over": "migrate",
    "hands over many": "migrate many",
}
"""What the operator does, and the command by which he does it."""


class PlansNothing(Operator):
    """An operator who knows where to without looking."""

    def _plan(self, key: int) -> tuple[int, list[Any]]:
        return key, []


def test_each_operation_that_is_drawn_is_carried_out() -> None:
    """And each that is promised is drawn; a version is deployed for each that migrates."""
    called = SimpleNamespace(parent_instance_key=2)
    acted = SimpleNamespace(
        whole=SimpleNamespace(process_id="drawn"),
        instance_of=lambda name, kind, nth: 1,
        instance=lambda key: called,
    )
    deployed: list[str] = []
    operator = PlansNothing(cast(Acted, acted), deployed.append)
    working = Working("ask", 1)
    done = {what: operator.does(what, working, 0)[0] for what in {*OPERATIONS} - {"nothing"}}
    assert {what: before[0][0] for what, before in done.items()} == PROMISED
    migrating = [what for what, command in PROMISED.items() if command.startswith("migrate")]
    assert sorted(deployed) == sorted(migrating)


def test_each_command_is_a_request_to_the_api() -> None:
    """Otherwise nobody would ask for it in the processes that are killed."""
    assert COMMANDS.keys() == REQUESTS.keys()
    assert {*TROUBLES} == {"none", "fails", "throws"}


def test_each_way_of_a_move_is_another_modification() -> None:
    """In the engine, and as a body of the request."""
    ways = (*WAYS, *OTHER_WAYS)
    assert {*MOVES, *BEGINS, *ENDS} == {*ways} - {"direct"}
    assert len({repr(moved(1, 2, "there", way)) for way in ways}) == len(ways)
    bodies = [REQUESTS["move"](3, 1, 2, "there", way)[2] for way in ways]
    assert len({repr(body) for body in bodies}) == len(ways)
