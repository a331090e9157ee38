"""The place in a text while it is parsed: the word at hand, and what may be asked of it."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from service.feel.errors import FeelSyntaxError
from service.feel.known_names import KnownNames, normalised
from service.feel.lexer import END, KEYWORDS, Lexer, Token, quoted
from service.feel.limits import NESTING
from service.feel.tree import Node
from service.feel.types import FeelType
from service.feel.wording import Text

NESTED_LESS = Text(f"不超过 {NESTING} 层的嵌套", f"at most {NESTING} levels of nesting")
_BEGINNERS = frozenset({"(", "[", "]", "{", "-", "@", "?"})
_BEGINNING_KEYWORDS = frozenset({"if", "for", "some", "every", "function", "null", "true", "false"})


class Cursor(ABC):
    """Walks over the words of a text; grammar rules take one and return nodes.

    Attributes:
        token: The word not yet consumed.
        in_range_end: Whether the end of a range is being read, so that `[` may close it.
    """

    def __init__(self, text: str, known: KnownNames, types: Mapping[str, FeelType]) -> None:
        self.text = text
        self.known = known
        self.types = types
        self.lexer = Lexer(text, known)
        self.token = self.lexer.read(0)
        self.in_range_end = False
        self._depth = 0

    @abstractmethod
    def expression(self, power: int = 0) -> Node:
        """Consume an expression of operators binding tighter than `power`."""

    def advance(self) -> Token:
        """Consume the word at hand and return it."""
        token = self.token
        self.token = self.lexer.read(token.end)
        return token

    def advance_plain(self) -> None:
        """Consume the word at hand; the next one is read as a name even when it is a keyword."""
        self.token = self.lexer.read(self.token.end, plain=True)

    def at_sign(self, *signs: str) -> bool:
        """Tell whether the word at hand is one of these signs."""
        return self.token.kind == "sign" and self.token.text in signs

    def at_keyword(self, word: str) -> bool:
        """Tell whether the word at hand is this keyword."""
        return self.token.kind == "keyword" and self.token.text == word

    def accept_sign(self, sign: str) -> bool:
        """Consume the sign when it is at hand."""
        if self.at_sign(sign):
            self.advance()
            return True
        return False

    def accept_keyword(self, word: str) -> bool:
        """Consume the keyword when it is at hand."""
        if self.at_keyword(word):
            self.advance()
            return True
        return False

    def expect_sign(self, sign: str) -> Token:
        """Consume the sign.

        Raises:
            FeelSyntaxError: Something else is at hand.
        """
        if not self.at_sign(sign):
            raise self.error(quoted(sign))
        return self.advance()

    def expect_keyword(self, word: str) -> None:
        """Consume the keyword.

        Raises:
            FeelSyntaxError: Something else is at hand.
        """
        if not self.accept_keyword(word):
            raise self.error(quoted(word))

    def error(self, expected: Text) -> FeelSyntaxError:
        """Return the error that something else was expected here."""
        return self.lexer.error(self.token.start, expected, _shown(self.token))

    def name_until(self, *stops: str) -> str:
        """Consume words up to one of the stops (left at hand) and return them as one name.

        Raises:
            FeelSyntaxError: No word is there, or one that no name may hold.
        """
        name = self.try_name_until(*stops)
        if name is None:
            raise self.error(Text("名称", "a name"))
        return name

    def try_name_until(self, *stops: str) -> str | None:
        """Do as `name_until`, or consume nothing and return None when no name is there."""
        first = self.token
        last: Token | None = None
        try:
            while self.token.text not in stops or self.token.kind == "string":
                if not self._may_be_in_name(last is None):
                    break
                last = self.token
                self._advance_within_name(stops)
        except FeelSyntaxError:
            last = None
        if last is None or self.token.text not in stops or self.token.kind in ("string", "end"):
            self.token = first
            return None
        if first is last and first.kind == "name":
            return first.text
        return normalised(self.text[first.start : last.end])

    def _advance_within_name(self, stops: tuple[str, ...]) -> None:
        """Consume a word; the next is a keyword only when it is one of the stops."""
        following = self.lexer.read(self.token.end)
        if following.kind == "keyword" and following.text not in stops:
            following = self.lexer.read(self.token.end, plain=True)
        self.token = following

    def _may_be_in_name(self, is_first: bool) -> bool:
        token = self.token
        if token.kind in ("name", "keyword"):
            return True
        if is_first:
            return False
        return token.kind == "number" or token.text in ("+", "-", "*", "/", ".", "**", "'")

    def begins_expression_after(self) -> bool:
        """Tell whether an expression can begin behind the sign at hand."""
        following = self.lexer.read(self.token.end)
        if following.kind in ("name", "number", "string"):
            return True
        if following.kind == "keyword":
            return following.text in _BEGINNING_KEYWORDS
        return following.kind == "sign" and following.text in _BEGINNERS

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count one level of nesting.

        Raises:
            FeelSyntaxError: Too many.
        """
        if self._depth >= NESTING:
            raise self.error(NESTED_LESS)
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Read what stands between brackets, where `[` always opens."""
        outer, self.in_range_end = self.in_range_end, False
        try:
            yield
        finally:
            self.in_range_end = outer

    def learn(self, names: Collection[str]) -> None:
        """Make names known from here on."""
        for name in names:
            self.known.add(name)


def _shown(token: Token) -> Text:
    if token.kind == "end":
        return END
    word = token.text[:20]
    if token.kind == "string":
        return Text(f"文本“{word}”", f"the text '{word}'")
    if token.text in KEYWORDS:
        return Text(f"关键字“{word}”", f"the keyword '{word}'")
    return quoted(word)
