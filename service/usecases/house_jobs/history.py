"""Looking back: how often, what came of it, which notice is in force (FB-V1, FB-T3, FB-S1)."""

from collections.abc import Mapping
from typing import Any

from service.domain.errors import BadInputError
from service.usecases import registers
from service.usecases.execution.registry import HouseJob, shown


def count_same_problems(job: HouseJob) -> Mapping[str, Any]:
    """Count the cases of the customer with this problem within the window, this one included (FB-V1)."""
    months = job.value("window_months")
    if not isinstance(months, int) or isinstance(months, bool) or months < 1:
        raise BadInputError(
            f"Expected 'window_months' to be a number above 0, but got {shown(months)}.",
            message=f"输入 window_months 应为大于 0 的整数，实际为 {shown(months)}。",
        )
    count = registers.count_same_problems(
        job.unit,
        customer_name=job.text("customer_name"),
        problem_type=job.text("problem_type"),
        window_months=months,
        case_key=job.instance.case_key,
    )
    return {"same_problem_count": count}


def find_history(job: HouseJob) -> Mapping[str, Any]:
    """List earlier cases of the batch, or of the customer with this problem (FB-4.5-1)."""
    history = registers.find_history(
        job.unit,
        customer_name=job.value("customer_name"),
        batch_no=job.value("batch_no"),
        problem_type=job.value("problem_type"),
        case_key=job.instance.case_key,
    )
    options = [
        {
            "label": f"{entry['case_no']} {entry['problem_type'] or ''}".strip(),
            "value": entry["case_no"],
        }
        for entry in history
    ]
    return {"history_list": list(history), "history_options": options}


def find_notice(job: HouseJob) -> Mapping[str, Any]:
    """Find the quick-handling notices in force for a batch (BQ-X-2)."""
    batch_no = job.value("batch_no")
    notices = (
        registers.find_notices(job.unit, batch_no=batch_no, problem_type=None)
        if isinstance(batch_no, str) and batch_no.strip()
        else []
    )
    wanted = job.value("problem_type")
    fitting = [n for n in notices if wanted in (None, "", n["problem_type"])]
    options = [
        {"label": f"{notice['notice_no']} {notice['problem_type']}", "value": notice["notice_no"]}
        for notice in notices
    ]
    return {
        "notice": fitting[0] if fitting else None,
        "notices": notices,
        "notice_options": options,
    }


HANDLERS = {
    "huiyin:count-same-problems": count_same_problems,
    "huiyin:find-history": find_history,
    "huiyin:find-notice": find_notice,
}
