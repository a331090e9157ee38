"""Kinds of filter values: how each is read from JSON and which operators it takes.

Source: Camunda 8 Orchestration Cluster API v2, search filters (`AdvancedStringFilter` and its kin).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from re import compile as compile_pattern
from typing import Any

from service.domain.errors import BadInputError
from service.domain.told import told
from service.sla import is_in_calendar

LARGEST_KEY = (1 << 63) - 1
"""The largest key a row can have; greater numbers name nothing."""

NOTHING = -1
"""A key that no row has."""

_DIGITS = compile_pattern(r"-?[0-9]{1,25}\Z")


@dataclass(frozen=True)
class Kind:
    """A kind of value.

    Attributes:
        expected: What the refusal says was expected («an integer»).
        read: JSON value -> value for the database; raises ValueError when it is of another kind.
        operators: Operators that may stand beside the bare value, such as `$gte`.
        words: Of an enumeration: what it may be.
    """

    expected: str
    read: Callable[[Any], Any]
    operators: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    def value(self, given: Any, path: str) -> Any:
        """Return the value for the database.

        Raises:
            BadInputError: It is of another kind; the text names `path`.
        """
        try:
            return self.read(given)
        except ValueError as error:
            raise refused(path, self.expected, given) from error

    def exactly(self) -> "Kind":
        """Return the same kind without operators: the bare value only."""
        return Kind(self.expected, self.read, words=self.words)

    def with_none_of(self) -> "Kind":
        """Return the same kind that takes `$notIn`, too."""
        return Kind(self.expected, self.read, self.operators | {"$notIn"}, self.words)


def refused(path: str, expected: str, given: Any) -> BadInputError:
    """Return the refusal of a value that is not what was expected at `path`."""
    shown = told(given)
    other = {"other_type": path} if _cannot_be_read(expected, given) else {}
    return BadInputError(
        f"Expected '{path}' to be {expected}, but got {shown}.",
        field=path,
        expected=expected,
        given=shown,
        **other,
    )


_TYPES: tuple[tuple[str, tuple[type, ...]], ...] = (
    ("a string or a number", (str, int, float)),
    ("a string", (str,)),
    ("a key", (str,)),
    ("a date-time", (str,)),
    ("one of", ()),
    ("an integer", (int,)),
    ("true or false", (bool,)),
    ("a list", (list,)),
    ("an object", (dict,)),
)
"""How what was expected begins -> the types of JSON it is of. Camunda 8 turns none into another, and reads no
word that an enumeration has not.
"""


def _cannot_be_read(expected: str, given: Any) -> bool:
    """Tell whether a value, which is not null, is of another type of JSON or no word of an enumeration."""
    types = next((types for begin, types in _TYPES if expected.startswith(begin)), None)
    return types is not None and given is not None and type(given) not in types


def missing(path: str, expected: str) -> BadInputError:
    """Return the refusal of a body in which what was expected at `path` is not there, or null."""
    return BadInputError(
        f"Expected '{path}' to be {expected}, but it is missing.", field=path, expected=expected
    )


def read_object(given: Any) -> Mapping[str, Any]:
    """Return a JSON object as it is.

    Raises:
        ValueError: It is something else.
    """
    if not isinstance(given, dict):
        raise ValueError
    return given


def read_text(given: Any) -> str:
    """Return a JSON string as it is, without NUL, which no database stores.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(given, str) or "\0" in given:
        raise ValueError
    return given


def read_integer(given: Any) -> int:
    """Return a JSON integer that fits 63 bits.

    Raises:
        ValueError: It is none; true and false are none.
    """
    if not isinstance(given, int) or isinstance(given, bool) or abs(given) > LARGEST_KEY:
        raise ValueError
    return given


def read_key(given: Any) -> int:
    """Return the key that a string of digits names.

    Raises:
        ValueError: It is no string of digits, or greater than any key.
    """
    if not isinstance(given, str) or not _DIGITS.match(given):
        raise ValueError
    return read_integer(int(given))


def read_key_text(given: Any) -> int:
    """Return the key that a string names; one that is no key names nothing: `NOTHING`.

    Raises:
        ValueError: It is no string.
    """
    try:
        return read_key(read_text(given))
    except ValueError:
        read_text(given)
        return NOTHING


def read_moment(given: Any) -> datetime:
    """Return the moment of an RFC 3339 text with offset.

    Raises:
        ValueError: It is none, has no offset, or lies at the very ends of the calendar.
    """
    moment = datetime.fromisoformat(read_text(given))
    if moment.tzinfo is None or not is_in_calendar(moment):
        raise ValueError
    return moment


def read_flag(given: Any) -> bool:
    """Return a JSON boolean.

    Raises:
        ValueError: It is none.
    """
    if given is not True and given is not False:
        raise ValueError
    return given is True


_SAME = frozenset({"$eq", "$neq", "$exists"})
_ORDERED = _SAME | {"$gt", "$gte", "$lt", "$lte", "$in"}

TEXT = Kind("a string", read_text, _SAME | {"$in", "$notIn", "$like"})
KEY = Kind("a key as a string of digits", read_key, _SAME | {"$in", "$notIn"})
KEY_TEXT = Kind("a string", read_key_text, KEY.operators)
"""A key that may be any text, as that of a batch operation, which in Camunda 8 may be a UUID of older days."""

INTEGER = Kind("an integer", read_integer, _ORDERED)
MOMENT = Kind("a date-time of RFC 3339 with offset", read_moment, _ORDERED)
FLAG = Kind("true or false", read_flag)


def one_of(words: str) -> Kind:
    """Return the kind of an enumeration: one of the words of this text, `$like` included."""
    names = tuple(words.split())

    def read(given: Any) -> str:
        if given not in names:
            raise ValueError
        return str(given)

    expected = f"one of {', '.join(names)}"
    return Kind(expected, read, _SAME | {"$in", "$like"}, names)
