"""Who may do what: one pure function a question, each answering a `Verdict`.

What stands here is about persons only. Whether a task is still open or a case still runs is not a
question of rights and is asked elsewhere.
"""

from collections.abc import Collection

from service.identity.facts import CaseFacts, RoundFacts, TaskFacts
from service.identity.grants import ALL
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
    if _is_granted_on(person, task, "READ"):
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
    if not _is_candidate(person, task) and not _is_granted_on(person, task, "CLAIM"):
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
    if _is_granted_on(person, task, "UPDATE"):
        return ALLOWED
    return refused("not_reassigner", task=task.key)


def may_complete(person: Person, task: TaskFacts) -> Verdict:
    """Answer for finishing a task: it is his, or nobody's and he is a candidate.

    Administrators reassign instead. A program with the role `operator`, and whom an authorization
    allows it, completes for anybody, but signs no second time in a round either.

    Source: XC-P-1, XC-CS-5.
    """
    if not _is_known(person):
        return refused("not_staff", task=task.key)
    if person.is_operating_program or task.assignee == person.username:
        return _may_sign_here(person, task)
    if _is_granted_on(person, task, "COMPLETE"):
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


def may_start_process(
    person: Person, start_groups: Collection[str], process_id: str = ""
) -> Verdict:
    """Answer for starting a process by hand or over the API.

    Args:
        person: Who asks.
        process_id: Which process; an authorization may name it.
        start_groups: Group keys that the process names; empty leaves it to process owners,
            administrators and operating programs, who may start every process.
    """
    if not _is_known(person):
        return refused("not_staff")
    if person.has_role("process_owner", "admin") or person.is_operating_program:
        return ALLOWED
    if not person.groups.isdisjoint(start_groups):
        return ALLOWED
    if person.is_granted("PROCESS_DEFINITION", "CREATE_PROCESS_INSTANCE", process_id):
        return ALLOWED
    return refused("not_starter")


def may_deploy(person: Person) -> Verdict:
    """Answer for deploying processes, decisions and forms.

    Source: XC-P-5.
    """
    if person.is_granted("RESOURCE", "CREATE"):
        return ALLOWED
    return _with_role(person, "process_owner")


def may_delete_resource(person: Person, permission: str) -> Verdict:
    """Answer for deleting what is deployed.

    Args:
        person: Who asks.
        permission: `DELETE_PROCESS`, `DELETE_DRD`, `DELETE_FORM` or `DELETE_RESOURCE`.

    Source: XC-P-5; Camunda 8 authorizations.
    """
    if person.is_granted("RESOURCE", permission):
        return ALLOWED
    return _with_role(person, "process_owner")


def may_edit_parameters(person: Person) -> Verdict:
    """Answer for changing parameters and the holiday calendar.

    Source: XC-P-5.
    """
    return _with_role(person, "admin")


def may_keep_people(person: Person) -> Verdict:
    """Answer for changing people, groups, roles, memberships and authorizations.

    Source: XC-P-5.
    """
    return _with_role(person, "admin")


def may_edit_decisions(person: Person) -> Verdict:
    """Answer for changing and publishing decision tables."""
    return _with_role(person, "rules_admin", "process_owner")


def may_evaluate_decision(person: Person, decision_id: str | None) -> Verdict:
    """Answer for evaluating a decision over the API, which keeps a record of it.

    Args:
        person: Who asks.
        decision_id: Which; None asks whether he may evaluate any at all.
    """
    ids = person.granted_ids("DECISION_DEFINITION", "CREATE_DECISION_INSTANCE")
    if ids & {ALL, decision_id} or (ids and decision_id is None):
        return ALLOWED
    return _with_role(person, "rules_admin", "process_owner", "operator", "admin")


def may_delete_decisions(person: Person) -> Verdict:
    """Answer for deleting what was decided, where no case must keep it."""
    if person.is_granted("DECISION_DEFINITION", "DELETE_DECISION_INSTANCE"):
        return ALLOWED
    return may_operate(person)


def may_confirm_deletion(person: Person) -> Verdict:
    """Answer for letting histories be deleted whose time is over: the manager of the house alone (XC-AR-1)."""
    return _with_role(person, "admin")


def may_read_retained(person: Person) -> Verdict:
    """Answer for reading the file of a history that was kept."""
    return _with_role(person, "admin", "auditor")


def may_delete_document(person: Person, uploaded_by: str | None) -> Verdict:
    """Answer for deleting a file that no case refers to: whoever sent it, administrators."""
    if person.username == uploaded_by or person.is_granted("DOCUMENT", "DELETE"):
        return ALLOWED
    return _with_role(person, "admin")


