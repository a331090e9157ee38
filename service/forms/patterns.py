"""ECMAScript patterns that could take for ever are known by their look: a repeated repetition."""

from re import compile as compile_pattern

_TOKEN = compile_pattern(
    r"\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|\)|[*+]\??|\{\d+(?:,\d*)?\}\??|."
)
_OPEN = compile_pattern(r"[*+]\??|\{\d+,\d*\}\??")


def repeats_a_repetition(pattern: str) -> bool:
    """Tell whether a group that holds a repetition of open length is repeated so, as in `(a+)+`.

    Such patterns can take exponential time for a text that does not fit, and there is no way to
    stop the matching; nearly always they can be written without.
    """
    holds_repetition = [False]
    closed = False
    for token in _TOKEN.findall(pattern):
        if token.startswith("("):
            holds_repetition.append(False)
        elif _OPEN.fullmatch(token):
            if closed:
                return True
            holds_repetition[-1] = True
        closed = False
        if token == ")" and len(holds_repetition) > 1:
            closed = holds_repetition.pop()
            holds_repetition[-1] = holds_repetition[-1] or closed
    return False
