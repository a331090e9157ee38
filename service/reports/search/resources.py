"""Deployed files by what stands in them, as `/v2/resources/search` shows them."""

from typing import Any

from sqlalchemy import Row, String, cast, literal, null, select, union_all

from service.persistence.tables import definitions
from service.reports.search.conditions import Field, Filters
from service.reports.search.kinds import INTEGER, KEY, TEXT
from service.reports.search.nouns import Noun
from service.reports.search.rights import everybody
from service.reports.search.wire import TENANT, key_text

_process, _form = definitions.process_definitions, definitions.forms
_requirements = definitions.decision_requirements


def _of(table: Any, id_column: Any, tag: Any) -> Any:
    return select(
        table.c.key,
        id_column.label("resource_id"),
        table.c.resource_name,
        table.c.version,
        tag.label("version_tag"),
        table.c.deployment_key,
    )


_files = union_all(
    _of(_process, _process.c.process_id, _process.c.version_tag),
    _of(_requirements, _requirements.c.requirements_id, cast(null(), String)),
    _of(_form, _form.c.form_id, _form.c.version_tag),
).subquery()


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a deployed file as the API's object."""
    return {
        "resourceName": row.resource_name,
        "version": row.version,
        "versionTag": row.version_tag,
        "resourceId": row.resource_id,
        "tenantId": TENANT,
        "resourceKey": key_text(row.key),
    }


_FIELDS = {
    "resourceKey": (_files.c.key, KEY),
    "resourceName": (_files.c.resource_name, TEXT),
    "resourceId": (_files.c.resource_id, TEXT),
    "version": (_files.c.version, INTEGER),
    "versionTag": (_files.c.version_tag, TEXT),
    "deploymentKey": (_files.c.deployment_key, KEY),
    "tenantId": (literal(TENANT, String), TEXT.exactly()),
}

NOUN = Noun(
    name="resource",
    source=_files,
    columns=tuple(_files.c),
    key=_files.c.key,
    filters=Filters({name: Field(column, kind) for name, (column, kind) in _FIELDS.items()}),
    sorts={name: column for name, (column, _kind) in _FIELDS.items()},
    visible=everybody,
    show=show,
)
