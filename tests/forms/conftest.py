"""What tests of forms start from: a form made of components, a submission to it, a pinned clock."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from json import dumps
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.feel import Surroundings
from service.forms import DocumentFacts, Form, Submission, parse, validate

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
"""10:30 in Shanghai on a Tuesday."""


@pytest.fixture
def surroundings() -> Surroundings:
    """Return the pinned moment in Shanghai."""
    return Surroundings(now=NOW, zone=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def make() -> Callable[..., Form]:
    """Return a function that reads a form of the given components; ids are filled in."""

    def make(*components: Mapping[str, Any], **head: Any) -> Form:
        return parse(form_text(*components, **head))

    return make


@pytest.fixture
def submit(surroundings: Surroundings) -> Callable[..., Submission]:
    """Return a function that submits values to a form of one or more components."""

    def submit(
        components: Mapping[str, Any] | list[Mapping[str, Any]],
        submitted: Mapping[str, Any],
        *,
        variables: Mapping[str, Any] | None = None,
        auto: Mapping[str, Any] | None = None,
        documents: Mapping[str, DocumentFacts] | None = None,
    ) -> Submission:
        listed = components if isinstance(components, list) else [components]
        return validate(
            parse(form_text(*listed)),
            submitted,
            variables=variables or {},
            auto=auto or {},
            documents=documents or {},
            surroundings=surroundings,
        )

    return submit


def form_text(*components: Mapping[str, Any], **head: Any) -> bytes:
    """Return the bytes of a `.form` file."""
    schema = {"id": "test_form", "type": "default", "schemaVersion": 19, **head}
    schema.setdefault("components", [_with_id(component) for component in components])
    return dumps(schema, ensure_ascii=False).encode()


def _with_id(component: Mapping[str, Any], parent: str = "field") -> dict[str, Any]:
    given = dict(component)
    name = given.get("key") or given.get("path") or given.get("type")
    given.setdefault("id", f"{parent}_{name}")
    given.setdefault("label", str(name))
    if isinstance(given.get("components"), list):
        given["components"] = [_with_id(child, given["id"]) for child in given["components"]]
    return given
