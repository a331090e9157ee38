"""What several mappings of one element see of each other, and what they leave of what was there.

Source: Camunda 8 variables (in the order drawn; outputs write the leaf and keep its siblings), and its
engine's tests (InputMappingPartialShadowingTest, MappingTypePreservationTest,
ActivityInputMappingCombinedTest, NestedOutputPathPropagationTest).
"""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.engine.player import Drawn
from tests.usecases import drawing

Pairs = tuple[tuple[str, str], ...]
X = {"x": {"a": 1, "b": 2}}

INPUTS: dict[str, tuple[Mapping[str, Any], Pairs, Mapping[str, Any]]] = {
    # Fields of an object are taken into a smaller one of the same name.
    "narrowed": (X, (("x.a", "x.a"), ("x.b", "x.b")), X),
    "narrowed inside": (
        {"x": {"a": {"b": 1, "c": 2}}},
        (("x.a.b", "x.a.b"), ("x.a.c", "x.a.c")),
        {"x": {"a": {"b": 1, "c": 2}}},
    ),
    # Only what was mapped is written, the rest of the outer object is seen through it.
    "seen through": (
        X,
        (("3", "x.a"), ("x", "y"), ("9", "x.c")),
        {"x": {"a": 3, "c": 9}, "y": {"a": 3, "b": 2}},
    ),
    "not through a whole": (X, (("{a: 3}", "x"), ("x", "y")), {"x": {"a": 3}, "y": {"a": 3}}),
    "not through null": ({"x": 5}, (("null", "x"), ("x", "y")), {"x": None, "y": None}),
    "not through a whole inside": (
        {"x": {"a": {"b": 1}, "d": 4}},
        (("1", "x.a"), ("2", "x.a.c"), ("x", "y")),
        {"x": {"a": {"c": 2}}, "y": {"a": {"c": 2}, "d": 4}},
    ),
    # In the order drawn, whatever is mapped into the same object.
    "in order": (
        {},
        (("1", "o.first"), ("2", "flat"), ("flat", "o.second")),
        {"o": {"first": 1, "second": 2}, "flat": 2},
    ),
    "a value of its time": ({}, (("1", "x"), ("x", "y"), ("2", "x")), {"x": 2, "y": 1}),
    # What was mapped into the same object has its short name there, as in a FEEL context.
    "short names": (
        {"kind": "outer"},
        (('"github"', "login.kind"), ("kind", "login.last"), ("kind", "plain")),
        {"login": {"kind": "github", "last": "github"}, "plain": "outer"},
    ),
    # A date stays a date from one mapping to the next.
    "a date": (
        {},
        (('date("2026-11-29")', "day"), ('day + duration("P1D")', "o.next"), ("o.next.day", "n")),
        {"day": "2026-11-29", "o": {"next": "2026-11-30"}, "n": 30},
    ),
    "a text of before": ({"day": "2026-11-29"}, (("day.day", "n"),), {"n": None}),
}

OUTPUTS: dict[str, tuple[Mapping[str, Any], Mapping[str, Any], Pairs, Mapping[str, Any]]] = {
    # Fields that the task has given and nobody maps go nowhere, those outside stay.
    "siblings": (
        {"a": {"old": 1, "deep": {"old": 2}}},
        {"a": {"new": 3, "noise": 4}},
        (("a.new", "a.new"), ("a.new", "a.deep.new")),
        {"a": {"old": 1, "new": 3, "deep": {"old": 2, "new": 3}}},
    ),
    "branches": (
        {},
        {"a": {"b": {"c": 1}, "d": {"e": 2}, "noise": 3}},
        (("a.b.c", "a.b.c"), ("a.d.e", "a.d.e"), ("a.noise", "seen")),
        {"a": {"b": {"c": 1}, "d": {"e": 2}}, "seen": 3},
    ),
    "no object": ({"a": 5}, {}, (("1", "a.b"),), {"a": {"b": 1}}),
    "in order": ({}, {}, (("1", "x"), ("x", "y"), ("2", "x")), {"x": 2, "y": 1}),
    "a duration": (
        {},
        {},
        (('duration("P1DT2H")', "x"), ("x.hours", "y")),
        {"x": "P1DT2H", "y": 2},
    ),
}


def mapped(variables: Mapping[str, Any], inputs: Pairs, outputs: Pairs = ()) -> Drawn:
    """Return an instance of a process with one task, whose mappings are given."""
    mappings = drawing.mapping(*inputs, outputs=outputs)
    task = drawing.user_task("work", mappings)
    return Drawn(drawing.line("process", task).content, variables)


@pytest.mark.parametrize("name", INPUTS)
def test_inputs_see_what_was_mapped_before_them(name: str) -> None:
    """In front of what lies outside, which they leave as it is."""
    variables, mappings, expected = INPUTS[name]
    player = mapped(variables, mappings)

    assert player.local("work") == expected
    assert player.root == variables


@pytest.mark.parametrize("name", OUTPUTS)
def test_outputs_write_what_they_name_and_keep_the_rest(name: str) -> None:
    """A dotted target is merged into what the scope outside holds, not into what the task has seen."""
    variables, result, mappings, expected = OUTPUTS[name]
    player = mapped(variables, (), mappings)
    player.complete("work", **result)

    assert player.root == expected


def test_a_local_object_does_not_hide_the_one_that_an_output_writes_into() -> None:
    """What an input made is left behind with the task."""
    player = mapped({"a": {"c": 2}}, (("{p: 0}", "a"),), (("1", "a.b"), ("a.p", "seen")))
    player.complete("work")

    assert player.root == {"a": {"c": 2, "b": 1}, "seen": 0}
