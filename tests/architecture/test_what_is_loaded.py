"""What a web process has in memory from the start."""

import subprocess
import sys

import pytest

HEAVY = ("alembic", "elementpath", "reportlab")
"""Megabytes each: for migrations, blocks of characters in regular expressions, slips on paper."""


@pytest.mark.slow
def test_a_web_process_does_not_load_what_few_requests_need() -> None:
    """Each of its processes would hold it for ever."""
    code = f"import service.app, sys; print([name for name in {HEAVY} if name in sys.modules])"

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "[]"
