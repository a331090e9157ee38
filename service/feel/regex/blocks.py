"""The blocks of characters that Unicode names: `IsGreek`. Loaded with the first expression that names one."""

from elementpath.regex import RegexError, unicode_subset

from service.feel.errors import Fault
from service.feel.regex.pattern import CharacterTest


def block(name: str) -> CharacterTest:
    r"""Return the test of `\p{name}`, a block `IsName`.

    Raises:
        Fault: There is no such.
    """
    try:
        subset = unicode_subset(name)
    except (RegexError, KeyError, ValueError) as error:
        raise Fault(
            f"正则表达式中有未知的字符块“{name}”", f"Unknown block of characters '{name}'."
        ) from error
    return lambda character: ord(character) in subset
