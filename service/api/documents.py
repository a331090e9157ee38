"""Documents: a file in, the reference to put into a form's value out, and the file again."""

from typing import Any

from flask import Blueprint, Response, request

from service.api import wire
from service.api.context import house, person
from service.api.routes import SIGNED_IN, answer, route, saved_as
from service.domain.errors import BadInputError, NotFoundError, NotSupportedError
from service.usecases import attachments as usecases

blueprint = Blueprint("api_documents", __name__)

STORE = "huiyin"
"""The only document store."""

MULTIPART_BYTES = 32 * 1024 * 1024
"""Largest body read at all; `HouseRules.upload_bytes` bounds the file itself."""

_UNSUPPORTED = ("expiresAt", "customProperties", "processDefinitionId", "processInstanceKey")


@route(blueprint, "POST", "/documents", SIGNED_IN, command="CREATE", body_bytes=MULTIPART_BYTES)
def create() -> Response:
    """Keep a file; what no submitted form refers to is swept after a day.

    Its type is found in its content, whatever the metadata claim.

    Raises:
        NotSupportedError: Metadata or an id that is not kept here.
    """
    _check_store()
    if request.args.get("documentId"):
        raise NotSupportedError(
            "Expected no 'documentId': documents get their ids here.", field="documentId"
        )
    part = request.files.get("file")
    if part is None:
        raise BadInputError("Expected a file in 'file'.", field="file")
    metadata = _metadata()
    stored = usecases.store(
        house(),
        person(),
        metadata.text("fileName") or part.filename or "",
        part.read(),
    )
    return answer(_show(stored), status=201)


@route(blueprint, "GET", "/documents/<document_id>", SIGNED_IN)
def one(document_id: str) -> Response:
    """Return the file, to be saved and not shown."""
    _check_store()
    stored, content = usecases.read(house(), person(), document_id)
    return saved_as(stored.file_name, content, stored.content_type)


def _metadata() -> wire.Body:
    part = request.files.get("metadata")
    sent = part.read() if part is not None else request.form.get("metadata", "").encode()
    fields = wire.read_object(sent, "metadata") if sent.strip() else {}
    for name in _UNSUPPORTED:
        if fields.get(name):
            raise NotSupportedError(f"Expected no 'metadata.{name}': it is not kept.", field=name)
    return wire.Body(fields, "metadata")


def _check_store() -> None:
    store = request.args.get("storeId", STORE)
    if store != STORE:
        raise NotFoundError(
            f"Expected to find a document store '{store}', but there is only '{STORE}'."
        )


def _show(stored: usecases.StoredFile) -> dict[str, Any]:
    return {
        "camunda.document.type": "camunda",
        "storeId": STORE,
        "documentId": stored.id,
        "contentHash": None,
        "metadata": {
            "contentType": stored.content_type,
            "fileName": stored.file_name,
            "expiresAt": None,
            "size": stored.size,
            "processDefinitionId": None,
            "processInstanceKey": None,
            "customProperties": {},
        },
    }
