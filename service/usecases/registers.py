"""Registers that outlive a case: notices in force, batch statuses, what happened before."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, Select, and_, func, insert, or_, select, union, update

from service.domain.errors import AlreadyExistsError, BadInputError, NotFoundError
from service.persistence.tables import cases, instances
from service.persistence.unit import Unit
from service.sla import SHANGHAI, WorkingCalendar, add_months
from service.usecases.cases import count_up

IN_FORCE = "生效"
NOTICE_ENDS = ("失效", "撤回")
BATCH_STATUSES = ("冻结", "正常")
HISTORY_ROWS = 50

NOTICES = "quick_notices"
"""Series that is counted with each notice, so that two are never put in force side by side unseen."""


def put_notice_in_force(
    unit: Unit,
    *,
    notice_no: str,
    batches: Sequence[str],
    problem_type: str,
    valid_to_on: date | None,
    content: Mapping[str, Any],
    case_key: int | None,
    who: str,
) -> None:
    """Put a quick-handling notice in force for its batches.

    Raises:
        BadInputError: No batch.
        AlreadyExistsError: Another notice is in force for one of the batches and this problem type, or
            the number was given before.

    Source: BQ-X-2.
    """
    named = list(dict.fromkeys(batch_no.strip() for batch_no in batches if batch_no.strip()))
    if not named:
        raise BadInputError(
            "Expected a notice to name at least one batch, but it names none.",
            message="快速处理通知单至少要写明一个批次。",
        )
    count_up(unit, NOTICES)
    _check_free(unit, notice_no, named, problem_type)
    key = unit.new_key()
    unit.connection.execute(
        insert(cases.quick_notices).values(
            key=key,
            notice_no=notice_no,
            problem_type=problem_type,
            content=dict(content),
            state=IN_FORCE,
            in_force_from=unit.now,
            valid_to_on=valid_to_on,
            case_key=case_key,
        )
    )
    rows = [{"notice_key": key, "batch_no": batch_no} for batch_no in named]
    unit.connection.execute(insert(cases.quick_notice_batches), rows)
    unit.record(
        "notice.in_force",
        case_key=case_key,
        who=who,
        after={"notice_no": notice_no, "batches": named},
        rule_refs=("BQ-X-2",),
    )


def end_notice(unit: Unit, *, notice_no: str, state: str, who: str) -> None:
    """End a notice: `失效` by time or `撤回` by the quality department. Ended already: nothing changes.

    Raises:
        BadInputError: Another state.
        NotFoundError: No such notice.
    """
    if state not in NOTICE_ENDS:
        raise BadInputError(
            f"Expected 'state' to be one of {NOTICE_ENDS}, but got '{state}'.",
            message=f"通知单的状态只能是{'或'.join(NOTICE_ENDS)}，实际为“{state}”。",
        )
    table = cases.quick_notices
    row = unit.connection.execute(select(table).where(table.c.notice_no == notice_no)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"Expected to find notice '{notice_no}', but there is none.",
            message=f"没有编号为 {notice_no} 的快速处理通知单。",
        )
    if row.state != IN_FORCE:
        return
    unit.connection.execute(
        update(table).where(table.c.key == row.key).values(state=state, ended_at=unit.now)
    )
    unit.record(
        "notice.ended",
        case_key=row.case_key,
        who=who,
        before={"state": IN_FORCE},
        after={"notice_no": notice_no, "state": state},
        rule_refs=("BQ-X-2",),
    )


def find_notices(unit: Unit, *, batch_no: str, problem_type: str | None) -> list[dict[str, Any]]:
    """Return the notices in force for a batch (and problem type), newest first.

    Each is `{notice_no, batch_no, problem_type, valid_to, content}`; `content` as it was put in force.

    Source: BQ-X-2.
    """
    table, batches = cases.quick_notices, cases.quick_notice_batches
    today = unit.now.astimezone(SHANGHAI).date()
    query = (
        select(table)
        .join(batches, batches.c.notice_key == table.c.key)
        .where(
            batches.c.batch_no == batch_no.strip(),
            table.c.state == IN_FORCE,
            or_(table.c.valid_to_on.is_(None), table.c.valid_to_on >= today),
        )
        .order_by(table.c.key.desc())
    )
    if problem_type is not None:
        query = query.where(table.c.problem_type == problem_type)
    return [
        {
            "notice_no": row.notice_no,
            "batch_no": batch_no.strip(),
            "problem_type": row.problem_type,
            "valid_to": row.valid_to_on.isoformat() if row.valid_to_on else None,
            "content": row.content,
        }
        for row in unit.connection.execute(query)
    ]


def count_same_problems(
    unit: Unit, *, customer_name: str, problem_type: str, window_months: int, case_key: int | None
) -> int:
    """Return how many cases this customer had with this problem in the window, this one included.

    Counted are cases whose facts hold both; the present case counts once even though its facts may not
    be written yet. Suggestions count too: the paper speaks of 同类问题.

    Source: FB-V1 (flow of `customer_feedback`), FB-4.1-3.
    """
    since = add_months(unit.now, -window_months, WorkingCalendar())
    table = cases.cases
    query = select(func.count()).where(
        table.c.opened_at >= since, _is_problem_of(customer_name, problem_type)
    )
    if case_key is not None:
        query = query.where(table.c.key != case_key)
    return int(unit.connection.execute(query).scalar_one()) + 1


def find_history(
    unit: Unit,
    *,
    customer_name: str | None,
    batch_no: str | None,
    problem_type: str | None,
    case_key: int | None,
) -> list[dict[str, Any]]:
    """Return earlier cases of the batch, or of the customer with this problem, newest first.

    Cases without a problem type (a freeze, a recall) are no earlier complaints. `result` is what the
    quality department defined, None as long as it has not.

    Source: FB-4.5-1, FB-F2.
    """
    same = []
    if batch_no:
        same.append(cases.fact("batch_no") == batch_no)
    if customer_name and problem_type:
        same.append(_is_problem_of(customer_name, problem_type))
    if not same:
        return []
    # One by one, each is read in the order of an index and no farther than it is shown.
    found = union(*(select(_newest(condition, case_key).subquery()) for condition in same))
    table = cases.cases
    query = select(table).where(table.c.key.in_(found)).order_by(table.c.key.desc())
    rows = unit.connection.execute(query.limit(HISTORY_ROWS)).all()
    results = _results(unit, [row.root_instance_key for row in rows])
    return [_history_entry(row, results.get(row.root_instance_key)) for row in rows]


def set_batch_status(
    unit: Unit,
    *,
    batch_no: str,
    status: str,
    reason: Any,
    case_key: int | None,
    who: str,
) -> None:
    """Append the new status of a batch to its log.

    Raises:
        BadInputError: Another status.

    Source: PF-X-1.
    """
    if status not in BATCH_STATUSES:
        raise BadInputError(
            f"Expected 'status' to be one of {BATCH_STATUSES}, but got '{status}'.",
            message=f"批次状态只能是{'或'.join(BATCH_STATUSES)}，实际为“{status}”。",
        )
    unit.connection.execute(
        insert(cases.batch_statuses).values(
            key=unit.new_key(),
            batch_no=batch_no,
            status=status,
            reason=None if reason is None else str(reason),
            changed_by=who,
            changed_at=unit.now,
            case_key=case_key,
        )
    )
    unit.record(
        "batch.status",
        case_key=case_key,
        who=who,
        after={"batch_no": batch_no, "status": status},
        rule_refs=("PF-X-1",),
    )


def _check_free(unit: Unit, notice_no: str, batches: Sequence[str], problem_type: str) -> None:
    table = cases.quick_notices
    query = select(table.c.key).where(table.c.notice_no == notice_no)
    if unit.connection.execute(query).first() is not None:
        raise AlreadyExistsError(
            f"Expected a new notice number, but '{notice_no}' was given before.",
            notice_no=notice_no,
        )
    for batch_no in batches:
        for other in find_notices(unit, batch_no=batch_no, problem_type=problem_type):
            raise AlreadyExistsError(
                f"Expected no notice in force for batch '{batch_no}' and '{problem_type}', "
                f"but '{other['notice_no']}' is.",
                notice_no=other["notice_no"],
            )


def _is_problem_of(customer_name: str, problem_type: str) -> ColumnElement[bool]:
    """Return the condition for cases of a customer with a problem."""
    return and_(
        cases.IS_PROBLEM,
        cases.fact("customer_name") == customer_name,
        cases.fact("problem_type") == problem_type,
    )


def _newest(condition: ColumnElement[bool], case_key: int | None) -> Select[Any]:
    """Return the keys of the newest cases about a problem of which something holds, without one case."""
    table = cases.cases
    query = select(table.c.key).where(cases.IS_PROBLEM, condition)
    if case_key is not None:
        query = query.where(table.c.key != case_key)
    return query.order_by(table.c.key.desc()).limit(HISTORY_ROWS)


def _history_entry(row: Row[Any], result: Any) -> dict[str, Any]:
    facts = row.facts
    return {
        "case_no": row.case_no,
        "batch_no": facts.get("batch_no"),
        "problem_type": facts.get("problem_type"),
        "result": result,
        "notice_no": facts.get("notice_no"),
    }


def _results(unit: Unit, root_keys: Sequence[int]) -> dict[int, Any]:
    """Return the root variable `definition_result` of instances, by key."""
    table = instances.variables
    query = select(table.c.scope_key, table.c.value).where(
        table.c.scope_key.in_(root_keys), table.c.name == "definition_result"
    )
    return {row.scope_key: orjson.loads(row.value) for row in unit.connection.execute(query)}
