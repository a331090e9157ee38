"""The file of a case on paper and for machines: slips as PDF, everything as JSON, all of it as one ZIP."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from service import feel, forms
from service.notifications.slips import Section, slip
from service.notifications.texts import moment
from service.persistence.scopes import live_scopes
from service.persistence.tables import cases, house, instances, tasks
from service.sla import SHANGHAI
from service.usecases.definitions import Definitions
from service.usecases.file_entries import as_json, plain, write_entry


def submission_pdf(
    title: str,
    case_no: str | None,
    form: forms.Form,
    values: Mapping[str, Any],
    submitted_by: str,
    submitted_at: datetime,
) -> bytes:
    """Return one submission of a form as a slip."""
    under = "　".join(
        part for part in (case_no, f"{submitted_by} 于 {moment(submitted_at)} 提交") if part
    )
    return slip(title, under, [Section("", _lines(form, values, {}, submitted_at))])


def freeze_case(connection: Connection, definitions: Definitions, case_key: int) -> bytes:
    """Return the frozen file of a case: `case.pdf`, `case.json` and its attachments, as ZIP."""
    case = connection.execute(select(cases.cases).where(cases.cases.c.key == case_key)).one()
    submissions = _submissions(connection, case_key)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        write_entry(archive, "case.pdf", _case_pdf(connection, definitions, case, submissions))
        write_entry(archive, "case.json", _case_json(connection, case, submissions))
        for row in _attachments(connection, case_key):
            write_entry(archive, f"attachments/{row.id}-{row.file_name}", row.content)
    return buffer.getvalue()


def _case_pdf(
    connection: Connection, definitions: Definitions, case: Row[Any], submissions: list[Row[Any]]
) -> bytes:
    variables = live_scopes(connection, case.root_instance_key).get(case.root_instance_key, {})
    sections = [
        Section(
            "案件",
            [
                ("案件编号", case.case_no),
                ("标题", case.title or ""),
                ("客户", case.customer or ""),
                ("严重度等级", case.grade or ""),
                ("受理时间", moment(case.opened_at)),
            ],
        )
    ]
    for row in submissions:
        form = definitions.form(connection, row.form_key)
        heading = (
            f"{row.name or form.id}（第 {row.round} 次，{row.who}，{moment(row.submitted_at)}）"
        )
        sections.append(Section(heading, _lines(form, row.values, variables, row.submitted_at)))
    return slip("案件档案", case.case_no, sections)


def _lines(
    form: forms.Form, values: Mapping[str, Any], variables: Mapping[str, Any], at: datetime
) -> list[tuple[str, str]]:
    shown = forms.read_only_view(form, values, variables, feel.Surroundings(at, SHANGHAI, {}))
    return [(field.label, field.text) for field in shown]


def _case_json(connection: Connection, case: Row[Any], submissions: list[Row[Any]]) -> bytes:
    table = cases.events
    history = connection.execute(
        select(table).where(table.c.case_key == case.key).order_by(table.c.key)
    )
    decisions = instances.decision_instances
    decided = connection.execute(
        select(decisions)
        .join(
            instances.process_instances,
            instances.process_instances.c.key == decisions.c.instance_key,
        )
        .where(instances.process_instances.c.case_key == case.key)
        .order_by(decisions.c.key)
    )
    content = {
        "case": plain(case._asdict()),
        "variables": live_scopes(connection, case.root_instance_key).get(
            case.root_instance_key, {}
        ),
        "submissions": [plain(row._asdict()) for row in submissions],
        "decisions": [plain(row._asdict()) for row in decided],
        "history": [plain(row._asdict()) for row in history],
    }
    return as_json(content, indent=2)


def _submissions(connection: Connection, case_key: int) -> list[Row[Any]]:
    query = submissions_and_names()
    table = tasks.form_submissions
    return list(connection.execute(query.where(table.c.case_key == case_key).order_by(table.c.key)))


def submissions_and_names() -> Select[Any]:
    """Return the query of submissions with the `name` of their task, if any, and `who` handed them in."""
    table, task, people = tasks.form_submissions, tasks.user_tasks, house.people
    who = func.coalesce(people.c.name, table.c.submitted_by)
    return (
        select(table, task.c.name, who.label("who"))
        .outerjoin(task, task.c.key == table.c.task_key)
        .outerjoin(people, people.c.username == table.c.submitted_by)
    )


def _attachments(connection: Connection, case_key: int) -> list[Row[Any]]:
    table, contents = cases.attachments, cases.attachment_contents
    return list(
        connection.execute(
            select(table.c.id, table.c.file_name, contents.c.content)
            .join(contents, contents.c.id == table.c.id)
            .where(table.c.case_key == case_key)
            .order_by(table.c.uploaded_at, table.c.id)
        )
    )
