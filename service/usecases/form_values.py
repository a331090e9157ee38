"""What a person hands in with a form: filled in by the server where it must be, checked, kept."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row

from service import engine, forms
from service.domain.errors import InvalidFormError
from service.identity import Person
from service.persistence.facts import group_names, offered_options
from service.persistence.scopes import merged
from service.persistence.tables import tasks
from service.persistence.unit import Unit
from service.usecases import attachments, tracked_items
from service.usecases.execution.execution import Execution
from service.usecases.execution.running import RunningInstance
from service.usecases.execution.world import feel_surroundings


def take(
    execution: Execution,
    person: Person,
    instance: RunningInstance,
    row: Row[Any],
    submitted: Mapping[str, Any],
) -> dict[str, Any]:
    """Check what was submitted for a task and return the values that count.

    Without a form everything submitted counts. With one, the submission is kept (XC-X-7) and its files
    are bound to the case.

    Raises:
        InvalidFormError: Values refused, field by field.
    """
    if row.form_key is None:
        return dict(submitted)
    unit = execution.unit
    form = execution.house.definitions.form(unit.before, row.form_key)
    chain = engine.scope_chain(instance.engine_state, row.element_instance_key)
    visible = merged(instance.scopes, chain)
    values = check(execution, person, form, submitted, visible)
    attachments.bind(
        unit, values, case_key=instance.case_key, instance_key=instance.key, task_key=row.key
    )
    keep(unit, person, form, values, instance, row.element_id, row.form_key, row.key)
    return values


def check(
    execution: Execution,
    person: Person,
    form: forms.Form,
    submitted: Mapping[str, Any],
    visible: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the values that count of a submission.

    Raises:
        InvalidFormError: Values refused, field by field.
    """
    unit = execution.unit
    ids = forms.document_ids(submitted)
    submission = forms.validate(
        form,
        submitted,
        variables={**execution.snapshot.offered, **visible},
        auto=_auto_values(
            execution.snapshot.name_by_group,
            person,
            unit.now.isoformat(),
            visible.get("case_no"),
        ),
        documents=attachments.documents(unit.connection, ids) if ids else {},
        surroundings=feel_surroundings(unit, execution.snapshot),
    )
    if submission.problems:
        raise InvalidFormError(
            f"Expected the form '{form.id}' to be filled in, but {len(submission.problems)} "
            "value(s) are refused.",
            submission.problems,
        )
    return dict(submission.values)


def keep(
    unit: Unit,
    person: Person,
    form: forms.Form,
    values: Mapping[str, Any],
    instance: RunningInstance,
    element_id: str,
    form_key: int,
    task_key: int | None,
) -> None:
    """Append the submission to those of this form in this instance (XC-X-7)."""
    row = {
        "key": unit.new_key(),
        "task_key": task_key,
        "instance_key": instance.key,
        "case_key": instance.case_key,
        "element_id": element_id,
        "form_id": form.id,
        "form_key": form_key,
        "values": dict(values),
        "submitted_by": person.username,
        "submitted_at": unit.now,
    }
    unit.insert(tasks.form_submissions, [row], counts=("round", ("instance_key", "form_id")))
    case_no = instance.root_variables.get("case_no")
    if form.brings_items and instance.case_key is not None and isinstance(case_no, str):
        tracked_items.add_submitted(unit, form, values, instance.case_key, case_no, person)


def auto_values(connection: Connection, person: Person, now: str, case_no: Any) -> dict[str, Any]:
    """Return what the server fills in for `properties.auto` (docs/dialect.md §6).

    Args:
        connection: For the name of his department.
        person: Who fills the form in.
        now: The moment, as text.
        case_no: Number of the case, or None.
    """
    return _auto_values(group_names(connection), person, now, case_no)


def offered(connection: Connection) -> dict[str, list[dict[str, str]]]:
    """Return the lists every form may use for options: `departments` and `users`."""
    return offered_options(connection)


def _auto_values(
    name_by_group: Mapping[str, str], person: Person, now: str, case_no: Any
) -> dict[str, Any]:
    return {
        "now": now,
        "user": person.username,
        "user_name": person.name,
        "user_dept": name_by_group.get(person.department) if person.department else None,
        "case_no": case_no,
    }
