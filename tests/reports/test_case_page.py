"""The page of a case: facts with labels, forms of all rounds, decisions, links, messages, diagrams."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from service.persistence.tables import cases, instances
from service.reports.case_page import CasePage, page
from tests.fakes import NOW
from tests.rows import (
    add_attachment,
    add_case,
    add_element,
    add_event,
    add_form,
    add_group,
    add_instance,
    add_mail,
    add_notification,
    add_person,
    add_process,
    add_reader,
    add_submission,
    add_task,
    new_key,
    person,
)

CASE = "20261124-TEL-001"
AUDITOR = person("audrey", roles=frozenset({"auditor"}))
FORM: dict[str, Any] = {
    "id": "receive_feedback",
    "components": [
        {"type": "textfield", "key": "customer_name", "label": "顾客名称"},
        {"type": "textfield", "key": "contact_phone", "label": "联系电话"},
        {"type": "number", "key": "amount", "label": "涉及金额(元)"},
        {"type": "datetime", "key": "solve_by", "dateLabel": "要求解决时间", "subtype": "datetime"},
        {
            "type": "select",
            "key": "channel",
            "label": "反馈渠道",
            "values": [{"label": "电话/热线", "value": "TEL"}],
        },
        {"type": "checkbox", "key": "has_sample", "label": "有样品"},
    ],
}
FACTS = {
    "customer_name": "王小明",
    "contact_phone": "13812345678",
    "amount": 12000,
    "solve_by": "2026-11-25T10:00:00Z",
    "channel": "TEL",
    "has_sample": True,
    "severity_label": "2级",
    "empty": "",
}


@pytest.fixture
def root(connection: Connection) -> int:
    """Return the root instance of the case, whose process names its facts."""
    names = ",".join(["severity_label", *FACTS, "unknown"])
    process = add_process(connection, properties={"caseFacts": names})
    return add_instance(connection, process_key=process)


@pytest.fixture
def case(connection: Connection, root: int) -> int:
    """Return the case."""
    return add_case(connection, CASE, root_instance_key=root, facts=FACTS)


def read(connection: Connection, who: object = AUDITOR) -> CasePage:
    return page(connection, who, CASE)  # type: ignore[arg-type]


def test_facts_stand_in_the_process_order_with_labels_and_words(
    connection: Connection, case: int
) -> None:
    """Labels come from forms, else from the platform; option labels, money, dates and yes/no in words."""
    form = add_form(connection, "receive_feedback", json.dumps(FORM).encode())
    add_submission(connection, case_key=case, form_key=form)
    add_task(connection, case_key=case, assignee="audrey")

    facts = [(fact.label, fact.text) for fact in read(connection).facts]

    assert facts == [
        ("严重度等级", "2级"),
        ("顾客名称", "王小明"),
        ("联系电话", "13812345678"),
        ("涉及金额(元)", "¥12,000.00"),
        ("要求解决时间", "2026年11月25日 18:00"),
        ("反馈渠道", "电话/热线"),
        ("有样品", "是"),
        ("严重度等级", "2级"),
    ]


def test_lists_and_chosen_people_are_told_in_the_words_of_their_form(
    connection: Connection,
) -> None:
    """The columns of a list by their labels and options; somebody chosen from `users` by his name."""
    add_person(connection, "yangfan", name="杨帆")
    columns = [
        {"type": "textfield", "key": "storeroom", "label": "库房"},
        {**FORM["components"][4], "key": "told_by"},
    ]
    form = {
        "id": "f",
        "components": [
            {"type": "dynamiclist", "path": "stock", "label": "库存", "components": columns},
            {"type": "select", "key": "owner", "label": "责任人", "valuesKey": "users"},
        ],
    }
    add_form(connection, "f", json.dumps(form).encode())
    values = {"stock": [{"storeroom": "一号库", "told_by": "TEL"}], "owner": "yangfan"}
    process = add_process(connection, properties={"caseFacts": ",".join(values)})
    root = add_instance(connection, process_key=process)
    add_case(connection, CASE, root_instance_key=root, facts=values)

    facts = [(fact.label, fact.text) for fact in read(connection).facts]

    assert facts == [("库存", "库房：一号库；反馈渠道：电话/热线"), ("责任人", "杨帆")]


def test_personal_data_is_hidden_from_somebody_without_a_task_here(
    connection: Connection, case: int
) -> None:
    """XC-P-4: name and phone are masked among the facts, in the title and in mail addresses."""
    add_mail(connection, case_key=case, recipient="wang@example.com", is_to_customer=True)

    shown = read(connection)

    texts = {fact.name: fact.text for fact in shown.facts}
    assert shown.is_masked
    assert texts["customer_name"] == "王*先生/女士"
    assert texts["contact_phone"] == "*******5678"
    assert "王小明" not in shown.title
    assert shown.messages[0].recipient == "w***@example.com"


def test_every_submission_is_kept_in_order(connection: Connection, case: int) -> None:
    """XC-X-7: all rounds of a form stand there with who and when."""
    add_person(connection, "chenjing", name="陈静")
    task = add_task(connection, case_key=case, name="登记反馈", state="COMPLETED")
    add_submission(connection, case_key=case, round=2, submitted_at=NOW + timedelta(hours=1))
    add_submission(connection, case_key=case, task_key=task, values={"a": 1})

    first, second = read(connection).submissions

    assert (first.task_name, first.round, first.values) == ("登记反馈", 1, {"a": 1})
    assert (second.round, second.submitted_by_name) == (2, "陈静")


def test_the_decision_that_gave_the_grade_is_found(connection: Connection, root: int) -> None:
    """Of all decisions of the case and what it called, the newest whose output holds the grade."""
    add_case(connection, CASE, root_instance_key=root, grade="2级")
    called = add_instance(connection, root_key=root)
    for n, (instance, output) in enumerate(
        [(root, {"label": "3级"}), (called, [{"label": "2级"}]), (root, "别的")]
    ):
        connection.execute(
            insert(instances.decision_instances).values(
                key=new_key(),
                evaluation_key=n,
                position=1,
                decision_key=1,
                decision_id=f"d{n}",
                version=1,
                kind="DECISION_TABLE",
                state="EVALUATED",
                instance_key=instance,
                evaluated_at=NOW + timedelta(minutes=n),
                inputs=[],
                matched_rules=[],
                output=json.dumps(output, ensure_ascii=False),
                is_root=True,
            )
        )

    shown = read(connection)

    assert [row.decision_id for row in shown.decisions] == ["d2", "d1", "d0"]
    assert shown.decisions[0].cells == ()
    assert [row.decision_id for row in shown.grade_decisions] == ["d1"]


def test_a_linked_case_shows_its_title_only_to_its_readers(
    connection: Connection, case: int
) -> None:
    """Of a case that the reader may not open, the number is all he is told."""
    reader = person("chenjing")
    own = add_case(connection, "PF-202611-0001", title="冻结", customer=None)
    foreign = add_case(connection, "PF-202611-0002", title="秘密", opened_by="x", customer=None)
    for other in (own, foreign):
        connection.execute(
            insert(cases.case_links).values(case_key=case, other_key=other, kind="source")
        )

    links = [(one.case_no, one.title, one.may_read) for one in read(connection, reader).links]

    assert links == [("PF-202611-0001", "冻结", True), ("PF-202611-0002", "", False)]


def test_a_link_tells_which_case_came_of_which(connection: Connection, case: int) -> None:
    """Both sides are stored alike; the later case came of the earlier one."""
    later = add_case(connection, "PF-202611-0003", opened_by="chenjing", customer=None)
    for one, other in ((case, later), (later, case)):
        connection.execute(
            insert(cases.case_links).values(case_key=one, other_key=other, kind="source")
        )
    reader = person("auditor", roles=frozenset({"auditor"}))

    (forward,) = read(connection, reader).links
    (back,) = page(connection, reader, "PF-202611-0003").links

    assert (forward.kind, back.kind) == ("result", "source")


def test_one_letter_to_many_people_is_one_message(connection: Connection, case: int) -> None:
    """Letters of one notification are joined; mails carry their state."""
    for name in ("anna", "ben"):
        add_person(connection, name)
        add_notification(connection, name, case_key=case, subject="新受理单")
    add_mail(connection, case_key=case, state="FAILED", error="no", created_at=NOW - timedelta(1))

    letter, mail = read(connection).messages

    assert (letter.channel, letter.recipient) == ("站内信", "Anna、Ben")
    assert (mail.channel, mail.state, mail.error) == ("邮件", "FAILED", "no")


def test_readers_history_files_and_diagrams_belong_to_the_case(
    connection: Connection, case: int, root: int
) -> None:
    """Names instead of keys; the newest event first; a called instance has its own diagram."""
    add_group(connection, "quality", name="质量部")
    add_reader(connection, case, "group", "quality")
    add_person(connection, "chenjing", name="陈静")
    add_event(connection, "case.opened", case_key=case)
    add_event(
        connection,
        "user_task.completed",
        case_key=case,
        instance_key=root,
        element_id="define_problem",
        who="chenjing",
    )
    add_event(connection, "case.opened", case_key=case + 1)
    add_element(connection, root, "define_problem", name="界定问题", state="COMPLETED")
    add_element(connection, root, "define_problem", name="界定问题", incident_key=5)
    add_element(connection, root, "receive", state="COMPLETED")
    connection.execute(
        insert(instances.taken_flows).values(instance_key=root, flow_id="f1", times=2)
    )
    add_instance(connection, root_key=root, process_id="xc_countersign", state="COMPLETED")
    add_attachment(connection, "photo", case_key=case)

    shown = read(connection)

    assert [(one.name, one.reason) for one in shown.readers] == [("质量部", "抄送")]
    newest = shown.history[0]
    assert (newest.who_name, newest.element_name) == ("陈静", "界定问题")
    assert len(shown.history) == 2
    assert [file.uploaded_by for file in shown.files] == ["陈静"]
    own, called = shown.diagrams
    assert (own.completed, own.active, own.incidents) == (
        ("receive",),
        ("define_problem",),
        ("define_problem",),
    )
    assert (own.taken, own.counts) == (("f1",), {"define_problem": 2})
    assert (called.process_id, called.state) == ("xc_countersign", "COMPLETED")
