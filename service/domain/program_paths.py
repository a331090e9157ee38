"""Where programs come in: the addresses below which the API answers, and no page."""

PROGRAM_PATHS = ("/v2/", "/api/", "/cluster/v2/")
"""Camunda's API, our own beside it, and Camunda's of a whole cluster."""
