"""The files that travel with a mail: stored ones, and submissions made into a PDF."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from service.domain.outside import MailAttachment
from service.persistence.tables import cases, tasks
from service.usecases.case_file import submission_pdf, submissions_and_names
from service.usecases.house import House

FORM_PREFIX = "form:"


def attachments_of(
    house: House, connection: Connection, references: Sequence[str]
) -> list[MailAttachment]:
    """Return the files of references: `form:<submission key>` or the id of a stored file."""
    files = []
    for reference in references:
        if reference.startswith(FORM_PREFIX):
            files.append(_form(house, connection, int(reference.removeprefix(FORM_PREFIX))))
        else:
            files.append(_stored(connection, reference))
    return files


def _form(house: House, connection: Connection, submission_key: int) -> MailAttachment:
    """Return a submission as PDF; made once for all its readers, since a submission never changes."""
    return house.slips.get(submission_key, lambda: _make_form(house, connection, submission_key))


def _make_form(house: House, connection: Connection, submission_key: int) -> MailAttachment:
    table, case = tasks.form_submissions, cases.cases
    row = connection.execute(
        submissions_and_names()
        .add_columns(case.c.case_no)
        .outerjoin(case, case.c.key == table.c.case_key)
        .where(table.c.key == submission_key)
    ).one()
    form = house.definitions.form(connection, row.form_key)
    title = str(form.schema.get("properties", {}).get("title") or row.name or form.id)
    return MailAttachment(
        f"{row.case_no or row.instance_key}-{title}.pdf",
        "application/pdf",
        submission_pdf(title, row.case_no, form, row.values, row.who, row.submitted_at),
    )


def _stored(connection: Connection, file_id: str) -> MailAttachment:
    table, contents = cases.attachments, cases.attachment_contents
    row = connection.execute(
        select(table, contents.c.content)
        .join(contents, contents.c.id == table.c.id)
        .where(table.c.id == file_id)
    ).one()
    return MailAttachment(row.file_name, row.content_type, row.content)
