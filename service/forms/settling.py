"""The data of a form once everything that depends on something else has come to rest.

Conditions look at values, values come and go with conditions, computed fields look at both: so the
form is gone through until nothing changes any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.feel import Surroundings
from service.forms.copies import copied
from service.forms.kinds import empty_value
from service.forms.model import Component, Form
from service.forms.moments import write_moment
from service.forms.occurrences import Occurrence, occurrences
from service.forms.paths import MISSING, get_at, rows_at, set_at
from service.forms.scopes import evaluate_json

MAX_PASSES = 20
"""A form that still changes after so many passes contradicts itself."""


@dataclass(frozen=True, eq=False)
class Settled:
    """A form's data at rest.

    Attributes:
        data: All variables with the form's values on top; hidden fields are null.
        occurrences: Every component at every place.
        is_at_rest: False when conditions chase each other without end.
    """

    data: dict[str, Any]
    occurrences: tuple[Occurrence, ...]
    is_at_rest: bool


@dataclass(frozen=True, eq=False)
class Sources:
    """Where values that nobody enters come from.

    Attributes:
        variables: JSON variables of the case.
        auto: Values of the `auto` property by its name.
        surroundings: Now, the zone and the functions.
    """

    variables: Mapping[str, Any]
    auto: Mapping[str, Any]
    surroundings: Surroundings

    def of(self, found: Occurrence) -> Any:
        """Return what stands where nobody may enter anything; `MISSING` when nothing does."""
        component = found.component
        if component.type == "expression":
            return evaluate_json(component, "expression", found.scope, self.surroundings)
        if component.auto is not None:
            return self._auto(component)
        stored = get_at(self.variables, found.path)
        return component.raw.get("defaultValue", MISSING) if stored is MISSING else stored

    def lack(self, found: Occurrence) -> bool:
        """Tell whether nothing stands there; a computed field always has a value, if only null."""
        return found.component.type != "expression" and self.of(found) is MISSING

    def _auto(self, component: Component) -> Any:
        value = self.auto.get(component.auto or "", MISSING)
        if value is MISSING and component.auto == "now":
            value = self.surroundings.now
        if isinstance(value, datetime):
            return write_moment(component, value, self.surroundings.zone)
        return value


def settle(
    form: Form, start: Mapping[str, Any], sources: Sources, *, clear_hidden: bool
) -> Settled:
    """Return the data at rest, beginning with `start` (variables and entered values, JSON).

    Args:
        form: The form.
        start: Not changed.
        sources: Where read-only, automatic and computed values come from.
        clear_hidden: Whether hidden fields count as null, as in a submission.
    """
    data, found = dict(start), occurrences(form, start, sources.surroundings)
    if not any(one.is_hidden or one.is_readonly or one.is_disabled for one in found):
        return Settled(data, found, is_at_rest=True)  # Nothing is written but by what these say.
    for _ in range(MAX_PASSES):
        following = copied(dict(start))
        for occurrence in found:
            _write(following, occurrence, sources, clear_hidden=clear_hidden)
        if following == data:
            return Settled(data, found, is_at_rest=True)
        data = following
        found = occurrences(form, data, sources.surroundings)
    return Settled(data, found, is_at_rest=False)


def _write(
    data: dict[str, Any], found: Occurrence, sources: Sources, *, clear_hidden: bool
) -> None:
    component = found.component
    if not (component.is_keyed or component.is_repeating):
        return
    if found.is_hidden:
        if clear_hidden:
            set_at(data, found.path, None)
    elif component.is_repeating:
        if found.is_readonly or found.is_disabled:
            set_at(data, found.path, copied(list(rows_at(sources.variables, found.path))))
    elif found.is_readonly or found.is_disabled:
        value = sources.of(found)
        entered = empty_value(component.type) if value is MISSING else copied(value)
        set_at(data, found.path, entered)
