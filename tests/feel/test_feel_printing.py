"""Trees to text and back."""

import pytest
from hypothesis import given

from service.feel import compile_expression, compile_unary_tests
from service.feel import tree as t
from service.feel.parser import parse_expression, parse_unary_tests
from tests.feel.printing import to_text
from tests.feel.trees import CELLS, TREES, fuzz, without_places


@pytest.mark.slow
@fuzz(60)
@given(TREES)
def test_parsing_what_was_printed_gives_the_tree(tree: t.Node) -> None:
    """parse(print(tree)) = tree, for every tree the grammar can make."""
    assert without_places(parse_expression(to_text(tree))) == tree


@pytest.mark.slow
@fuzz(30)
@given(CELLS)
def test_parsing_a_printed_cell_gives_the_tests(tests: t.Tests) -> None:
    """The same for the cells of decision tables."""
    assert without_places(parse_unary_tests(to_text(tests))) == tests


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a+b *c", "a + (b * c)"),
        ("( (1) )", "1"),
        ("{ k e y : 1 , z:2}", '{"k e y": 1, z: 2}'),
        ("date and time( x )", "date and time(x)"),
        ("]1..3[", "(1..3)"),
        ("for i in 1..3 return i", "for i in 1..3 return i"),
        ("x instance of list < number >", "x instance of list<number>"),
        ("x in (<5, >=7)", "x in (< 5, >= 7)"),
        ('@"PT60M"', '@"PT1H"'),
    ],
)
def test_an_expression_is_printed_in_one_way(text: str, printed: str) -> None:
    """Spaces and brackets that say nothing are gone."""
    assert to_text(compile_expression(text).tree) == printed


@pytest.mark.parametrize("text", ["-", "< 5", 'not("a", "b")', "[1..5], > 9", "(not(?))"])
def test_a_cell_is_printed_as_it_is_usually_written(text: str) -> None:
    """Comparisons stand without brackets; `not` in front means the whole cell."""
    assert to_text(compile_unary_tests(text).tree) == text
