"""Whether somebody may read a case (XC-P-2, XC-P-3, FB-P4)."""

from sqlalchemy import Connection

from service.identity import Person, Verdict, policy
from service.persistence.case_facts import case_facts


def may_read(connection: Connection, person: Person, case_key: int) -> Verdict:
    """Return the answer for one case; a case that does not exist may not be read."""
    facts = case_facts(connection, case_key)
    if facts is None:
        return Verdict("not_case_reader", {"case": str(case_key)})
    return policy.may_read_case(person, facts)
