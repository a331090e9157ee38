"""What a start does before it serves: shipped files, parameters, organisation, first administrator."""

from pathlib import Path
from typing import Any

import orjson

from service.domain.errors import BadInputError
from service.settings import Settings
from service.usecases import parameters, people
from service.usecases.deployments import DeployFile, deploy_groups
from service.usecases.house import House
from service.usecases.transaction import SYSTEM

DEMO_ORGANISATION = Path("demo/organisation.json")
DEMO_SIGN_IN = Path("demo/sign_in_page.json")


def set_up(settings: Settings, house: House) -> list[str]:
    """Load what is shipped and return lines for the console: what is new and how to sign in."""
    entries = orjson.loads((settings.processes / "parameters.json").read_bytes())
    parameters.load_shipped(house, entries)
    lines = deploy_shipped(house, settings.processes, settings.forms)
    if settings.shows_demo:
        directory = _demo_directory()
        people.load_directory(house, directory)
        lines.append(f"演示账号见登录页，密码均为 {directory['password']}（例如 admin）。")
        return lines
    password = people.ensure_first_administrator(house)
    if password is not None:
        lines.append(f"首次启动，管理员账号 admin，一次性密码：{password}")
    return lines


def deploy_shipped(house: House, processes: Path, forms: Path) -> list[str]:
    """Deploy the files of `processes` and `forms`, a deployment a process; return what got a new version."""
    groups = []
    for folder in sorted(path for path in processes.iterdir() if path.is_dir()):
        files = sorted([*folder.glob("*.bpmn"), *folder.glob("*.dmn")])
        files += sorted((forms / folder.name).glob("*.form"))
        if files:
            groups.append([DeployFile(file.name, file.read_bytes()) for file in files])
    deployed = deploy_groups(house, SYSTEM, groups) if groups else []
    return [
        f"已部署：{process.name or process.process_id}，第 {process.version} 版"
        for deployment in deployed
        if deployment.is_new
        for process in deployment.processes
    ]


def load_organisation(house: House, path: Path) -> None:
    """Load groups, people and memberships from a file in the shape of `demo/organisation.json`.

    Raises:
        BadInputError: It is no JSON, or no such directory.
    """
    try:
        directory = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise BadInputError(
            f"Expected a file with JSON, but: {error}.",
            message=f"组织文件不是 JSON：第 {error.lineno} 行第 {error.colno} 列有误。",
        ) from error
    people.load_directory(house, directory)


def demo_people() -> list[dict[str, str]]:
    """Return whom the sign-in page of a demonstration offers, with password and department."""
    directory = _demo_directory()
    group_by_key = {group["key"]: group["name"] for group in directory["groups"]}
    person_by_name = {person["username"]: person for person in directory["people"]}
    offered = []
    for username in orjson.loads(DEMO_SIGN_IN.read_bytes()):
        person = person_by_name[username]
        groups = [group_by_key[key] for key in person["groups"] if key in group_by_key]
        offered.append(
            {
                "username": username,
                "name": person["name"],
                "password": directory["password"],
                "note": groups[min(1, len(groups) - 1)] if groups else "",
            }
        )
    return offered


def _demo_directory() -> dict[str, Any]:
    directory: dict[str, Any] = orjson.loads(DEMO_ORGANISATION.read_bytes())
    return directory
