"""Words out of FEEL text, one at a time, because names in scope decide where a word ends."""

import re
from dataclasses import dataclass
from decimal import Decimal, DecimalException

from service.feel.errors import FeelSyntaxError
from service.feel.hints import hint_at
from service.feel.known_names import PLAIN, SPACE, KnownNames
from service.feel.number_context import feel_number
from service.feel.wording import Text

KEYWORDS = frozenset(
    {
        "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or",
        "between", "function", "instance", "of", "null", "true", "false", "external",
    }
)  # fmt: skip
_NUMBER = re.compile(r"(?:\d+(?:\.(?!\.)\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_SIGN = re.compile(r"\.\.|\*\*|!=|<=|>=|->|[-+*/=<>()\[\]{},:.@?|']")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "'": "'", "/": "/"}
EXPRESSION = Text("表达式", "an expression")
END = Text("表达式结尾", "the end of the expression")
_NUMBER_IN_REACH = Text("小于 10^6145 的数字", "a number below 10^6145")
_CLOSED_STRING = Text("以双引号结束的文本", "a text that ends with a double quote")
_CLOSED_NAME = Text("以反引号结束的名称", "a name that ends with a backtick")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@dataclass(frozen=True, slots=True)
class Token:
    """One word.

    Attributes:
        kind: `name`, `keyword`, `sign`, `number`, `string` or `end`.
        text: The name, keyword or sign, or the content of the string.
    """

    kind: str
    text: str
    start: int
    end: int
    number: Decimal | None = None


class Lexer:
    """Reads words from a text from left to right."""

    def __init__(self, text: str, known: KnownNames) -> None:
        self.text = text
        self.known = known

    def read(self, at: int, *, plain: bool = False) -> Token:
        """Return the word at or after `at`; `plain` leaves keywords without meaning.

        Raises:
            FeelSyntaxError: No word begins there.
        """
        at = self._after_space(at)
        if at >= len(self.text):
            return Token("end", "", at, at)
        token = self._name(at, plain) or self._number(at) or self._string(at) or self._quoted(at)
        if token is not None:
            return token
        sign = _SIGN.match(self.text, at)
        if sign is None:
            raise self.error(at, EXPRESSION)
        return Token("sign", sign[0], at, sign.end())

    def _after_space(self, at: int) -> int:
        space = SPACE.match(self.text, at)
        return at if space is None else space.end()

    def _name(self, at: int, plain: bool) -> Token | None:
        known = self.known.match(self.text, at)
        if known is not None:
            return Token("name", known[0], at, known[1])
        word = PLAIN.match(self.text, at)
        if word is None:
            return None
        kind = "keyword" if word[0] in KEYWORDS and not plain else "name"
        return Token(kind, word[0], at, word.end())

    def _number(self, at: int) -> Token | None:
        found = _NUMBER.match(self.text, at)
        if found is None:
            return None
        try:
            number = feel_number(Decimal(found[0]))
        except DecimalException as error:
            raise self.error(at, _NUMBER_IN_REACH) from error
        return Token("number", found[0], at, found.end(), number)

    def _string(self, at: int) -> Token | None:
        if self.text[at] != '"':
            return None
        found = _STRING.match(self.text, at)
        if found is None:
            raise self.error(at, _CLOSED_STRING)
        return Token("string", self._unescape(found[1]), at, found.end())

    def _unescape(self, body: str) -> str:
        if "\\" not in body:
            return body

        def one(match: re.Match[str]) -> str:
            code = match[1] or match[2]
            if code is not None:
                return _character(int(code, 16), match[0])
            return _SIMPLE_ESCAPES.get(match[3], match[0])

        text = _ESCAPE.sub(one, body)
        return _SURROGATES.sub(lambda pair: _joined(pair[0]), text)

    def _quoted(self, at: int) -> Token | None:
        if self.text[at] != "`":
            return None
        end = self.text.find("`", at + 1)
        if end <= at + 1:
            raise self.error(at, _CLOSED_NAME)
        return Token("name", self.text[at + 1 : end], at, end + 1)

    def error(self, at: int, expected: Text, found: Text | None = None) -> FeelSyntaxError:
        """Return the error that something else was expected at an offset."""
        line = self.text.count("\n", 0, at) + 1
        column = at - (self.text.rfind("\n", 0, at) + 1) + 1
        if found is None:
            found = quoted(self.text[at : at + 20]) if at < len(self.text) else END
        hint = hint_at(self.text, at, KEYWORDS)
        return FeelSyntaxError(line, column, expected, found, hint)


def quoted(word: str) -> Text:
    """Return a word of the text in quotation marks."""
    return Text(f"“{word}”", f"'{word}'")


def _character(code: int, written: str) -> str:
    return chr(code) if code <= 0x10FFFF else written


def _joined(pair: str) -> str:
    return chr(0x10000 + ((ord(pair[0]) - 0xD800) << 10) + (ord(pair[1]) - 0xDC00))
