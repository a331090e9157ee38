"""Checks of uploaded files: references must name files the server has, of an accepted type."""

from collections.abc import Mapping
from typing import Any

from service.forms.checked import Checked, Fault, Place
from service.forms.model import Component, DocumentFacts
from service.forms.scopes import evaluate

DOCUMENT_STORE = "huiyin"
"""The only document store."""

DOCUMENT_MARK = "camunda.document.type"
"""Name that tells a reference to a file from other objects."""


def check_documents(component: Component, value: Any, place: Place) -> Checked:
    """Return the references with the server's own facts in them, and what is wrong.

    Source: docs/dialect.md §7; `accept` and `multiple` are checked in form-js only by the browser.
    """
    if value is None or value == []:
        return Checked(None)
    if not isinstance(value, list) or not all(_is_reference(item) for item in value):
        return Checked(value, (Fault("type", {"expected": "文件引用的列表"}),))
    known = [place.documents.get(item["documentId"]) for item in value]
    facts = [document for document in known if document is not None]
    if len(facts) < len(known):
        return Checked(value, (Fault("document_unknown"),))
    faults = [*_count_faults(component, facts, place), *_type_faults(component, facts, place)]
    return Checked([reference_to(document) for document in facts], tuple(faults))


def reference_to(document: DocumentFacts, expires_at: str | None = None) -> dict[str, Any]:
    """Return the reference to a file as variables hold it, and the API tells it: whole, for clients demand all.

    Args:
        document: The file.
        expires_at: Its end, RFC 3339; None: it has none, as a file that a form names.

    Source: Camunda 8, `DocumentReference`.
    """
    claimed = document.claimed
    return {
        DOCUMENT_MARK: "camunda",
        "storeId": DOCUMENT_STORE,
        "documentId": document.document_id,
        "contentHash": document.sha256,
        "metadata": {
            "contentType": document.content_type,
            "fileName": document.file_name,
            "expiresAt": expires_at,
            "size": document.size,
            "processDefinitionId": claimed.get("processDefinitionId"),
            "processInstanceKey": claimed.get("processInstanceKey"),
            "customProperties": claimed.get("customProperties", {}),
        },
    }


def document_ids(values: Any) -> list[str]:
    """Return the ids of all document references inside a JSON value (docs/dialect.md §7)."""
    if isinstance(values, str):
        return []
    if isinstance(values, Mapping):
        own = values.get("documentId")
        if values.get(DOCUMENT_MARK) == "camunda" and isinstance(own, str):
            return [own]
        return [found for value in values.values() for found in document_ids(value)]
    if isinstance(values, list):
        return [found for value in values for found in document_ids(value)]
    return []


def is_accepted(document: DocumentFacts, accept: str) -> bool:
    """Tell whether a file fits an HTML `accept` list; an empty list takes everything."""
    wanted = [part.strip().lower() for part in accept.split(",") if part.strip()]
    return not wanted or any(_fits(document, part) for part in wanted)


def _is_reference(item: Any) -> bool:
    return (
        isinstance(item, Mapping)
        and item.get(DOCUMENT_MARK) == "camunda"
        and isinstance(item.get("documentId"), str)
    )


def _fits(document: DocumentFacts, wanted: str) -> bool:
    content_type = document.content_type.lower().partition(";")[0].strip()
    if wanted.startswith("."):
        return document.file_name.lower().endswith(wanted)
    if wanted.endswith("/*"):
        return content_type.startswith(wanted[:-1])
    return content_type == wanted


def _count_faults(component: Component, facts: list[DocumentFacts], place: Place) -> list[Fault]:
    multiple = component.raw.get("multiple", False)
    if "multiple" in component.expressions:
        multiple = evaluate(component, "multiple", place.scope, place.surroundings)
    return [Fault("document_count")] if len(facts) > 1 and multiple is not True else []


def _type_faults(component: Component, facts: list[DocumentFacts], place: Place) -> list[Fault]:
    accept = component.raw.get("accept") or ""
    if "accept" in component.expressions:
        accept = evaluate(component, "accept", place.scope, place.surroundings) or ""
    return [
        Fault("document_type", {"file_name": document.file_name, "accept": accept})
        for document in facts
        if not is_accepted(document, str(accept))
    ]
