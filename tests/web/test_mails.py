"""发出的邮件: what a mail carries is handed out to administrators."""

from flask.testing import FlaskClient
from sqlalchemy import select

from service.persistence.tables import cases
from service.usecases.house import House
from service.usecases.notifications import notify
from service.usecases.process_instances import InstanceCreated
from tests.web.conftest import SignedIn


def written(office: House, complaint: InstanceCreated) -> int:
    """Write a mail with the start form attached and return its key."""
    with office.database.unit(office.outside) as unit:
        notify(
            unit,
            to=["customer"],
            subject="受理单",
            body="请查收。",
            case_key=complaint.case_key,
            customer_email="wang@example.com",
            attach_form="small_start",
        )
        unit.commit()
    with office.database.reading() as connection:
        return int(connection.execute(select(cases.mails.c.key)).scalar_one())


def test_the_pdf_of_a_mail_is_listed_and_handed_out(
    signed_in: SignedIn, office: House, complaint: InstanceCreated
) -> None:
    """As it travels: the form as PDF, to be saved and never shown."""
    key = written(office, complaint)
    admin: FlaskClient = signed_in("admin")

    assert f"{complaint.case_no}" in admin.get(f"/mails/{key}").text
    answer = admin.get(f"/mails/{key}/files/0")

    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert admin.get(f"/mails/{key}/files/1").status_code == 404
    assert signed_in("wang").get(f"/mails/{key}/files/0").status_code == 403
