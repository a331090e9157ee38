"""Celery workers: load by key, call a use case."""
