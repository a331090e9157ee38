"""Files that may be deployed beside processes, decisions and forms: kept and handed out, never run.

Source: Camunda 8: an `.rpa` file is JSON that names itself; any other file is called by its name.
"""

from dataclasses import dataclass

import orjson

from service.domain.errors import DeploymentRefusedError, Finding

RPA = ".rpa"


@dataclass(frozen=True)
class OtherFile:
    """What is known of such a file.

    Attributes:
        id: What all its versions have in common.
    """

    id: str
    version_tag: str | None = None


def read(name: str, content: bytes) -> OtherFile:
    """Return what a file says of itself.

    Raises:
        DeploymentRefusedError: An `.rpa` file is no JSON object with an id.
    """
    if not name.endswith(RPA):
        return OtherFile(name)
    try:
        told = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise _refused(name, "不是 JSON", "no JSON") from error
    identifier = told.get("id") if isinstance(told, dict) else None
    if not isinstance(identifier, str) or not identifier:
        raise _refused(name, "没有写明 id", "without an id")
    tag = told.get("versionTag")
    return OtherFile(identifier, tag if isinstance(tag, str) and tag else None)


def _refused(name: str, told: str, detail: str) -> DeploymentRefusedError:
    finding = Finding(
        "error",
        "bad_rpa",
        f"文件“{name}”{told}。",
        "RPA 文件应是带有 id 的 JSON 对象。",
        name,
    )
    return DeploymentRefusedError(
        f"Expected '{name}' to be a JSON object with an id, but it is {detail}.", [finding]
    )
