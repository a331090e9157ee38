"""Documents: files in, the references to put into a form's value out, the files again, links to them."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.datastructures import FileStorage

from service.api import document_links, wire
from service.api.context import house, person
from service.api.errors import problem_of
from service.api.routes import ANYBODY, SIGNED_IN, answer, done, route, saved_as
from service.api.violations import require_all
from service.domain.errors import BadInputError, HuiyinError, NotSupportedError
from service.forms import DOCUMENT_STORE, reference_to
from service.reports.search.wire import moment_text
from service.usecases import attachments as usecases

blueprint = Blueprint("api_documents", __name__)
own_blueprint = Blueprint("api_document_links", __name__)

MULTIPART_BYTES = 32 * 1024 * 1024
"""Largest body read at all; `HouseRules.upload_bytes` bounds the file itself."""

BATCH_BYTES = 128 * 1024 * 1024
MOST_FILES = 100
DEFAULT_LINK = timedelta(hours=1)
METADATA_HEADER = "X-Document-Metadata"
"""Where the metadata of one file of several may stand instead: among the headers of its part."""


@route(blueprint, "POST", "/documents", SIGNED_IN, command="CREATE", body_bytes=MULTIPART_BYTES)
def create() -> Response:
    """Keep a file of any kind; what no submitted form refers to is swept at its `expiresAt`, if it has one.

    Its type is found in its content where that tells it, whatever the metadata claim.

    Raises:
        NotSupportedError: An id is given: documents get theirs here.
    """
    _check_store()
    if request.args.get("documentId"):
        raise NotSupportedError(
            "Expected no 'documentId': documents get their ids here.", field="documentId"
        )
    wire.require_multipart()
    part = request.files.get("file")
    if part is None:
        raise BadInputError("Expected a file in 'file'.", field="file")
    said = _metadata(b"".join(_texts("metadata")[:1]))
    return answer(_show(_store(part, said)), status=201)


@route(blueprint, "POST", "/documents/batch", SIGNED_IN, command="CREATE", body_bytes=BATCH_BYTES)
def create_many() -> Response:
    """Keep files, each by itself: 201 when all are kept, 207 when some were refused."""
    _check_store()
    wire.require_multipart()
    parts = request.files.getlist("files")
    if not 1 <= len(parts) <= MOST_FILES:
        raise BadInputError(f"Expected 1 to {MOST_FILES} files in 'files'.", field="files")
    metadata = _of_each(parts)
    created: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for part, said in zip(parts, metadata, strict=True):
        try:
            created.append(_show(_store(part, said)))
        except HuiyinError as error:
            failed.append({"fileName": part.filename or "", **problem_of(error)})
    body = {"createdDocuments": created, "failedDocuments": failed}
    return answer(body, status=207 if failed else 201)


@route(blueprint, "GET", "/documents/<document_id>", SIGNED_IN)
def one(document_id: str) -> Response:
    """Return the file, to be saved and not shown."""
    _check_store()
    stored, content = usecases.read(house(), person(), document_id)
    _check_hash(stored)
    return saved_as(stored.file_name, content, stored.content_type)


@route(blueprint, "DELETE", "/documents/<document_id>", SIGNED_IN, command="DELETE")
def delete(document_id: str) -> Response:
    """Delete a file that no case refers to."""
    _check_store()
    usecases.remove(house(), person(), document_id)
    return done()


@route(blueprint, "POST", "/documents/<document_id>/links", SIGNED_IN, command="CREATE")
def create_link(document_id: str) -> Response:
    """Make a link by which anybody may save the file until it expires."""
    _check_store()
    length = wire.body().milliseconds("timeToLive", DEFAULT_LINK, least=1)
    stored, _content = usecases.read(house(), person(), document_id)
    _check_hash(stored)
    if length > document_links.LONGEST:
        raise BadInputError(
            f"Expected 'timeToLive' to be at most {document_links.LONGEST}.", field="timeToLive"
        )
    expires_at = house().outside.clock.now() + length
    url = document_links.url_of(document_id, expires_at)
    return answer({"url": url, "expiresAt": moment_text(expires_at)}, status=201)


@route(own_blueprint, "GET", "/document-links/<token>", ANYBODY)
def by_link(token: str) -> Response:
    """Return the file a link leads to, to be saved and not shown."""
    document_id = document_links.document_of(token)
    stored, content = usecases.read_by_link(house(), document_id)
    return saved_as(stored.file_name, content, stored.content_type)


def _store(part: FileStorage, metadata: wire.Body) -> usecases.StoredFile:
    claimed = {
        "customProperties": metadata.mapping("customProperties"),
        "processDefinitionId": metadata.process_id("processDefinitionId"),
        "processInstanceKey": metadata.optional_text("processInstanceKey"),
    }
    return usecases.store_document(
        house(),
        person(),
        metadata.text_if_given("fileName") or part.filename or "",
        part.read(),
        content_type=metadata.text_if_given("contentType") or part.content_type or "",
        expires_at=metadata.moment("expiresAt"),
        claimed={name: value for name, value in claimed.items() if value},
    )


def _texts(name: str) -> list[bytes]:
    """Return the parts of that name, whether they were sent as files or as fields."""
    sent = [part.read() for part in request.files.getlist(name)]
    return sent or [text.encode() for text in request.form.getlist(name)]


def _of_each(parts: list[FileStorage]) -> list[wire.Body]:
    """Return the metadata of files that are sent together: a list, a part for each, or a header of each."""
    texts = _texts("metadataList")
    in_headers = [part.headers.get(METADATA_HEADER, "") for part in parts]
    if not texts:
        return [_metadata(text.encode()) for text in in_headers]
    if any(in_headers):
        raise BadInputError(
            f"Expected either 'metadataList' or headers '{METADATA_HEADER}', but got both.",
            field="metadataList",
        )
    is_list = len(texts) == 1 and texts[0].lstrip().startswith(b"[")
    each = _listed(texts[0]) if is_list else [_metadata(text) for text in texts]
    if len(each) != len(parts):
        raise BadInputError(
            f"Expected 'metadataList' to be as long as 'files', {len(parts)}, but it has {len(each)}.",
            field="metadataList",
        )
    return each


def _listed(text: bytes) -> list[wire.Body]:
    """Return the metadata of a JSON list."""
    holder = wire.read_object(b'{"metadataList":' + text + b"}", "metadataList")
    return [_checked(one) for one in wire.Body(holder).inners("metadataList")]


def _metadata(text: bytes) -> wire.Body:
    """Return the metadata of a JSON object; an empty text says nothing."""
    fields = wire.read_object(text, "metadata") if text.strip() else {}
    return _checked(wire.Body(fields, "metadata"))


def _checked(metadata: wire.Body) -> wire.Body:
    """Return metadata in which nothing is wrong by itself; the size that counts is that of the content.

    Raises:
        BadInputError: A blank name or type, an id that no process has, a key or moment that is none.
    """
    require_all(
        lambda: metadata.text_if_given("fileName"),
        lambda: metadata.text_if_given("contentType"),
        lambda: metadata.moment("expiresAt"),
        lambda: metadata.integer("size", 0),
        lambda: metadata.process_id("processDefinitionId"),
        lambda: metadata.key("processInstanceKey"),
    )
    return metadata


def _check_hash(stored: usecases.StoredFile) -> None:
    """Go on when the request names no hash of the content, or the right one.

    Raises:
        BadInputError: It names another.
    """
    given = request.args.get("contentHash", "")
    if given and given != stored.sha256:
        raise BadInputError(
            f"Expected 'contentHash' to be that of document '{stored.id}', but got '{given}'.",
            field="contentHash",
        )


def _check_store() -> None:
    store = request.args.get("storeId", DOCUMENT_STORE)
    if store != DOCUMENT_STORE:
        raise BadInputError(
            f"Expected to find a document store '{store}', but there is only '{DOCUMENT_STORE}'.",
            field="storeId",
        )


def _show(stored: usecases.StoredFile) -> dict[str, Any]:
    return reference_to(stored.facts, moment_text(stored.expires_at))
