"""Who may do what, cell by cell, and the rules behind the cells."""

from collections.abc import Callable

import pytest

from service.domain.errors import NotAllowedError
from service.identity import CaseFacts, Person, RoundFacts, TaskFacts, Verdict, policy
from service.identity.verdict import REASONS

FREE = TaskFacts(
    "7",
    candidate_groups=frozenset({"quality"}),
    candidate_users=frozenset({"named"}),
    supervisors=frozenset({"quality_manager"}),
)
ANNAS = TaskFacts(
    "8",
    assignee="assignee",
    candidate_groups=frozenset({"quality"}),
    supervisors=frozenset({"quality_manager"}),
)
CASE = CaseFacts(
    "20261124-TEL-001",
    started_by="starter",
    participants=frozenset({"assignee"}),
    task_groups=frozenset({"quality"}),
    supervisors=frozenset({"quality_manager"}),
    reader_groups=frozenset({"finance"}),
)
COLLEAGUE = Person("colleague", "同事")


def person(username: str, *roles: str, groups: str = "", is_program: bool = False) -> Person:
    """Return somebody with these roles (default: staff) and groups."""
    return Person(
        username,
        username,
        groups=frozenset(groups.split()),
        roles=frozenset(roles or {"staff"}),
        is_program=is_program,
    )


PEOPLE = (
    Person("customer", "顾客", roles=frozenset()),
    person("outsider"),
    person("candidate", groups="quality"),
    person("named"),
    person("assignee"),
    person("supervisor", groups="quality_manager"),
    person("reader", groups="finance"),
    person("starter"),
    person("admin", "staff", "admin"),
    person("process_owner", "staff", "process_owner"),
    person("rules_admin", "staff", "rules_admin"),
    person("operator", "staff", "operator"),
    person("auditor", "auditor"),
    person("program", "operator", is_program=True),
    person("plain_program", is_program=True),
)

ACTIONS: dict[str, Callable[[Person], Verdict]] = {
    "see free task": lambda who: policy.may_see_task(who, FREE),
    "see other's task": lambda who: policy.may_see_task(who, ANNAS),
    "claim free task": lambda who: policy.may_claim(who, FREE),
    "claim other's task": lambda who: policy.may_claim(who, ANNAS),
    "complete free task": lambda who: policy.may_complete(who, FREE),
    "complete other's task": lambda who: policy.may_complete(who, ANNAS),
    "assign free to self": lambda who: policy.may_assign(who, FREE, who),
    "assign free to colleague": lambda who: policy.may_assign(who, FREE, COLLEAGUE),
    "assign other's to colleague": lambda who: policy.may_assign(who, ANNAS, COLLEAGUE),
    "unassign other's": lambda who: policy.may_unassign(who, ANNAS),
    "reschedule other's": lambda who: policy.may_reschedule(who, ANNAS),
    "read case": lambda who: policy.may_read_case(who, CASE),
    "start for finance": lambda who: policy.may_start_process(who, {"finance"}),
    "start unnamed": lambda who: policy.may_start_process(who, ()),
    "deploy": policy.may_deploy,
    "edit parameters": policy.may_edit_parameters,
    "edit decisions": policy.may_edit_decisions,
    "read mail": policy.may_read_mail,
    "confirm deletion": policy.may_confirm_deletion,
    "read retained history": policy.may_read_retained,
    "operate": policy.may_operate,
}

# One row an action, one column a person, in the order of PEOPLE: x may, - may not.
MATRIX = """
see free task               - - x x - x - - x - - x x x -
see other's task            - - x - x x - - x - - x x x -
claim free task             - - x x - - - - - - - - - - -
claim other's task          - - - - x - - - - - - - - - -
complete free task          - - x x - - - - - - - - - x -
complete other's task       - - - - x - - - - - - - - x -
assign free to self         - - x x - x - - x - - - - - -
assign free to colleague    - - - - - x - - x - - - - x -
assign other's to colleague - - - - x x - - x - - - - x -
unassign other's            - - - - x x - - x - - - - x -
reschedule other's          - - - - - x - - x - - - - x -
read case                   - - x - x x x x x - - - x - -
start for finance           - - - - - - x - x x - - - x -
start unnamed               - - - - - - - - x x - - - x -
deploy                      - - - - - - - - - x - - - - -
edit parameters             - - - - - - - - x - - - - - -
edit decisions              - - - - - - - - - x x - - - -
read mail                   - - - - - - - - x - - - - - -
confirm deletion            - - - - - - - - x - - - - - -
read retained history       - - - - - - - - x - - - x - -
operate                     - - - - - - - - x - - x - x -
"""


