"""Where the components of a form stand in the data: in lists once for each row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.feel import Surroundings
from service.forms.model import Component, Form
from service.forms.paths import Path, rows_at
from service.forms.scopes import Scope, evaluate


@dataclass(frozen=True, eq=False)
class Occurrence:
    """One component at one place of the data.

    Attributes:
        component: What it is.
        path: Where its value (or a container's contents) stands.
        scope: What its expressions see.
        is_hidden: Its own condition or that of something around it hides it.
        is_readonly: It or a list around it is shown but not entered: `readonly`, `auto`, computed.
        is_disabled: It or something around it is switched off.
    """

    component: Component
    path: Path
    scope: Scope
    is_hidden: bool
    is_readonly: bool
    is_disabled: bool


def occurrences(
    form: Form, data: Mapping[str, Any], surroundings: Surroundings
) -> tuple[Occurrence, ...]:
    """Return every occurrence in the order of the form, containers before their contents.

    The rows of lists are those in `data` (JSON). A hidden list stands for its rows.
    """
    scope = Scope.of(data)
    outside = Occurrence(_ROOT, (), scope, False, False, False)
    return tuple(_inside(form.components, outside, scope, (), surroundings))


def _inside(
    components: Sequence[Component],
    around: Occurrence,
    scope: Scope,
    prefix: Path,
    surroundings: Surroundings,
) -> Iterator[Occurrence]:
    for component in components:
        found = Occurrence(
            component=component,
            path=(*prefix, *component.path),
            scope=scope,
            is_hidden=around.is_hidden or evaluate(component, "hide", scope, surroundings) is True,
            is_readonly=around.is_readonly or _is_readonly(component, scope, surroundings),
            is_disabled=around.is_disabled or component.raw.get("disabled") is True,
        )
        yield found
        yield from _contents(found, surroundings)


def _contents(found: Occurrence, surroundings: Surroundings) -> Iterator[Occurrence]:
    component = found.component
    if not component.is_repeating:
        yield from _inside(component.children, found, found.scope, found.path, surroundings)
    elif not found.is_hidden:
        for index, row in enumerate(rows_at(found.scope.data, found.path)):
            scope, prefix = found.scope.row(row, index), (*found.path, index)
            yield from _inside(component.children, found, scope, prefix, surroundings)


def _is_readonly(component: Component, scope: Scope, surroundings: Surroundings) -> bool:
    if component.auto is not None or component.type == "expression":
        return True
    if "readonly" in component.expressions:
        return evaluate(component, "readonly", scope, surroundings) is True
    return component.raw.get("readonly") is True


_ROOT = Component(
    id="",
    type="default",
    label="",
    path=(),
    raw={},
    expressions={},
    pattern=None,
    properties={},
    children=(),
)
