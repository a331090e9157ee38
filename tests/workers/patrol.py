"""A process in which every kind of background work waits: mail, archive, countersign, clock, timer."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from service.usecases import people
from service.usecases.deployments import DeployFile, deploy
from service.usecases.house import House
from service.usecases.process_instances import CreateInstance, InstanceCreated, create
from service.usecases.transaction import SYSTEM

FILE = Path(__file__).parent / "data" / "patrol.bpmn"


def prepare(house: House) -> None:
    """Add two departments, a person in each and one above them, and deploy the process."""
    people.load_directory(house, directory())
    deploy_process(house)


def deploy_process(house: House) -> None:
    """Deploy the process."""
    owner = replace(SYSTEM, roles=frozenset({"process_owner"}))
    deploy(house, owner, [DeployFile(FILE.name, FILE.read_bytes())])


def directory(password: str | None = None) -> dict[str, Any]:
    """Return the small company: quinn in quality, sam in sales, dora above both."""
    places = {"quinn": "quality", "sam": "sales", "dora": "direction"}
    return {
        "password": password,
        "groups": [
            {"key": "direction", "name": "direction"},
            {"key": "quality", "name": "quality", "supervisor_group": "direction"},
            {"key": "sales", "name": "sales", "supervisor_group": "direction"},
        ],
        "people": [
            {
                "username": username,
                "name": username.title(),
                "email": f"{username}@example.com",
                "groups": [group],
                "roles": ["staff"],
            }
            for username, group in places.items()
        ],
    }


def begin(house: House, variables: Mapping[str, Any] | None = None) -> InstanceCreated:
    """Start a patrol; `cool_down` and `check_within` are durations of its timer and its due date."""
    command = CreateInstance(process_key=None, process_id="patrol", variables=variables or {})
    return create(house, SYSTEM, command)
