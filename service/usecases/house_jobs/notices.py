"""Registers that procedures keep: quick-handling notices, batch statuses, document numbers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.domain.errors import AlreadyExistsError, BadInputError
from service.usecases import cases, registers
from service.usecases.execution.registry import HouseJob, HouseJobError, no_context, shown


def put_in_force(job: HouseJob) -> Mapping[str, Any]:
    """Put a quick-handling notice in force; at most one a batch and problem type (BQ-X-2)."""
    content = job.value("content") or {}
    if not isinstance(content, dict):
        raise no_context("content", content)
    try:
        registers.put_notice_in_force(
            job.unit,
            notice_no=job.text("notice_no"),
            batches=job.texts("batch_no"),
            problem_type=job.text("problem_type"),
            valid_to_on=_date(job, "valid_to"),
            content=content,
            case_key=job.instance.case_key,
            who=job.who.username,
        )
    except AlreadyExistsError as error:
        raise HouseJobError("notice_exists", error.detail) from error
    return {"in_force_from": job.unit.now.isoformat()}


def end_notice(job: HouseJob) -> Mapping[str, Any]:
    """End a notice: 失效 by time or 撤回 by the quality department."""
    registers.end_notice(
        job.unit,
        notice_no=job.text("notice_no"),
        state=job.text("state"),
        who=job.who.username,
    )
    return {}


def set_batch_status(job: HouseJob) -> Mapping[str, Any]:
    """Write the status of a batch into its log (PF-X-1)."""
    status = job.text("status")
    registers.set_batch_status(
        job.unit,
        batch_no=job.text("batch_no"),
        status=status,
        reason=job.value("reason"),
        case_key=job.instance.case_key,
        who=job.who.username,
    )
    return {"batch_status": status}


def next_number(job: HouseJob) -> Mapping[str, Any]:
    """Give a document its number (XC-X-1)."""
    return {"number": cases.next_number(job.unit, job.text("code"))}


def _date(job: HouseJob, name: str) -> date | None:
    value = job.value(name)
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise BadInputError(
            f"Expected the input '{name}' to be a date, but got {shown(value)}.",
            message=f"输入 {name} 应为日期，实际为 {shown(value)}。",
        ) from error


HANDLERS = {
    "huiyin:put-notice-in-force": put_in_force,
    "huiyin:end-notice": end_notice,
    "huiyin:set-batch-status": set_batch_status,
    "huiyin:next-number": next_number,
}
