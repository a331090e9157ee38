"""Puts the web application together; no logic."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from service import admission, api, web
from service.bootstrap import Parts, build
from service.health import register as register_health
from service.logs import set_up_logs
from service.settings import Settings
from service.setup import demo_people

REQUEST_OVERHEAD_BYTES = 1024 * 1024
"""Room beside the largest file for the other parts of a request."""


class _Application(Flask):
    """A Flask application whose views are no coroutines: it need not look at each what it is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def create_app(settings: Settings | None = None, parts: Parts | None = None) -> Flask:
    """Return the web application: pages, REST API, health.

    Args:
        settings: None reads the environment.
        parts: None builds the real parts; the database must have been migrated.
    """
    settings = settings or Settings.from_environment()
    set_up_logs()
    parts = parts or build(settings)
    app = _Application("service.web", static_folder=None)
    app.config.update(
        SECRET_KEY=parts.secret_key,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.reached_at.startswith("https://"),
        SESSION_COOKIE_NAME="huiyin",
        PERMANENT_SESSION_LIFETIME=parts.house.rules.session_length,
        MAX_CONTENT_LENGTH=parts.house.rules.deployment_bytes + REQUEST_OVERHEAD_BYTES,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        HUIYIN_DEMO_PEOPLE=demo_people() if settings.shows_demo else [],
        HUIYIN_WAITING_POLLS=settings.waiting_polls,
        HUIYIN_LOOPBACK_USER=settings.loopback_user,
    )
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
    admission.install(app, admission.Admission(settings.web_threads, settings.web_queue))
    register_health(app, parts)
    api.register(app, parts.house, web.signed_in_person)
    web.register(app, parts.house)
    return app
