"""Files that may be deployed beside processes, decisions and forms: kept and handed out, never run.

Source: Camunda 8: an `.rpa` file is JSON that names itself; any other file is called by its name.
"""

from dataclasses import dataclass

import orjson

from service.domain.errors import DeploymentRefusedError
from service.feel import Text
from service.feel.findings import finding_of

RPA = ".rpa"
_NO_JSON = Text("不是 JSON", "is no JSON")
_NO_ID = Text("没有写明 id", "does not tell its id")
_WHAT_IT_SHOULD_BE = Text("RPA 文件应是带有 id 的 JSON 对象。", "Make it a JSON object with an id.")


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
        raise _refused(name, _NO_JSON) from error
    identifier = told.get("id") if isinstance(told, dict) else None
    if not isinstance(identifier, str) or not identifier:
        raise _refused(name, _NO_ID)
    tag = told.get("versionTag")
    return OtherFile(identifier, tag if isinstance(tag, str) and tag else None)


def _refused(name: str, told: Text) -> DeploymentRefusedError:
    text = Text(f"文件“{name}”{told}。", f"The file '{name}' {told:en}.")
    finding = finding_of("error", "bad_rpa", text, _WHAT_IT_SHOULD_BE, resource=name)
    return DeploymentRefusedError(
        f"Expected '{name}' to be a JSON object with an id, but it {told:en}.", [finding]
    )
