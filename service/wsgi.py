"""The application for a WSGI server; `service.serving` is the one that the house brings along."""

from service.app import create_app

app = create_app()
