"""Who may do what: one pure function a question, each answering a `Verdict`.

What stands here is about persons only. Whether a task is still open or a case still runs is not a
question of rights and is asked elsewhere.
"""

from collections.abc import Collection

from service.identity.facts import CaseFacts, RoundFacts, TaskFacts
from service.identity.person import Person
from service.identity.verdict import ALLOWED, Verdict, refused


def may_see_task(person: Person, task: TaskFacts) -> Verdict:
    """Answer for reading one task: its people, their supervisors, and who keeps the house in order.

    Source: XC-P-1, XC-P-2.
    """
    if not _is_known(person):
        return refused("not_staff", task=task.key)
    if task.assignee == person.username or _is_candidate(person, task):
        return ALLOWED
    if _supervises(person, task) or person.has_role("admin", "operator", "auditor"):
        return ALLOWED
    return refused("not_candidate", task=task.key)


def may_claim(person: Person, task: TaskFacts) -> Verdict:
    """Answer for taking a task for oneself; taking one's own again is allowed and changes nothing.

    Source: XC-P-1, XC-CS-5.
    """
    if not _is_known(person):
        return refused("not_staff", task=task.key)
    if task.assignee == person.username:
        return ALLOWED
    if task.assignee is not None:
        return refused("assigned_to_other", task=task.key, assignee=task.assignee)
    if not _is_candidate(person, task):
        return refused("not_candidate", task=task.key)
    return _may_sign_here(person, task)


def may_assign(person: Person, task: TaskFacts, to: Person) -> Verdict:
    """Answer for giving a task to somebody: claiming, handing over (转办) or reassigning.

    The assignee hands over to any member of staff, so do supervisors, administrators and operating
    programs. A countersign task goes only to somebody who may sign, and when the assignee gives it,
    only to a deputy of the department that signs.

    Source: XC-P-1, XC-CS-5.
    """
    if person.username == to.username and task.assignee in (None, person.username):
        claimed = may_claim(person, task)
        if claimed or not _may_hand_over(person, task):
            return claimed
    if not _is_known(person):
        return refused("not_staff", task=task.key)
    if not _may_hand_over(person, task):
        return refused("not_reassigner", task=task.key)
    if not to.has_role("staff"):
        return refused("receiver_not_staff", task=task.key, receiver=to.username)
    return _may_receive(person, task, to)


def may_unassign(person: Person, task: TaskFacts) -> Verdict:
    """Answer for putting a task back to its candidates."""
    if not _is_known(person):
        return refused("not_staff", task=task.key)
    if _may_hand_over(person, task):
        return ALLOWED
    return refused("not_reassigner", task=task.key)


def may_reschedule(person: Person, task: TaskFacts) -> Verdict:
    """Answer for moving a task's due date, its candidates or its priority.

    Whom the deadline binds does not move it: that is for those above him, for administrators and
    operating programs.

    Source: XC-X-3, XC-CS-5.
    """
    if not _is_known(person):
        return refused("not_staff", task=task.key)
    if _is_in_charge(person) or _supervises(person, task):
        return ALLOWED
    return refused("not_reassigner", task=task.key)


def may_complete(person: Person, task: TaskFacts) -> Verdict:
    """Answer for finishing a task: it is his, or nobody's and he is a candidate.

    Administrators reassign instead. A program with the role `operator` completes for anybody, but
    signs no second time in a round either.

    Source: XC-P-1, XC-CS-5.
    """
    if not _is_known(person):
        return refused("not_staff", task=task.key)
    if person.is_operating_program or task.assignee == person.username:
        return _may_sign_here(person, task)
    if task.assignee is not None:
        return refused("assigned_to_other", task=task.key, assignee=task.assignee)
    if not _is_candidate(person, task):
        return refused("not_candidate", task=task.key)
    return _may_sign_here(person, task)


