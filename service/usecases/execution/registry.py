"""House jobs: service tasks that Huiyin does itself, inside the transaction (docs/dialect.md §1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from service.domain.errors import BadInputError, HuiyinError
from service.engine.values import JobOpened
from service.identity import Person
from service.persistence.unit import Unit
from service.usecases.execution.messages import Published, PublishMessage
from service.usecases.execution.running import RunningInstance


class HouseJobError(HuiyinError):
    """A BPMN error that a house job throws; its `code` field is the error code in the diagram."""

    def __init__(self, error_code: str, detail: str) -> None:
        super().__init__(detail, error_code=error_code)
        self.error_code = error_code


class ExecutionFace(Protocol):
    """What a house job may ask of the running transaction."""

    def publish(self, command: PublishMessage) -> Published:
        """Publish a message in this transaction; whoever waits goes on in it."""
        ...

    def write_root_variables(self, instance_key: int, variables: Mapping[str, Any]) -> None:
        """Set root variables of another running instance."""
        ...


@dataclass(frozen=True)
class HouseJob:
    """One job as its handler gets it."""

    unit: Unit
    execution: ExecutionFace
    who: Person
    instance: RunningInstance
    opened: JobOpened

    def value(self, name: str) -> Any:
        """Return an input (a local or visible variable), None when it is missing."""
        return self.opened.variables.get(name)

    def text(self, name: str) -> str:
        """Return an input that must be a string with something in it.

        Raises:
            BadInputError: It is not.
        """
        value = self.value(name)
        if not isinstance(value, str) or not value.strip():
            raise BadInputError(
                f"Expected the input '{name}' of {self.opened.type} to be a text, but got {shown(value)}.",
                message=f"{self.opened.type} 的输入 {name} 应为非空文本，实际为 {shown(value)}。",
            )
        return value

    def texts(self, name: str) -> list[str]:
        """Return an input that is a list of strings; null is the empty list, one string a list of one.

        Raises:
            BadInputError: It is something else.
        """
        value = self.value(name)
        items = [] if value is None else [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise BadInputError(
                f"Expected the input '{name}' of {self.opened.type} to be a list of texts, "
                f"but got {shown(value)}.",
                message=f"{self.opened.type} 的输入 {name} 应为文本列表，实际为 {shown(value)}。",
            )
        return items

    def header(self, name: str) -> str:
        """Return a task header that must be there.

        Raises:
            BadInputError: It is not.
        """
        value = self.opened.headers.get(name)
        if not value:
            raise BadInputError(
                f"Expected {self.opened.type} to have a task header '{name}'.",
                message=f"{self.opened.type} 缺少任务头 {name}。",
            )
        return value


def shown(value: Any) -> str:
    """Return an input as an incident shows it: JSON, not too long; 空值 for none."""
    if value is None:
        return "空值"
    text = orjson.dumps(value, default=str).decode()
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def no_context(name: str, value: Any) -> BadInputError:
    """Return the refusal of an input that is no context."""
    return BadInputError(
        f"Expected the input '{name}' to be a context, but got {shown(value)}.",
        message=f"输入 {name} 应为上下文（context），实际为 {shown(value)}。",
    )


SHOWN_CHARACTERS = 100

Handler = Callable[[HouseJob], Mapping[str, Any]]
"""Does a house job and returns its result variables."""


def gather(*groups: Mapping[str, Handler]) -> dict[str, Handler]:
    """Return all handlers by job type.

    Raises:
        ValueError: Two handlers claim the same type.
    """
    handlers: dict[str, Handler] = {}
    for group in groups:
        for job_type, handler in group.items():
            if job_type in handlers:
                raise ValueError(f"two handlers for {job_type}")
            handlers[job_type] = handler
    return handlers
