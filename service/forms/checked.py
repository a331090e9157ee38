"""What checking one value gives, and what a check may look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from service.feel import Surroundings
from service.forms.model import Component, DocumentFacts
from service.forms.paths import Path
from service.forms.scopes import Scope, evaluate


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a value: a code of `messages.TEXTS`, its facts, the form's wording."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""


@dataclass(frozen=True)
class Checked:
    """A value after its check: as it is stored, and what is wrong with it."""

    value: Any
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, eq=False)
class Place:
    """What a check may look at beside the component and the value.

    Attributes:
        path: Where the value stands in the data.
        scope: What expressions see there.
        variables: JSON variables of the case, for options.
        documents: Uploaded files by id.
        surroundings: Now, the zone and the functions.
    """

    path: Path
    scope: Scope
    variables: Mapping[str, Any]
    documents: Mapping[str, DocumentFacts]
    surroundings: Surroundings


def limit(component: Component, name: str, place: Place) -> Decimal | None:
    """Return a limit of the `validate` section as a number; None when it is absent or null."""
    if name in component.expressions:
        value = evaluate(component, name, place.scope, place.surroundings)
    else:
        value = component.checks().get(name)
    return decimal_of(value)


def decimal_of(value: Any) -> Decimal | None:
    """Return a JSON or FEEL number, or a text that writes one, exactly; else None."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def plain(number: Decimal) -> str:
    """Return a number as people write it: no exponent, no trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