def may_sign(person: Person, round_facts: RoundFacts) -> Verdict:
    """Answer for signing in a round: not the drafter, and nobody twice.

    Source: XC-CS-5.
    """
    if person.username == round_facts.drafter:
        return refused("drafter_may_not_sign", person=person.username)
    if person.username in round_facts.signers:
        return refused("signed_already", person=person.username)
    return ALLOWED


def may_read_case(person: Person, case: CaseFacts) -> Verdict:
    """Answer for reading a case with everything in it; a customer never is a person here.

    Source: XC-P-2, XC-P-3, FB-P1, FB-P4.
    """
    if not _is_known(person):
        return refused("not_staff", case=case.case_no)
    if person.has_role("auditor", "admin"):
        return ALLOWED
    if person.username == case.started_by or person.username in case.participants:
        return ALLOWED
    groups = case.task_groups | case.supervisors | case.reader_groups
    if not person.groups.isdisjoint(groups):
        return ALLOWED
    return refused("not_case_reader", case=case.case_no)


def may_move_item(person: Person, group: str) -> Verdict:
    """Answer for a sample or paper that a group holds or is to receive: its members and administrators.

    Source: XC-DOC-2.
    """
    if not _is_known(person):
        return refused("not_staff")
    if group in person.groups or person.has_role("admin"):
        return ALLOWED
    return refused("not_item_holder", group=group)


def may_start_process(person: Person, start_groups: Collection[str]) -> Verdict:
    """Answer for starting a process by hand or over the API.

    Args:
        person: Who asks.
        start_groups: Group keys that the process names; empty leaves it to process owners,
            administrators and operating programs, who may start every process.
    """
    if not _is_known(person):
        return refused("not_staff")
    if person.has_role("process_owner", "admin") or person.is_operating_program:
        return ALLOWED
    if not person.groups.isdisjoint(start_groups):
        return ALLOWED
    return refused("not_starter")


def may_deploy(person: Person) -> Verdict:
    """Answer for deploying processes, decisions and forms.

    Source: XC-P-5.
    """
    return _with_role(person, "process_owner")


def may_edit_parameters(person: Person) -> Verdict:
    """Answer for changing parameters, the holiday calendar and memberships.

    Source: XC-P-5.
    """
    return _with_role(person, "admin")


def may_edit_decisions(person: Person) -> Verdict:
    """Answer for changing and publishing decision tables."""
    return _with_role(person, "rules_admin", "process_owner")


def may_read_mail(person: Person) -> Verdict:
    """Answer for reading mails that were written to a folder instead of sent."""
    return _with_role(person, "admin")


def may_operate(person: Person) -> Verdict:
    """Answer for cancelling instances, resolving incidents and working off jobs."""
    return _with_role(person, "operator", "admin")


def _is_known(person: Person) -> bool:
    return bool(person.roles)


def _is_candidate(person: Person, task: TaskFacts) -> bool:
    in_group = not person.groups.isdisjoint(task.candidate_groups)
    return in_group or person.username in task.candidate_users


def _supervises(person: Person, task: TaskFacts) -> bool:
    return not person.groups.isdisjoint(task.supervisors)


def _may_hand_over(person: Person, task: TaskFacts) -> bool:
    is_his = task.assignee is not None and task.assignee == person.username
    return is_his or _is_in_charge(person) or _supervises(person, task)


def _is_in_charge(person: Person) -> bool:
    return person.has_role("admin") or person.is_operating_program


def _may_receive(person: Person, task: TaskFacts, to: Person) -> Verdict:
    if task.round is None:
        return ALLOWED
    is_delegation = task.assignee == person.username and to.username != person.username
    department = task.round.department or person.department
    if is_delegation and (department is None or to.department != department):
        return refused("other_department", task=task.key, receiver=to.username)
    return may_sign(to, task.round)


def _may_sign_here(person: Person, task: TaskFacts) -> Verdict:
    return may_sign(person, task.round) if task.round else ALLOWED


def _with_role(person: Person, *roles: str) -> Verdict:
    return ALLOWED if person.has_role(*roles) else refused("role_missing", roles=roles)
