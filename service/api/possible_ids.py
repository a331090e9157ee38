"""Ids that nothing new can have: whoever asks by one has asked badly, and has not missed something.

Camunda 8 refuses them before it looks. Here something of before may still have such an id, so only what is
not found by it is refused.

Source: Camunda 8.10 (`IdentifierValidator`, `RequestValidator.validateDecisionDefinitionId`).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from re import compile as compile_pattern

from service.api.violations import joined
from service.domain.errors import BadInputError, NotFoundError
from service.domain.identifiers import DECISION_ID, EXPECTED, is_identifier, is_process_id
from service.reports.search.kinds import refused
from service.reports.search.wire import TENANT

_TENANT_ID = compile_pattern(r"[a-zA-Z0-9_.-]{1,31}")


def _is_tenant_id(text: str) -> bool:
    return text == TENANT or _TENANT_ID.fullmatch(text) is not None


_OTHERS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "decisionDefinitionId": (is_process_id, DECISION_ID),
    "tenantId": (_is_tenant_id, "1 to 31 of the characters a-z A-Z 0-9 _ . -"),
}
"""Name of an id that is no identifier -> what it may be, and how a refusal says so."""


@contextmanager
def refusing_impossible(ids: Mapping[str, str]) -> Iterator[None]:
    """Let what is not found be refused when one of these ids is none that could be, by its name.

    Raises:
        BadInputError: So it is.
        NotFoundError: It could be, and is not there.
    """
    try:
        yield
    except NotFoundError as error:
        refusals = [one for name, value in ids.items() if (one := _refusal(name, value))]
        if refusals:
            raise joined(refusals) from error
        raise


def _refusal(name: str, value: str) -> BadInputError | None:
    is_possible, expected = _OTHERS.get(name, (is_identifier, EXPECTED))
    return None if is_possible(value) else refused(name, expected, value)
