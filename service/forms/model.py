"""A form that has been read, with everything compiled, and what becomes of a submission."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from regress import Regex

from service.domain.errors import FieldProblem, Finding
from service.feel import Expression
from service.forms.kinds import EMPTY_VALUES


@dataclass(frozen=True, eq=False)
class Component:
    """One component of a form.

    Attributes:
        id: Its id in the file.
        type: Its form-js type.
        label: As written; may be a template. Empty when there is none.
        path: Of a keyed component the parts of its key, of a container those of its path.
        raw: Its JSON as given.
        expressions: Slot (`hide`, `min`, `options`, ...) → compiled FEEL.
        pattern: The compiled ECMAScript pattern, or None.
        properties: Its custom properties.
        children: What it contains.
    """

    id: str
    type: str
    label: str
    path: tuple[str, ...]
    raw: Mapping[str, Any]
    expressions: Mapping[str, Expression]
    pattern: Regex | None
    properties: Mapping[str, str]
    children: tuple["Component", ...]

    @property
    def is_keyed(self) -> bool:
        """Whether it carries a value."""
        return self.type in EMPTY_VALUES

    @property
    def is_repeating(self) -> bool:
        """Whether its children repeat, a row each."""
        return self.type == "dynamiclist"

    @property
    def auto(self) -> str | None:
        """What the server fills in, or None."""
        return self.properties.get("auto") or None

    @property
    def tracked_item(self) -> str | None:
        """The kind of sample or paper that has come in when it is ticked (XC-DOC-2), or None."""
        return self.properties.get("trackedItem") or None

    def checks(self) -> Mapping[str, Any]:
        """Return its `validate` section; empty when it has none."""
        checks = self.raw.get("validate")
        return checks if isinstance(checks, dict) else {}


@dataclass(frozen=True)
class Field:
    """One field as the outside sees it.

    Attributes:
        id: The component's id.
        path: Where its value stands, dotted; `[]` follows the name of a repeated list.
        label: As written.
        type: The form-js type.
        auto: What the server fills in (docs/dialect.md §6), or None.
        tracked_item: The kind of sample or paper that has come in when it is ticked, or None.
    """

    id: str
    path: str
    label: str
    type: str
    auto: str | None
    tracked_item: str | None


@dataclass
class Node:
    """One step of the paths of a form.

    Attributes:
        component: The field or list that stands here, or None for an object on the way.
        children: What stands below, by name; for a list, in each of its rows.
    """

    component: Component | None = None
    children: dict[str, "Node"] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Form:
    """A form that passed every check and can be filled.

    Attributes:
        id: Its id.
        version_tag: The tag that diagrams bind to, or None.
        schema: The JSON as given, for the viewer.
        components: The tree, compiled.
        shape: What may be submitted where (`forms.shape`).
        names: Variables that it may read; nothing else is given to the viewer.
        remarks: Findings short of refusal.
    """

    id: str
    version_tag: str | None
    schema: dict[str, Any]
    components: tuple[Component, ...]
    shape: Node
    names: frozenset[str]
    remarks: tuple[Finding, ...] = ()

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Every field that carries a value, in the order of the form."""
        return tuple(_fields(self.components, ""))

    @cached_property
    def brings_items(self) -> bool:
        """Whether a field of it says that a sample or paper has come in."""
        return any(field.tracked_item for field in self.fields)


@dataclass(frozen=True)
class Submission:
    """What became of a submission.

    Attributes:
        values: The values to store, nested as in the form, without hidden and disabled fields.
        problems: Why it is refused; empty when it may be stored.
    """

    values: dict[str, Any]
    problems: tuple[FieldProblem, ...]


@dataclass(frozen=True)
class DocumentFacts:
    """What the server knows of an uploaded file.

    Attributes:
        document_id: Its id.
        file_name: As uploaded.
        content_type: As found by the server, not as claimed by the client.
        size: Bytes.
        sha256: Of the content, in hexadecimal digits.
        claimed: What its sender said of it: `customProperties`, `processDefinitionId`,
            `processInstanceKey`.
    """

    document_id: str
    file_name: str
    content_type: str
    size: int
    sha256: str
    claimed: Mapping[str, Any] = field(default_factory=dict)


def _fields(components: tuple[Component, ...], prefix: str) -> Iterator[Field]:
    for component in components:
        path = ".".join(filter(None, [prefix, *component.path]))
        if component.is_keyed:
            yield Field(
                component.id,
                path,
                component.label,
                component.type,
                component.auto,
                component.tracked_item,
            )
        yield from _fields(component.children, f"{path}[]" if component.is_repeating else path)
