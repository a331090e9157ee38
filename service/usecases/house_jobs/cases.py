"""`huiyin:case-result`: note a result in another case (a freeze tells the complaint it came from)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from service.domain.errors import BadInputError, WrongStateError
from service.persistence.tables import cases
from service.usecases.execution.registry import HouseJob, no_context


def note_result(job: HouseJob) -> Mapping[str, Any]:
    """Set root variables of the instance of another case; an ended case keeps what it has."""
    values = job.value("variables")
    if not isinstance(values, dict):
        raise no_context("variables", values)
    case_no = job.text("case_no")
    table = cases.cases
    row = job.unit.connection.execute(
        select(table.c.root_instance_key, table.c.closed_at).where(table.c.case_no == case_no)
    ).one_or_none()
    if row is None:
        raise BadInputError(
            f"Expected 'case_no' to be a case, but '{case_no}' is none.",
            message=f"输入 case_no 应为案件编号，但没有案件 {case_no}。",
        )
    if row.closed_at is not None:
        return {"noted": False}
    try:
        job.execution.write_root_variables(row.root_instance_key, values)
    except WrongStateError:  # It ended between the look above and the lock.
        return {"noted": False}
    return {"noted": True}


HANDLERS = {"huiyin:case-result": note_result}
