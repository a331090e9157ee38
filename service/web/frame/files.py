"""Files in and out: one that was sent is stored, one that is asked for never runs in our pages."""

from io import BytesIO

from flask import Response, request, send_file
from werkzeug.exceptions import RequestEntityTooLarge

from service.domain.errors import BadInputError
from service.forms import reference_to
from service.usecases import attachments
from service.web.request import current
from service.web.words.texts import gettext

SHOWN_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Types that may be shown in the browser; everything else is only saved, HTML and SVG above all."""

DOWNLOAD_POLICY = "default-src 'none'; sandbox"


def to_show(file_name: str, content: bytes, content_type: str) -> Response:
    """Return a file that a browser shows where its type is among `SHOWN_TYPES`, and else only saves."""
    if content_type in SHOWN_TYPES:
        return _handed_out(file_name, content, content_type)
    return to_save(file_name, content)


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
    return reference_to(stored.facts)


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
