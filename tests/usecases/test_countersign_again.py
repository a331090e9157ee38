"""A countersign task outside of a multi-instance that is come to again: its signers are told again."""

from service.domain import jobs
from service.persistence.tables import house as tables
from service.usecases import countersigns
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, finish, open_tasks, started

SIGNED = '<zeebe:properties><zeebe:property name="countersign" value="true" /></zeebe:properties>'
GATE = '<bpmn:exclusiveGateway id="is_agreed" default="is_agreed_to_end" />'


def test_signers_of_a_task_that_is_come_to_again_are_told_again(office: Office) -> None:
    """Sent back by a first signer, the second round is opened and its notice asked for."""
    back = drawing.flow("is_agreed", "sign", 'answer = "退回"')
    diagram = drawing.line("again", drawing.user_task("sign", SIGNED), GATE, beside=back)
    deployed(office, diagram)
    key = started(office, "again")
    assert countersigns.notify_signers(office.house, key)
    finish(office, "sign", answer="退回")
    assert open_tasks(office) == ["sign"]
    assert countersigns.notify_signers(office.house, key)
    rows = office.rows(tables.outbox, tables.outbox.c.job == jobs.NOTIFY_SIGNERS)
    assert [row.done_at is not None for row in rows] == [True, True]