def may_keep_variables(person: Person, permission: str) -> Verdict:
    """Answer for making, changing or deleting cluster variables over the API (they are parameters).

    Args:
        person: Who asks.
        permission: `CREATE`, `UPDATE` or `DELETE`.
    """
    if person.is_granted("CLUSTER_VARIABLE", permission):
        return ALLOWED
    return may_edit_parameters(person)


def may_keep_listeners(person: Person, permission: str) -> Verdict:
    """Answer for making, changing or removing task listeners of all processes: they are part of each.

    Args:
        person: Who asks.
        permission: `CREATE`, `UPDATE` or `DELETE`.
    """
    if person.is_granted("GLOBAL_LISTENER", f"{permission}_TASK_LISTENER"):
        return ALLOWED
    return _with_role(person, "process_owner")


def may_set_clock(person: Person) -> Verdict:
    """Answer for pinning the clock, where the operator allows it at all."""
    return ALLOWED if person.is_granted("SYSTEM", "UPDATE") else may_operate(person)


def may_read_usage(person: Person) -> Verdict:
    """Answer for reading how much the house is used."""
    if person.is_granted("SYSTEM", "READ_USAGE_METRIC"):
        return ALLOWED
    return _with_role(person, "admin", "operator", "auditor")


def may_read_job_metrics(person: Person) -> Verdict:
    """Answer for reading how many jobs were made, completed and failed, of all processes."""
    if person.is_granted("SYSTEM", "READ_JOB_METRIC"):
        return ALLOWED
    return _with_role(person, "admin", "operator", "auditor")


def may_read_mail(person: Person) -> Verdict:
    """Answer for reading mails that were written to a folder instead of sent."""
    return _with_role(person, "admin")


def may_operate(person: Person) -> Verdict:
    """Answer for keeping instances going in every way: suspending, moving, deleting and all below."""
    return _with_role(person, "operator", "admin")


def may_update_instances(person: Person) -> Verdict:
    """Answer for working off jobs, resolving incidents and setting variables, of any process."""
    if person.is_granted("PROCESS_DEFINITION", "UPDATE_PROCESS_INSTANCE"):
        return ALLOWED
    return may_operate(person)


def may_cancel_instance(person: Person, process_id: str) -> Verdict:
    """Answer for cancelling an instance of a process."""
    if person.is_granted("PROCESS_DEFINITION", "CANCEL_PROCESS_INSTANCE", process_id):
        return ALLOWED
    return may_operate(person)


def may_broadcast(person: Person) -> Verdict:
    """Answer for broadcasting a signal, or having start conditions evaluated, at all.

    Whom it reaches asks more: `may_update_instances` of who waits, `may_start_by_event` of what it starts.

    Source: Camunda 8 authorizations (signals ask for the permissions on the processes they reach).
    """
    starts = person.granted_ids("PROCESS_DEFINITION", "CREATE_PROCESS_INSTANCE")
    return ALLOWED if starts else may_update_instances(person)


def may_start_by_event(person: Person, process_id: str) -> Verdict:
    """Answer for starting a process by a signal or a condition."""
    if person.is_granted("PROCESS_DEFINITION", "CREATE_PROCESS_INSTANCE", process_id):
        return ALLOWED
    return may_operate(person)


def may_send_messages(person: Person) -> Verdict:
    """Answer for publishing and correlating messages."""
    return ALLOWED if person.is_granted("MESSAGE", "CREATE") else may_operate(person)


def may_evaluate_expressions(person: Person) -> Verdict:
    """Answer for evaluating FEEL over the API; parameters may be read in it."""
    if person.is_granted("EXPRESSION", "EVALUATE"):
        return ALLOWED
    return _with_role(person, "rules_admin", "process_owner", "operator", "admin")


def _is_known(person: Person) -> bool:
    return person.is_known


def _is_candidate(person: Person, task: TaskFacts) -> bool:
    in_group = not person.groups.isdisjoint(task.candidate_groups)
    return in_group or person.username in task.candidate_users


def _supervises(person: Person, task: TaskFacts) -> bool:
    return not person.groups.isdisjoint(task.supervisors)


def _may_hand_over(person: Person, task: TaskFacts) -> bool:
    is_his = task.assignee is not None and task.assignee == person.username
    if is_his or _is_in_charge(person) or _supervises(person, task):
        return True
    return _is_granted_on(person, task, "UPDATE")


def _is_granted_on(person: Person, task: TaskFacts, verb: str) -> bool:
    """Tell whether an authorization gives him the verb on this task, or on all of its process."""
    return person.is_granted("USER_TASK", verb, task.key) or person.is_granted(
        "PROCESS_DEFINITION", f"{verb}_USER_TASK", task.process_id
    )


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
    if person.has_role(*roles):
        return ALLOWED
    return refused("role_missing", roles=" or ".join(f"'{role}'" for role in roles))
