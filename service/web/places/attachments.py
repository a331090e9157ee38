"""附件: the files of cases and forms, handed out."""

from flask import Blueprint, Response, request

from service.usecases import attachments
from service.web.frame import files
from service.web.request import current
from service.web.request.access import signed_in

blueprint = Blueprint("attachments", __name__)


@blueprint.get("/documents/<document_id>")
@signed_in
def download(document_id: str) -> Response:
    """Hand out a file to somebody who may read what it belongs to; with `show`, to be looked at."""
    stored, content = attachments.read(current.house(), current.person(), document_id)
    if "show" in request.args:
        return files.to_show(stored.file_name, content, stored.content_type)
    return files.to_save(stored.file_name, content)
