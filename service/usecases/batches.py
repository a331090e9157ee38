"""Batches: whether one is frozen, and the word that a shipment needs before it leaves.

The stock system asks before it sells, picks or ships; a frozen batch is refused and the attempt is kept.

Source: PF-X-1.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from service.domain.errors import BadInputError, WrongStateError
from service.identity import Person, policy
from service.persistence.tables import cases
from service.usecases.house import House

FROZEN, NORMAL = "冻结", "正常"
LONGEST_REFERENCE = 200


@dataclass(frozen=True)
class BatchStatus:
    """What a batch is now; one that nobody ever froze is `正常` with nothing behind it.

    Attributes:
        status: `冻结` or `正常`.
        changed_by: User name, or None.
        case_no: The case that froze or released it, or None.
    """

    batch_no: str
    status: str
    reason: str | None = None
    changed_by: str | None = None
    changed_at: datetime | None = None
    case_no: str | None = None


def status(connection: Connection, batch_no: str) -> BatchStatus:
    """Return what a batch is now: the newest row of its log."""
    log, case = cases.batch_statuses, cases.cases
    row = connection.execute(
        select(log, case.c.case_no)
        .outerjoin(case, case.c.key == log.c.case_key)
        .where(log.c.batch_no == batch_no)
        .order_by(log.c.key.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return BatchStatus(batch_no, NORMAL)
    return BatchStatus(
        batch_no, row.status, row.reason, row.changed_by, row.changed_at, row.case_no
    )


def ask_shipment(house: House, person: Person, batch_no: str, reference: str | None) -> None:
    """Give the word for a sale, picking or shipment of a batch; yes and no are both kept in the history.

    Args:
        house: The house.
        person: Who asks, as a rule the stock system's program.
        batch_no: The batch.
        reference: The other system's number of the delivery, for the history.

    Raises:
        NotAllowedError: He may not operate.
        BadInputError: The reference is too long.
        WrongStateError: The batch is frozen; the text says since when and by which case.
    """
    policy.may_operate(person).require()
    if reference is not None and len(reference) > LONGEST_REFERENCE:
        raise BadInputError(
            f"Expected 'reference' to have at most {LONGEST_REFERENCE} characters, "
            f"but it has {len(reference)}."
        )
    with house.database.unit(house.outside) as unit:
        found = status(unit.connection, batch_no)
        unit.record(
            "batch.shipment_refused" if found.status == FROZEN else "batch.shipment_allowed",
            who=person.username,
            rule_refs=("PF-X-1",),
            detail={"batch_no": batch_no, "reference": reference, "case_no": found.case_no},
        )
        unit.commit()
    if found.status == FROZEN:
        raise WrongStateError(
            f"Expected batch '{batch_no}' not to be frozen, but it is"
            + (f" since {found.changed_at.isoformat()}" if found.changed_at else "")
            + (f" by case {found.case_no}." if found.case_no else "."),
            message=f"批次 {batch_no} 已冻结，不得销售、拣货或发货。",
            batch_no=batch_no,
        )
