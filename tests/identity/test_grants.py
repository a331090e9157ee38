"""What authorizations may say here, and what each of them allows."""

from collections.abc import Callable

import pytest

from service.identity import Grant, Person, TaskFacts, Verdict, policy
from service.identity.facts import RoundFacts
from service.identity.grants import HONOURED, refusal

TASK = TaskFacts("7", candidate_groups=frozenset({"quality"}), process_id="repair")
OTHER = TaskFacts("8", assignee="anna", process_id="audit")


def holder(resource_type: str, permission: str, resource_id: str = "*") -> Person:
    """Return a program that has this grant and no role."""
    grant = Grant(resource_type, permission, resource_id)
    return Person("p", "p", roles=frozenset(), grants=frozenset({grant}), is_program=True)


QUESTIONS: tuple[tuple[str, str, str, Callable[[Person], Verdict]], ...] = (
    ("PROCESS_DEFINITION", "READ_USER_TASK", "repair", lambda p: policy.may_see_task(p, TASK)),
    ("PROCESS_DEFINITION", "CLAIM_USER_TASK", "repair", lambda p: policy.may_claim(p, TASK)),
    ("PROCESS_DEFINITION", "COMPLETE_USER_TASK", "repair", lambda p: policy.may_complete(p, TASK)),
    (
        "PROCESS_DEFINITION",
        "UPDATE_USER_TASK",
        "repair",
        lambda p: policy.may_assign(p, TASK, Person("anna", "Anna")),
    ),
    ("PROCESS_DEFINITION", "UPDATE_USER_TASK", "repair", lambda p: policy.may_unassign(p, TASK)),
    ("PROCESS_DEFINITION", "UPDATE_USER_TASK", "repair", lambda p: policy.may_reschedule(p, TASK)),
    ("USER_TASK", "READ", "7", lambda p: policy.may_see_task(p, TASK)),
    ("USER_TASK", "CLAIM", "7", lambda p: policy.may_claim(p, TASK)),
    ("USER_TASK", "COMPLETE", "7", lambda p: policy.may_complete(p, TASK)),
    ("USER_TASK", "UPDATE", "7", lambda p: policy.may_unassign(p, TASK)),
    (
        "PROCESS_DEFINITION",
        "CREATE_PROCESS_INSTANCE",
        "repair",
        lambda p: policy.may_start_process(p, [], "repair"),
    ),
    (
        "PROCESS_DEFINITION",
        "CANCEL_PROCESS_INSTANCE",
        "repair",
        lambda p: policy.may_cancel_instance(p, "repair"),
    ),
    (
        "DECISION_DEFINITION",
        "CREATE_DECISION_INSTANCE",
        "price",
        lambda p: policy.may_evaluate_decision(p, "price"),
    ),
    ("PROCESS_DEFINITION", "UPDATE_PROCESS_INSTANCE", "", policy.may_update_instances),
    (
        "PROCESS_DEFINITION",
        "CREATE_PROCESS_INSTANCE",
        "repair",
        lambda p: policy.may_start_by_event(p, "repair"),
    ),
    ("RESOURCE", "CREATE", "", policy.may_deploy),
    ("MESSAGE", "CREATE", "", policy.may_send_messages),
    ("EXPRESSION", "EVALUATE", "", policy.may_evaluate_expressions),
)
"""Type, permission, the id it may be granted for (none: on all only), the question it answers."""


@pytest.mark.parametrize(("kind", "permission", "id_", "ask"), QUESTIONS)
def test_an_authorization_allows_what_it_says(
    kind: str, permission: str, id_: str, ask: Callable[[Person], Verdict]
) -> None:
    """On all of the type, and on the one it names."""
    assert ask(holder(kind, permission))
    if id_:
        assert ask(holder(kind, permission, id_))


@pytest.mark.parametrize(("kind", "permission", "id_", "ask"), QUESTIONS)
def test_an_authorization_allows_nothing_else(
    kind: str, permission: str, id_: str, ask: Callable[[Person], Verdict]
) -> None:
    """Not on another resource, and no other permission of the type."""
    assert not ask(holder(kind, permission, "another"))
    others = HONOURED[kind].of_one | HONOURED[kind].of_all
    for other in others - {permission}:
        assert not ask(holder(kind, other)), other


def test_an_authorization_does_not_sign_twice() -> None:
    """Whoever may complete a task by record still signs only once in a round (XC-CS-5)."""
    signed = RoundFacts(signers=frozenset({"p"}))
    task = TaskFacts("7", process_id="repair", round=signed)

    verdict = policy.may_complete(holder("USER_TASK", "COMPLETE"), task)

    assert verdict.reason == "signed_already"


def test_claiming_by_authorization_takes_nothing_from_anybody() -> None:
    """A task in somebody's hands stays there."""
    verdict = policy.may_claim(holder("USER_TASK", "CLAIM"), OTHER)

    assert verdict.reason == "assigned_to_other"


@pytest.mark.parametrize(
    ("kind", "id_", "permission", "said"),
    [
        ("SECRET", "*", "READ", "nothing of the type"),
        ("TENANT", "*", "CREATE", "one tenant only"),
        ("PROCESS_DEFINITION", "repair", "UPDATE_PROCESS_INSTANCE", "all of them only"),
        ("PROCESS_DEFINITION", "*", "READ_PROCESS_DEFINITION", "every member of staff"),
        ("USER", "*", "UPDATE", "administrators alone"),
        ("AUDIT_LOG", "*", "DELETE", "has no permission"),
        ("AUDIT_LOG", "repair", "READ", "ADMIN, DEPLOYED_RESOURCES, USER_TASKS"),
    ],
)
def test_what_would_have_no_effect_is_refused(
    kind: str, id_: str, permission: str, said: str
) -> None:
    """With the reason, before anything is stored."""
    assert said in str(refusal(kind, id_, [permission]))


def test_everything_that_is_honoured_may_be_granted() -> None:
    """On all resources of the type; by id where the table says so."""
    for kind, permissions in HONOURED.items():
        assert refusal(kind, "*", permissions.of_one | permissions.of_all) is None
        for id_ in sorted(permissions.ids) or ["some-id"]:
            assert refusal(kind, id_, permissions.of_one) is None
