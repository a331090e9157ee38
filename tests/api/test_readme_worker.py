"""The worker of the README, its lines as they stand, in a process of its own."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from service.usecases.house import House
from tests.api.conftest import PASSWORD, SignIn
from tests.api.steps import complete_inspection, start

pytestmark = pytest.mark.slow

README = Path(__file__).resolve().parents[2] / "README.md"
LONGEST_S = 30.0


def lines_of_the_readme() -> str:
    """Return the only Python program in the README."""
    (program,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    return str(program)


def test_the_worker_of_the_readme_completes_a_job(
    deployed: House, sign_in: SignIn, address: str
) -> None:
    """Started with nothing but the environment it finds the house and completes what waits."""
    owner, quinn = sign_in("owner"), sign_in("quinn")
    key = start(owner).process_instance_key
    complete_inspection(quinn)
    settings = {
        "CAMUNDA_REST_ADDRESS": f"{address}/v2",
        "CAMUNDA_AUTH_STRATEGY": "BASIC",
        "CAMUNDA_BASIC_AUTH_USERNAME": "worker",
        "CAMUNDA_BASIC_AUTH_PASSWORD": PASSWORD,
    }
    worker = subprocess.Popen(
        [sys.executable, "-c", lines_of_the_readme()],
        env={**os.environ, **settings},
        stderr=subprocess.PIPE,
    )
    try:
        values = wait_for_bill(owner, key, worker)
    finally:
        worker.kill()
        worker.communicate()

    assert values == [f'"B-{key}"']


def wait_for_bill(owner: object, key: str, worker: "subprocess.Popen[bytes]") -> list[str]:
    """Return the values of `bill_no` of an instance as soon as there is one."""
    from camunda_orchestration_sdk.models import VariableSearchQuery

    query = VariableSearchQuery.from_dict(
        {"filter": {"processInstanceKey": key, "name": "bill_no"}}
    )
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until:
        assert worker.poll() is None, worker.communicate()[1].decode()
        items = owner.search_variables(data=query).items  # type: ignore[attr-defined]
        if items:
            return [one.value for one in items]
        time.sleep(0.05)
    return []
