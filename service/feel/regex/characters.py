"""Tests of single characters: literals, classes, categories and blocks.

Source: XML Schema Part 2 appendix G.4.
"""

import unicodedata
from functools import lru_cache
from importlib import import_module
from typing import cast

from service.feel.errors import Fault
from service.feel.regex.pattern import CharacterTest

_SPACES = frozenset(" \t\n\r")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", **{sign: sign for sign in "\\|.?*+(){}-[]^$"}}


@lru_cache(maxsize=4096)
def variants(character: str) -> frozenset[str]:
    """Return a character with all that differ from it in case only."""
    found = {character, character.lower(), character.upper(), character.title()}
    found |= {one.lower() for one in found} | {one.upper() for one in found}
    return frozenset(one for one in found if len(one) == 1)


def one_of(first: str, last: str, *, ignores_case: bool) -> CharacterTest:
    """Return the test for characters from `first` to `last`."""
    if not ignores_case:
        return lambda character: first <= character <= last
    if first == last:
        wanted = variants(first)
        return lambda character: not wanted.isdisjoint(variants(character))
    return lambda character: any(first <= one <= last for one in variants(character))


def negated(test: CharacterTest) -> CharacterTest:
    """Return the opposite test."""
    return lambda character: not test(character)


def any_of(tests: list[CharacterTest]) -> CharacterTest:
    """Return the test that passes when one of some passes."""
    return lambda character: any(test(character) for test in tests)


def all_but(test: CharacterTest, excluded: CharacterTest) -> CharacterTest:
    """Return a test minus another."""
    return lambda character: test(character) and not excluded(character)


def _is_digit(character: str) -> bool:
    return unicodedata.category(character) == "Nd"


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


def _is_name_start(character: str) -> bool:
    return character in "_:" or unicodedata.category(character)[0] == "L"


def _is_name_part(character: str) -> bool:
    return character in "-.·_:" or unicodedata.category(character)[0] in "LMN"


def _is_space(character: str) -> bool:
    return character in _SPACES


_CLASSES: dict[str, CharacterTest] = {
    "d": _is_digit,
    "w": _is_word,
    "s": _is_space,
    "i": _is_name_start,
    "c": _is_name_part,
}


def escape_class(letter: str) -> CharacterTest | None:
    r"""Return the test of `\d` and the like, or None for a letter without meaning."""
    test = _CLASSES.get(letter.lower())
    if test is None:
        return None
    return negated(test) if letter.isupper() else test


def category(name: str) -> CharacterTest:
    r"""Return the test of `\p{name}`: a general category or a block `IsName`.

    Raises:
        Fault: There is no such.
    """
    if not name.startswith("Is"):
        return _general_category(name)
    # The table of the blocks takes four megabytes of each process that has it loaded, and few name one.
    blocks = import_module("service.feel.regex.blocks")
    return cast(CharacterTest, blocks.block(name))


def _general_category(name: str) -> CharacterTest:
    if name in ("L", "M", "N", "P", "Z", "S", "C"):
        return lambda character: unicodedata.category(character)[0] == name
    if len(name) == 2 and name[0] in "LMNPZSC" and name[1] in "ulcdemonsfipk":
        return lambda character: unicodedata.category(character) == name
    raise Fault(
        f"正则表达式中有未知的字符类别“{name}”", f"Unknown category of characters '{name}'."
    )
