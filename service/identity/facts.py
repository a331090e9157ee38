"""The facts that a question of rights needs; callers fill them from their rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RoundFacts:
    """One round of a countersign, as the question «may he sign» needs it.

    Attributes:
        department: Key of the department for which this task signs; None when none is named.
        drafter: User name of who drafted the document, or None.
        signers: User names that have signed in this round, for whatever department.

    Source: XC-CS-5.
    """

    department: str | None = None
    drafter: str | None = None
    signers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TaskFacts:
    """A user task, as questions of rights need it.

    Attributes:
        key: The task's key, quoted in refusals.
        assignee: User name, or None while nobody has it.
        candidate_groups: Keys of the groups that may take it.
        candidate_users: User names that may take it.
        supervisors: Keys of the groups told when it is overdue; they may see and hand it over.
        round: The countersign round that it belongs to, or None.
        process_id: Of the process it belongs to; what authorizations name.
    """

    key: str
    assignee: str | None = None
    candidate_groups: frozenset[str] = frozenset()
    candidate_users: frozenset[str] = frozenset()
    supervisors: frozenset[str] = frozenset()
    round: RoundFacts | None = None
    process_id: str = ""


@dataclass(frozen=True)
class CaseFacts:
    """A case, as the question «may he read it» needs it.

    Attributes:
        case_no: Its number, quoted in refusals.
        started_by: User name, or None when a customer or a program began it.
        participants: User names that have or had a task in it.
        task_groups: Keys of the candidate groups of its open tasks.
        supervisors: Keys of the groups that supervise the groups that had a task in it.
        reader_groups: Keys of the groups that the process names as readers.
    """

    case_no: str
    started_by: str | None = None
    participants: frozenset[str] = frozenset()
    task_groups: frozenset[str] = frozenset()
    supervisors: frozenset[str] = frozenset()
    reader_groups: frozenset[str] = frozenset()
