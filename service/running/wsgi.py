"""The application for a WSGI server; `service.running.serving` is the one that the house brings along."""

from service.app import create_app

app = create_app()
