"""What every answer tells the browser about safety, and the proof that a request is from our own page."""

from collections.abc import Iterable
from wsgiref.types import WSGIEnvironment

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect

from service.web.request import current

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No inline script or style, nothing from elsewhere, in nobody's frame."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

REQUEST_OVERHEAD_BYTES = 1024 * 1024
"""Room beside the file for the other parts of a request."""

csrf = CSRFProtect()


_HEADERS = [(name.lower(), (name, value)) for name, value in HEADERS.items()]


class SafeResponse(Response):
    """An answer with the headers of safety that it does not bring itself.

    Pages are for one person: no cache keeps them. Built files say themselves how long they keep.
    They are added to the list that goes to the server: before, Werkzeug would look at each of them twice.
    """

    def get_wsgi_response(
        self, environ: WSGIEnvironment
    ) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        """Return body, status and headers."""
        body, status, headers = super().get_wsgi_response(environ)
        own = {name.lower() for name, _value in headers}
        return body, status, [*headers, *(header for name, header in _HEADERS if name not in own)]


class Sessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie. A request without one, as a program's, has nothing to be verified."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of the request's cookie, an empty one without."""
        if "HTTP_COOKIE" not in request.environ or self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def limit_body() -> None:
    """Let a request to the pages carry the largest file and no more."""
    request.max_content_length = current.house().rules.upload_bytes + REQUEST_OVERHEAD_BYTES


def check_csrf() -> None:
    """Refuse a writing request that does not carry the session's token.

    Raises:
        CSRFError: The token is missing, forged or too old.
    """
    if request.method not in SAFE_METHODS and current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()
