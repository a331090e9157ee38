"""Forms as the island takes them: schema, first data, what was kept as a draft."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import Connection

from service import feel, forms
from service.usecases import form_values
from service.web.request import current

NO_FORM: Mapping[str, Any] = {"type": "default", "schemaVersion": 18, "components": []}
"""What a task without a form shows: nothing to fill in, only the button."""


def empty_form(connection: Connection, form_key: int | None) -> dict[str, Any]:
    """Return the island's data for a form that begins with nothing known."""
    return open_form(connection, form_key, {})


def open_form(
    connection: Connection,
    form_key: int | None,
    variables: Mapping[str, Any],
    draft: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the island's data for a form.

    Args:
        connection: Where the form and the lists it offers are read.
        form_key: None for a task without a form.
        variables: JSON variables that the task sees.
        draft: What the reader typed earlier; it hides what the variables say.
    """
    if form_key is None:
        return {"schema": dict(NO_FORM), "data": {}}
    form = current.house().definitions.form(connection, form_key)
    known = {**form_values.offered(connection), **variables, **(draft or {})}
    now = current.now()
    auto = form_values.auto_values(
        connection, current.person(), now.isoformat(), variables.get("case_no")
    )
    data = forms.initial_data(form, known, auto, surroundings(connection))
    return {"schema": form.schema, "data": data}


def closed_form(connection: Connection, form_key: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the island's data for a form that is only looked at."""
    form = current.house().definitions.form(connection, form_key)
    data = {**form_values.offered(connection), **values}
    return {
        "schema": form.schema,
        "data": {name: data[name] for name in data if name in form.names},
        "readOnly": True,
        "documentUrl": document_url(),
    }


def surroundings(connection: Connection) -> feel.Surroundings:
    """Return what expressions of forms are evaluated with."""
    snapshot = current.house().snapshot(connection)
    return feel.Surroundings(current.now(), snapshot.calendar.zone, snapshot.functions)


def offered(connection: Connection) -> Mapping[str, Any]:
    """Return the lists that every form may use for its options."""
    return form_values.offered(connection)


def document_url() -> str:
    """Return where the island finds a document; it fills in the id."""
    return url_for("web.attachments.download", document_id="ID").replace("ID", "{documentId}")
