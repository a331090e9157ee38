"""Links to documents: signed, and over when they say so."""

from datetime import datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from service.api.context import house
from service.domain.errors import NotFoundError

LONGEST = timedelta(days=7)
"""How long a link may be good for: whoever has it may read the file, and it cannot be called back."""

_SALT = "huiyin.document-link"


def url_of(document_id: str, expires_at: datetime) -> str:
    """Return the address at which the file can be had until then."""
    token = _serializer().dumps([document_id, int(expires_at.timestamp() * 1000)])
    return f"{house().rules.public_url}/api/document-links/{token}"


def document_of(token: str | bytes) -> str:
    """Return the id of the document a link leads to.

    Raises:
        NotFoundError: The link was not made here, or is over.
    """
    try:
        document_id, until_ms = _serializer().loads(token)
    except BadSignature as error:
        raise _missing() from error
    if house().outside.clock.now().timestamp() * 1000 >= until_ms:
        raise _missing()
    return str(document_id)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=_SALT)


def _missing() -> NotFoundError:
    return NotFoundError("Expected a link that is good, but it was not made here or is over.")
