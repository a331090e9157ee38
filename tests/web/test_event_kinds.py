"""Every kind of event that the house writes is called by a name that people know."""

import ast
from collections.abc import Iterator
from pathlib import Path

import service
from service.usecases.clocks import RULE_BY_KIND
from service.usecases.tracked_items import STEPS
from service.web.parts.event_kinds import ALARMING, OPENING, QUIET, TELLING, TITLES

RECORDERS = frozenset({"record", "_record"})
PASSED_ON = "kind"
"""Name of the parameter by which a helper hands on the kind that its caller wrote."""

MADE = {
    "f'clock.{mark.kind}'": [f"clock.{kind}" for kind in RULE_BY_KIND],
    "f'item.{move.kind}'": [f"item.{step}" for step in STEPS],
}
"""Kinds that are put together, by the expression that does it."""


def _kinds(tree: ast.Module) -> Iterator[str]:
    constants = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name in RECORDERS and call.args:
            arguments = [
                constants.get(each.id, each) if isinstance(each, ast.Name) else each
                for each in call.args
            ]
            yield from _kind_of(arguments)


def _kind_of(arguments: list[ast.expr]) -> Iterator[str]:
    choices = [each for each in arguments if isinstance(each, ast.IfExp)]
    either = [branch for each in choices for branch in (each.body, each.orelse)]
    texts = [
        each for each in (*arguments, *either) if isinstance(each, ast.Constant | ast.JoinedStr)
    ]
    if not texts:
        assert any(isinstance(each, ast.Name) and each.id == PASSED_ON for each in arguments)
    for text in texts:
        if isinstance(text, ast.Constant):
            yield str(text.value)
        else:
            yield from MADE[ast.unparse(text)]


def _written() -> set[str]:
    room = Path(service.__file__).parent
    sources = (file.read_text(encoding="utf-8") for file in room.rglob("*.py"))
    recording = (ast.parse(source) for source in sources if "record(" in source)
    return {kind for tree in recording for kind in _kinds(tree)}


def test_every_kind_that_is_written_has_a_name() -> None:
    """Each literal that is recorded anywhere in the sources stands among the titles, and no other."""
    assert _written() == set(TITLES)


def test_how_kinds_are_shown_names_only_kinds_that_are_there() -> None:
    """A kind that was renamed does not leave its colour behind."""
    assert (QUIET | TELLING | OPENING | ALARMING) - set(TITLES) == set()
