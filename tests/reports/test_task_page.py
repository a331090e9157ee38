"""The page of a task: what it sees, the reader's draft, what he may do."""

import pytest
from sqlalchemy import Connection, insert

from service.persistence.tables import tasks
from service.reports.task_page import facts
from tests.fakes import NOW
from tests.rows import (
    add_case,
    add_element,
    add_group,
    add_instance,
    add_person,
    add_submission,
    add_task,
    add_variable,
    person,
)

QUINN = person("quinn", groups=frozenset({"quality"}))


@pytest.fixture
def root(connection: Connection) -> int:
    """Return a running instance."""
    return add_instance(connection)


def test_an_open_task_shows_its_variables_and_the_readers_own_draft(
    connection: Connection, root: int
) -> None:
    """Variables of the root are visible; another person's draft is not."""
    element = add_element(connection, root, "define_problem")
    add_variable(connection, root, "batch_no", '"B1"')
    task = add_task(
        connection,
        instance_key=root,
        root_key=root,
        scope_key=root,
        element_instance_key=element,
        assignee="quinn",
    )
    for name in ("quinn", "sam"):
        connection.execute(
            insert(tasks.user_task_drafts).values(
                task_key=task, username=name, variables={"by": name}, draft_version=3, saved_at=NOW
            )
        )

    shown = facts(connection, QUINN, task)

    assert shown.variables == {"batch_no": "B1"}
    assert shown.draft is not None
    assert (shown.draft.variables, shown.draft.draft_version) == ({"by": "quinn"}, 3)
    assert shown.submitted is None
    assert shown.case is None


@pytest.mark.parametrize(
    ("reader", "task", "actions"),
    [
        (QUINN, {"assignee": "quinn"}, {"complete", "unassign", "assign"}),
        (QUINN, {"candidate_groups": ["quality"]}, {"claim", "complete"}),
        (QUINN, {"candidate_groups": ["quality"], "assignee": "sam"}, set()),
        (QUINN, {"assignee": "quinn", "state": "COMPLETED", "completed_at": NOW}, set()),
        (person("admin", roles=frozenset({"admin"})), {"assignee": "sam"}, {"unassign", "assign"}),
        (person("audrey", roles=frozenset({"auditor"})), {"assignee": "sam"}, set()),
    ],
    ids=["own", "free", "somebody else's", "done", "administrator", "auditor"],
)
def test_the_actions_are_those_the_reader_may_do(
    connection: Connection,
    root: int,
    reader: object,
    task: dict[str, object],
    actions: set[str],
) -> None:
    """What the policy refuses is not offered; a task that is over offers nothing."""
    key = add_task(connection, instance_key=root, root_key=root, **task)

    assert facts(connection, reader, key).actions == actions  # type: ignore[arg-type]


def test_a_completed_task_shows_what_was_handed_in_to_who_did_it(
    connection: Connection, root: int
) -> None:
    """The doer finds his own work again, with values and names, though he left the group."""
    add_person(connection, "quinn", name="秦雨")
    task = add_task(
        connection,
        instance_key=root,
        root_key=root,
        state="COMPLETED",
        completed_by="quinn",
        completed_at=NOW,
        candidate_groups=["quality"],
    )
    add_submission(connection, task_key=task, instance_key=root, values={"result": "属实"})

    shown = facts(connection, person("quinn"), task)

    assert shown.submitted == {"result": "属实"}
    assert shown.task.completed_by_name == "秦雨"


def test_the_customer_is_shown_to_who_may_do_the_task_and_masked_to_others(
    connection: Connection, root: int
) -> None:
    """XC-P-4: only the present task's doer reads the name."""
    case = add_case(connection, root_instance_key=root)
    task = add_task(
        connection, instance_key=root, root_key=root, case_key=case, candidate_groups=["quality"]
    )
    auditor = person("audrey", roles=frozenset({"auditor"}))

    own, foreign = facts(connection, QUINN, task).case, facts(connection, auditor, task).case

    assert own is not None
    assert foreign is not None
    assert (own.customer, foreign.customer) == ("王小明", "王*先生/女士")
    assert own.title != foreign.title


def test_who_else_works_on_the_case_is_told(connection: Connection, root: int) -> None:
    """Other open tasks of the case with their people; tasks of other cases are not there."""
    add_group(connection, "quality", name="质量部")
    case = add_case(connection, root_instance_key=root)
    common = {"instance_key": root, "root_key": root, "case_key": case}
    task = add_task(connection, assignee="quinn", **common)
    other = add_task(connection, name="会签", candidate_groups=["quality"], **common)
    add_task(connection, state="CANCELED", **common)
    add_task(connection)

    (found,) = facts(connection, QUINN, task).others

    assert (found.key, found.candidates) == (other, ("质量部",))
