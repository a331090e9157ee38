"""What the parts of the house have in memory from the start."""

import subprocess
import sys

import pytest

HEAVY = ("alembic", "elementpath", "reportlab")
"""Megabytes each: for migrations, blocks of characters in regular expressions, slips on paper."""


PROGRAM = f"""
import os, sys
import service.house_commands
from service.running.family import load
from service.running.house import LOADED
load(LOADED)
threads = len(os.listdir("/proc/self/task")) if os.path.exists("/proc/self/task") else 1
print([name for name in {HEAVY} if name in sys.modules], threads)
"""
"""What `huiyin run` has in memory before its parts are made from it."""


@pytest.mark.slow
def test_parts_do_not_begin_with_what_few_requests_need_nor_with_half_of_a_thread() -> None:
    """Each would hold the modules for ever; and of other threads a fork has but what they had locked."""
    loaded = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "[] 1"
