"""Whether a submission may be stored, field by field, and what of it is stored."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.domain.errors import FieldProblem
from service.feel import Surroundings
from service.forms.checked import Checked, Fault, Place
from service.forms.choices import check_checkbox, check_choice, check_choices
from service.forms.copies import copied
from service.forms.documents import check_documents
from service.forms.kinds import empty_value, is_empty
from service.forms.messages import problem
from service.forms.model import Component, DocumentFacts, Form, Submission
from service.forms.moments import check_moment
from service.forms.numbers import check_number
from service.forms.occurrences import Occurrence
from service.forms.paths import MISSING, Path, get_at, rows_at, set_at
from service.forms.rows import HARD_LIMIT, check_rows
from service.forms.rules import is_required, rule_faults
from service.forms.settling import Settled, Sources, settle
from service.forms.shape import shape_problems
from service.forms.texts import check_text

_CHECKS = {
    "textfield": check_text,
    "textarea": check_text,
    "number": check_number,
    "datetime": check_moment,
    "checkbox": check_checkbox,
    "radio": check_choice,
    "select": check_choice,
    "checklist": check_choices,
    "taglist": check_choices,
    "filepicker": check_documents,
    "dynamiclist": check_rows,
}


def validate(
    form: Form,
    submitted: Mapping[str, Any],
    *,
    variables: Mapping[str, Any],
    auto: Mapping[str, Any],
    documents: Mapping[str, DocumentFacts],
    surroundings: Surroundings,
) -> Submission:
    """Return the values to store and every reason to refuse them.

    What is not submitted counts as left empty. Read-only, automatic and computed fields are filled
    by the server, whatever was sent for them. The order of the problems is that of the form.

    Args:
        form: The form.
        submitted: JSON as the client sent it.
        variables: JSON variables that the task sees.
        auto: Values for `auto` fields by name; `now` is taken from `surroundings` when absent.
        documents: The files that the submission may name, by id.
        surroundings: Now, the zone and the functions for expressions.

    Source: form-js 1.23 (schemaVersion 19); docs/dialect.md §6, §7.
    """
    start = {name: copied(variables[name]) for name in form.names if name in variables}
    _enter(form.components, start, submitted, ())
    sources = Sources(variables, auto, surroundings)
    settled = settle(form, start, sources, clear_hidden=True)
    problems = [*shape_problems(form, submitted)]
    if not settled.is_at_rest:
        problems.append(problem("unsettled", (), None, {}))
    refused = {found.path for found in problems}
    values: dict[str, Any] = {}
    for found in settled.occurrences:
        place = Place(found.path, found.scope, variables, documents, surroundings)
        checked = _checked(found, settled, submitted, place)
        problems.extend(_problems(found, checked.faults, refused))
        _store(values, found, checked.value, sources)
    return Submission(values, tuple(problems))


def _enter(
    components: Sequence[Component], data: dict[str, Any], given: Mapping[str, Any], prefix: Path
) -> None:
    for component in components:
        path = (*prefix, *component.path)
        if component.is_keyed:
            set_at(data, path, copied(get_at(given, path, empty_value(component.type))))
        elif component.is_repeating:
            count = min(len(rows_at(given, path)), HARD_LIMIT + 1)  # More is refused anyway.
            set_at(data, path, [{} for _ in range(count)])
            for index in range(count):
                _enter(component.children, data, given, (*path, index))
        else:
            _enter(component.children, data, given, path)


def _checked(
    found: Occurrence, settled: Settled, submitted: Mapping[str, Any], place: Place
) -> Checked:
    component = found.component
    value = get_at(settled.data, found.path, None)
    if found.is_hidden or found.is_disabled:
        return Checked(MISSING, tuple(_uninvited(found, submitted, value)))
    check = _CHECKS.get(component.type)
    checked = (
        Checked(value) if check is None or found.is_readonly else check(component, value, place)
    )
    faults = list(checked.faults)
    if not faults and is_empty(checked.value) and is_required(component, place):
        faults.append(Fault("required"))
    if not faults:
        faults.extend(rule_faults(component, checked.value, place))
    return Checked(checked.value, tuple(faults))


def _uninvited(found: Occurrence, submitted: Mapping[str, Any], stored: Any) -> Iterator[Fault]:
    if not (found.component.is_keyed or found.component.is_repeating):
        return
    sent = get_at(submitted, found.path, None)
    if found.is_hidden and not is_empty(sent):
        yield Fault("hidden_field")
    elif not found.is_hidden and not is_empty(sent) and sent != stored:
        yield Fault("disabled_field")


def _problems(
    found: Occurrence, faults: Sequence[Fault], refused: set[str]
) -> Iterator[FieldProblem]:
    for fault in faults:
        told = problem(fault.code, found.path, found.component.id, fault.facts, fault.message)
        if told.path not in refused:
            yield told


def _store(values: dict[str, Any], found: Occurrence, value: Any, sources: Sources) -> None:
    component = found.component
    if value is MISSING:
        return
    if component.is_repeating:
        set_at(values, found.path, [{} for _ in range(len(value or ()))])
    elif component.is_keyed and not (found.is_readonly and sources.lack(found)):
        set_at(values, found.path, value)
