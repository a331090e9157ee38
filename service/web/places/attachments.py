"""附件: take files in, hand them out. What a file holds never runs in our pages."""

from io import BytesIO

from flask import Blueprint, Response, request, send_file
from werkzeug.exceptions import RequestEntityTooLarge

from service.domain.errors import BadInputError
from service.usecases import attachments
from service.web.request import current
from service.web.request.access import signed_in
from service.web.words.texts import gettext

blueprint = Blueprint("attachments", __name__)

SHOWN_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Types that may be shown in the browser; everything else is only saved, HTML and SVG above all."""

DOWNLOAD_POLICY = "default-src 'none'; sandbox"


@blueprint.get("/documents/<document_id>")
@signed_in
def download(document_id: str) -> Response:
    """Hand out a file to somebody who may read what it belongs to."""
    stored, content = attachments.read(current.house(), current.person(), document_id)
    if stored.content_type in SHOWN_TYPES and "show" in request.args:
        return _handed_out(stored.file_name, content, stored.content_type)
    return to_save(stored.file_name, content)


def to_save(file_name: str, content: bytes) -> Response:
    """Return a file that a browser saves and never shows."""
    return _handed_out(file_name, content, None)


def take(*, case_key: int | None = None, task_key: int | None = None) -> dict[str, object]:
    """Store the uploaded file of this request and return its reference (docs/dialect.md §7).

    Raises:
        BadInputError: There is no file in the request, or it has no name.
        RequestEntityTooLarge: It is larger than the house takes.
    """
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise BadInputError("Expected a file.", message=gettext("请选择要上传的文件"))
    limit = current.house().rules.upload_bytes
    content = upload.stream.read(limit + 1)
    if len(content) > limit:
        raise RequestEntityTooLarge
    stored = attachments.store(
        current.house(),
        current.person(),
        upload.filename,
        content,
        case_key=case_key,
        task_key=task_key,
    )
    return {
        "camunda.document.type": "camunda",
        "documentId": stored.id,
        "metadata": {
            "fileName": stored.file_name,
            "contentType": stored.content_type,
            "size": stored.size,
        },
    }


def _handed_out(file_name: str, content: bytes, shown_as: str | None) -> Response:
    answer = send_file(
        BytesIO(content),
        mimetype=shown_as or "application/octet-stream",
        as_attachment=shown_as is None,
        download_name=file_name,
    )
    answer.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
