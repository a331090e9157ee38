"""The names of types inside expressions: `list<number>`, `function<a> -> b`.

Source: DMN 1.5 §10.3.1.2 rules 52 to 54.
"""

from service.feel.cursor import Cursor
from service.feel.types import FeelType, basic_type
from service.feel.wording import Text

UNKNOWN = FeelType("unknown")


def parse_type(cursor: Cursor) -> FeelType:
    """Consume a type; a name that nobody defined gives one of kind `unknown`.

    Raises:
        FeelSyntaxError: No type is there.
    """
    with cursor.deeper():
        if cursor.token.kind not in ("name", "keyword"):
            raise cursor.error(Text("类型名称", "the name of a type"))
        name = cursor.advance().text
        composed = _composed(cursor, name)
        if composed is not None:
            return composed
        while cursor.at_sign("."):
            cursor.advance_plain()
            name += "." + cursor.advance().text
        return cursor.types.get(name) or basic_type(name) or UNKNOWN


def _composed(cursor: Cursor, name: str) -> FeelType | None:
    if not cursor.at_sign("<") or name not in ("list", "range", "context", "function"):
        return None
    cursor.advance()
    if name == "context":
        return _context(cursor)
    if name == "function":
        return _function(cursor)
    item = parse_type(cursor)
    cursor.expect_sign(">")
    return FeelType(name, item=item)


def _context(cursor: Cursor) -> FeelType:
    members: list[tuple[str, FeelType]] = []
    while not cursor.at_sign(">"):
        key = cursor.name_until(":")
        cursor.expect_sign(":")
        members.append((key, parse_type(cursor)))
        if not cursor.accept_sign(","):
            break
    cursor.expect_sign(">")
    return FeelType("context", members=tuple(members))


def _function(cursor: Cursor) -> FeelType:
    parameters: list[FeelType] = []
    while not cursor.at_sign(">"):
        parameters.append(parse_type(cursor))
        if not cursor.accept_sign(","):
            break
    cursor.expect_sign(">")
    cursor.expect_sign("->")
    return FeelType("function", parameters=tuple(parameters), returns=parse_type(cursor))
