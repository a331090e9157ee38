"""The sweep takes away what is over, and nothing else."""

from datetime import timedelta

from sqlalchemy import insert, select

from service.domain import jobs
from service.persistence.tables import cases, instances
from service.persistence.tables import house as house_tables
from service.usecases import attachments, outbox, sweeps
from service.usecases.house import House
from tests.fakes import NOW, FakeClock
from tests.rows import add_attachment, add_event, person

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def ids(house: House, column: object) -> list[object]:
    """Return a column of all rows, sorted."""
    with house.database.reading() as connection:
        return sorted(connection.execute(select(column)).scalars())  # type: ignore[call-overload]


def test_a_file_that_no_form_named_goes_after_a_day(house: House, clock: FakeClock) -> None:
    """With its content; one that is bound stays for good."""
    with house.database.unit(house.outside) as unit:
        add_attachment(unit.connection, "bound", uploaded_at=NOW - timedelta(days=900))
        unit.commit()
    stored = attachments.store(house, person("lina"), "a.png", PNG)
    clock.advance(attachments.UNBOUND_FOR - timedelta(seconds=1))
    sweeps.sweep(house)
    assert ids(house, cases.attachments.c.id) == sorted([stored.id, "bound"])

    clock.advance(seconds=1)
    sweeps.sweep(house)

    assert ids(house, cases.attachments.c.id) == ["bound"]
    assert ids(house, cases.attachment_contents.c.id) == ["bound"]


def test_a_document_without_an_end_stays(house: House, clock: FakeClock) -> None:
    """Its reference may stand in any variable; one with an end goes then, if no form has named it."""
    who = person("lina")
    kept = attachments.store_document(house, who, "a.json", b"{}")
    ending = clock.at + timedelta(days=2)
    attachments.store_document(house, who, "b.json", b"{}", expires_at=ending)

    clock.advance(days=400)
    sweeps.sweep(house)

    assert ids(house, cases.attachments.c.id) == [kept.id]
    assert attachments.read(house, who, kept.id)[1] == b"{}"


def test_a_buffered_message_goes_when_its_time_is_over(house: House) -> None:
    """Just at its end; one with time left stays."""
    with house.database.unit(house.outside) as unit:
        for key, expires_at in ((1, NOW), (2, NOW + timedelta(seconds=1))):
            unit.connection.execute(
                insert(instances.messages).values(
                    key=key,
                    name="m",
                    correlation_key="k",
                    variables={},
                    published_at=NOW - timedelta(days=1),
                    expires_at=expires_at,
                )
            )
        unit.commit()
    sweeps.sweep(house)
    assert ids(house, instances.messages.c.key) == [2]


def test_the_outbox_keeps_what_is_not_done(house: House, clock: FakeClock) -> None:
    """Done rows go after a while; an open one stays however old it is."""
    with house.database.unit(house.outside) as unit:
        unit.send(jobs.DELIVER_MAIL, 1)
        unit.send(jobs.DELIVER_MAIL, 2)
        unit.flush()
        outbox.done(unit, jobs.DELIVER_MAIL, 1)
        unit.commit()
    clock.advance(sweeps.OUTBOX_KEPT_FOR)
    sweeps.sweep(house)
    assert ids(house, house_tables.outbox.c.subject_key) == [2]


def test_the_history_is_never_swept(house: House, clock: FakeClock) -> None:
    """XC-AR-1: events outlive everything."""
    with house.database.unit(house.outside) as unit:
        key = add_event(unit.connection, "case.opened")
        unit.commit()
    clock.advance(days=4000)
    sweeps.sweep(house)
    assert ids(house, cases.events.c.key) == [key]
