"""A Flask application that does nothing: what the machine allows at most."""

from flask import Flask

app = Flask(__name__)


@app.get("/empty")
def empty() -> str:
    """Answer at once."""
    return "empty"
