"""A Flask application that does nothing, or asks the database one thing: what the machine allows at most."""

import os

from flask import Flask
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine(
    os.environ.get("BENCH_DATABASE_URL", "sqlite://").replace(
        "postgresql://", "postgresql+psycopg://"
    )
)


@app.get("/empty")
def empty() -> str:
    """Answer at once."""
    return "empty"


@app.get("/select")
def select() -> str:
    """Answer what the database says."""
    with engine.connect() as connection:
        return str(connection.execute(text("SELECT 1")).scalar_one())
