"""From the JSON a program sends to values: each field read once, refused by its name.

Unknown fields of a body are ignored, as the API does; null counts as not given.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

import orjson
from flask import request

from service.api.media_types import JSON, MULTIPART
from service.api.openapi.expected import require_known
from service.api.operation import expected_here
from service.api.own_errors import UnsupportedMediaError
from service.domain.errors import BadInputError
from service.domain.identifiers import EXPECTED as IDENTIFIER
from service.domain.identifiers import LONGEST_NAME, PROCESS_ID, is_identifier, is_process_id
from service.reports.search.kinds import FLAG, INTEGER, KEY, MOMENT, TEXT, Kind, missing, refused
from service.reports.search.wire import TENANT

T = TypeVar("T")

DEEPEST = 100
"""How deep JSON may be nested."""

_REFERENCE = "operationReference"
"""The field of many bodies by which Camunda's exporters mark their records."""


class Body:
    """A JSON object that was sent, read field by field."""

    def __init__(self, fields: Mapping[str, Any], path: str = "") -> None:
        """Take the object; `path` leads to it in refusals."""
        self._fields = fields
        self._path = path

    def has(self, name: str) -> bool:
        """Return True when the field is given and not null."""
        return self._fields.get(name) is not None

    def given(self, name: str) -> bool:
        """Return True when the field is given and neither null, false nor empty."""
        return bool(self._fields.get(name))

    def text(self, name: str, default: str = "") -> str:
        """Return a string.

        Raises:
            BadInputError: It is none.
        """
        return str(self._read(name, TEXT, default))

    def required_text(self, name: str) -> str:
        """Return a string that must be there and not be empty.

        Raises:
            BadInputError: It is missing, empty, only spaces, or no string.
        """
        value = self.text(name)
        if not self.has(name):
            raise missing(self.at(name), "a string that is not empty")
        if not value.strip():
            raise refused(self.at(name), "a string that is not empty", value)
        return value

    def identifier(self, name: str) -> str:
        """Return the id that somebody or something new shall have.

        Raises:
            BadInputError: It is missing, too long, or has signs that the official clients refuse to send.
        """
        value = self.required_text(name)
        if not is_identifier(value):
            raise refused(self.at(name), IDENTIFIER, value)
        return value

    def process_id(self, name: str) -> str | None:
        """Return the id of a process, or None when it is not given.

        Raises:
            BadInputError: No process can have that id.
        """
        value = self.optional_text(name)
        if value and not is_process_id(value):
            raise refused(self.at(name), PROCESS_ID, value)
        return value

    def text_if_given(self, name: str) -> str | None:
        """Return a string that must not be blank, or None when it is not given.

        Raises:
            BadInputError: It is blank, or no string.
        """
        return self.required_text(name) if self.has(name) else None

    def optional_text(self, name: str) -> str | None:
        """Return a string, or None when it is not given.

        Raises:
            BadInputError: It is no string.
        """
        value: str | None = self._read(name, TEXT, None)
        return value

    def integer(self, name: str, default: T, least: int | None = None) -> int | T:
        """Return an integer, or the default when it is not given.

        Raises:
            BadInputError: It is none, or below `least`.
        """
        value: int | T = self._read(name, INTEGER, default)
        if self.has(name) and least is not None and isinstance(value, int) and value < least:
            raise refused(self.at(name), f"an integer of at least {least}", value)
        return value

    def required_integer(self, name: str, least: int) -> int:
        """Return an integer that must be there.

        Raises:
            BadInputError: It is missing, none, or below `least`.
        """
        value = self.integer(name, None, least)
        if value is None:
            raise missing(self.at(name), f"an integer of at least {least}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """Return a boolean, or the default when it is not given.

        Raises:
            BadInputError: It is none.
        """
        return bool(self._read(name, FLAG, default))

    def key(self, name: str) -> int | None:
        """Return a key, or None when it is not given.

        Raises:
            BadInputError: It is no string of digits.
        """
        value: int | None = self._read(name, KEY, None)
        return value

    def moment(self, name: str) -> datetime | None:
        """Return a moment, or None when it is not given or the empty string.

        Raises:
            BadInputError: It is no date-time of RFC 3339 with offset.
        """
        if self._fields.get(name) == "":
            return None
        value: datetime | None = self._read(name, MOMENT, None)
        return value

    def milliseconds(self, name: str, default: timedelta, least: int = 0) -> timedelta:
        """Return a duration that is sent in milliseconds.

        Raises:
            BadInputError: It is no integer, below `least`, or longer than a hundred years.
        """
        value = self.integer(name, None, least)
        if value is None:
            return default
        if value > _LONGEST_MS:
            raise refused(self.at(name), f"at most {_LONGEST_MS} milliseconds", value)
        return timedelta(milliseconds=value)

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Return a list of strings, or None when it is not given.

        Raises:
            BadInputError: It is none.
        """
        given = self._fields.get(name)
        if given is None:
            return None
        if not isinstance(given, list):
            raise refused(self.at(name), "a list of strings", given)
        return tuple(TEXT.value(item, f"{self.at(name)}[{i}]") for i, item in enumerate(given))

    def mapping(self, name: str) -> dict[str, Any]:
        """Return an object, the empty one when it is not given.

        Raises:
            BadInputError: It is none.
        """
        given = self._fields.get(name)
        if given is None:
            return {}
        if not isinstance(given, dict):
            raise refused(self.at(name), "an object", given)
        return given

    def variables(self) -> dict[str, Any]:
        """Return the object `variables`, the empty one when it is not given.

        Raises:
            BadInputError: It is none, or a name in it is longer than `LONGEST_NAME`.

        Source: Camunda 8.9 (VariableNameLengthValidator).
        """
        given, at = self.mapping("variables"), self.at("variables")
        for name in given:
            if len(name) > LONGEST_NAME:
                raise BadInputError(
                    f"Expected variable names of '{at}' to have at most {LONGEST_NAME} characters, but found "
                    f"one with {len(name)}.",
                    field=at,
                )
        return given

    def required_variables(self) -> dict[str, Any]:
        """Return the object `variables`, which must be there; it may be empty.

        Raises:
            BadInputError: It is missing, no object, or has too long a name.
        """
        if not self.has("variables"):
            raise missing(self.at("variables"), "an object")
        return self.variables()

    def some_variables(self) -> dict[str, Any]:
        """Return the object `variables`, which must be there and hold a value.

        Raises:
            BadInputError: It is missing, empty, no object, or has too long a name.
        """
        given = self.required_variables()
        if not given:
            at = self.at("variables")
            raise BadInputError(f"Expected '{at}' to hold a value.", field=at)
        return given

    def inner(self, name: str) -> "Body":
        """Return an object, to be read field by field.

        Raises:
            BadInputError: It is none.
        """
        return Body(self.mapping(name), self.at(name))

    def inners(self, name: str) -> "list[Body]":
        """Return a list of objects, each to be read field by field; the empty one when it is not given.

        Raises:
            BadInputError: It is none.
        """
        read = []
        for position, given in enumerate(self.items(name)):
            path = f"{self.at(name)}[{position}]"
            if not isinstance(given, dict):
                raise refused(path, "an object", given)
            read.append(Body(given, path))
        return read

    def items(self, name: str) -> list[Any]:
        """Return a list, the empty one when it is not given.

        Raises:
            BadInputError: It is none.
        """
        given = self._fields.get(name)
        if given is None:
            return []
        if not isinstance(given, list):
            raise refused(self.at(name), "a list", given)
        return given

    def reference(self) -> None:
        """Refuse a reference by which nobody could find a record; it has no effect here.

        Raises:
            BadInputError: It is below 1.
        """
        self.integer(_REFERENCE, None, least=1)

    def check_tenant(self) -> None:
        """Accept no tenant but the default one.

        Raises:
            BadInputError: Another tenant is named.
        """
        require_default_tenant(self.text("tenantId", TENANT))

    def _read(self, name: str, kind: Kind, default: T) -> Any | T:
        given = self._fields.get(name)
        return default if given is None else kind.value(given, self.at(name))

    def at(self, name: str) -> str:
        """Return the path of a field, for refusals."""
        return f"{self._path}.{name}" if self._path else name


def body() -> Body:
    """Return the JSON object of this request; an absent body counts as the empty object.

    Raises:
        UnsupportedMediaError, BadInputError: As `json_object`; or its reference is no positive number.
    """
    read = readable_body()
    read.reference()
    return read


def readable_body() -> Body:
    """Return the same of who looks at its reference together with the rest, or not at all.

    Raises:
        UnsupportedMediaError, BadInputError: As `json_object`.
    """
    return Body(json_object())


def json_object() -> Mapping[str, Any]:
    """Return the JSON object of this request as it is; where none must be sent, none is the empty object.

    Raises:
        UnsupportedMediaError: It is not said to be JSON.
        BadInputError: It is no JSON, no object, or nested deeper than `DEEPEST`; it is missing, or has a
            field that is not known; or its reference is no number.
    """
    sent, known = request.get_data(), expected_here()
    if not sent.strip():
        if known is not None and known.needs_body:
            raise BadInputError("Required request body is missing.", missing_body=True)
        return {}
    if not request.is_json:
        raise _unsupported(JSON)
    value = read_object(sent, "body")
    if known is not None and known.fields is not None:
        require_known(value, known.fields)
    Body(value).integer(_REFERENCE, None)
    return value


def require_multipart() -> None:
    """Go on when the body of this request is said to hold files.

    Raises:
        UnsupportedMediaError: It is not.
    """
    if request.mimetype != MULTIPART:
        raise _unsupported(MULTIPART)


def _unsupported(expected: str) -> UnsupportedMediaError:
    given = request.mimetype
    so = f"got '{given}'" if given else "there is none"
    told = f"Expected the 'Content-Type' to be {expected}, but {so}."
    return UnsupportedMediaError(told, expected=expected, given=given)


def read_object(sent: bytes | str, path: str) -> Mapping[str, Any]:
    """Return the JSON object of a text.

    Raises:
        BadInputError: It is no JSON, no object, or nested deeper than `DEEPEST`; the text names `path`.
    """
    try:
        value = orjson.loads(sent)
    except orjson.JSONDecodeError as error:
        raise BadInputError(
            f"Expected '{path}' to be JSON, but it is not: {error}.", broken_json=path
        ) from error
    if not isinstance(value, dict):
        raise refused(path, "an object", value)
    _require_shallow(value, path)
    return value


def require_default_tenant(tenant_id: str) -> None:
    """Accept no tenant but the default one.

    Raises:
        BadInputError: Another tenant is named.
    """
    if tenant_id not in ("", TENANT):
        raise BadInputError(
            f"Expected to handle the request with tenant identifier '{TENANT}', but got "
            f"'{tenant_id}': multi-tenancy is disabled.",
            field="tenantId",
        )


def _require_shallow(value: Any, path: str) -> None:
    level = [value]
    for _depth in range(DEEPEST):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return
    raise BadInputError(
        f"Expected '{path}' to be nested {DEEPEST} levels deep at most.", field=path
    )


_LONGEST_MS = 100 * 366 * 24 * 3600 * 1000
