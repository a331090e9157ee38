"""`docker-compose.yml`, read by the real client where there is one."""

import shutil
import subprocess
from pathlib import Path

import orjson
import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRETS = ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "HUIYIN_SECRET_KEY")

pytestmark = [pytest.mark.services, pytest.mark.slow]


def client() -> list[str]:
    """Return the command of a client that understands compose files."""
    for name, *words in (["docker", "compose"], ["docker-compose"]):
        program = shutil.which(name)
        if program and "--format" in run([program, *words, "config", "--help"]).stdout:
            return [program, *words]
    pytest.skip("no docker compose on this machine: docker-compose.yml was not checked")


def compose(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the client on the file with nothing in the environment but what is given."""
    return run([*client(), *arguments], **environment)


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the folder of the file."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_file_is_understood_and_each_service_has_a_health_check() -> None:
    """With the secrets set, the client resolves everything."""
    answer = compose("config", "--format", "json", **dict.fromkeys(SECRETS, "secret"))

    assert answer.returncode == 0, answer.stderr
    services = orjson.loads(answer.stdout)["services"]
    assert set(services) == {"postgres", "redis", "prepare", "web", "worker", "beat"}
    assert [name for name in services if "healthcheck" not in services[name]] == ["prepare"]


@pytest.mark.parametrize("missing", SECRETS)
def test_a_missing_secret_is_refused_by_name(missing: str) -> None:
    """Nothing starts with an empty password."""
    answer = compose("config", **{name: "secret" for name in SECRETS if name != missing})

    assert answer.returncode != 0
    assert missing in answer.stderr
