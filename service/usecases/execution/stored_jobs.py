"""Jobs as their rows hold them, opened again."""

from typing import Any

from sqlalchemy import Connection, Row

from service.engine.values import JobOpened
from service.persistence.scopes import visible_variables


def opened_again(connection: Connection, job: Row[Any]) -> JobOpened:
    """Return the job as it is opened now: with the variables an operator has mended meanwhile."""
    variables = visible_variables(connection, job.instance_key, job.element_instance_key)
    return JobOpened(
        element_instance_key=job.element_instance_key,
        element_id=job.element_id,
        type=job.type,
        retries=1,
        headers=job.headers,
        variables=variables,
        caught_errors=tuple(job.caught_errors),
    )