def cells() -> list[tuple[str, Person, bool]]:
    """Return every cell of the matrix as action, person, expected."""
    rows = [line.rsplit(maxsplit=len(PEOPLE)) for line in MATRIX.strip().splitlines()]
    return [
        (name, who, mark == "x")
        for name, *marks in rows
        for who, mark in zip(PEOPLE, marks, strict=True)
    ]


def test_the_matrix_has_a_row_for_every_action() -> None:
    """No action is left unanswered."""
    assert {name for name, _, _ in cells()} == set(ACTIONS)


@pytest.mark.parametrize(
    ("action", "who", "expected"), cells(), ids=lambda part: getattr(part, "username", str(part))
)
def test_every_cell_of_the_authorization_matrix(action: str, who: Person, expected: bool) -> None:
    """Each person may do exactly what the table says, and a refusal has a known reason."""
    verdict = ACTIONS[action](who)

    assert bool(verdict) is expected
    assert (verdict.reason in REASONS) is not expected


def test_a_refusal_raises_with_its_reason_and_a_chinese_sentence() -> None:
    """`require` turns a no into the house's error, facts included."""
    verdict = policy.may_complete(person("outsider"), FREE)

    with pytest.raises(NotAllowedError) as caught:
        verdict.require()

    assert caught.value.facts["reason"] == "not_candidate"
    assert caught.value.facts["message"] == "您不是该任务的办理人，也不在其候选人或候选组中"
    assert caught.value.facts["task"] == "7"


def test_what_is_allowed_goes_on() -> None:
    """`require` on a yes does nothing, and a yes has no message."""
    verdict = policy.may_deploy(person("owner", "process_owner"))

    verdict.require()

    assert verdict.message == ""


def test_a_task_is_handed_over_to_staff_only() -> None:
    """An API client that is not staff gets no task for a person."""
    program = person("api", "operator", is_program=True)

    verdict = policy.may_assign(person("assignee"), ANNAS, program)

    assert verdict.reason == "receiver_not_staff"


def signing(**facts: object) -> TaskFacts:
    """Return Anna's signature task of a round in which `zhou` drafted and `li` has signed."""
    defaults: dict[str, object] = {
        "department": "finance",
        "drafter": "zhou",
        "signers": frozenset({"li"}),
    }
    return TaskFacts(
        "9",
        assignee="assignee",
        candidate_groups=frozenset({"finance"}),
        round=RoundFacts(**(defaults | facts)),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("username", "reason"),
    [
        pytest.param("zhou", "drafter_may_not_sign", id="drafter"),
        pytest.param("li", "signed_already", id="second_signature"),
        pytest.param("wang", None, id="somebody_else"),
    ],
)
def test_the_drafter_signs_nothing_and_nobody_signs_twice(
    username: str, reason: str | None
) -> None:
    """XC-CS-5 holds for asking, claiming, completing and for programs."""
    task = signing()
    free = TaskFacts("9", candidate_groups=frozenset({"finance"}), round=task.round)
    who = person(username, groups="finance")
    program = person(username, "operator", is_program=True)

    assert task.round is not None
    assert policy.may_sign(who, task.round).reason == reason
    assert policy.may_claim(who, free).reason == reason
    assert policy.may_complete(who, free).reason == reason
    assert policy.may_complete(program, free).reason == reason
    assert policy.may_assign(person("boss", "admin"), task, who).reason == reason


@pytest.mark.parametrize(
    ("department", "of_round", "reason"),
    [
        pytest.param("finance", "finance", None, id="same_department"),
        pytest.param("quality", "finance", "other_department", id="other_department"),
        pytest.param("finance", None, None, id="department_of_the_signer"),
        pytest.param(None, None, "other_department", id="deputy_without_department"),
    ],
)
def test_a_signature_is_delegated_within_the_department(
    department: str | None, of_round: str | None, reason: str | None
) -> None:
    """A signer names a deputy of his own department (XC-CS-5)."""
    signer = Person("assignee", "签署人", department="finance")
    deputy = Person("deputy", "代签人", department=department)

    verdict = policy.may_assign(signer, signing(department=of_round), deputy)

    assert verdict.reason == reason


def test_two_people_without_department_are_not_of_the_same_one() -> None:
    """Unknown is not equal to unknown."""
    verdict = policy.may_assign(person("assignee"), signing(department=None), person("deputy"))

    assert verdict.reason == "other_department"


def test_an_unknown_role_is_refused() -> None:
    """A misspelt role gives nobody rights by accident."""
    with pytest.raises(ValueError, match="superuser"):
        person("x", "superuser")


def test_who_lacks_a_role_is_told_which() -> None:
    """A refusal for a missing role names the roles that would do."""
    with pytest.raises(NotAllowedError, match="role 'admin' or 'auditor'"):
        policy.may_read_retained(person("somebody")).require()
