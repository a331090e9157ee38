"""`huiyin:archive`: freeze the case file; the file itself is made by a worker (XC-V1, XC-AR-1)."""

from collections.abc import Mapping
from typing import Any

from service.domain.errors import BadInputError
from service.usecases import archives
from service.usecases.execution.registry import HouseJob


def archive(job: HouseJob) -> Mapping[str, Any]:
    """Give the case its archive number and the day until which it is kept."""
    if job.instance.case_key is None:
        raise BadInputError(
            "Expected a case to archive, but this instance has none.",
            message="该流程实例不属于任何案件，无法归档。",
        )
    return archives.archive(job.unit, job.instance.case_key, who=job.who.username)


HANDLERS = {"huiyin:archive": archive}
