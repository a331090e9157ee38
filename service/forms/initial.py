"""What the viewer is given when a form is opened."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.feel import Surroundings
from service.forms.copies import copied
from service.forms.model import Component, Form
from service.forms.paths import MISSING, Path, get_at, rows_at, set_at
from service.forms.settling import Sources, settle


def initial_data(
    form: Form,
    variables: Mapping[str, Any],
    auto: Mapping[str, Any],
    surroundings: Surroundings,
) -> dict[str, Any]:
    """Return the JSON data for form-js: nothing but what this form names.

    That is the variables it binds, reads in expressions or takes options from; defaults where a
    variable is missing; first rows of lists; automatic and computed values.

    Args:
        form: The form.
        variables: JSON variables that the task sees.
        auto: Values for `auto` fields by name; `now` is taken from `surroundings` when absent.
        surroundings: Now, the zone and the functions for expressions.
    """
    known = {name: copied(variables[name]) for name in form.names if name in variables}
    _fill(form.components, known, ())
    sources = Sources(variables, auto, surroundings)
    return settle(form, known, sources, clear_hidden=False).data


def _fill(components: Sequence[Component], data: dict[str, Any], prefix: Path) -> None:
    for component in components:
        path = (*prefix, *component.path)
        if component.is_repeating:
            _fill_rows(component, data, path)
        elif component.is_keyed:
            default = component.raw.get("defaultValue", MISSING)
            if get_at(data, path) is MISSING and default is not MISSING:
                set_at(data, path, copied(default))
        else:
            _fill(component.children, data, path)


def _fill_rows(component: Component, data: dict[str, Any], path: Path) -> None:
    if not isinstance(get_at(data, path), list):
        count = component.raw.get("defaultRepetitions", 1)
        set_at(data, path, [{} for _ in range(count)])
    for index, row in enumerate(rows_at(data, path)):
        if not isinstance(row, Mapping):
            set_at(data, (*path, index), {})
        _fill(component.children, data, (*path, index))
